package graph_test

import (
	"fmt"
	"log"

	"github.com/unroll-go/unroll/graph"
)

// A formula, the program that Build makes of it, its inputs, a run, its values.
func Example() {
	params := graph.NewParams(1)
	prog, err := graph.Build(params, graph.Key{B: 2}, func(g *graph.Builder) {
		x := g.Input("x", g.B, 3)                // [B, 3]
		W := g.Param("W", graph.Glorot, 3, 2)    // [3, 2]
		b := g.Param("b", graph.Zeros, 2)        // [2]
		g.Output("y", g.ReLU(g.Affine(b, x, W))) // max(0, x·W + b), [B, 2]
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := params.Set("W", []float64{1, -1, 10, -10, 100, -100}); err != nil {
		log.Fatal(err)
	}
	if err := prog.SetFloats("x", []float32{1, 2, 3, -1, -2, -3}); err != nil {
		log.Fatal(err)
	}
	if err := prog.Run(); err != nil {
		log.Fatal(err)
	}
	y, err := prog.Floats("y")
	fmt.Println(prog.Shape("y"), y, err)
	// Output: [2 2] [321 0 0 321] <nil>
}

// A formula that does not fit together is an error of Build, which says where.
func ExampleBuild() {
	_, err := graph.Build(graph.NewParams(1), graph.Key{B: 32}, func(g *graph.Builder) {
		x := g.Input("x", g.B, 27)
		layer := g.Scope("layer0")
		g.Output("h", layer.MatMul(x, layer.Param("Wx", graph.Glorot, 28, 512)))
	})
	fmt.Println(err)
	// Output: graph: layer0: MatMul: shapes [32 27] and [28 512] do not agree: 27 != 28
}

// Programs of any size share one set of parameters.
func ExampleNewParams() {
	params := graph.NewParams(1)
	var progs []*graph.Program
	for _, B := range []int{1, 3} {
		prog, err := graph.Build(params, graph.Key{B: B}, func(g *graph.Builder) {
			layer := g.Scope("out")
			w, b := layer.Param("w", graph.Glorot, 1, 1), layer.Param("b", graph.Zeros, 1)
			g.Output("y", g.Affine(b, g.Const(10, g.B, 1), w))
		})
		if err != nil {
			log.Fatal(err)
		}
		progs = append(progs, prog)
	}
	if err := params.Set("out/w", []float64{2}); err != nil { // seen by both
		log.Fatal(err)
	}
	for _, prog := range progs {
		if err := prog.Run(); err != nil {
			log.Fatal(err)
		}
		fmt.Println(prog.Floats("y"))
	}
	for _, p := range params.All() {
		fmt.Println(p.Path(), p.Shape(), p.Values())
	}
	// Output:
	// [20] <nil>
	// [20 20 20] <nil>
	// out/b [1] [0]
	// out/w [1 1] [2]
}

// Gradient descent on (w·3 - 6)²: each run gives the gradient 2·3·(w·3 - 6),
// each update moves w against it.
func ExampleBuilder_Minimise() {
	params := graph.NewParams(1)
	prog, err := graph.Build(params, graph.Key{Train: true}, func(g *graph.Builder) {
		w := g.Param("w", graph.Zeros, 1)
		g.Minimise("loss", g.Mean(g.Square(g.AddConst(g.Scale(w, 3), -6))))
	})
	if err != nil {
		log.Fatal(err)
	}
	for range 3 {
		if err := prog.Run(); err != nil {
			log.Fatal(err)
		}
		loss, _ := prog.Scalar("loss")
		w := params.Get("w")
		fmt.Printf("w %.3f, loss %.3f, gradient %.3f\n", w.Float32s(), loss, w.Grad32s())
		err := params.Update(func(p *graph.Param) error {
			p.Float32s()[0] -= 0.0625 * p.Grad32s()[0]
			return nil
		})
		if err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// w [0.000], loss 36.000, gradient [-36.000]
	// w [2.250], loss 0.562, gradient [4.500]
	// w [1.969], loss 0.009, gradient [-0.562]
}
