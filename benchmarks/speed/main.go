// Speed measures one task, or a bare product, and prints one line of JSON:
//
//	go run ./benchmarks/speed --task T1 --threads 1 --seconds 8
//	go run ./benchmarks/speed --product 32,512,128
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/unroll-go/unroll/benchmarks"
	"github.com/unroll-go/unroll/benchmarks/hand"
	"github.com/unroll-go/unroll/benchmarks/peers"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run returns the exit status: 2 for flags that cannot be obeyed.
func run(args []string, stdout, stderr io.Writer) int {
	o, work, err := parse(args, stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "speed: %v; --help lists the flags\n", err)
		return 2
	}
	r, err := o.Measure(work)
	if err == nil {
		r.Peer, r.Threads, r.PeakRSS = o.Engine, o.Threads, benchmarks.PeakRSS()
		r.Config = strings.TrimSpace(r.Config + " " + o.Tag)
		err = json.NewEncoder(stdout).Encode(r)
	}
	if err != nil {
		fmt.Fprintf(stderr, "speed: %v\n", err)
		return 1
	}
	if r.Warning != "" {
		fmt.Fprintf(stderr, "speed: %s\n", r.Warning)
	}
	return 0
}

// parse returns what the flags ask for, and the task built for the engine. It
// prints the flags if help is asked for.
func parse(args []string, help io.Writer) (o benchmarks.Options, work benchmarks.Work, err error) {
	fs := flag.NewFlagSet("speed", flag.ContinueOnError)
	options := benchmarks.Flags(fs)
	if err = benchmarks.Parse(fs, args, "Speed measures one task, or a bare product, and prints one line of JSON.", help); err != nil {
		return o, nil, err
	}
	if fs.NArg() > 0 {
		return o, nil, fmt.Errorf("%q is not a flag", fs.Arg(0))
	}
	if o, err = options(); err != nil {
		return o, nil, err
	}
	work, err = build(o)
	return o, work, err
}

// build is the task done by the engine that is asked for, on as many processors.
func build(o benchmarks.Options) (benchmarks.Work, error) {
	runtime.GOMAXPROCS(o.Threads)
	var e benchmarks.Engine
	var err error
	switch o.Engine {
	case "gorgonia":
		e, err = peers.NewGorgonia(o.Config, o.Rate)
	case "hand":
		e, err = byHand(o)
	default:
		return o.Work()
	}
	if err != nil {
		return nil, err
	}
	return o.Config.Feed(e), nil
}

// hands is the step written by hand, which runs on one processor.
type hands struct{ *hand.LSTM }

// Step takes one update on a window and returns its loss.
func (h hands) Step(w benchmarks.Window) (float64, error) { return h.LSTM.Step(w.X, w.Y) }

func byHand(o benchmarks.Options) (benchmarks.Engine, error) {
	c := o.Config
	if c.Cell != "lstm" || c.Layers != 1 || c.Emb == 0 || c.Opt != "adam" || c.Dense || c.Classes > 0 || o.Threads > 1 {
		return nil, fmt.Errorf("the step by hand is that of a language model of one LSTM layer with an embedding and adam, "+
			"on one thread, not of %v on %d", c, o.Threads)
	}
	m := hand.New(c.Vocab, c.Emb, c.Hidden, c.Batch, c.Seq)
	if o.Rate > 0 {
		m.Rate = o.Rate
	}
	return hands{m}, nil
}
