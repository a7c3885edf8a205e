package graph

import (
	"fmt"

	"github.com/unroll-go/unroll/internal/kernel"
)

// Gather looks ids up in a table: [V, D] and ids [..] give [.., D]. It is the
// product of one-hot rows with the table, without the product. An id outside
// [0, V) is an error of the run.
func (g *Builder) Gather(table, ids *Node) *Node { return g.apply(gather{}, table, ids) }

// OneHot is 1 at the id and 0 elsewhere: ids [..] give [.., n].
func (g *Builder) OneHot(ids *Node, n int) *Node { return g.apply(oneHot{n: n}, ids) }

// ArgMax is the position of the largest element of the last axis: [.., N] gives
// ids [..]. Nothing flows back through it.
func (g *Builder) ArgMax(x *Node) *Node { return g.apply(argMax{}, x) }

// gather is rows of a table by id.
type gather struct{ apart }

func (gather) name() string { return "Gather" }

func (k gather) infer(in []*value) ([]int, bool, error) {
	table, ids := in[0], in[1]
	if len(table.shape) != 2 || table.ids {
		return nil, false, shapeError(k.name(), in, "the table must be a matrix")
	}
	if !ids.ids {
		return nil, false, shapeError(k.name(), in, "the second operand must hold ids")
	}
	return append(append([]int(nil), ids.shape...), table.shape[1]), false, nil
}

func (gather) diff(_ *Builder, v *value, dy *Node) []term {
	return []term{{form: scattered, n: dy, a: v.in[1].node, at: v.in[0].shape[0]}, {}}
}

func (gather) run32(c *call[float32]) { runGather(c) }
func (gather) run64(c *call[float64]) { runGather(c) }

func runGather[F kernel.Float](c *call[F]) {
	if c.checkIDs("Gather", 1, c.in[0].Rows) {
		kernel.Gather(c.out, c.in[0], c.ids[1])
	}
}

// checkIDs leaves an error when an id of operand i is outside [0, n).
func (c *call[F]) checkIDs(op string, i, n int) bool {
	ids := c.ids[i]
	bad := kernel.CheckIDs(ids, n)
	if bad >= 0 {
		c.err = fmt.Errorf("%s: id %d at position %v is outside [0, %d)", op, ids[bad], position(c.v.in[i].shape, c.first+bad), n)
	}
	return bad < 0
}

// position is the indices of an element of a shape.
func position(shape []int, k int) []int {
	p := make([]int, len(shape))
	for i := len(shape) - 1; i >= 0; i-- {
		p[i], k = k%shape[i], k/shape[i]
	}
	return p
}

// scatter adds rows into a table of n zero rows by id, or into a first operand:
// the derivative of gather. Operands: ids, rows or table, ids, rows. Listed, the
// table is the gradient of a parameter that touch has cleared, for one or more
// look-ups: touch, ids, rows, ids, rows and so on.
type scatter struct {
	n           int
	acc, listed bool
}

func (scatter) name() string { return "Scatter" }

func (k scatter) infer(in []*value) ([]int, bool, error) {
	return []int{k.n, in[len(in)-1].cols()}, false, nil
}

func (k scatter) diff(g *Builder, v *value, d *Node) []term {
	terms := make([]term, len(v.in))
	if k.acc {
		terms[0] = wholeTerm(d)
	}
	for i := k.first(); i < len(v.in); i += 2 {
		terms[i+1] = wholeTerm(g.Gather(d, v.in[i].node))
	}
	return terms
}

// first is where the pairs of ids and rows begin among the operands.
func (k scatter) first() int {
	if k.acc || k.listed {
		return 1
	}
	return 0
}

func (k scatter) inPlace(_ *value, i int) bool { return k.acc && i == 0 }
func (k scatter) run32(c *call[float32])       { runScatter(k, c) }
func (k scatter) run64(c *call[float64])       { runScatter(k, c) }

func runScatter[F kernel.Float](k scatter, c *call[F]) {
	switch {
	case k.listed:
	case !k.acc:
		kernel.Fill(c.out, 0)
	case !kernel.Same(c.out, c.in[0]):
		kernel.Copy(c.out, c.in[0])
	}
	for i := k.first(); i < len(c.in); i += 2 {
		if c.checkIDs("Gather", i, k.n) {
			kernel.ScatterAdd(c.out, c.ids[i], c.in[i+1])
		}
	}
}

// oneHot is a row with a single 1 for each id.
type oneHot struct {
	noGrad
	apart
	n int
}

func (oneHot) name() string { return "OneHot" }

func (k oneHot) infer(in []*value) ([]int, bool, error) {
	if !in[0].ids || k.n < 1 {
		return nil, false, shapeError(k.name(), in, "ids and a width of at least 1 are needed, width %d", k.n)
	}
	return append(append([]int(nil), in[0].shape...), k.n), false, nil
}

func (k oneHot) run32(c *call[float32]) { runOneHot(k, c) }
func (k oneHot) run64(c *call[float64]) { runOneHot(k, c) }

func runOneHot[F kernel.Float](k oneHot, c *call[F]) {
	if c.checkIDs("OneHot", 0, k.n) {
		kernel.OneHot(c.out, c.ids[0])
	}
}

// argMax is the position of the largest element of each row.
type argMax struct {
	noGrad
	apart
}

func (argMax) name() string { return "ArgMax" }

func (k argMax) infer(in []*value) ([]int, bool, error) {
	if len(in[0].shape) == 0 {
		return nil, false, shapeError(k.name(), in, "there is no axis to search")
	}
	return in[0].shape[:len(in[0].shape)-1], true, floats(k.name(), in)
}

func (argMax) run32(c *call[float32]) { kernel.ArgMax(c.outIDs, c.in[0]) }
func (argMax) run64(c *call[float64]) { kernel.ArgMax(c.outIDs, c.in[0]) }
