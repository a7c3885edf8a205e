package lecture

import (
	"fmt"
	"io"
	"math"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/train"
)

// feedForward answers each x_t by itself.
func feedForward(g *graph.Builder, x *graph.Node) *graph.Node {
	hidden := cells.Dense{In: 1, Out: 8}.Bind(g.Scope("hidden"))
	out := cells.Dense{In: 8, Out: 1}.Bind(g.Scope("out"))
	return out(g.Tanh(hidden(x)))
}

// recurrent answers with all values so far in h.
func recurrent(g *graph.Builder, x *graph.Node) *graph.Node {
	rnn := cells.RNN{In: 1, Hidden: 8, Output: 1}
	y, _ := cells.Unroll(g, rnn.Bind(g), x, cells.Seq{Init: rnn.Zero(g)})
	return y
}

// NextValue is chapter 1: both learn 12 waves and forecast one that they have
// not seen.
func NextValue(w io.Writer) error {
	fmt.Fprintln(w, " t    x_t  next  feed-forward  recurrent")
	x, next := waves(1, 48, 0.5)
	forward, err := learnt(feedForward, x, next)
	if err != nil {
		return err
	}
	rnn, err := learnt(recurrent, x, next)
	if err != nil {
		return err
	}
	for t := 24; t < 36; t++ {
		fmt.Fprintf(w, "%2d  %5.2f %5.2f %13.2f %10.2f\n", t, x[t], next[t], forward[t], rnn[t])
	}
	a, _ := train.RMSE(forward[12:], next[12:])
	b, err := train.RMSE(rnn[12:], next[12:])
	fmt.Fprintf(w, "root mean squared error %11.2f %10.2f\n", a, b)
	return err
}

// learnt trains a network on waves of 24 values and returns its forecasts for
// another, x, of any length.
func learnt(network func(g *graph.Builder, x *graph.Node) *graph.Node, x, next []float64) ([]float64, error) {
	formula := func(g *graph.Builder) {
		y := network(g, g.Input("x", g.T, g.B, 1))
		g.Output("y", y)
		g.Minimise("loss", g.Mean(g.Square(g.Sub(y, g.Input("next", g.T, g.B, 1)))))
	}
	params := graph.NewParams64(1)
	prog, err := graph.Build(params, graph.Key{B: 12, T: 24, Train: true}, formula)
	if err != nil {
		return nil, err
	}
	fitX, fitNext := waves(12, 24, 0)
	if err := set(prog, map[string][]float64{"x": fitX, "next": fitNext}); err != nil {
		return nil, err
	}
	if err := fit(prog, 0.01, 400); err != nil {
		return nil, err
	}
	longer, err := graph.Build(params, graph.Key{B: 1, T: len(x)}, formula)
	if err != nil {
		return nil, err
	}
	if err := set(longer, map[string][]float64{"x": x, "next": next}); err != nil {
		return nil, err
	}
	return run(longer, "y")
}

// waves are sin(2π(t+phase)/12) of B phases, and the value after each.
func waves(B, T int, phase float64) (x, next []float64) {
	for t := range T {
		for b := range B {
			at := float64(t+b) + phase
			x = append(x, math.Sin(2*math.Pi*at/12))
			next = append(next, math.Sin(2*math.Pi*(at+1)/12))
		}
	}
	return x, next
}
