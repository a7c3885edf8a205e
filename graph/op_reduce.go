package graph

import "github.com/unroll-go/unroll/internal/kernel"

// SumAll is the sum of all elements, a scalar.
func (g *Builder) SumAll(x *Node) *Node { return g.apply(sumAll{}, x) }

// Mean is the mean of all elements, a scalar.
func (g *Builder) Mean(x *Node) *Node {
	v := g.of[x]
	if v == nil {
		return g.SumAll(x)
	}
	return g.Scale(g.SumAll(x), 1/float64(size(v.shape)))
}

// SumRows sums over the rows: [.., N] gives [N].
func (g *Builder) SumRows(x *Node) *Node { return g.apply(sumRows{}, x) }

// SumCols sums over the columns: [.., N] gives [.., 1].
func (g *Builder) SumCols(x *Node) *Node { return g.apply(sumCols{}, x) }

// sumAll is the sum of all elements.
type sumAll struct{ apart }

func (sumAll) name() string { return "SumAll" }

func (k sumAll) infer(in []*value) ([]int, bool, error) { return nil, false, floats(k.name(), in) }

func (sumAll) diff(g *Builder, v *value, dy *Node) []term {
	return []term{wholeTerm(g.spread(dy, v.in[0].shape))}
}

func (sumAll) run32(c *call[float32]) { c.out.Data[0] = kernel.SumAll(c.in[0]) }
func (sumAll) run64(c *call[float64]) { c.out.Data[0] = kernel.SumAll(c.in[0]) }

// sumRows is the sum over rows, optionally added to a first operand [N].
type sumRows struct{ acc bool }

func (sumRows) name() string { return "SumRows" }

func (k sumRows) infer(in []*value) ([]int, bool, error) {
	x := in[len(in)-1]
	if len(x.shape) == 0 {
		return nil, false, shapeError(k.name(), in, "there are no rows")
	}
	return []int{x.cols()}, false, floats(k.name(), in)
}

func (k sumRows) diff(g *Builder, v *value, dy *Node) []term {
	t := wholeTerm(g.spread(dy, v.in[len(v.in)-1].shape))
	if k.acc {
		return []term{wholeTerm(dy), t}
	}
	return []term{t}
}

func (k sumRows) inPlace(_ *value, i int) bool { return k.acc && i == 0 }
func (k sumRows) run32(c *call[float32])       { runSumRows(k, c) }
func (k sumRows) run64(c *call[float64])       { runSumRows(k, c) }

func runSumRows[F kernel.Float](k sumRows, c *call[F]) {
	if k.acc && !kernel.Same(c.out, c.in[0]) {
		kernel.Copy(c.out, c.in[0])
	}
	kernel.SumRows(c.out, c.in[len(c.in)-1], k.acc)
}

// sumCols is the sum over columns.
type sumCols struct{ apart }

func (sumCols) name() string { return "SumCols" }

func (k sumCols) infer(in []*value) ([]int, bool, error) {
	if len(in[0].shape) == 0 {
		return nil, false, shapeError(k.name(), in, "there are no columns")
	}
	return withCols(in[0].shape, 1), false, floats(k.name(), in)
}

func (sumCols) diff(g *Builder, v *value, dy *Node) []term {
	return []term{wholeTerm(g.spread(dy, v.in[0].shape))}
}

func (sumCols) run32(c *call[float32]) { kernel.SumCols(c.out, c.in[0], false) }
func (sumCols) run64(c *call[float64]) { kernel.SumCols(c.out, c.in[0], false) }

// spread repeats a scalar, a row or a column over a full shape.
func (g *Builder) spread(x *Node, shape []int) *Node {
	if v := g.of[x]; v != nil && sameShape(v.shape, shape) {
		return x
	}
	return g.apply(spread{shape: shapeKey(shape)}, x)
}

// spread is broadcasting by itself.
type spread struct {
	apart
	shape shapeID
}

func (spread) name() string { return "Spread" }

func (k spread) infer(in []*value) ([]int, bool, error) {
	shape := k.shape.ints()
	if !spreads(in[0].shape, shape) {
		return nil, false, shapeError(k.name(), in, "not a scalar, a row or a column of %v", shape)
	}
	return shape, false, floats(k.name(), in)
}

func (spread) diff(g *Builder, v *value, dy *Node) []term { return []term{g.shrink(dy, v.in[0])} }
func (spread) run32(c *call[float32])                     { kernel.Copy(c.out, c.in[0]) }
func (spread) run64(c *call[float64])                     { kernel.Copy(c.out, c.in[0]) }
