package cells

import "github.com/unroll-go/unroll/graph"

// LayerNorm is layer normalisation with a gain and a bias for each column (Ba et
// al. 2016); see graph.LayerNorm for the formula. eps is PyTorch's 1e-5.
//
// Parameters: gain [Width] one, bias [Width] zero.
type LayerNorm struct{ Width int }

// Bind declares the parameters on g and returns the map from [.., Width] to [..,
// Width].
func (l LayerNorm) Bind(g *graph.Builder) func(x *graph.Node) *graph.Node {
	gain, bias := g.Param("gain", graph.Constant(1), l.Width), g.Param("bias", graph.Zeros, l.Width)
	return func(x *graph.Node) *graph.Node { return g.LayerNorm(x, gain, bias, 1e-5) }
}
