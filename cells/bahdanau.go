package cells

import "github.com/unroll-go/unroll/graph"

// Bahdanau is additive attention (Bahdanau, Cho and Bengio 2015, "Neural
// machine translation by jointly learning to align and translate", A.1.2).
//
//	k_s = m_s·Wm + b                    [B, Width], once
//	e_s = v·tanh(q·Wq + k_s)            [B, S]
//
// The paper has no bias b.
//
// Parameters: Wq [Query, Width] Glorot, Wm [Memory, Width] Glorot, b [Width]
// zero, v [Width] Glorot.
type Bahdanau struct{ Query, Memory, Width int }

var _ Attention = Bahdanau{}

// Bind declares the parameters on g.
func (a Bahdanau) Bind(g *graph.Builder) Attend {
	Wq := g.Param("Wq", graph.Glorot, a.Query, a.Width)
	Wm := g.Param("Wm", graph.Glorot, a.Memory, a.Width)
	b := g.Param("b", graph.Zeros, a.Width)
	v := g.Param("v", graph.Glorot, a.Width)

	keys := func(memory *graph.Node) *graph.Node { return g.Affine(b, memory, Wm) }
	with := func(memory, keys, lens *graph.Node) Read {
		return func(query *graph.Node) (context, weights *graph.Node) {
			scores := g.AdditiveScores(g.MatMul(query, Wq), keys, v) // [B, S]
			return weighted(g, scores, memory, lens)
		}
	}
	return Attend{Keys: keys, With: with}
}

// KeyWidth is Width.
func (a Bahdanau) KeyWidth() int { return a.Width }
