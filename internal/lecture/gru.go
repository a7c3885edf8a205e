package lecture

import (
	"fmt"
	"io"
	"math/rand/v2"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/train"
)

// latch reads pairs, a bit (-1 or 1) and a mark (0 or 1), and answers with the
// bit that was marked last.
func latch(g *graph.Builder, cell cells.Cell) {
	xs := g.Input("x", g.T, g.B, 2)
	_, last := cells.Unroll(g, cell.Bind(g.Scope("rnn")), xs, cells.Seq{Init: cell.Zero(g)})
	logits := cells.Dense{In: cell.Out(), Out: 2}.Bind(g.Scope("out"))(last[0])
	g.Minimise("loss", g.CrossEntropy(logits, g.IDs("bit", g.B)))
}

// GRU is chapter 10: three cells learn to hold a bit until the next mark.
func GRU(w io.Writer) error {
	fmt.Fprintln(w, "cell  weights  mean loss of steps 1-100  101-200  201-300  301-400")
	for _, c := range []struct {
		name string
		cell cells.Cell
	}{
		{"RNN", cells.RNN{In: 2, Hidden: 8}},
		{"LSTM", cells.LSTM{In: 2, Hidden: 8}},
		{"GRU", cells.GRU{In: 2, Hidden: 8}},
	} {
		params := graph.NewParams64(1)
		losses, err := learnLatch(params, c.cell, 400)
		if err != nil {
			return err
		}
		weights := params.Count() - 2*8 - 2 // without the output's
		fmt.Fprintf(w, "%-4s %8d %25.2f", c.name, weights, mean(losses[:100]))
		for i := 100; i < len(losses); i += 100 {
			fmt.Fprintf(w, " %8.2f", mean(losses[i:i+100]))
		}
		fmt.Fprintln(w)
	}
	return nil
}

// learnLatch trains on 32 new sequences of 40 pairs at each step and returns
// the losses.
func learnLatch(params *graph.Params, cell cells.Cell, steps int) ([]float64, error) {
	prog, err := graph.Build(params, graph.Key{B: 32, T: 40, Train: true}, func(g *graph.Builder) { latch(g, cell) })
	if err != nil {
		return nil, err
	}
	adam, rng := train.NewAdam(0.01), rand.New(rand.NewPCG(1, 0))
	losses := make([]float64, steps)
	for i := range losses {
		x, bit := marked(rng, 32, 40)
		if err := set(prog, map[string][]float64{"x": x}); err != nil {
			return nil, err
		}
		if err := prog.SetIDs("bit", bit); err != nil {
			return nil, err
		}
		loss, err := run(prog, "loss")
		if err != nil {
			return nil, err
		}
		losses[i] = loss[0]
		if err := adam.Step(params, 1, 1/max(1, params.GradNorm())); err != nil {
			return nil, err
		}
	}
	return losses, nil
}

// marked draws B sequences of T bits, of which the first and one in thirteen
// others are marked, and says which bit each is to be answered with.
func marked(rng *rand.Rand, B, T int) (x []float64, bit []int) {
	bit = make([]int, B)
	for t := range T {
		for b := range B {
			now, mark := rng.IntN(2), 0.0
			if t == 0 || rng.IntN(13) == 0 {
				mark, bit[b] = 1, now
			}
			x = append(x, float64(2*now-1), mark) // [T, B, 2]
		}
	}
	return x, bit
}

// mean is the mean of x.
func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}
