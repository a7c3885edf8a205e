package graph_test

import (
	"fmt"
	"log"

	"github.com/unroll-go/unroll/graph"
)

// decay is h_t = w·h_{t-1} + x_t from h_0 = 1, with E_t = h_t: one number in each step.
func decay(g *graph.Builder) {
	w := g.Param("w", graph.Normal(1), 1, 1)
	h := g.Pass([]*graph.Node{g.Const(1, g.B, 1)})
	var E []*graph.Node
	for t, x := range g.Unstack(g.Input("x", g.T, g.B, 1)) {
		g.InStep(t, func() {
			h[0] = g.Add(g.MatMul(h[0], w), x)
			g.Expose("h", h[0])
			E = append(E, h[0])
			h = g.Pass(h)
		})
	}
	g.Output("E", g.Stack(E...))
}

// With w = 1/2 and x = 0 the states are 1/2, 1/4, 1/8. The use of w in step k adds
// h_{k-1}·w^(3-k) to dE_3/dw: a quarter in each step here, 3/4 in all.
func ExampleNewPaths() {
	params := graph.NewParams64(1)
	paths, err := graph.NewPaths(params, graph.Key{B: 1, T: 3}, decay, graph.PathsOf{Loss: "E", All: true, Param: "w"})
	if err != nil {
		log.Fatal(err)
	}
	if err := params.Set("w", []float64{0.5}); err != nil {
		log.Fatal(err)
	}
	report, err := paths.Report()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(report)
	// Output:
	// h_0 = [0.500000]
	// h_1 = [0.250000]
	// h_2 = [0.125000]
	// dE_0/d h_0 = [1.000000]
	// dE_0/d(w): norm 1, E_0 = 0.5
	//   from step 0    norm 1            share  100.00 %   [1.000000]
	//   the sum differs from the whole by 0.0e+00 of it
	// dE_1/d h_0 = [0.500000]
	// dE_1/d h_1 = [1.000000]
	// dE_1/d(w): norm 1, E_1 = 0.25
	//   from step 0    norm 0.5          share   50.00 %   [0.500000]
	//   from step 1    norm 0.5          share   50.00 %   [0.500000]
	//   the sum differs from the whole by 0.0e+00 of it
	// dE_2/d h_0 = [0.250000]
	// dE_2/d h_1 = [0.500000]
	// dE_2/d h_2 = [1.000000]
	// dE_2/d(w): norm 0.75, E_2 = 0.125
	//   from step 0    norm 0.25         share   33.33 %   [0.250000]
	//   from step 1    norm 0.25         share   33.33 %   [0.250000]
	//   from step 2    norm 0.25         share   33.33 %   [0.250000]
	//   the sum differs from the whole by 0.0e+00 of it
	// |dE_t/d(h)_k|, a row for each t, a column for each k
	//    0         1         .         .
	//    1       0.5         1         .
	//    2      0.25       0.5         1
}

// The same state is felt by half of it after each step.
func ExampleNewJacobians() {
	params := graph.NewParams64(1)
	jacobians, err := graph.NewJacobians(params, graph.Key{B: 1, T: 8}, decay, "")
	if err != nil {
		log.Fatal(err)
	}
	if err := params.Set("w", []float64{0.5}); err != nil {
		log.Fatal(err)
	}
	memory, err := jacobians.Report()
	if err != nil {
		log.Fatal(err)
	}
	h := memory.Of[0]
	fmt.Printf("%s: factor %.3f, %.4f after 3 steps, below 1 %% after %d\n", h.Name, h.Rate, h.Lags[3].Mean, h.Length)
	// Output: h: factor 0.500, 0.1250 after 3 steps, below 1 % after 7
}
