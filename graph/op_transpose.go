package graph

import "github.com/unroll-go/unroll/internal/kernel"

// Transpose is x': [M, N] gives [N, M].
func (g *Builder) Transpose(x *Node) *Node { return g.apply(transpose{}, x) }

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
