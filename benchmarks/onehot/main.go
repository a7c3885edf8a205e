// Onehot measures what a one-hot row times a matrix costs beside the look-up that it equals,
// forward and backward, as the vocabulary grows, and prints a table in Markdown:
//
//	go run ./benchmarks/onehot --threads 1
//
// Both give the same rows and the same gradient of the table (a test in cells shows it); both
// kinds of a size take turns, and the figures are medians.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"time"

	"github.com/unroll-go/unroll/benchmarks"
	"github.com/unroll-go/unroll/graph"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// options is what the flags say.
type options struct {
	width, ids, threads, rounds, most int
}

// sizes are the vocabularies.
var sizes = []int{100, 500, 1000, 5000, 10_000, 20_000, 50_000}

// run returns the exit status: 2 for flags that cannot be obeyed.
func run(args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "onehot: %v; --help lists the flags\n", err)
		return 2
	}
	runtime.GOMAXPROCS(o.threads)
	fmt.Fprintf(stdout, "%d ids, vectors of %d, threads %d; forward and backward\n\n", o.ids, o.width, o.threads)
	fmt.Fprintln(stdout, "| V | one-hot, ms | look-up, ms | ratio | one-hot, MFLOP | look-up, MFLOP | one-hot, MB | look-up, MB | table, MB |")
	fmt.Fprintln(stdout, "|---|---|---|---|---|---|---|---|---|")
	for _, V := range sizes {
		if V > o.most {
			break
		}
		if err := o.row(stdout, V); err != nil {
			fmt.Fprintf(stderr, "onehot: V = %d: %v\n", V, err)
			return 1
		}
	}
	return 0
}

// parse prints the flags if help is asked for.
func parse(args []string, help io.Writer) (options, error) {
	var o options
	fs := flag.NewFlagSet("onehot", flag.ContinueOnError)
	fs.IntVar(&o.width, "width", 300, "numbers of a vector, D")
	fs.IntVar(&o.ids, "ids", 640, "words looked up in a step, such as 32 sentences of 20")
	fs.IntVar(&o.threads, "threads", 1, "processors to use, GOMAXPROCS")
	fs.IntVar(&o.rounds, "rounds", 5, "times to measure each")
	fs.IntVar(&o.most, "most", 50_000, "leave larger vocabularies out")
	if err := benchmarks.Parse(fs, args, "Onehot measures one-hot rows times a matrix beside the look-up.", help); err != nil {
		return o, err
	}
	if fs.NArg() > 0 {
		return o, fmt.Errorf("%q is not a flag", fs.Arg(0))
	}
	for _, n := range []int{o.width, o.ids, o.threads, o.rounds} {
		if n < 1 || n > 1<<16 {
			return o, fmt.Errorf("width, ids, threads and rounds must be in [1, 65536], got %d", n)
		}
	}
	return o, nil
}

// row measures one vocabulary.
func (o options) row(w io.Writer, V int) error {
	var ms [2][]float64
	var plans [2]graph.Plan
	var programs [2]*graph.Program
	for i, look := range []func(g *graph.Builder, E, ids *graph.Node) *graph.Node{
		func(g *graph.Builder, E, ids *graph.Node) *graph.Node { return g.MatMul(g.OneHot(ids, V), E) },
		func(g *graph.Builder, E, ids *graph.Node) *graph.Node { return g.Gather(E, ids) },
	} {
		p, err := o.program(V, look)
		if err != nil {
			return err
		}
		programs[i], plans[i] = p, p.Plan()
	}
	for range o.rounds {
		for i, p := range programs {
			start := time.Now()
			if err := p.Run(); err != nil {
				return err
			}
			ms[i] = append(ms[i], 1e3*time.Since(start).Seconds())
		}
	}
	a, b := benchmarks.Median(ms[0]), benchmarks.Median(ms[1])
	fmt.Fprintf(w, "| %d | %s | %s | %s | %s | %s | %s | %s | %s |\n", V, short(a), short(b), short(a/b),
		short(plans[0].Flops/1e6), short(plans[1].Flops/1e6), short(memory(plans[0])), short(memory(plans[1])), short(4e-6*float64(V*o.width)))
	return nil
}

// program is a look-up and its gradient, run once so that nothing is left to be made.
func (o options) program(V int, look func(g *graph.Builder, E, ids *graph.Node) *graph.Node) (*graph.Program, error) {
	p, err := graph.Build(graph.NewParams(1), graph.Key{B: o.ids, T: 1, Train: true}, func(g *graph.Builder) {
		E := g.Param("E", graph.Uniform(-0.1, 0.1), V, o.width)
		g.Minimise("loss", g.SumAll(g.Square(look(g, E, g.IDs("ids", g.B)))))
	})
	if err != nil {
		return nil, err
	}
	ids := make([]int, o.ids)
	for i := range ids {
		ids[i] = (i*7919 + 13) % V
	}
	if err := p.SetIDs("ids", ids); err != nil {
		return nil, err
	}
	return p, p.Run()
}

// memory is that of a program beside its parameters and their gradients, in MB.
func memory(p graph.Plan) float64 { return float64(p.Arena+p.Own) / 1e6 }

// short is x in three digits.
func short(x float64) string {
	return strconv.FormatFloat(benchmarks.Round(x, 3), 'f', -1, 64)
}
