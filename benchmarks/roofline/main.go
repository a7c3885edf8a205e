// Roofline draws how near the work comes to what the machine can do: the speed
// of products and tasks over the floating-point operations that they make of each
// byte they move, below the roof of the processor's multiply-adds and of reading
// caches and memory (Williams, Waterman and Patterson 2009).
//
//	gcc -O3 -march=native -o /tmp/limits benchmarks/peers/limits/limits.c
//	/tmp/limits 0.5 >docs/roofline.tsv
//	go run ./benchmarks/roofline --measure --seconds 3 >>docs/roofline.tsv
//	go run ./benchmarks/roofline docs/roofline.tsv >docs/roofline.svg
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
		fmt.Fprintf(stderr, "roofline: %v; --help lists the flags\n", err)
		return 2
	case o.measure:
		runtime.GOMAXPROCS(o.threads)
		err = measure(stdout, o.timing)
	default:
		err = draw(stdout, o.file)
	}
	if err != nil {
		fmt.Fprintf(stderr, "roofline: %v\n", err)
		return 1
	}
	return 0
}

// options is what the flags say.
type options struct {
	measure bool
	threads int
	timing  benchmarks.Timing
	file    string
}

// parse prints the flags if help is asked for.
func parse(args []string, help io.Writer) (options, error) {
	o := options{timing: benchmarks.Timing{Warm: 5}}
	fs := flag.NewFlagSet("roofline", flag.ContinueOnError)
	fs.BoolVar(&o.measure, "measure", false, "measure the points and print them, instead of drawing a file")
	fs.IntVar(&o.threads, "threads", 1, "processors to use, GOMAXPROCS")
	fs.Float64Var(&o.timing.Seconds, "seconds", 3, "time to measure each point; at least three steps are taken")
	if err := benchmarks.Parse(fs, args, "Roofline draws the file of figures that is its argument, as SVG.", help); err != nil {
		return o, err
	}
	o.file = fs.Arg(0)
	switch {
	case o.measure && fs.NArg() > 0:
		return o, fmt.Errorf("%q is not a flag", fs.Arg(0))
	case !o.measure && fs.NArg() != 1:
		return o, fmt.Errorf("one file of figures is needed, got %d", fs.NArg())
	case o.threads < 1:
		return o, fmt.Errorf("threads must be at least 1, got %d", o.threads)
	case !(o.timing.Seconds >= 0 && o.timing.Seconds < 1e6):
		return o, fmt.Errorf("seconds must be in [0, 1000000), got %v", o.timing.Seconds)
	}
	return o, nil
}

// draw reads the figures and prints the picture.
func draw(w io.Writer, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	c, err := read(f)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	_, err = io.WriteString(w, c.svg())
	return err
}
