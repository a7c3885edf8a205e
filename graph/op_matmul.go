package graph

import (
	"fmt"

	"github.com/unroll-go/unroll/internal/kernel"
)

// MatMul is the matrix product a·b: [.., K] by [K, N] gives [.., N].
func (g *Builder) MatMul(a, b *Node) *Node { return g.product(nil, a, b, false) }

// MatMulT is the product with the transpose of b, a·b': [.., K] by [N, K] gives
// [.., N]. A decoder tied to its embedding table uses it.
func (g *Builder) MatMulT(a, b *Node) *Node { return g.product(nil, a, b, true) }

// Affine is b + x1·W1 + x2·W2 + ..: a bias [N] and pairs of an operand [.., K]
// and its weights [K, N], giving [.., N]. The bias may be nil.
func (g *Builder) Affine(b *Node, pairs ...*Node) *Node {
	if len(pairs) == 0 || len(pairs)%2 != 0 {
		g.Fail(fmt.Errorf("Affine: %d operands after the bias, pairs of input and weights are needed", len(pairs)))
		return g.bad
	}
	acc := b
	for _, i := range g.sweptFirst(pairs) {
		acc = g.product(acc, pairs[i], pairs[i+1], false)
	}
	return acc
}

// matMul is op(a)·op(b), or c + op(a)·op(b) where c has the shape of the result
// or is a row [N] for every row of it. Operands: a, b or c, a, b.
type matMul struct{ tA, tB, acc bool }

func (matMul) name() string { return "MatMul" }

// factors are the operands without the addend.
func (k matMul) factors(in []*value) (a, b *value) {
	if k.acc {
		in = in[1:]
	}
	return in[0], in[1]
}

func (k matMul) infer(in []*value) ([]int, bool, error) {
	if err := floats(k.name(), in); err != nil {
		return nil, false, err
	}
	a, b := k.factors(in)
	if len(a.shape) < 1 || len(b.shape) < 1 || (len(b.shape) != 2 && !k.tA) {
		return nil, false, shapeError(k.name(), in, "the right factor must be a matrix, the left at least a vector")
	}
	m, ka := a.rows(), a.cols()
	kb, n := b.rows(), b.cols()
	if k.tA {
		m, ka = ka, m
	}
	if k.tB {
		kb, n = n, kb
	}
	if ka != kb {
		return nil, false, shapeError(k.name(), []*value{a, b}, "%d != %d", ka, kb)
	}
	shape := withCols(a.shape, n)
	if k.tA {
		shape = []int{m, n}
	}
	if k.acc && !sameShape(in[0].shape, shape) && !sameShape(in[0].shape, []int{n}) {
		return nil, false, shapeError(k.name(), in, "the addend must be %v or [%d]", shape, n)
	}
	return shape, false, nil
}

func (k matMul) diff(g *Builder, v *value, dy *Node) []term {
	a, b := k.factors(v.in)
	var ta, tb term
	switch {
	case !k.tA && !k.tB: // y = a·b: da = dy·b', db = a'·dy
		ta, tb = productTerm(dy, b.node, false, true), productTerm(a.node, dy, true, false)
	case !k.tA && k.tB: // y = a·b': da = dy·b, db = dy'·a
		ta, tb = productTerm(dy, b.node, false, false), productTerm(dy, a.node, true, false)
	case k.tA && !k.tB: // y = a'·b: da = b·dy', db = a·dy
		ta, tb = productTerm(b.node, dy, false, true), productTerm(a.node, dy, false, false)
	}
	if !k.acc {
		return []term{ta, tb}
	}
	if sameShape(v.in[0].shape, v.shape) {
		return []term{wholeTerm(dy), ta, tb}
	}
	return []term{sumRowsTerm(dy), ta, tb}
}

func (k matMul) inPlace(v *value, i int) bool {
	return k.acc && i == 0 && sameShape(v.in[0].shape, v.shape)
}

func (k matMul) run32(c *call[float32]) { runMatMul(k, c) }
func (k matMul) run64(c *call[float64]) { runMatMul(k, c) }

func runMatMul[F kernel.Float](k matMul, c *call[F]) {
	if !k.acc {
		kernel.MatMul(c.out, c.in[0], c.in[1], k.tA, k.tB, false)
		return
	}
	kernel.AddMatMul(c.out, c.in[0], c.in[1], c.in[2], k.tA, k.tB)
}
