package graph

import (
	"math/bits"

	"github.com/unroll-go/unroll/internal/kernel"
)

// A table of 200,000 rows of which a batch looks up 2,000 has a gradient that
// is 0 in all other rows. Where a parameter is used by look-ups alone, of fewer
// ids than it has rows, Minimise makes its gradient row-sparse: the gradient's
// memory is that of the whole table, but a run clears the rows that the run
// before has touched, lists those of its own ids and adds to them. What it
// costs does not depend on the number of rows (but for a bit for each).

// touched are the rows of a parameter's gradient that may differ from 0. It
// belongs to the parameter, not to a program: programs of several sizes that
// train it in turn each clear what another has left.
type touched struct {
	rows []int    // ascending
	seen []uint64 // a bit for each row of the parameter, all 0 between runs
	lost bool     // rows is not all: a dense gradient has been written
}

// GradRows lists the rows of the gradient, in ascending order, that the last
// run has touched: all others are 0, in Grad32s too. It is nil when the
// gradient is dense, and not nil but empty when no row was touched. A gradient
// is row-sparse where every use of the parameter is Builder.Gather of the
// parameter itself, of fewer ids in all than it has rows; not under [Plain].
// The list is to be read; the next run overwrites it.
func (p *Param) GradRows() []int {
	if p.touched.lost {
		return nil
	}
	return p.touched.rows
}

// ForgetGradRows makes the gradient dense until the next run. Whoever writes
// rows of the gradient that GradRows does not list calls it, for else nobody
// would clear them.
func (p *Param) ForgetGradRows() { p.touched.lost = true }

// rowSparse is the gradient of a parameter as listed rows, nil where it has to
// be dense. ts are all its terms.
func (g *Builder) rowSparse(v *value, ts []term) *Node {
	leaf, ok := v.kind.(*parameter)
	if !ok || !g.updating || g.plain {
		return nil
	}
	n := 0
	var lists, pairs []*Node
	for _, t := range ts {
		if t.form != scattered {
			return nil
		}
		n += size(g.of[t.a].shape)
		lists = append(lists, t.a)
		pairs = append(pairs, t.a, t.n)
	}
	if n >= v.shape[0] {
		return nil
	}
	list := g.apply(touch{p: leaf.p}, lists...)
	return g.apply(scatter{n: v.shape[0], listed: true}, append([]*Node{list}, pairs...)...)
}

// isListed says whether a value is a row-sparse gradient.
func isListed(v *value) bool {
	k, ok := v.kind.(scatter)
	return ok && k.listed
}

// most is how many rows a touch lists at most.
func (v *value) most() int {
	n := 0
	for _, ids := range v.in {
		n += size(ids.shape)
	}
	return n
}

// densify forgets the rows of all parameters whose gradients the next run is
// going to write in full.
func (g *Builder) densify() {
	for _, u := range g.updates {
		if !isListed(u.grad) {
			u.param.ForgetGradRows()
		}
	}
}

// touch prepares the gradient of p for the rows of its operands, which are all
// the ids that p is looked up with: it clears the rows touched before and
// lists the new ones. Its result is their number. One worker does it before
// any adds.
type touch struct {
	noGrad
	apart
	p *Param
}

func (touch) name() string { return "Touch" }

func (touch) infer([]*value) ([]int, bool, error) { return []int{1}, true, nil }

func (k touch) run32(c *call[float32]) { runTouch(k, c, k.p.g32) }
func (k touch) run64(c *call[float64]) { runTouch(k, c, k.p.g64) }

// runTouch lists what ids there are even if some are outside the table, so that
// whatever is added in spite of the error is in the list.
func runTouch[F kernel.Float](k touch, c *call[F], grad []F) {
	n := k.p.shape[0]
	for i := 0; i < len(c.ids) && c.err == nil; i++ {
		c.checkIDs("Gather", i, n)
	}
	t := &k.p.touched
	clearRows(t, grad, k.p.Cols())
	t.reserve(n, c.v.most())
	for _, ids := range c.ids {
		t.mark(ids, n)
	}
	t.list()
	c.outIDs[0] = len(t.rows)
}

// clearRows makes a gradient 0 everywhere.
func clearRows[F kernel.Float](t *touched, grad []F, cols int) {
	if t.lost {
		clear(grad)
	}
	for _, r := range t.rows {
		clear(grad[r*cols : (r+1)*cols])
	}
	t.lost = false
}

// reserve makes room for up to most of n rows.
func (t *touched) reserve(n, most int) {
	if t.seen == nil {
		t.seen = make([]uint64, (n+63)/64)
	}
	if cap(t.rows) < most {
		t.rows = make([]int, 0, most)
	}
}

// mark notes the ids that are in [0, n).
func (t *touched) mark(ids []int, n int) {
	for _, id := range ids {
		if id >= 0 && id < n {
			t.seen[id/64] |= 1 << (id % 64)
		}
	}
}

// list turns the marks into rows.
func (t *touched) list() {
	t.rows = t.rows[:0]
	for i, word := range t.seen {
		if word == 0 {
			continue
		}
		t.seen[i] = 0
		for ; word != 0; word &= word - 1 {
			t.rows = append(t.rows, 64*i+bits.TrailingZeros64(word))
		}
	}
}

// gradSquares is the sum of the squares of the gradient.
func (p *Param) gradSquares() float64 {
	rows := p.GradRows()
	switch {
	case rows != nil && p.g64 != nil:
		return rowSquares(p.g64, rows, p.Cols())
	case rows != nil:
		return rowSquares(p.g32, rows, p.Cols())
	case p.g64 != nil:
		return kernel.SumSquares(p.g64)
	}
	return kernel.SumSquares(p.g32)
}

// rowSquares is the sum of the squares of some rows, added in a fixed order.
func rowSquares[F kernel.Float](x []F, rows []int, cols int) float64 {
	if len(rows) > 8 {
		h := len(rows) / 2
		return rowSquares(x, rows[:h], cols) + rowSquares(x, rows[h:], cols)
	}
	sum := 0.0
	for _, r := range rows {
		sum += kernel.SumSquares(x[r*cols : (r+1)*cols])
	}
	return sum
}
