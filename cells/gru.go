package cells

import "github.com/unroll-go/unroll/graph"

// GRU is the cell of Cho et al. (2014) with the reset gate after the product, as
// cuDNN and PyTorch compute it.
//
//	r | z = σ(x·Wx[r,z] + h·Wh[r,z] + b[r,z])        [B, 2H]
//	n  = tanh(x·Wx[n] + b[n] + r⊙(h·Wh[n] + bn))     [B, H]
//	h' = (1-z)⊙n + z⊙h                               [B, H]
//
// With ResetBefore it is the form of the paper, n = tanh(x·Wx[n] + (r⊙h)·Wh[n]
// + b[n]), which has no bn. Where PyTorch has b_ih and b_hh, b is b_ih + b_hh
// for r and z and b_ih for n, and bn is b_hh for n.
//
// Parameters: Wx [D, 3H] Glorot, Wh [H, 3H] orthogonal, b [3H] and bn [H] zero.
// State: (h).
type GRU struct {
	In, Hidden  int
	ResetBefore bool
}

var _ Cell = GRU{}

// Bind declares the parameters on g and returns the step.
func (c GRU) Bind(g *graph.Builder) Step {
	D, H := c.In, c.Hidden
	Wx := g.Param("Wx", graph.Glorot, D, 3*H)
	Wh := g.Param("Wh", graph.Orthogonal, H, 3*H)
	b := g.Param("b", graph.Zeros, 3*H)
	if c.ResetBefore {
		return resetBefore(g, H, Wx, Wh, b)
	}
	bn := g.Param("bn", graph.Zeros, H)

	return func(x *graph.Node, s State) (*graph.Node, State) {
		h := s[0]

		xr, xz, xn := g.Chunk3(g.Affine(b, x, Wx))
		hr, hz, hn := g.Chunk3(g.MatMul(h, Wh))
		r, z := g.Sigmoid(g.Add(xr, hr)), g.Sigmoid(g.Add(xz, hz))
		n := g.Tanh(g.Add(xn, g.Mul(r, g.Add(hn, bn))))

		h = g.Add(n, g.Mul(z, g.Sub(h, n))) // (1-z)⊙n + z⊙h
		g.Expose("r z n h", r, z, n, h)
		return h, State{h}
	}
}

// resetBefore is the step of the paper's form.
func resetBefore(g *graph.Builder, H int, Wx, Wh, b *graph.Node) Step {
	Wrz, Wn := g.Cols(Wh, 0, 2*H), g.Cols(Wh, 2*H, 3*H)

	return func(x *graph.Node, s State) (*graph.Node, State) {
		h := s[0]

		px := g.Affine(b, x, Wx) // [B, 3H]
		r, z := g.Chunk2(g.Sigmoid(g.Affine(g.Cols(px, 0, 2*H), h, Wrz)))
		n := g.Tanh(g.Affine(g.Cols(px, 2*H, 3*H), g.Mul(r, h), Wn))

		h = g.Add(n, g.Mul(z, g.Sub(h, n))) // (1-z)⊙n + z⊙h
		g.Expose("r z n h", r, z, n, h)
		return h, State{h}
	}
}

// Zero is h = 0 for g.B rows.
func (c GRU) Zero(g *graph.Builder) State { return zeros(g, 1, c.Hidden) }

// Out is Hidden.
func (c GRU) Out() int { return c.Hidden }
