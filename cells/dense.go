package cells

import "github.com/unroll-go/unroll/graph"

// Dense is a fully connected layer without activation, y = x·W + b.
//
// Parameters: W [In, Out] Glorot, b [Out] zero unless NoBias.
type Dense struct {
	In, Out int
	NoBias  bool
}

// Bind declares the parameters on g and returns the map from [.., In] to [.., Out].
func (d Dense) Bind(g *graph.Builder) func(x *graph.Node) *graph.Node {
	W := g.Param("W", graph.Glorot, d.In, d.Out)
	var b *graph.Node
	if !d.NoBias {
		b = g.Param("b", graph.Zeros, d.Out)
	}
	return func(x *graph.Node) *graph.Node { return g.Affine(b, x, W) }
}
