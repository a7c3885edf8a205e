package main

import (
	"strconv"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/lecture"
)

// lectureJob is the flags of the lecture.
type lectureJob struct {
	lang string
	out  string
	seed uint64
}

// lectureCommand replays chapters, or writes all pictures.
func lectureCommand(s streams) *cobra.Command {
	j := lectureJob{lang: "en", seed: 1}
	c := &cobra.Command{
		Use:   "lecture [chapter]",
		Short: "How recurrent networks work: chapters to replay, and pictures",
		Long: `With the number of a chapter, 1 to 12, lecture prints the chapter of docs/lecture
and runs its code. With --out it writes the pictures of the lecture, and a page
index.html that shows them, into a directory; that takes a minute or two.`,
		Example: `  demo lecture 7
  demo lecture 7 --lang ko
  demo lecture --out pictures
  demo lecture --out pictures --lang ko`,
		Args: chapterArg,
		RunE: func(cmd *cobra.Command, args []string) error { return j.run(cmd, s, args) },
	}
	f := c.Flags()
	f.StringVar(&j.lang, "lang", j.lang, "language: en or ko")
	f.StringVar(&j.out, "out", "", "directory for the pictures, made if it is not there (none: a chapter is wanted)")
	f.Uint64Var(&j.seed, "seed", j.seed, "seed of the networks in the pictures")
	return c
}

// chapterArg accepts the number of one chapter, or nothing.
func chapterArg(_ *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usagef("one chapter at a time is wanted, got %d", len(args))
	}
	if len(args) == 1 {
		if _, err := strconv.Atoi(args[0]); err != nil {
			return usagef("the number of a chapter is wanted, got %q", args[0])
		}
	}
	return nil
}

// run is a chapter or the pictures, whichever is asked for.
func (j *lectureJob) run(cmd *cobra.Command, s streams, args []string) error {
	if j.lang != "en" && j.lang != "ko" {
		return usagef("--lang must be en or ko, got %q", j.lang)
	}
	switch {
	case len(args) == 1 && j.out != "":
		return usagef("a chapter and --out are two things, give one of them")
	case len(args) == 1:
		n, _ := strconv.Atoi(args[0]) // chapterArg has seen that it is a number
		return replay(n, j.lang, s.out)
	case j.out != "":
		return j.pictures(cmd.Context(), lecture.AllPictures(), s)
	}
	return cmd.Help()
}
