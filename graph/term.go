package graph

// form says how a term describes what an operand receives.
type form uint8

const (
	none         form = iota // no gradient
	whole                    // n
	someRows                 // n in the matrix rows from at, 0 elsewhere
	someCols                 // n in the columns from at, 0 elsewhere
	product                  // op(a)·op(b)
	overRows                 // the sum over the rows of n
	scattered                // the rows of n added by the ids a into at rows
	batchProduct             // op(a)·op(b) for each row of a batch
	overSteps                // k(a, with, b), where a and b of several steps may be joined along time
)

// term is one contribution to a gradient, kept as a description until all of
// them are known: T rows of one tensor are stacked instead of padded with
// zeros T times, and a sum of T products becomes one product.
type term struct {
	form   form
	n      *Node
	at     int
	a, b   *Node
	tA, tB bool
	k      kind
	with   [2]*Node
	step   int // the time step of the operation that gave the term
}

func wholeTerm(n *Node) term   { return term{form: whole, n: n} }
func sumRowsTerm(n *Node) term { return term{form: overRows, n: n} }

func productTerm(a, b *Node, tA, tB bool) term {
	return term{form: product, a: a, b: b, tA: tA, tB: tB}
}

func batchTerm(a, b *Node, tA, tB bool) term {
	return term{form: batchProduct, a: a, b: b, tA: tA, tB: tB}
}

// node makes the node of a term that stands alone. Its shape is that of what
// receives it; ranges and scattered rows cannot stand alone.
func (t term) node(g *Builder) *Node {
	switch t.form {
	case whole:
		return t.n
	case product:
		return g.times(nil, t.a, t.b, t.tA, t.tB)
	case batchProduct:
		return g.apply(batched{tA: t.tA, tB: t.tB}, t.a, t.b)
	case overSteps:
		return g.apply(t.k, t.a, t.with[0], t.with[1], t.b)
	case overRows:
		return g.SumRows(t.n)
	}
	return g.bad
}
