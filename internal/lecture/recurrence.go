package lecture

import (
	"fmt"
	"io"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// small is a network of two units, small enough to be computed by hand.
func small(g *graph.Builder) {
	rnn := cells.RNN{In: 1, Hidden: 2, NoBias: true, Output: 1}
	step := rnn.Bind(g) // the weights, once
	xs := g.Input("x", g.T, g.B, 1)
	ys, _ := cells.Unroll(g, step, xs, cells.Seq{Init: rnn.Zero(g)}) // the same step every time
	g.Output("y", ys)
}

// smallWeights are its weights, [in, out]: row j of Wh is what unit j sends.
func smallWeights(params *graph.Params) error {
	return setWeights(params, map[string][]float64{
		"Wx":  {0.5, -0.3},           // Wxh
		"Wh":  {0.8, 0.2, -0.4, 0.6}, // Whh
		"Why": {1, -0.5},
	})
}

// Recurrence is chapter 2: the small network reads three values, and then five
// with the same weights.
func Recurrence(w io.Writer) error {
	for _, xs := range [][]float64{{1, -1, 0.5}, {1, -1, 0.5, 0, 0}} {
		if err := read(w, xs); err != nil {
			return err
		}
	}
	return nil
}

// read prints x_t, h_t and y_t of each step.
func read(w io.Writer, xs []float64) error {
	params := graph.NewParams64(1)
	prog, err := graph.Build(params, graph.Key{B: 1, T: len(xs)}, small, graph.Exposed) // keeps h too
	if err != nil {
		return err
	}
	if err := smallWeights(params); err != nil {
		return err
	}
	if err := prog.SetFloat64s("x", xs); err != nil {
		return err
	}
	y, err := run(prog, "y")
	if err != nil {
		return err
	}
	h, err := prog.Float64s("h")
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "t    x_t            h_t              y_t")
	for t, x := range xs {
		fmt.Fprintf(w, "%d  %5.1f  (%7.4f, %7.4f)  %8.4f\n", t+1, x, h[2*t], h[2*t+1], y[t])
	}
	return nil
}
