package cells

import "github.com/unroll-go/unroll/graph"

// Bahdanau is additive attention (Bahdanau, Cho and Bengio 2015, "Neural
// machine translation by jointly learning to align and translate", A.1.2).
//
//	k_s = m_s·Wm + b                    [B, Width], once
//	e_s = tanh(q·Wq + k_s)·v            [B, 1]
//
// The paper has no bias b.
//
// Parameters: Wq [Query, Width] Glorot, Wm [Memory, Width] Glorot, b [Width]
// zero, v [Width, 1] Glorot.
type Bahdanau struct{ Query, Memory, Width int }

var _ Attention = Bahdanau{}

// Bind declares the parameters on g.
func (a Bahdanau) Bind(g *graph.Builder) Attend {
	Wq := g.Param("Wq", graph.Glorot, a.Query, a.Width)
	Wm := g.Param("Wm", graph.Glorot, a.Memory, a.Width)
	b := g.Param("b", graph.Zeros, a.Width)
	v := g.Param("v", graph.Glorot, a.Width, 1)

	keys := func(memory *graph.Node) *graph.Node { return g.Affine(b, memory, Wm) }
	with := func(memory, keys, lens *graph.Node) Read {
		ks := g.Unstack(keys)
		one := func(query *graph.Node) (context, weights *graph.Node) {
			q := g.MatMul(query, Wq)
			e := make([]*graph.Node, len(ks))
			for s, k := range ks {
				e[s] = g.MatMul(g.Tanh(g.Add(q, k)), v) // [B, 1]
			}
			return weighted(g, g.Concat(e...), memory, lens)
		}
		return oneByOne(g, one)
	}
	return Attend{Keys: keys, With: with}
}

// KeyWidth is Width.
func (a Bahdanau) KeyWidth() int { return a.Width }

// oneByOne reads many queries [T, B, Q] one after the other.
func oneByOne(g *graph.Builder, read Read) Read {
	return func(query *graph.Node) (context, weights *graph.Node) {
		if len(g.Shape(query)) != 3 {
			return read(query)
		}
		var contexts, all []*graph.Node
		for _, q := range g.Unstack(query) {
			c, w := read(q)
			contexts, all = append(contexts, c), append(all, w)
		}
		return g.Stack(contexts...), g.Stack(all...)
	}
}
