package graph_test

import (
	"fmt"
	"log"
	"math/rand/v2"

	"github.com/unroll-go/unroll/graph"
)

// First values are drawn when a parameter is first bound: by an Init of the
// package, or by a function of one's own.
func ExampleInit() {
	identity := func(w []float64, shape []int, _ *rand.Rand) {
		for i := range shape[0] {
			w[i*shape[1]+i] = 1
		}
	}
	params := graph.NewParams(7)
	_, err := graph.Build(params, graph.Key{}, func(g *graph.Builder) {
		g.Output("E", g.Param("E", graph.Uniform(-0.1, 0.1), 100, 8))
		g.Output("W", g.Param("W", identity, 2, 2))
		g.Output("b", g.Param("b", graph.Constant(0.5), 3))
	})
	if err != nil {
		log.Fatal(err)
	}
	lo, hi := 0.0, 0.0
	for _, x := range params.Get("E").Values() {
		lo, hi = min(lo, x), max(hi, x)
	}
	fmt.Printf("E from %.2f to %.2f\n", lo, hi)
	fmt.Println("W", params.Get("W").Values(), "b", params.Get("b").Values())
	// Output:
	// E from -0.10 to 0.10
	// W [1 0 0 1] b [0.5 0.5 0.5]
}
