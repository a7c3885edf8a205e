package graph

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/internal/kernel"
)

// Narrow weights. A product of one row reads every weight once and computes
// little with it: where the weights do not fit the caches, their bytes are its
// time. Under BFloat16 or Int8 each product of a run whose right factor depends
// on parameters alone reads a copy of it in fewer bits, whatever the number of
// rows of the left one: a program's numbers do not depend on its sizes. The
// copies are kept with the Params, made once for each version of it and shared
// by programs. Biases, tables that are looked up in, and what is computed once
// per version stay in float32, as do all activations and sums.

// narrowing is the option for narrow weights among opts, 0 without one.
func narrowing(params *Params, key Key, opts []Option) (Option, error) {
	var kind Option
	for _, o := range opts {
		switch {
		case o != BFloat16 && o != Int8:
		case kind != 0 && kind != o:
			return 0, errors.New("graph: BFloat16 and Int8 exclude each other")
		default:
			kind = o
		}
	}
	switch {
	case kind == 0:
	case key.Train:
		return 0, fmt.Errorf("graph: %s weights are for programs that only evaluate: a gradient step is lost in their rounding; build without Key.Train", kind)
	case params.dtype != Float32:
		return 0, fmt.Errorf("graph: %s weights are made of float32 parameters, these are float64", kind)
	case slices.Contains(opts, Plain):
		return 0, fmt.Errorf("graph: Plain leaves every operation as the formula has it, %s weights do not", kind)
	}
	return kind, nil
}

// bits is the form of the weights.
func (o Option) bits() kernel.Bits {
	if o == Int8 {
		return kernel.Int8
	}
	return kernel.BFloat16
}

// bytes is the size of a weight.
func (o Option) bytes() int {
	if o == Int8 {
		return 1
	}
	return 2
}

// narrowFor returns the entry for the narrow copy of v, or of its transpose: the
// same for equal expressions.
func (ps *Params) narrowFor(v *value, tB bool, bits kernel.Bits, keys map[*value]derivedKey) *derived {
	of := keyOf(v, keys)
	key := derivedKey(sha256.Sum256(fmt.Appendf(nil, "narrow %d %v %x", bits, tB, of)))
	d := ps.derived[key]
	if d == nil {
		k, n := v.rows(), v.cols()
		if tB {
			k, n = n, k
		}
		d = &derived{narrow: kernel.NewNarrow(bits, k, n)}
		ps.derived[key] = d
	}
	return d
}

// narrowProducts lets the products of the body read narrow copies of weights,
// and has the copies made where parameters are new.
func narrowProducts(m *machine[float32]) {
	g := m.p.g
	if g.narrow == 0 {
		return
	}
	keys, made := map[*value]derivedKey{}, map[*derived]bool{}
	for i := range m.body {
		in := &m.body[i]
		k, ok := in.c.v.kind.(matMul)
		if !ok {
			continue
		}
		_, w := k.factors(in.c.v.in)
		if !m.p.narrowed(k, w) {
			continue
		}
		d := g.params.narrowFor(w, k.tB, g.narrow.bits(), keys)
		if !made[d] {
			made[d] = true
			m.derive = append(m.derive, narrower(m, w, k.tB, d))
		}
		in.run = func(c *call[float32]) { runNarrow(k, c, d.narrow) }
	}
}

// narrowed says whether a product of the body reads a narrow copy of its right
// factor w.
func (p *plan) narrowed(k matMul, w *value) bool { return p.g.narrow != 0 && !k.tA && p.fixed[w.index] }

// narrower is the instruction that makes a copy.
func narrower(m *machine[float32], w *value, tB bool, d *derived) instr[float32] {
	c := &call[float32]{in: make([]kernel.Mat[float32], 1), v: &value{step: -1}}
	m.bound = append(m.bound, m.mat(w, &c.in[0]))
	run := func(c *call[float32]) {
		if row, col, ok := d.narrow.Set(c.in[0], tB); !ok {
			name, r, col0 := m.p.origin(w)
			c.err = fmt.Errorf("%s is %v at %v; weights in int8 must be finite", name, c.in[0].Row(row)[col], []int{r + row, col0 + col})
		}
	}
	return instr[float32]{run: run, c: c, d: d}
}

// origin names the parameters that v depends on; where v is a part of one, row
// and col are its place there.
func (p *plan) origin(v *value) (name string, row, col int) {
	st, row, col := p.locate(v)
	if st.kind == ofParam {
		return fmt.Sprintf("parameter %q", st.param.path), row, col
	}
	var names []string
	var visit func(v *value)
	visit = func(v *value) {
		if k, ok := v.kind.(*parameter); ok && !slices.Contains(names, k.p.path) {
			names = append(names, k.p.path)
		}
		for _, x := range v.in {
			visit(x)
		}
	}
	visit(v)
	return fmt.Sprintf("what is computed of the parameters %s", strings.Join(names, ", ")), 0, 0
}

func runNarrow(k matMul, c *call[float32], w *kernel.Narrow) {
	if !k.acc {
		kernel.MatMulNarrow(c.out, c.in[0], w, c.col, false)
		return
	}
	if !kernel.Same(c.out, c.in[0]) {
		kernel.Copy(c.out, c.in[0])
	}
	kernel.MatMulNarrow(c.out, c.in[1], w, c.col, true)
}
