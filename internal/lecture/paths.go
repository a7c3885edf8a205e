package lecture

import (
	"fmt"
	"io"
	"math"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// squared is the network of chapter 2 with its errors, E_t = (y_t - target_t)²/2.
// It begins at a state of its own.
func squared(g *graph.Builder) {
	rnn := cells.RNN{In: 1, Hidden: 2, NoBias: true, Output: 1}
	h0 := cells.State{g.Input("h0", g.B, 2)}
	ys, _ := cells.Unroll(g, rnn.Bind(g), g.Input("x", g.T, g.B, 1), cells.Seq{Init: h0})
	g.Output("E", g.Scale(g.Square(g.Sub(ys, g.Input("target", g.T, g.B, 1))), 0.5))
}

// byPaths takes dE3/dWhh apart.
func byPaths(x, h0, target []float64) (*graph.LossPaths, error) {
	params := graph.NewParams64(1)
	paths, err := graph.NewPaths(params, graph.Key{B: 1, T: 3}, squared, graph.PathsOf{Loss: "E", Param: "Wh"})
	if err != nil {
		return nil, err
	}
	if err := smallWeights(params); err != nil {
		return nil, err
	}
	if err := set(paths.Program, map[string][]float64{"x": x, "h0": h0, "target": target}); err != nil {
		return nil, err
	}
	report, err := paths.Report()
	if err != nil {
		return nil, err
	}
	return &report.Losses[0], nil // of the last step, E3
}

// Paths is chapter 7: dE3/dWhh by hand and by the library, path by path.
func Paths(w io.Writer) error {
	x, h0, target := []float64{1, -1, 0.5}, []float64{0.5, -0.5}, []float64{0, 0, 1}
	E3, err := byPaths(x, h0, target)
	if err != nil {
		return err
	}
	hand := byHand(w, x, [2]float64(h0), target[2])
	fmt.Fprintln(w, "path        h_{k-1} δ_k', by hand             the library's                    norm")
	for i, path := range []string{"h3", "h3 h2", "h3 h2 h1"} {
		use := E3.BySteps()[2-i]
		fmt.Fprintf(w, "%-9s %7.4f  %7.4f  %.4f\n", path, hand[2-i], use.Matrix, use.Norm)
	}
	fmt.Fprintf(w, "%-9s %37s %7.4f\n", "sum", "", E3.Sum)
	fmt.Fprintf(w, "%-9s %37s %7.4f\n", "dE3/dWhh", "", E3.Total)
	return nil
}

// byHand computes the terms of dE3/dWhh in plain numbers, that of step 1 first.
func byHand(w io.Writer, x []float64, h0 [2]float64, target float64) (terms [3][4]float64) {
	Wxh, Whh, Why := [2]float64{0.5, -0.3}, [2][2]float64{{0.8, 0.2}, {-0.4, 0.6}}, [2]float64{1, -0.5}
	h := [4][2]float64{h0}
	fmt.Fprintf(w, "h_0 = %7.4f\n", h[0])
	for t := 1; t <= 3; t++ {
		for j := range 2 {
			h[t][j] = math.Tanh(Whh[0][j]*h[t-1][0] + Whh[1][j]*h[t-1][1] + Wxh[j]*x[t-1])
		}
		fmt.Fprintf(w, "h_%d = %7.4f\n", t, h[t])
	}
	y := Why[0]*h[3][0] + Why[1]*h[3][1]
	fmt.Fprintf(w, "y_3 = %.4f, E3 = %.4f\n", y, (y-target)*(y-target)/2)

	back := [2]float64{(y - target) * Why[0], (y - target) * Why[1]} // dE3/dh_3
	for k := 3; k >= 1; k-- {
		var delta [2]float64
		for j := range 2 {
			delta[j] = back[j] * (1 - h[k][j]*h[k][j])
		}
		fmt.Fprintf(w, "δ_%d = %7.4f\n", k, delta)
		for i := range 2 {
			terms[k-1][2*i], terms[k-1][2*i+1] = h[k-1][i]*delta[0], h[k-1][i]*delta[1]
			back[i] = Whh[i][0]*delta[0] + Whh[i][1]*delta[1] // dE3/dh_{k-1}
		}
	}
	return terms
}
