package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	pages "github.com/unroll-go/unroll/docs/lecture"
	"github.com/unroll-go/unroll/internal/lecture"
)

// replay prints a chapter of the lecture: its text and code as they are, and in
// place of the stored output what the code prints when it is run now.
func replay(chapter int, lang string, w io.Writer) error {
	if chapter < 1 || chapter > lecture.Chapters() {
		return usagef("there are chapters 1 to %d, got %d", lecture.Chapters(), chapter)
	}
	page, err := pages.Page(chapter, lang)
	if err != nil {
		return usagef("%v", err)
	}
	r := replayer{w: w, run: func(w io.Writer) error { return lecture.Run(chapter, w) }}
	for line := range strings.Lines(page) {
		if err := r.line(strings.TrimSuffix(line, "\n")); err != nil {
			return err
		}
	}
	return nil
}

// replayer prints Markdown line by line.
type replayer struct {
	w   io.Writer
	run func(w io.Writer) error // the chapter's code

	code   bool // between fences
	output bool // the next block is an output, or the lines are in it
}

var (
	marker  = regexp.MustCompile(`^<!-- (\w+): (\S+) (\S+) -->$`)
	picture = regexp.MustCompile(`^!\[(.*)\]\((.*)\)$`)
	links   = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
)

// line prints one line.
func (r *replayer) line(s string) error {
	switch m := marker.FindStringSubmatch(s); {
	case m != nil:
		r.output = m[1] == "output"
		return nil
	case strings.HasPrefix(s, "```"):
		r.code = !r.code
		if r.code && r.output {
			return r.run(&indenter{w: r.w, begin: true})
		}
		r.output = r.output && r.code
		return nil
	case r.code && r.output:
		return nil // what it printed when the page was written
	case r.code:
		return r.print("    " + s)
	}
	if m := picture.FindStringSubmatch(s); m != nil {
		return r.print("[" + m[1] + ": docs/lecture/" + strings.TrimPrefix(m[2], "../") + "]")
	}
	s = links.ReplaceAllString(s, "$1")
	return r.print(strings.ReplaceAll(s, "**", ""))
}

func (r *replayer) print(s string) error {
	_, err := fmt.Fprintln(r.w, strings.TrimRight(s, " "))
	return err
}

// indenter sets each line four columns to the right.
type indenter struct {
	w     io.Writer
	begin bool // of a line
}

func (i *indenter) Write(p []byte) (int, error) {
	for line := range strings.Lines(string(p)) {
		if i.begin {
			line = "    " + line
		}
		i.begin = strings.HasSuffix(line, "\n")
		if _, err := io.WriteString(i.w, line); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}
