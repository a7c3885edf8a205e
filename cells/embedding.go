package cells

import (
	"math"

	"github.com/unroll-go/unroll/graph"
)

// Embedding gives each of Rows ids a vector of its own, learnt with the rest:
// row id of the table, which is the product of the one-hot row with the table
// (Bengio et al. 2003).
//
// Parameters: E [Rows, Width], normal with rows of expected length 1.
type Embedding struct{ Rows, Width int }

// Bind declares the table on g and returns the look-up: ids [..] give [.., Width].
func (e Embedding) Bind(g *graph.Builder) func(ids *graph.Node) *graph.Node {
	E := e.Table(g)
	return func(ids *graph.Node) *graph.Node { return g.Gather(E, ids) }
}

// Table declares the table by itself, for a decoder that shares it: E [Rows, Width].
func (e Embedding) Table(g *graph.Builder) *graph.Node {
	return g.Param("E", graph.Normal(1/math.Sqrt(float64(max(e.Width, 1)))), e.Rows, e.Width)
}
