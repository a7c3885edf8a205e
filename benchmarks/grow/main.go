// Grow measures how the cost of a step grows with the sizes of a task and prints
// a table in Markdown for each of them:
//
//	go run ./benchmarks/grow --threads 1 --rounds 5 --seconds 0.5
//
// All sizes of a table take turns, round after round, because the speed of a
// machine changes from minute to minute; the figures are medians.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/unroll-go/unroll/benchmarks"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run returns the exit status: 2 for flags that cannot be obeyed.
func run(args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "grow: %v; --help lists the flags\n", err)
		return 2
	}
	runtime.GOMAXPROCS(o.threads)
	for _, s := range sweeps {
		if o.only != "" && o.only != s.size {
			continue
		}
		if err := s.print(stdout, o); err != nil {
			fmt.Fprintf(stderr, "grow: %v\n", err)
			return 1
		}
	}
	return 0
}

// options is what the flags say.
type options struct {
	only            string
	most            int
	threads, rounds int
	timing          benchmarks.Timing
}

// parse prints the flags if help is asked for.
func parse(args []string, help io.Writer) (options, error) {
	var o options
	fs := flag.NewFlagSet("grow", flag.ContinueOnError)
	fs.StringVar(&o.only, "only", "", "a single size: hidden, batch, seq, layers or vocab")
	fs.IntVar(&o.most, "most", 1<<20, "leave larger sizes out")
	fs.IntVar(&o.threads, "threads", 1, "processors to use, GOMAXPROCS")
	fs.IntVar(&o.rounds, "rounds", 5, "times to measure each size")
	fs.Float64Var(&o.timing.Seconds, "seconds", 0.5, "time to measure in each round; at least three steps are taken")
	fs.IntVar(&o.timing.Warm, "warm", 2, "steps before the clock starts, in each round")
	if err := benchmarks.Parse(fs, args, "Grow measures how the cost of a step grows with the sizes of a task.", help); err != nil {
		return o, err
	}
	return o, o.validate(fs.Args())
}

// validate says in a sentence what is out of range.
func (o options) validate(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("%q is not a flag", rest[0])
	case o.only != "" && !known(o.only):
		return fmt.Errorf("size %q is unknown; there are hidden, batch, seq, layers and vocab", o.only)
	case o.threads < 1 || o.rounds < 1:
		return fmt.Errorf("threads and rounds must be at least 1, got %d and %d", o.threads, o.rounds)
	case !(o.timing.Seconds >= 0 && o.timing.Seconds < 1e6):
		return fmt.Errorf("seconds must be in [0, 1000000), got %v", o.timing.Seconds)
	}
	return nil
}
