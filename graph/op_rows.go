package graph

import (
	"fmt"

	"github.com/unroll-go/unroll/internal/kernel"
)

// At is element t of the first axis: [T, B, D] gives [B, D], ids [T, B] give
// ids [B].
func (g *Builder) At(x *Node, t int) *Node {
	v := g.of[x]
	if v == nil || g.err != nil {
		return g.apply(rows{}, x)
	}
	if len(v.shape) < 2 && !(v.ids && len(v.shape) == 1) {
		g.Fail(shapeError("At", []*value{v}, "there is no first axis to choose from"))
		return g.bad
	}
	if t < 0 || t >= v.shape[0] {
		g.Fail(shapeError("At", []*value{v}, "element %d of the first axis does not exist", t))
		return g.bad
	}
	if s, ok := v.kind.(stack); ok && !g.plain && s.even && s.whole {
		return v.in[t].node
	}
	return g.elementOf(v, t)
}

// Rows is elements lo to hi (exclusive) of the first axis: [T, B, D] gives
// [hi-lo, B, D].
func (g *Builder) Rows(x *Node, lo, hi int) *Node {
	if v := g.of[x]; v != nil && !g.plain && len(v.shape) > 0 && lo == 0 && hi == v.shape[0] {
		return x
	}
	return g.apply(rows{lo: lo, hi: hi}, x)
}

// Unstack is every element of the first axis: [T, ..] gives T nodes [..]. Use
// it, and not At in a loop, to walk a sequence: knowing that all rows will be
// used, the builder makes products with one matrix once for all of them.
func (g *Builder) Unstack(x *Node) []*Node {
	v := g.of[x]
	if v == nil || g.err != nil || len(v.shape) == 0 {
		g.Fail(fmt.Errorf("Unstack: a node with a first axis is needed"))
		return nil
	}
	if v.shape[0] > maxValues-len(g.values) {
		g.Fail(shapeError("Unstack", []*value{v}, "each element is an operation, and a formula has at most %d", maxValues))
		return nil
	}
	parts := make([]*Node, v.shape[0])
	for t := range parts {
		parts[t] = g.elementOf(v, t)
		if p := g.of[parts[t]]; p != nil {
			p.swept = true
		}
	}
	return parts
}

// Stack joins T nodes of one shape along a new first axis: T times [B, D] gives
// [T, B, D].
func (g *Builder) Stack(xs ...*Node) *Node { return g.stack(xs, true) }

// stack joins nodes: whole along a new first axis, else row below row.
func (g *Builder) stack(xs []*Node, whole bool) *Node {
	if len(xs) == 0 {
		g.Fail(fmt.Errorf("Stack: nothing to join"))
		return g.bad
	}
	if len(xs) == 1 && !whole {
		return xs[0]
	}
	even := true
	first := g.of[xs[0]]
	for _, x := range xs {
		if v := g.of[x]; v == nil || first == nil || !sameShape(v.shape, first.shape) {
			even = false
		}
	}
	if whole && !g.plain {
		if x := g.unstacked(xs); x != nil {
			return x
		}
	}
	return g.apply(stack{even: even, whole: whole || even}, xs...)
}

// unstacked is x when xs are all its elements in order, else nil.
func (g *Builder) unstacked(xs []*Node) *Node {
	first := g.of[xs[0]]
	if first == nil || len(first.in) != 1 || len(first.in[0].shape) == 0 || first.in[0].shape[0] != len(xs) {
		return nil
	}
	x := first.in[0]
	for t, n := range xs {
		v := g.of[n]
		if v == nil || len(v.in) != 1 || v.in[0] != x || v.kind != kind(rows{lo: t, hi: t + 1, drop: true}) {
			return nil
		}
	}
	return x.node
}

// rows is a range of the first axis: a view in a program, a copy by itself.
// drop leaves that axis out.
type rows struct {
	apart
	lo, hi int
	drop   bool
}

func (rows) name() string { return "Rows" }

func (k rows) infer(in []*value) ([]int, bool, error) {
	x := in[0]
	if len(x.shape) == 0 || (len(x.shape) == 1 && !x.ids) {
		return nil, false, shapeError(k.name(), in, "there is no first axis to cut")
	}
	if k.lo < 0 || k.hi <= k.lo || k.hi > x.shape[0] {
		return nil, false, shapeError(k.name(), in, "elements %d to %d of the first axis do not exist", k.lo, k.hi)
	}
	if k.drop {
		return append([]int(nil), x.shape[1:]...), x.ids, nil
	}
	s := append([]int(nil), x.shape...)
	s[0] = k.hi - k.lo
	return s, x.ids, nil
}

// stride is how many matrix rows one element of the first axis has.
func (k rows) stride(x *value) int { return x.rows() / x.shape[0] }

func (k rows) diff(_ *Builder, v *value, dy *Node) []term {
	if v.ids {
		return nil
	}
	return []term{{form: someRows, n: dy, at: k.lo * k.stride(v.in[0])}}
}

func (k rows) run32(c *call[float32]) { runRows(k, c) }
func (k rows) run64(c *call[float64]) { runRows(k, c) }

func runRows[F kernel.Float](k rows, c *call[F]) {
	x := c.v.in[0]
	if c.v.ids {
		copy(c.outIDs, c.ids[0][k.lo*(size(x.shape)/x.shape[0]):])
		return
	}
	copyRows(c, k.lo*k.stride(x))
}

// copyRows copies matrix rows of the operand, the first being at.
func copyRows[F kernel.Float](c *call[F], at int) {
	kernel.Copy(c.out, c.in[0].Slice(at, at+c.out.Rows, 0, c.out.Cols))
}

// stack joins rows; in a program its parts are written where they belong.
// even: all parts have one shape; whole: they become elements of a first axis.
type stack struct {
	apart
	even, whole bool
}

func (stack) name() string { return "Stack" }

func (k stack) infer(in []*value) ([]int, bool, error) {
	n := 0
	for _, v := range in {
		if len(v.shape) == 0 {
			return nil, false, shapeError(k.name(), in, "scalars have no rows to join")
		}
		if v.cols() != in[0].cols() || v.ids != in[0].ids {
			return nil, false, shapeError(k.name(), in, "the last axes must be equal")
		}
		n += v.rows()
	}
	if k.whole && !k.even {
		return nil, false, shapeError(k.name(), in, "equal shapes are needed")
	}
	if k.whole {
		return append([]int{len(in)}, in[0].shape...), in[0].ids, nil
	}
	return []int{n, in[0].cols()}, in[0].ids, nil
}

func (k stack) diff(g *Builder, v *value, dy *Node) []term {
	terms := make([]term, len(v.in))
	at := 0
	for i, p := range v.in {
		switch {
		case v.ids:
		case k.whole:
			terms[i] = wholeTerm(g.At(dy, i))
		default:
			terms[i] = wholeTerm(g.cut(dy, at, p.shape))
		}
		at += p.rows()
	}
	return terms
}

func (k stack) run32(c *call[float32]) { runStack(c) }
func (k stack) run64(c *call[float64]) { runStack(c) }

func runStack[F kernel.Float](c *call[F]) {
	at := 0
	if c.v.ids {
		for _, p := range c.ids {
			at += copy(c.outIDs[at:], p)
		}
		return
	}
	for _, p := range c.in {
		if dst := c.out.Slice(at, at+p.Rows, 0, c.out.Cols); !kernel.Same(dst, p) {
			kernel.Copy(dst, p)
		}
		at += p.Rows
	}
}

// cut is matrix rows from at of x, as a node of the given shape: a view.
func (g *Builder) cut(x *Node, at int, shape []int) *Node {
	return g.apply(cut{at: at, shape: shapeKey(shape)}, x)
}

// cut is a range of matrix rows with a shape of its own; the whole of x when it
// has as many rows, which is reshaping.
type cut struct {
	apart
	at    int
	shape shapeID
}

func (cut) name() string { return "Reshape" }

func (k cut) infer(in []*value) ([]int, bool, error) {
	shape := k.shape.ints()
	n, w := dims(shape)
	if w != in[0].cols() || k.at+n > in[0].rows() {
		return nil, false, shapeError(k.name(), in, "not %v from row %d", shape, k.at)
	}
	return shape, false, floats(k.name(), in)
}

func (k cut) diff(_ *Builder, _ *value, dy *Node) []term {
	return []term{{form: someRows, n: dy, at: k.at}}
}

func (k cut) run32(c *call[float32]) { copyRows(c, k.at) }
func (k cut) run64(c *call[float64]) { copyRows(c, k.at) }
