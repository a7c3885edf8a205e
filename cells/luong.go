package cells

import (
	"fmt"

	"github.com/unroll-go/unroll/graph"
)

// Luong is multiplicative attention (Luong, Pham and Manning 2015, "Effective
// approaches to attention-based neural machine translation", equation 8).
//
//	e_s = q·m_s                         dot: Query == Memory
//	e_s = q·k_s, k_s = m_s·W            general: W [Memory, Query]
//
// The paper writes the general score h'·W·h̄; here W stands on the side of the
// memory, so that it is multiplied once for all queries.
//
// Parameters: W [Memory, Query] Glorot if General.
type Luong struct {
	Query, Memory int
	General       bool
}

var _ Attention = Luong{}

// Bind declares the parameters on g.
func (l Luong) Bind(g *graph.Builder) Attend {
	keys := func(memory *graph.Node) *graph.Node { return memory }
	switch {
	case l.General:
		W := g.Param("W", graph.Glorot, l.Memory, l.Query)
		keys = func(memory *graph.Node) *graph.Node { return g.MatMul(memory, W) }
	case l.Query != l.Memory:
		g.Fail(fmt.Errorf("Luong: the dot of a query of %d and a memory of %d does not exist; General maps one to the other",
			l.Query, l.Memory))
	}
	return Attend{Keys: keys, With: func(memory, keys, lens *graph.Node) Read {
		wide(g, "memory", memory, l.Memory)
		return func(query *graph.Node) (context, weights *graph.Node) {
			wide(g, "query", query, l.Query)
			scores := g.BatchMatMulT(query, keys) // [B, S]
			return weighted(g, scores, memory, lens)
		}
	}}
}

// wide asks for a width that no parameter would ask for.
func wide(g *graph.Builder, what string, x *graph.Node, width int) {
	if s := g.Shape(x); g.Err() == nil && (len(s) == 0 || s[len(s)-1] != width) {
		g.Fail(fmt.Errorf("Luong: a %s of width %d is wanted, got shape %v", what, width, s))
	}
}

// KeyWidth is that of the query.
func (l Luong) KeyWidth() int { return l.Query }
