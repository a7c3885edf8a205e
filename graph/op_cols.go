package graph

import (
	"fmt"

	"github.com/unroll-go/unroll/internal/kernel"
)

// Chunk cuts the last axis into n equal parts: [.., n·H] gives n nodes [.., H].
func (g *Builder) Chunk(x *Node, n int) []*Node {
	v := g.of[x]
	switch {
	case g.err != nil:
	case v == nil:
		g.Fail(fmt.Errorf("Chunk: operand 0 is not a node of this builder"))
	case n < 1 || v.cols()%n != 0:
		g.Fail(shapeError("Chunk", []*value{v}, "%d columns are not %d equal parts", v.cols(), n))
	}
	if g.err != nil {
		return g.placeholders(min(n, maxParts))
	}
	parts := make([]*Node, n)
	w := v.cols() / n
	for i := range parts {
		parts[i] = g.Cols(x, i*w, (i+1)*w)
	}
	return parts
}

// maxParts bounds what a failed Chunk returns.
const maxParts = 1 << 10

// placeholders is n times what operations return after an error.
func (g *Builder) placeholders(n int) []*Node {
	parts := make([]*Node, max(n, 0))
	for i := range parts {
		parts[i] = g.bad
	}
	return parts
}

// Chunk2 cuts the last axis in two.
func (g *Builder) Chunk2(x *Node) (a, b *Node) {
	p := g.Chunk(x, 2)
	return p[0], p[1]
}

// Chunk3 cuts the last axis in three.
func (g *Builder) Chunk3(x *Node) (a, b, c *Node) {
	p := g.Chunk(x, 3)
	return p[0], p[1], p[2]
}

// Chunk4 cuts the last axis in four.
func (g *Builder) Chunk4(x *Node) (a, b, c, d *Node) {
	p := g.Chunk(x, 4)
	return p[0], p[1], p[2], p[3]
}

// Cols is columns lo to hi (exclusive) of the last axis.
func (g *Builder) Cols(x *Node, lo, hi int) *Node {
	v := g.of[x]
	if v != nil && !g.plain && g.err == nil {
		if lo == 0 && hi == v.cols() {
			return x
		}
		if _, ok := v.kind.(concat); ok {
			at := 0
			for _, p := range v.in {
				if at == lo && at+p.cols() == hi {
					return p.node
				}
				at += p.cols()
			}
		}
	}
	return g.apply(cols{lo: lo, hi: hi}, x)
}

// Concat joins nodes along the last axis: [.., A] and [.., B] give [.., A+B].
func (g *Builder) Concat(xs ...*Node) *Node {
	if len(xs) == 1 && !g.plain {
		return g.known("Concat", xs[0])
	}
	return g.apply(concat{}, xs...)
}

// cols is a range of columns: a view in a program, a copy by itself.
type cols struct {
	apart
	lo, hi int
}

func (cols) name() string { return "Cols" }

func (k cols) infer(in []*value) ([]int, bool, error) {
	x := in[0]
	if k.lo < 0 || k.hi <= k.lo || k.hi > x.cols() || len(x.shape) == 0 {
		return nil, false, shapeError(k.name(), in, "columns %d to %d do not exist", k.lo, k.hi)
	}
	return withCols(x.shape, k.hi-k.lo), false, floats(k.name(), in)
}

func (k cols) diff(_ *Builder, _ *value, dy *Node) []term {
	return []term{{form: someCols, n: dy, at: k.lo}}
}

func (k cols) run32(c *call[float32]) { kernel.Copy(c.out, c.in[0].Slice(0, c.out.Rows, k.lo, k.hi)) }

func (k cols) run64(c *call[float64]) { kernel.Copy(c.out, c.in[0].Slice(0, c.out.Rows, k.lo, k.hi)) }

// concat joins columns; in a program its parts are written where they belong.
type concat struct{ apart }

func (concat) name() string { return "Concat" }

func (k concat) infer(in []*value) ([]int, bool, error) {
	if len(in) == 0 {
		return nil, false, fmt.Errorf("Concat: nothing to join")
	}
	n := 0
	for _, v := range in {
		if len(v.shape) == 0 || !sameShape(withCols(v.shape, 1), withCols(in[0].shape, 1)) {
			return nil, false, shapeError(k.name(), in, "all axes but the last must be equal")
		}
		n += v.cols()
	}
	return withCols(in[0].shape, n), false, floats(k.name(), in)
}

func (concat) diff(g *Builder, v *value, dy *Node) []term {
	terms := make([]term, len(v.in))
	at := 0
	for i, p := range v.in {
		terms[i] = wholeTerm(g.Cols(dy, at, at+p.cols()))
		at += p.cols()
	}
	return terms
}

func (concat) run32(c *call[float32]) { runConcat(c) }
func (concat) run64(c *call[float64]) { runConcat(c) }

func runConcat[F kernel.Float](c *call[F]) {
	at := 0
	for _, p := range c.in {
		if dst := c.out.Slice(0, c.out.Rows, at, at+p.Cols); !kernel.Same(dst, p) {
			kernel.Copy(dst, p)
		}
		at += p.Cols
	}
}
