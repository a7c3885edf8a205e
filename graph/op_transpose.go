package graph

import "github.com/unroll-go/unroll/internal/kernel"

// Transpose is x': [M, N] gives [N, M].
func (g *Builder) Transpose(x *Node) *Node { return g.apply(transpose{}, x) }

// SwapAxes exchanges the first two axes: [A, B, D] gives [B, A, D]. It makes a
// sequence [T, B, D] of a batch of matrices [B, T, D], and back.
func (g *Builder) SwapAxes(x *Node) *Node { return g.apply(swapAxes{}, x) }

// transpose swaps the axes of a matrix.
type transpose struct{ apart }

func (transpose) name() string { return "Transpose" }

func (k transpose) infer(in []*value) ([]int, bool, error) {
	if len(in[0].shape) != 2 {
		return nil, false, shapeError(k.name(), in, "a matrix is needed")
	}
	return []int{in[0].shape[1], in[0].shape[0]}, false, floats(k.name(), in)
}

func (transpose) diff(g *Builder, _ *value, dy *Node) []term {
	return []term{wholeTerm(g.Transpose(dy))}
}

func (transpose) run32(c *call[float32]) { kernel.Transpose(c.out, c.in[0]) }
func (transpose) run64(c *call[float64]) { kernel.Transpose(c.out, c.in[0]) }

// swapAxes exchanges the two axes before the last: rows as they are, in another order.
type swapAxes struct{ apart }

func (swapAxes) name() string { return "SwapAxes" }

func (k swapAxes) infer(in []*value) ([]int, bool, error) {
	if len(in[0].shape) != 3 {
		return nil, false, shapeError(k.name(), in, "three axes are needed")
	}
	s := in[0].shape
	return []int{s[1], s[0], s[2]}, false, floats(k.name(), in)
}

func (swapAxes) diff(g *Builder, _ *value, dy *Node) []term { return []term{wholeTerm(g.SwapAxes(dy))} }
func (swapAxes) run32(c *call[float32])                     { runSwapAxes(c) }
func (swapAxes) run64(c *call[float64])                     { runSwapAxes(c) }

func runSwapAxes[F kernel.Float](c *call[F]) {
	A, B := c.v.shape[1], c.v.shape[0]
	for a := range A {
		kernel.Copy(c.out.Every(a, A), c.in[0].Slice(a*B, (a+1)*B, 0, c.out.Cols))
	}
}
