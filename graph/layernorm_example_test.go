package graph_test

import (
	"fmt"

	"github.com/unroll-go/unroll/graph"
)

// Rows become comparable, whatever their scale: the mean is taken away, what is
// left divided by its deviation, and gain and bias say how wide and where.
func ExampleBuilder_LayerNorm() {
	prog, err := graph.Build(graph.NewParams(1), graph.Key{}, func(g *graph.Builder) {
		x := g.Input("x", 2, 3)
		gain := g.Param("gain", graph.Constant(1), 3)
		bias := g.Param("bias", graph.Zeros, 3)
		g.Output("y", g.LayerNorm(x, gain, bias, 1e-5)) // [2, 3]
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := prog.SetFloats("x", []float32{1, 2, 3, 100, 200, 300}); err != nil {
		fmt.Println(err)
		return
	}
	if err := prog.Run(); err != nil {
		fmt.Println(err)
		return
	}
	y, err := prog.Floats("y")
	fmt.Printf("%.3f %v\n", y, err)
	// Output: [-1.225 0.000 1.225 -1.225 0.000 1.225] <nil>
}
