package main

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	pages "github.com/unroll-go/unroll/docs/lecture"
	"github.com/unroll-go/unroll/internal/lecture"
)

// A chapter is replayed in both languages: text and code as they are, without
// Markdown, and what the code prints now.
func TestLectureReplay(t *testing.T) {
	for lang, want := range map[string][]string{
		"en": {"# 7. Back-propagation through time", "what step k adds", "[The three paths from E3 back to Whh: docs/lecture/pictures/07-paths.en.svg]", "Answer. E_t has t paths"},
		"ko": {"# 7. 시간에 따른 역전파", "시점 k가 dE3/dWhh에 더하는 값", "[E3에서 Whh로 가는 세 경로: docs/lecture/pictures/07-paths.ko.svg]", "답. E_t의 경로는"},
	} {
		t.Run(lang, func(t *testing.T) {
			out := works(t, "lecture", "7", "--lang", lang).out
			for _, part := range append(want, "    \tys, _ := cells.Unroll(", "\n    dE3/dWhh ") {
				assert.Contains(t, out, part)
			}
			assert.Equal(t, 1, strings.Count(out, "\n    y_3 = 0.3939, E3 = 0.1837\n"), "run once, and the stored output left out")
			for _, mark := range []string{"```", "**", "<!--", "]("} {
				assert.NotContains(t, out, mark)
			}
		})
	}
}

// Every page has one place where its code runs.
func TestLectureReplaysEveryPage(t *testing.T) {
	for chapter := 1; chapter <= lecture.Chapters(); chapter++ {
		for _, lang := range pages.Languages() {
			page, err := pages.Page(chapter, lang)
			require.NoError(t, err)
			var out strings.Builder
			ran := 0
			r := replayer{w: &out, run: func(w io.Writer) error {
				ran++
				_, err := io.WriteString(w, "first\nsecond\n")
				return err
			}}
			for line := range strings.Lines(page) {
				require.NoError(t, r.line(strings.TrimSuffix(line, "\n")))
			}
			assert.Equal(t, 1, ran, "chapter %d, %s", chapter, lang)
			assert.Contains(t, out.String(), "\n    first\n    second\n")
			assert.NotContains(t, out.String(), "```")
		}
	}
}

// What is not there is a sentence.
func TestLectureReplayRefuses(t *testing.T) {
	for args, want := range map[string]string{
		"0":             "there are chapters 1 to 12, got 0",
		"13":            "there are chapters 1 to 12, got 13",
		"-1":            "unknown shorthand flag",
		"seven":         `the number of a chapter is wanted, got "seven"`,
		"7 --lang fr":   `--lang must be en or ko, got "fr"`,
		"7 8":           "one chapter at a time is wanted, got 2",
		"7 --out /x/y/": "a chapter and --out are two things, give one of them",
	} {
		t.Run(args, func(t *testing.T) {
			r := demo(t, append([]string{"lecture"}, strings.Fields(args)...)...)
			assert.Equal(t, 2, r.code)
			assert.Contains(t, r.err, want)
			assert.Empty(t, r.out)
		})
	}
}

// A reader that goes away ends the replay.
func TestLectureReplayStopsAtAWriteError(t *testing.T) {
	gone := errors.New("gone")
	assert.ErrorIs(t, replay(2, "en", &goneWriter{left: 3000, err: gone}), gone)
	assert.ErrorIs(t, replay(2, "en", &goneWriter{left: 10, err: gone}), gone)
}

// goneWriter takes a few bytes and then no more.
type goneWriter struct {
	left int
	err  error
}

func (g *goneWriter) Write(p []byte) (int, error) {
	if g.left -= len(p); g.left < 0 {
		return 0, g.err
	}
	return len(p), nil
}
