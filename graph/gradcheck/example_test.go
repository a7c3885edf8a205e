package gradcheck_test

import (
	"fmt"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
)

// A small network's gradients agree with differences of its loss, parameter by
// parameter.
func ExampleCheck() {
	formula := func(g *graph.Builder) {
		x := g.Input("x", g.B, 2)
		h := g.Tanh(g.MatMul(x, g.Param("W", graph.Glorot, 2, 3)))
		g.Minimise("loss", g.Mean(g.Square(g.MatMul(h, g.Param("V", graph.Glorot, 3, 1)))))
	}
	err := gradcheck.Check(graph.NewParams64(1), graph.Key{B: 2}, formula, gradcheck.Options{
		Set:        func(p *graph.Program) error { return p.SetFloat64s("x", []float64{1, -2, 0.5, 3}) },
		Each:       func(path string, err float64) { fmt.Println(path, err < 1e-6) },
		Directions: 1,
	})
	fmt.Println(err)
	// Output:
	// V true
	// W true
	// <nil>
}
