package graph

import (
	"slices"

	"github.com/unroll-go/unroll/internal/kernel"
)

// fold turns the operations of a loop into parts, making one of those chains that
// have a kernel of their own: a product that only a sum or the derivative of a
// sigmoid or tanh reads needs no scratch.
func (p *plan) fold(l *loop) []*chain {
	f := folder{p: p, l: l, reads: map[*value]int{}, parts: map[*value]*chain{}}
	for _, v := range l.vs {
		for _, x := range v.in {
			f.reads[x]++
		}
	}
	var parts []*chain
	for _, v := range l.vs {
		t := &chain{v: v, in: v.in}
		t.op, t.k = v.kind.(pointwise).lane()
		f.widen(t)
		f.parts[v] = t
		parts = append(parts, t)
	}
	return slices.DeleteFunc(parts, func(t *chain) bool { return t.done })
}

// folder knows the parts so far.
type folder struct {
	p     *plan
	l     *loop
	reads map[*value]int
	parts map[*value]*chain
}

// inner is the chain of operand i of t if it may become a part of t: one of an
// operation on full operands whose result t alone reads.
func (f *folder) inner(t *chain, i int, op kernel.Op) *chain {
	c := f.parts[t.in[i]]
	if c == nil || c.op != op || f.reads[c.v] > 1 || slices.Contains(f.l.out, c.v) {
		return nil
	}
	for _, x := range append(slices.Clone(c.in), t.in...) {
		if !full(x, t.v) {
			return nil
		}
	}
	return c
}

// widen takes chains into t.
func (f *folder) widen(t *chain) {
	switch t.op {
	case kernel.OpSigmoidGrad, kernel.OpTanhGrad:
		if m := f.inner(t, 1, kernel.OpMul); m != nil {
			t.become(map[kernel.Op]kernel.Op{kernel.OpSigmoidGrad: kernel.OpSigmoidGradOf, kernel.OpTanhGrad: kernel.OpTanhGradOf}[t.op],
				[]*value{t.in[0], m.in[0], m.in[1]}, m)
		}
	case kernel.OpAdd:
		f.widenSum(t)
	}
}

func (f *folder) widenSum(t *chain) {
	a, b := f.inner(t, 0, kernel.OpMul), f.inner(t, 1, kernel.OpMul)
	if a != nil && b != nil && a != b {
		t.become(kernel.OpSumOfProducts, []*value{a.in[0], a.in[1], b.in[0], b.in[1]}, a, b)
		return
	}
	for i := range 2 {
		e := t.in[1-i]
		if d := f.inner(t, i, kernel.OpTanhGradOf); d != nil {
			t.become(kernel.OpTanhGradAdd, []*value{d.in[0], d.in[1], d.in[2], e}, d)
			return
		}
		if m := f.inner(t, i, kernel.OpMul); m != nil {
			t.become(kernel.OpAddProduct, []*value{e, m.in[0], m.in[1]}, m)
			return
		}
	}
}

// become makes t the chain of itself and others.
func (t *chain) become(op kernel.Op, in []*value, of ...*chain) {
	t.op, t.in = op, in
	for _, c := range of {
		c.done = true
	}
}
