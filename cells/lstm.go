package cells

import (
	"math/rand/v2"

	"github.com/unroll-go/unroll/graph"
)

// LSTM is the cell of Hochreiter and Schmidhuber (1997) with the forget gate of
// Gers et al. (2000), as PyTorch computes it (b = b_ih + b_hh).
//
//	i | f | u | o = x·Wx + h·Wh + b       [B, 4H]
//	c' = σ(f)⊙c + σ(i)⊙tanh(u)            [B, H]
//	h' = σ(o)⊙tanh(c')                    [B, H]
//
// Parameters: Wx [D, 4H] Glorot, Wh [H, 4H] orthogonal, b [4H] zero but 1 for f
// (Jozefowicz et al. 2015). State: (h, c).
type LSTM struct{ In, Hidden int }

var _ Cell = LSTM{}

// Bind declares the parameters on g and returns the step.
func (l LSTM) Bind(g *graph.Builder) Step {
	D, H := l.In, l.Hidden
	Wx := g.Param("Wx", graph.Glorot, D, 4*H)
	Wh := g.Param("Wh", graph.Orthogonal, H, 4*H)
	b := g.Param("b", forgetBias, 4*H)

	return func(x *graph.Node, s State) (*graph.Node, State) {
		h, c := s[0], s[1]

		i, f, u, o := g.Chunk4(g.Affine(b, x, Wx, h, Wh))
		i, f, o = g.Sigmoid(i), g.Sigmoid(f), g.Sigmoid(o)
		u = g.Tanh(u)

		c = g.Add(g.Mul(f, c), g.Mul(i, u))
		h = g.Mul(o, g.Tanh(c))
		g.Expose("i f u o c h", i, f, u, o, c, h)
		return h, State{h, c}
	}
}

// Zero is h = c = 0 for g.B rows.
func (l LSTM) Zero(g *graph.Builder) State { return zeros(g, 2, l.Hidden) }

// Out is Hidden.
func (l LSTM) Out() int { return l.Hidden }

// forgetBias is 0, but 1 in the second of four blocks: the forget gate begins
// open.
func forgetBias(w []float64, _ []int, _ *rand.Rand) {
	clear(w)
	H := len(w) / 4
	for k := H; k < 2*H; k++ {
		w[k] = 1
	}
}
