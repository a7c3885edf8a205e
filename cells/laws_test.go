package cells_test

import (
	"testing"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/cells/celltest"
	"github.com/unroll-go/unroll/graph"
)

func TestRNN(t *testing.T) {
	celltest.Run(t, cells.RNN{In: 3, Hidden: 4})
}

func TestRNNReLU(t *testing.T) {
	celltest.Run(t, cells.RNN{In: 3, Hidden: 4, ReLU: true})
}

func TestRNNWithoutBias(t *testing.T) {
	celltest.Run(t, cells.RNN{In: 3, Hidden: 4, NoBias: true})
}

func TestRNNWithOutput(t *testing.T) {
	celltest.Run(t, cells.RNN{In: 3, Hidden: 4, NoBias: true, Output: 2})
}

func TestLSTM(t *testing.T) {
	celltest.Run(t, cells.LSTM{In: 3, Hidden: 4})
}

func TestLSTMOfOneUnit(t *testing.T) {
	celltest.Run(t, cells.LSTM{In: 1, Hidden: 1})
}

func TestGRU(t *testing.T) {
	celltest.Run(t, cells.GRU{In: 3, Hidden: 4})
}

func TestGRUResetBefore(t *testing.T) {
	celltest.Run(t, cells.GRU{In: 3, Hidden: 4, ResetBefore: true})
}

func TestPeephole(t *testing.T) {
	celltest.Run(t, peephole{In: 3, Hidden: 4})
}

// peephole is the LSTM whose gates see the cell (Gers, Schraudolph and
// Schmidhuber 2002), as somebody would write it outside of this module.
//
//	i | f | u = x·Wx[i,f,u] + h·Wh[i,f,u] + b[i,f,u]
//	c' = σ(f + pf⊙c)⊙c + σ(i + pi⊙c)⊙tanh(u)
//	h' = σ(o + po⊙c')⊙tanh(c')
//
// Parameters: Wx [D, 4H], Wh [H, 4H], b [4H], pi, pf and po [H]. State: (h, c).
type peephole struct{ In, Hidden int }

func (p peephole) Bind(g *graph.Builder) cells.Step {
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

func (p peephole) Zero(g *graph.Builder) cells.State {
	return cells.State{g.Zeros(g.B, p.Hidden), g.Zeros(g.B, p.Hidden)}
}

func (p peephole) Out() int { return p.Hidden }
