package benchmarks

import (
	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// Peephole is a cell that the library does not have, written from its operations
// as a user would: what it costs beside cells.LSTM is the price of a cell of
// one's own. It is the LSTM whose gates see the memory (Gers and Schmidhuber
// 2000, Recurrent nets that time and count), the output gate the new one.
//
//	i | f | u | o = x·Wx + h·Wh + b        [B, 4H]
//	i, f = σ(i + pi⊙c), σ(f + pf⊙c)        [B, H]
//	c' = f⊙c + i⊙tanh(u)                   [B, H]
//	h' = σ(o + po⊙c')⊙tanh(c')             [B, H]
//
// Parameters: those of cells.LSTM, b zero, and pi, pf, po [H]. State: (h, c).
type Peephole struct{ In, Hidden int }

var _ cells.Cell = Peephole{}

// Bind declares the parameters on g and returns the step.
func (p Peephole) Bind(g *graph.Builder) cells.Step {
	D, H := p.In, p.Hidden
	Wx := g.Param("Wx", graph.Glorot, D, 4*H)
	Wh := g.Param("Wh", graph.Orthogonal, H, 4*H)
	b := g.Param("b", graph.Zeros, 4*H)
	pi := g.Param("pi", graph.Normal(0.1), H)
	pf := g.Param("pf", graph.Normal(0.1), H)
	po := g.Param("po", graph.Normal(0.1), H)

	return func(x *graph.Node, s cells.State) (*graph.Node, cells.State) {
		h, c := s[0], s[1]

		i, f, u, o := g.Chunk4(g.Affine(b, x, Wx, h, Wh))
		i = g.Sigmoid(g.Add(i, g.Mul(c, pi)))
		f = g.Sigmoid(g.Add(f, g.Mul(c, pf)))

		c = g.Add(g.Mul(f, c), g.Mul(i, g.Tanh(u)))
		o = g.Sigmoid(g.Add(o, g.Mul(c, po)))
		h = g.Mul(o, g.Tanh(c))
		return h, cells.State{h, c}
	}
}

// Zero is h = c = 0 for g.B rows.
func (p Peephole) Zero(g *graph.Builder) cells.State {
	return cells.State{g.Zeros(g.B, p.Hidden), g.Zeros(g.B, p.Hidden)}
}

// Out is Hidden.
func (p Peephole) Out() int { return p.Hidden }
