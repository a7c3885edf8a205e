package graph_test

import (
	"fmt"
	"log"

	"github.com/unroll-go/unroll/graph"
)

// Sequences of many lengths: a program is built for each length once.
func ExampleNewCache() {
	cache := graph.NewCache(graph.NewParams(1), 8, func(g *graph.Builder) {
		g.Output("mean", g.Mean(g.Input("x", g.T)))
	})
	for _, x := range [][]float32{{1, 2}, {1, 2, 6}, {5, 7}} {
		prog, err := cache.Get(graph.Key{T: len(x)})
		if err != nil {
			log.Fatal(err)
		}
		if err := prog.SetFloats("x", x); err != nil {
			log.Fatal(err)
		}
		if err := prog.Run(); err != nil {
			log.Fatal(err)
		}
		mean, err := prog.Scalar("mean")
		fmt.Println(mean, err)
	}
	fmt.Println(cache.Len(), "programs", cache.Close())
	// Output:
	// 1.5 <nil>
	// 3 <nil>
	// 6 <nil>
	// 2 programs <nil>
}

// A state lives from run to run until it is set or cleared: here h' = h/2 + x.
func ExampleBuilder_Carry() {
	prog, err := graph.Build(graph.NewParams(1), graph.Key{B: 1}, func(g *graph.Builder) {
		h := g.Carry("state", []*graph.Node{g.Zeros(g.B, 1)})
		h[0] = g.Add(g.Scale(h[0], 0.5), g.Input("x", g.B, 1))
		g.Next("state", h)
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := prog.SetFloats("x", []float32{1}); err != nil {
		log.Fatal(err)
	}
	for range 3 {
		if err := prog.Run(); err != nil {
			log.Fatal(err)
		}
		fmt.Println(prog.State("state"))
	}
	prog.ZeroState()
	fmt.Println(prog.State("state"))
	// Output:
	// [[1]] <nil>
	// [[1.5]] <nil>
	// [[1.75]] <nil>
	// [[0]] <nil>
}

// Derivatives are nodes like all others, and can be differentiated again:
// x³, 3x² and 6x at x = 2.
func ExampleBuilder_Grad() {
	prog, err := graph.Build(graph.NewParams64(1), graph.Key{}, func(g *graph.Builder) {
		x := []*graph.Node{g.Input("x", 1)}
		y := g.Mul(x[0], g.Square(x[0]))
		dy := g.Grad([]*graph.Node{y}, nil, x)
		ddy := g.Grad(dy, nil, x)
		g.Output("y", g.Concat(y, dy[0], ddy[0]))
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := prog.SetFloat64s("x", []float64{2}); err != nil {
		log.Fatal(err)
	}
	if err := prog.Run(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(prog.Float64s("y"))
	// Output: [8 12 12] <nil>
}
