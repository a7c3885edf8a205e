package kernel

import "fmt"

// MatMulNarrow sets C = A·W, or C += A·W if acc: A [m, k], W [k, n], C [m, n], or fewer columns of both, from the one
// given on. C shares no element with A. The bits do not depend on how the rows or columns are shared out between calls;
// columns in units of 32 cost no copy.
//
// With BFloat16 the bits are those of MatMul with the widened numbers: one accumulator for each element of C, terms in
// the order of k, fused on the vector paths. With Int8 the accumulator begins at zero, sums a_il·q_lj, and what it
// reaches is multiplied by the column's scale s_j at the end: c_ij = s_j·Σ_l a_il·q_lj [+ c_ij], that sum fused too on
// the vector paths.
func MatMulNarrow(c, a Mat[float32], w *Narrow, from int, acc bool) {
	if a.Rows != c.Rows || a.Cols != w.Rows || from < 0 || from+c.Cols > w.Cols {
		panic(fmt.Sprintf("internal error: kernel.MatMulNarrow: C %dx%d, A %dx%d, W %dx%d from column %d",
			c.Rows, c.Cols, a.Rows, a.Cols, w.Rows, w.Cols, from))
	}
	switch {
	case c.Rows == 0 || c.Cols == 0:
	case w.Rows == 0:
		if !acc {
			Fill(c, 0)
		}
	case active == plain:
		plainMatMulNarrow(c, a, w, from, acc)
	default:
		vectorMatMulNarrow(active, c, a, w, from, acc)
	}
}

// columns are those of one panel that a product is asked for: lo to hi-1, the panel beginning at column panel.
type columns struct{ panel, lo, hi int }

// next is what a product of the columns up to end has in the panel of column lo.
func (n *Narrow) next(lo, end int) columns {
	panel := lo / narrowPanel * narrowPanel
	return columns{panel, lo, min(end, panel+narrowPanel)}
}

// plainMatMulNarrow is the definition; no size is zero.
func plainMatMulNarrow(c, a Mat[float32], w *Narrow, from int, acc bool) {
	for j, end := from, from+c.Cols; j < end; {
		p := w.next(j, end)
		part := c.Slice(0, c.Rows, p.lo-from, p.hi-from)
		for i := range c.Rows {
			w.addPanel(part.Row(i), a.Row(i), p, acc)
		}
		j = p.hi
	}
}

// addPanel computes the columns of one row of C that belong to a panel.
func (n *Narrow) addPanel(c, a []float32, p columns, acc bool) {
	var sums [narrowPanel]float32
	width, skip := n.panelWidth(p.panel), p.lo-p.panel
	if acc && n.bits == BFloat16 {
		for j, v := range c {
			sums[n.inPanel(skip+j)] = v
		}
	}
	at := p.panel * n.Rows
	for _, x := range a {
		for j := range sums[:width] {
			sums[j] += float32(x * n.value(at+j))
		}
		at += width
	}
	for j := range c {
		sum := sums[n.inPanel(skip+j)]
		if n.bits == Int8 {
			sum = float32(sum * n.scale[p.lo+j])
			if acc {
				sum += c[j]
			}
		}
		c[j] = sum
	}
}
