package graph

import "github.com/unroll-go/unroll/internal/kernel"

// Add is a + b for each element. The shapes are equal, or the smaller operand
// is a scalar, a row [N] for every row, or a column [.., 1] for every column.
func (g *Builder) Add(a, b *Node) *Node {
	switch {
	case g.isZero(a) && g.covers(b, a):
		return b
	case g.isZero(b) && g.covers(a, b):
		return a
	}
	return g.apply(binary{fn: add}, a, b)
}

// Sub is a - b for each element, with the shapes of Add.
func (g *Builder) Sub(a, b *Node) *Node { return g.apply(binary{fn: sub}, a, b) }

// Mul is the elementwise product a ⊙ b, with the shapes of Add.
func (g *Builder) Mul(a, b *Node) *Node {
	switch {
	case g.isZero(a) && g.covers(a, b):
		return a
	case g.isZero(b) && g.covers(b, a):
		return b
	}
	return g.apply(binary{fn: mul}, a, b)
}

// covers says whether an elementwise operation on two nodes has the shape of
// the first, and may be simplified.
func (g *Builder) covers(full, other *Node) bool {
	f, o := g.of[full], g.of[other]
	return !g.plain && g.err == nil && f != nil && o != nil && !f.ids && !o.ids &&
		(sameShape(f.shape, o.shape) || spreads(o.shape, f.shape))
}

// Div is a / b for each element, with the shapes of Add.
func (g *Builder) Div(a, b *Node) *Node { return g.apply(binary{fn: div}, a, b) }

// Sum adds any number of nodes of one shape.
func (g *Builder) Sum(xs ...*Node) *Node {
	if len(xs) == 0 {
		return g.apply(binary{fn: add})
	}
	y := g.known("Sum", xs[0])
	for _, x := range xs[1:] {
		y = g.Add(y, x)
	}
	return y
}

const (
	add function = iota
	sub
	mul
	div
)

var binaryNames = [...]string{"Add", "Sub", "Mul", "Div"}

// binary is an elementwise function of two operands with broadcasting.
type binary struct {
	over
	fn function
}

func (k binary) name() string { return binaryNames[k.fn] }

func (k binary) infer(in []*value) ([]int, bool, error) {
	if len(in) != 2 {
		return nil, false, shapeError(k.name(), in, "two operands are needed")
	}
	if err := floats(k.name(), in); err != nil {
		return nil, false, err
	}
	a, b := in[0].shape, in[1].shape
	switch {
	case sameShape(a, b) || spreads(b, a):
		return a, false, nil
	case spreads(a, b):
		return b, false, nil
	}
	return nil, false, shapeError(k.name(), in, "neither equal nor a scalar, a row or a column of the other")
}

// spreads says whether a small shape is repeated over a full one: a scalar, a
// row of its columns, or a column of its rows.
func spreads(small, full []int) bool {
	if len(small) == 0 {
		return true
	}
	_, n := dims(full)
	return len(full) > 0 && (sameShape(small, []int{n}) || sameShape(small, withCols(full, 1)))
}

func (k binary) diff(g *Builder, v *value, dy *Node) []term {
	a, b := v.in[0].node, v.in[1].node
	var da, db *Node
	switch k.fn {
	case add:
		da, db = dy, dy
	case sub:
		da = dy
		if sameShape(v.in[1].shape, v.shape) {
			db = g.Neg(dy)
		} else {
			return []term{g.shrink(dy, v.in[0]), wholeTerm(g.Neg(g.shrink(dy, v.in[1]).node(g)))}
		}
	case mul:
		da, db = g.Mul(dy, b), g.Mul(dy, a)
	case div: // y = a/b: da = dy/b, db = -dy·y/b
		da = g.Div(dy, b)
		db = g.Neg(g.Mul(da, v.node))
	}
	return []term{g.shrink(da, v.in[0]), g.shrink(db, v.in[1])}
}

// shrink sums a gradient of a full shape over what was repeated.
func (g *Builder) shrink(d *Node, to *value) term {
	full := g.of[d]
	switch {
	case full == nil || sameShape(full.shape, to.shape):
		return wholeTerm(d)
	case len(to.shape) == 0:
		return wholeTerm(g.SumAll(d))
	case len(to.shape) == 1 && to.shape[0] == full.cols():
		return sumRowsTerm(d)
	}
	return wholeTerm(g.SumCols(d))
}

func (k binary) lane() (kernel.Op, float64) { return binaryOps[k.fn], 0 }
func (k binary) run32(c *call[float32])     { c.apply(k.lane()) }
func (k binary) run64(c *call[float64])     { c.apply(k.lane()) }

var binaryOps = [...]kernel.Op{kernel.OpAdd, kernel.OpSub, kernel.OpMul, kernel.OpDiv}
