package graph

// part says what a worker needs of an operand to compute its share of the
// result.
type part uint8

const (
	all     part = iota // the whole operand
	byRows              // the same rows as of the result
	byCols              // the columns that are its rows, or columns, of the result
	byBatch             // the same rows of every step: of [T, B, N] those of some of B, also of the result
)

// split says how an operation can be shared among workers: by rows of its
// result, by columns, or not at all (n = 0); and what each needs of the
// operands. An element of a result does not depend on the shares.
type split struct {
	n     int // rows or columns to share
	unit  int // that many rows stay together: those of a picture; 0: each is by itself
	cols  bool
	parts func(i int) part
}

func splitOf(v *value) split {
	each := func(p ...part) func(int) part { return func(i int) part { return p[i] } }
	switch k := v.kind.(type) {
	case matMul:
		return k.split(v)
	case batched:
		return k.split(v)
	case additive:
		return split{n: v.in[1].shape[1], parts: each(byBatch, byBatch, all)}
	case additiveGrad:
		return k.split(v)
	case gather:
		return split{n: v.rows(), parts: each(all, byRows)}
	case maskedSoftmax:
		return split{n: v.rows(), parts: each(byRows, all)}
	case scatter:
		parts := func(i int) part {
			if v.in[i].ids {
				return all
			}
			return byCols
		}
		return split{n: v.cols(), cols: true, parts: parts}
	case transpose: // a worker reads the columns that are its rows
		return split{n: v.rows(), parts: each(byCols)}
	case sumRows:
		return split{n: v.cols(), cols: true, parts: func(int) part { return byCols }}
	case argMax:
		return split{n: v.in[0].rows(), parts: each(byRows)}
	case conv, convWeights, maxPool, maxPick, meanPool:
		return split{n: v.rows(), parts: func(int) part { return all }}
	case convInput, maxPoolGrad, meanPoolGrad:
		return split{n: v.rows(), unit: v.rows() / v.shape[0], parts: func(int) part { return all }}
	case oneHot, lengthMask, expSum, crossEntropy, crossEntropyGrad, concat, sumCols, softmaxGrad, *dropMask:
		return split{n: v.rows(), parts: func(int) part { return byRows }}
	case unary, unaryGrad, scale, addConst, alias, where, softmax, binary, spread, keep,
		moments, layerNorm, layerNormGrad, timesNormal:
		if v.ids {
			return split{}
		}
		return split{n: v.rows(), parts: func(i int) part {
			if v.in[i].rows() == v.rows() {
				return byRows
			}
			return all
		}}
	}
	return split{}
}

// split shares a product by its rows; one of few rows and large weights, as
// when a single text is generated, by its columns.
func (k matMul) split(v *value) split {
	s := split{n: v.rows()}
	c, a, b := byRows, byRows, all
	switch {
	case k.tA:
		a = byCols
	case v.rows() < fewRows && flops(v) > manyFlops:
		s = split{n: v.cols(), cols: true}
		c, a, b = byCols, all, byCols
		if k.tB {
			b = byRows
		}
	}
	parts := []part{a, b}
	if k.acc {
		if v.in[0].rows() < v.rows() && !s.cols { // a bias, the same for every row
			c = all
		}
		parts = []part{c, a, b}
	}
	s.parts = func(i int) part { return parts[i] }
	return s
}

const (
	fewRows   = 8
	manyFlops = 5e5 // of a product from which on it is worth two meetings of the workers
)
