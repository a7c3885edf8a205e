package graph

import "github.com/unroll-go/unroll/internal/kernel"

// AdditiveScores compare queries with keys, row by row of a batch, as additive attention does
// (Bahdanau et al. 2015):
//
//	e[b, s] = Σ_w v[w]·tanh(query[b, w] + keys[s, b, w])
//
// A query [B, W] with keys [S, B, W] and v [W] gives [B, S], many queries [T, B, W] give [T, B, S].
// The T·S·B·W hyperbolic tangents are never stored, on the way back neither.
func (g *Builder) AdditiveScores(query, keys, v *Node) *Node {
	return g.apply(additive{}, query, keys, v)
}

// additive is the scores. Operands: queries, keys, v.
type additive struct{ apart }

func (additive) name() string { return "AdditiveScores" }

func (k additive) infer(in []*value) ([]int, bool, error) {
	if err := floats(k.name(), in); err != nil {
		return nil, false, err
	}
	q, keys, v := in[0], in[1], in[2]
	if n := len(q.shape); n != 2 && n != 3 || len(keys.shape) != 3 || len(v.shape) != 1 {
		return nil, false, shapeError(k.name(), in, "queries [T, B, W] or [B, W], keys [S, B, W] and [W] are needed")
	}
	if B, _ := batch(q); B != keys.shape[1] {
		return nil, false, shapeError(k.name(), in, "batches of %d and %d rows", B, keys.shape[1])
	}
	if q.cols() != keys.cols() || v.cols() != keys.cols() {
		return nil, false, shapeError(k.name(), in, "the last axes must be equal")
	}
	return withCols(q.shape, keys.shape[0]), false, nil
}

func (additive) diff(g *Builder, v *value, ds *Node) []term {
	q, k, w := v.in[0].node, v.in[1].node, v.in[2].node
	part := func(of int) term {
		return term{form: overSteps, k: additiveGrad{of: of}, a: q, b: ds, with: [2]*Node{k, w}}
	}
	return []term{wholeTerm(g.apply(additiveGrad{of: 0}, q, k, w, ds)), part(1), part(2)}
}

func (k additive) run32(c *call[float32]) { runAdditive(c) }
func (k additive) run64(c *call[float64]) { runAdditive(c) }

func runAdditive[F kernel.Float](c *call[F]) {
	B, each := batch(c.v)
	u := c.temporary(0)
	for i := range c.out.Rows - (each-1)*B {
		x := kernel.Additive[F]{Q: c.in[0].Every(i, B), K: c.in[1].Every(i, B), V: c.in[2], U: u}
		x.Scores(c.out.Every(i, B))
	}
}

// temporary is scratch for rows as long as the keys, made in the first run. How many keys it takes
// at a time, and so the order of sums, does not depend on a worker's share.
func (c *call[F]) temporary(i int) kernel.Mat[F] {
	if c.scratch[i].Data == nil {
		c.scratch[i] = kernel.AdditiveScratch[F](c.v.in[1].cols())
	}
	return c.scratch[i]
}

// additiveGrad is the derivative by one of the operands. Operands: queries, keys, v, ds. Of many
// steps with one memory, the derivatives by keys and v are those of all their queries at once.
type additiveGrad struct {
	apart
	of int
}

func (additiveGrad) name() string { return "AdditiveScoresGrad" }

func (k additiveGrad) infer(in []*value) ([]int, bool, error) { return in[k.of].shape, false, nil }

// diff is that of the formula as it would be written step by step.
func (k additiveGrad) diff(g *Builder, v *value, d *Node) []term {
	updating := g.updating
	g.core.updating = false // the gradients below are no parameter's
	defer func() { g.core.updating = updating }()
	in := make([]*Node, 4)
	for i, x := range v.in {
		in[i] = g.Alias(x.node) // so that each is a variable of its own
	}
	first := g.Grad([]*Node{g.additiveFormula(in)}, in[3:], in[:3])[k.of]
	ts := make([]term, 4)
	for i, n := range g.Grad([]*Node{first}, []*Node{d}, in) {
		ts[i] = wholeTerm(n)
	}
	return ts
}

// additiveFormula is the scores of queries, keys and v in elementary operations.
func (g *Builder) additiveFormula(in []*Node) *Node {
	one := func(q *Node) *Node {
		var e []*Node
		for _, k := range g.Unstack(in[1]) {
			e = append(e, g.SumCols(g.Mul(g.Tanh(g.Add(q, k)), in[2])))
		}
		return g.Concat(e...)
	}
	if len(g.Shape(in[0])) == 2 {
		return one(in[0])
	}
	var all []*Node
	for _, q := range g.Unstack(in[0]) {
		all = append(all, one(q))
	}
	return g.Stack(all...)
}

func (k additiveGrad) run32(c *call[float32]) { runAdditiveGrad(k, c) }
func (k additiveGrad) run64(c *call[float64]) { runAdditiveGrad(k, c) }

func runAdditiveGrad[F kernel.Float](k additiveGrad, c *call[F]) {
	B := c.v.in[1].shape[1]
	rows, u, d := B, c.temporary(0), c.temporary(1)
	if k.of == 2 {
		kernel.Fill(c.out, 0)
	} else {
		_, each := batch(c.v)
		rows = c.out.Rows - (each-1)*B // of the batch, in this share
	}
	for i := range rows {
		x := kernel.Additive[F]{
			Q: c.in[0].Every(i, B), K: c.in[1].Every(i, B), V: c.in[2], DS: c.in[3].Every(i, B), U: u, D: d,
		}
		switch k.of {
		case 0:
			x.QueryGrad(c.out.Every(i, B))
		case 1:
			x.KeyGrad(c.out.Every(i, B))
		case 2:
			x.AddVectorGrad(c.out)
		}
	}
}

// split shares the batch, for the derivative by v its columns.
func (k additiveGrad) split(v *value) split {
	p := []part{byBatch, byBatch, all, byBatch}
	s := split{n: v.in[1].shape[1]}
	if k.of == 2 {
		p = []part{byCols, byCols, byCols, all}
		s = split{n: v.cols(), cols: true}
	}
	s.parts = func(i int) part { return p[i] }
	return s
}
