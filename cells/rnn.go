package cells

import "github.com/unroll-go/unroll/graph"

// RNN is the simple recurrent cell of Elman (1990), as PyTorch computes it
// (b = b_ih + b_hh).
//
//	h' = tanh(x·Wx + h·Wh + b)            [B, H]
//	y  = h', or h'·Why with Output set    [B, H] or [B, Output]
//
// NoBias and Output together are the form of many lectures,
// h_t = tanh(Whh' h_{t-1} + Wxh' x_t), y_t = Why' h_t.
//
// Parameters: Wx [D, H] Glorot, Wh [H, H] orthogonal, b [H] zero unless NoBias,
// Why [H, Output] Glorot if Output is set. State: (h).
type RNN struct {
	In, Hidden int
	ReLU       bool // max(·, 0) in place of tanh
	NoBias     bool
	Output     int // 0: the output is the state
}

var _ Cell = RNN{}

// Bind declares the parameters on g and returns the step.
func (r RNN) Bind(g *graph.Builder) Step {
	D, H := r.In, r.Hidden
	Wx := g.Param("Wx", graph.Glorot, D, H)
	Wh := g.Param("Wh", graph.Orthogonal, H, H)
	var b, Why *graph.Node
	if !r.NoBias {
		b = g.Param("b", graph.Zeros, H)
	}
	if r.Output != 0 {
		Why = g.Param("Why", graph.Glorot, H, r.Output)
	}
	act := g.Tanh
	if r.ReLU {
		act = g.ReLU
	}

	return func(x *graph.Node, s State) (*graph.Node, State) {
		h := act(g.Affine(b, x, Wx, s[0], Wh))
		g.Expose("h", h)
		if Why == nil {
			return h, State{h}
		}
		return g.MatMul(h, Why), State{h}
	}
}

// Zero is h = 0 for g.B rows.
func (r RNN) Zero(g *graph.Builder) State { return zeros(g, 1, r.Hidden) }

// Out is Output, or Hidden where that is 0.
func (r RNN) Out() int {
	if r.Output != 0 {
		return r.Output
	}
	return r.Hidden
}
