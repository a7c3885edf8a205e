package graph

import (
	"crypto/sha256"
	"fmt"

	"github.com/unroll-go/unroll/internal/kernel"
	"github.com/unroll-go/unroll/internal/pages"
)

// A product of few rows is the reading of its weights, and memory is read fastest
// from beginning to end. In programs that only evaluate, such products read a
// copy of the weights in panels: some columns, row after row, then the next ones.
// Like all that depends on parameters alone the copies are made once for each
// version of them and shared by programs. The bits are those of any product.

const (
	panelCols = 256 // columns of a panel: those of a product of one row that are computed together
	panelRows = 4   // the most rows of a product that reads panels
)

// panels is the copy of weights [k, n].
type panels struct {
	k, n int
	data []float32
}

// of is columns lo to hi-1, which lie in one panel.
func (p *panels) of(lo, hi int) kernel.Mat[float32] {
	first := lo / panelCols * panelCols
	width := min(panelCols, p.n-first)
	all := kernel.Mat[float32]{Data: p.data[first*p.k : (first+width)*p.k], Rows: p.k, Cols: width, Stride: width}
	return all.Slice(0, p.k, lo-first, hi-first)
}

// each calls do for the columns lo to hi-1, those of one panel at a time.
func (p *panels) each(lo, hi int, do func(lo, hi int)) {
	for lo < hi {
		end := min(hi, lo/panelCols*panelCols+panelCols)
		do(lo, end)
		lo = end
	}
}

// set copies w.
func (p *panels) set(w kernel.Mat[float32]) {
	p.each(0, p.n, func(lo, hi int) { kernel.Copy(p.of(lo, hi), w.Slice(0, p.k, lo, hi)) })
}

// panelsFor returns the entry for the panels of v: the same for equal expressions.
func (ps *Params) panelsFor(v *value, keys map[*value]derivedKey) *derived {
	of := keyOf(v, keys)
	key := derivedKey(sha256.Sum256(fmt.Appendf(nil, "panels %x", of)))
	d := ps.derived[key]
	if d == nil {
		d = &derived{panels: &panels{k: v.rows(), n: v.cols(), data: pages.Make[float32](size(v.shape))}}
		ps.derived[key] = d
	}
	return d
}

// panelProducts lets products of few rows read panels, and has these made where
// parameters are new.
func panelProducts(m *machine[float32]) {
	g := m.p.g
	if g.Train || g.plain || g.narrow != 0 {
		return
	}
	keys, made := map[*value]derivedKey{}, map[*derived]bool{}
	for i := range m.body {
		in := &m.body[i]
		k, ok := in.c.v.kind.(matMul)
		if !ok || k.tA || k.tB || in.c.v.rows() > panelRows {
			continue
		}
		_, w := k.factors(in.c.v.in)
		if !m.p.fixed[w.index] || w.cols() <= panelCols {
			continue
		}
		d := g.params.panelsFor(w, keys)
		if !made[d] {
			made[d] = true
			c := &call[float32]{in: make([]kernel.Mat[float32], 1), v: &value{step: -1}}
			m.bound = append(m.bound, m.mat(w, &c.in[0]))
			m.derive = append(m.derive, instr[float32]{run: func(c *call[float32]) { d.panels.set(c.in[0]) }, c: c, d: d})
		}
		in.run = func(c *call[float32]) { runPanels(k, c, d.panels) }
	}
}

// runPanels is runMatMul for a right factor in panels; the result may be some
// columns, from c.col on.
func runPanels(k matMul, c *call[float32], p *panels) {
	cols := func(m kernel.Mat[float32], lo, hi int) kernel.Mat[float32] {
		return m.Slice(0, m.Rows, lo-c.col, hi-c.col)
	}
	p.each(c.col, c.col+c.out.Cols, func(lo, hi int) {
		if k.acc {
			kernel.AddMatMul(cols(c.out, lo, hi), cols(c.in[0], lo, hi), c.in[1], p.of(lo, hi), false, false)
		} else {
			kernel.MatMul(cols(c.out, lo, hi), c.in[0], p.of(lo, hi), false, false, false)
		}
	})
}
