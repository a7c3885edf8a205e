package graph

import "github.com/unroll-go/unroll/internal/kernel"

// Where is a where the mask is not 0 and b elsewhere. The mask has the shape of
// the result or is a column [.., 1] for whole rows. The choice is exact: a NaN
// that is not chosen does not appear.
func (g *Builder) Where(mask, a, b *Node) *Node { return g.apply(where{}, mask, a, b) }

// LengthMask is 1 where step t is before a row's length: ids [B] give [B, 1].
func (g *Builder) LengthMask(lens *Node, t int) *Node { return g.apply(lengthMask{t: t}, lens) }

// where is an exact choice. Operands: mask, a, b.
type where struct{ over }

func (where) name() string { return "Where" }

func (k where) infer(in []*value) ([]int, bool, error) {
	if err := floats(k.name(), in); err != nil {
		return nil, false, err
	}
	m, a := in[0].shape, in[1].shape
	if !sameShape(a, in[2].shape) || len(a) == 0 {
		return nil, false, shapeError(k.name(), in, "both choices need one shape")
	}
	if !sameShape(m, a) && !sameShape(m, withCols(a, 1)) {
		return nil, false, shapeError(k.name(), in, "the mask must be %v or %v", a, withCols(a, 1))
	}
	return a, false, nil
}

func (where) diff(g *Builder, v *value, dy *Node) []term {
	zero := g.Zeros(v.shape...)
	m := v.in[0].node
	return []term{{}, wholeTerm(g.Where(m, dy, zero)), wholeTerm(g.Where(m, zero, dy))}
}

func (where) flows(i int) bool             { return i > 0 }
func (where) inPlace(_ *value, i int) bool { return i > 0 }
func (where) lane() (kernel.Op, float64)   { return kernel.OpWhere, 0 }
func (k where) run32(c *call[float32])     { c.apply(k.lane()) }
func (k where) run64(c *call[float64])     { c.apply(k.lane()) }

// lengthMask is 1 for the rows that have a step t.
type lengthMask struct {
	noGrad
	apart
	t int
}

func (lengthMask) name() string { return "LengthMask" }

func (k lengthMask) infer(in []*value) ([]int, bool, error) {
	if !in[0].ids || len(in[0].shape) != 1 {
		return nil, false, shapeError(k.name(), in, "lengths are ids [B]")
	}
	return []int{in[0].shape[0], 1}, false, nil
}

func (k lengthMask) run32(c *call[float32]) { kernel.LengthMask(c.out, c.ids[0], k.t) }
func (k lengthMask) run64(c *call[float64]) { kernel.LengthMask(c.out, c.ids[0], k.t) }
