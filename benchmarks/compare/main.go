// Compare runs unroll and somebody else in turn, because the speed of a machine
// changes from minute to minute, and prints the ratio of each round:
//
//	go run ./benchmarks/compare --task T1 --rounds 5 --seconds 3 -- \
//	    python3 benchmarks/peers/pytorch.py --task T1 --seconds 3
//
// Flags before the -- are those of speed, and --rounds; what follows it is a
// command that prints a line of JSON with task, threads and tokens_per_s.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/unroll-go/unroll/benchmarks"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run returns the exit status: 2 for flags that cannot be obeyed.
func run(args []string, stdout, stderr io.Writer) int {
	j, err := parse(args, stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "compare: %v; --help lists the flags\n", err)
		return 2
	}
	dir, err := os.MkdirTemp("", "unroll-speed")
	if err == nil {
		defer os.RemoveAll(dir)
		err = j.run(filepath.Join(dir, "speed"), stdout, stderr)
	}
	if err != nil {
		fmt.Fprintf(stderr, "compare: %v\n", err)
		return 1
	}
	return 0
}

// job is what is to be compared.
type job struct {
	rounds int
	ours   []string // flags of speed
	theirs []string // a command
}

// parse prints the flags if help is asked for.
func parse(args []string, help io.Writer) (job, error) {
	var j job
	fs := flag.NewFlagSet("compare", flag.ContinueOnError)
	fs.IntVar(&j.rounds, "rounds", 5, "times to run both")
	options := benchmarks.Flags(fs)
	if err := benchmarks.Parse(fs, args, "Compare runs unroll and, in turn, the command behind --.", help); err != nil {
		return j, err
	}
	fs.Visit(func(f *flag.Flag) {
		if f.Name != "rounds" {
			j.ours = append(j.ours, "--"+f.Name+"="+f.Value.String())
		}
	})
	j.theirs = fs.Args()
	switch _, err := options(); {
	case err != nil:
		return j, err
	case j.rounds < 1:
		return j, fmt.Errorf("rounds must be at least 1, got %d", j.rounds)
	case len(j.theirs) == 0:
		return j, fmt.Errorf("the command to compare with is missing; it comes last, behind --")
	}
	return j, nil
}

// run builds speed as the given file, then lets both run in turn.
func (j job) run(speed string, stdout, stderr io.Writer) error {
	build := exec.Command("go", "build", "-o", speed, "github.com/unroll-go/unroll/benchmarks/speed")
	build.Stderr = stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("building speed: %w", err)
	}
	var t tally
	for range j.rounds {
		a, err := measure(append([]string{speed}, j.ours...), stdout, stderr)
		if err != nil {
			return err
		}
		b, err := measure(j.theirs, stdout, stderr)
		if err != nil {
			return err
		}
		if err := t.add(a, b); err != nil {
			return err
		}
	}
	_, err := fmt.Fprint(stdout, t)
	return err
}
