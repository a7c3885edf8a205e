package graph

import "github.com/unroll-go/unroll/internal/kernel"

// BatchMatMul is a product for each row of a batch. The batch is the second axis, as in every
// sequence [T, B, D]: a [M, B, K] by b [K, B, N] gives [M, B, N], where the matrices of row i are
// a[:, i, :] and b[:, i, :]. One step a [B, K] stands for M = 1 and gives [B, N]: weights [B, S] by
// a memory [S, B, D] are the weighted means [B, D]. Nothing is moved: the rows are read where they
// are. SwapAxes brings the batch to the second axis if it is the first.
func (g *Builder) BatchMatMul(a, b *Node) *Node { return g.apply(batched{}, a, b) }

// BatchMatMulT is BatchMatMul with the transpose of each row's b: a [M, B, K] by b [N, B, K] gives
// [M, B, N]. Queries [B, K] by keys [S, B, K] are the scores [B, S].
func (g *Builder) BatchMatMulT(a, b *Node) *Node { return g.apply(batched{tB: true}, a, b) }

// batched is op(a)·op(b) for each row of a batch, or c + op(a)·op(b). Operands: a, b or c, a, b.
type batched struct{ tA, tB, acc bool }

func (batched) name() string { return "BatchMatMul" }

// factors are the operands without the addend.
func (k batched) factors(in []*value) (a, b *value) {
	if k.acc {
		in = in[1:]
	}
	return in[0], in[1]
}

// batch is the rows of a batch and how many matrix rows each has: [M, B, K] or [B, K].
func batch(v *value) (rows, each int) {
	rows = v.shape[len(v.shape)-2]
	return rows, v.rows() / rows
}

func (k batched) infer(in []*value) ([]int, bool, error) {
	if err := floats(k.name(), in); err != nil {
		return nil, false, err
	}
	a, b := k.factors(in)
	two := []*value{a, b}
	if n := len(a.shape); n != 2 && n != 3 || (k.tA && len(b.shape) != n) || (!k.tA && len(b.shape) != 3) {
		return nil, false, shapeError(k.name(), two, "the right factor must be [K, B, N], the left [M, B, K] or [B, K]")
	}
	B, m := batch(a)
	other, kb := batch(b)
	if B != other {
		return nil, false, shapeError(k.name(), two, "batches of %d and %d rows", B, other)
	}
	ka, n := a.cols(), b.cols()
	if k.tA {
		m, ka = ka, m
	}
	if k.tB {
		kb, n = n, kb
	}
	if ka != kb {
		return nil, false, shapeError(k.name(), two, "%d != %d", ka, kb)
	}
	shape := withCols(a.shape, n)
	if k.tA {
		shape = []int{m, B, n}
	}
	if k.acc && !sameShape(in[0].shape, shape) {
		return nil, false, shapeError(k.name(), in, "the addend must be %v", shape)
	}
	return shape, false, nil
}

func (k batched) diff(_ *Builder, v *value, dy *Node) []term {
	a, b := k.factors(v.in)
	var ta, tb term
	switch {
	case k.tA: // y = a'·b: da = b·dy', db = a·dy
		ta, tb = batchTerm(b.node, dy, false, true), batchTerm(a.node, dy, false, false)
	case k.tB: // y = a·b': da = dy·b, db = dy'·a
		ta, tb = batchTerm(dy, b.node, false, false), batchTerm(dy, a.node, true, false)
	default: // y = a·b: da = dy·b', db = a'·dy
		ta, tb = batchTerm(dy, b.node, false, true), batchTerm(a.node, dy, true, false)
	}
	if k.acc {
		return []term{wholeTerm(dy), ta, tb}
	}
	return []term{ta, tb}
}

func (k batched) inPlace(_ *value, i int) bool { return k.acc && i == 0 }

// split shares the batch: a worker takes its rows of every step.
func (k batched) split(v *value) split {
	B, _ := batch(v)
	return split{n: B, parts: func(int) part { return byBatch }}
}

func (k batched) run32(c *call[float32]) { runBatched(k, c) }
func (k batched) run64(c *call[float64]) { runBatched(k, c) }

func runBatched[F kernel.Float](k batched, c *call[F]) {
	B, m := batch(c.v)
	rows := c.out.Rows - (m-1)*B // of the batch, in this share
	a, b := c.in[len(c.in)-2], c.in[len(c.in)-1]
	for i := range rows {
		if out := c.out.Every(i, B); k.acc {
			kernel.AddMatMul(out, c.in[0].Every(i, B), a.Every(i, B), b.Every(i, B), k.tA, k.tB)
		} else {
			kernel.MatMul(out, a.Every(i, B), b.Every(i, B), k.tA, k.tB, false)
		}
	}
}

// fewerBatched makes one product of the steps' products a_t'·b_t: the gradient of a memory that
// many steps have read.
func (g *Builder) fewerBatched(ts []term) []term {
	if g.plain || len(ts) < 2 {
		return ts
	}
	var out []term
	var as, bs []*Node
	for _, t := range ts {
		if t.tA {
			as, bs = append(as, t.a), append(bs, t.b)
		} else {
			out = append(out, t)
		}
	}
	if len(as) == 0 {
		return out
	}
	if len(as) > 1 {
		g.core.did[ruleStacked] += len(as)
	}
	return append(out, batchTerm(g.inTime(as), g.inTime(bs), true, false))
}

// allSteps makes one term of those that differ by their step alone.
func (g *Builder) allSteps(ts []term) []term {
	if g.plain || len(ts) < 2 {
		return ts
	}
	type same struct {
		k    kind
		with [2]*Node
	}
	var out []term
	as, bs := map[same][]*Node{}, map[same][]*Node{}
	for _, t := range ts {
		s := same{t.k, t.with}
		if as[s] == nil {
			out = append(out, t)
		}
		as[s], bs[s] = append(as[s], t.a), append(bs[s], t.b)
	}
	for i, t := range out {
		s := same{t.k, t.with}
		if n := len(as[s]); n > 1 {
			g.core.did[ruleStacked] += n
		}
		out[i].a, out[i].b = g.inTime(as[s]), g.inTime(bs[s])
	}
	return out
}

// inTime joins steps [B, N] and sequences [M, B, N] to one sequence.
func (g *Builder) inTime(xs []*Node) *Node {
	if len(xs) == 1 {
		return xs[0]
	}
	x := g.stack(xs, false)
	v, first := g.of[x], g.of[xs[0]]
	if v == nil || first == nil {
		return x
	}
	B, _ := batch(first)
	if shape := []int{v.rows() / B, B, v.cols()}; !sameShape(v.shape, shape) {
		return g.cut(x, 0, shape)
	}
	return x
}
