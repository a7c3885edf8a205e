// Package peephole is a cell that the library does not have, written from
// operations as a user would: docs/add-a-cell.md builds it from its formula to
// its benchmark, and the speed of it beside cells.LSTM is the price of a cell of
// one's own.
package peephole

import (
	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// LSTM is the LSTM whose gates see the memory, the output gate the new one (Gers
// and Schmidhuber 2000, Recurrent nets that time and count).
//
//	i | f | u | o = x·Wx + h·Wh + b        [B, 4H]
//	i, f = σ(i + pi⊙c), σ(f + pf⊙c)        [B, H]
//	c' = f⊙c + i⊙tanh(u)                   [B, H]
//	h' = σ(o + po⊙c')⊙tanh(c')             [B, H]
//
// Parameters: Wx [D, 4H] Glorot, Wh [H, 4H] orthogonal, b [4H] zero, pi, pf and
// po [H] normal. State: (h, c).
type LSTM struct{ In, Hidden int }

var _ cells.Cell = LSTM{}

// Bind declares the parameters on g and returns the step.
func (l LSTM) Bind(g *graph.Builder) cells.Step {
	D, H := l.In, l.Hidden
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
func (l LSTM) Zero(g *graph.Builder) cells.State {
	return cells.State{g.Zeros(g.B, l.Hidden), g.Zeros(g.B, l.Hidden)}
}

// Out is Hidden.
func (l LSTM) Out() int { return l.Hidden }
