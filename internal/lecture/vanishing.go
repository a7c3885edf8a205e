package lecture

import (
	"fmt"
	"io"
	"math/rand/v2"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// chain is the recurrence alone, without outputs.
func chain(g *graph.Builder) {
	rnn := cells.RNN{In: 1, Hidden: 8, NoBias: true}
	hs, _ := cells.Unroll(g, rnn.Bind(g), g.Input("x", g.T, g.B, 1), cells.Seq{Init: rnn.Zero(g)})
	g.Output("hs", hs)
}

// Vanishing is chapter 8: how a gradient shrinks or grows on its way back, for
// recurrent weights of three sizes.
func Vanishing(w io.Writer) error {
	fmt.Fprintln(w, "input   radius of Whh   1 step back        10        20        50")
	for _, size := range []float64{0, 1} {
		for _, radius := range []float64{0.5, 1, 1.5} {
			lags, err := back(size, radius)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "%5g %15.1f %13.2g %9.2g %9.2g %9.2g\n",
				size, radius, lags[1].Mean, lags[10].Mean, lags[20].Mean, lags[50].Mean)
		}
	}
	return nil
}

// back gives the size of dh_t/dh_{t-k} by k, for inputs of ±size and weights Whh
// that are a rotation times the radius.
func back(size, radius float64) ([]graph.Lag, error) {
	params := graph.NewParams64(1)
	jacobians, err := graph.NewJacobians(params, graph.Key{B: 1, T: 60}, chain, "")
	if err != nil {
		return nil, err
	}
	Wh := params.Get("Wh").Values() // as it is drawn, a rotation
	for i := range Wh {
		Wh[i] *= radius
	}
	if err := params.Set("Wh", Wh); err != nil {
		return nil, err
	}
	if err := jacobians.SetFloat64s("x", signs(60, size)); err != nil {
		return nil, err
	}
	memory, err := jacobians.Report()
	if err != nil {
		return nil, err
	}
	return memory.Of[0].Lags, nil
}

// signs are n numbers ±size.
func signs(n int, size float64) []float64 {
	rng := rand.New(rand.NewPCG(1, 0))
	x := make([]float64, n)
	for i := range x {
		x[i] = size * float64(2*rng.IntN(2)-1)
	}
	return x
}
