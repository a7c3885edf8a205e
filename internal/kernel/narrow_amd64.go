//go:build !purego

package kernel

import "unsafe"

// narrowProduct is C = A·W or C += A·W on a vector path.
type narrowProduct struct {
	c, a strided
	w    *Narrow
	m    int
	acc  bool
	path path
}

// vectorMatMulNarrow is MatMulNarrow by vector instructions; no size is zero.
func vectorMatMulNarrow(p path, c, a Mat[float32], w *Narrow, from int, acc bool) {
	x := narrowProduct{c: stridedOf(c, false), a: stridedOf(a, false), w: w, m: c.Rows, acc: acc, path: p}
	for j, end := from, from+c.Cols; j < end; {
		p := w.next(j, end)
		x.panel(x.c.at(0, p.lo-from), p)
		j = p.hi
	}
}

// heights is the number of vectors in the widest tile by its rows.
func (x *narrowProduct) heights() []int {
	if x.path == avx512 {
		return avx512NarrowWidth[:]
	}
	return avx2NarrowWidth[:]
}

// panel computes the columns p of C, the first of which is c's. Tiles are made of whole units: where C has no room for
// them, they work on a copy.
func (x *narrowProduct) panel(c strided, p columns) {
	most := len(x.heights()) - 1
	groups := (x.m + most - 1) / most
	units := columns{p.panel, p.lo / narrowUnit * narrowUnit, (p.hi + narrowUnit - 1) / narrowUnit * narrowUnit}
	var buf [4 * narrowPanel]float32 // no tile has more rows
	for i := 0; i < x.m; groups-- {
		rows := (x.m - i + groups - 1) / groups
		a, c := x.a.at(i, 0), c.at(i, 0)
		if units == p {
			x.tiles(c, a, p, rows)
		} else {
			copied := strided{p: unsafe.Pointer(&buf), row: 4 * narrowPanel, col: 4}
			asked := copied.at(0, p.lo-units.lo)
			if x.acc {
				copyStrided(asked, c, rows, p.hi-p.lo)
			}
			x.tiles(copied, a, units, rows)
			copyStrided(c, asked, rows, p.hi-p.lo)
		}
		i += rows
	}
}

// tiles computes some rows of whole units.
func (x *narrowProduct) tiles(c, a strided, p columns, rows int) {
	width := x.w.panelWidth(p.panel)
	lanes := 8
	if x.path == avx512 {
		lanes = 16
	}
	t := narrowTile{aRow: a.row, cRow: c.row, wRow: width, k: x.w.Rows, a: a.p}
	if x.acc {
		t.acc = 1
	}
	for j := p.lo; j < p.hi; {
		vecs := x.heights()[rows]
		for vecs*lanes > p.hi-j {
			vecs /= 2
		}
		t.c = c.at(0, j-p.lo).p
		at := p.panel*x.w.Rows + j - p.panel
		if x.w.bits == BFloat16 {
			t.w, t.wRow = unsafe.Pointer(&x.w.halves[at]), 2*width
		} else {
			t.w, t.scale = unsafe.Pointer(&x.w.bytes[at]), unsafe.Pointer(&x.w.scale[j])
		}
		if x.path == avx512 {
			avx512Narrow(&t, x.w.bits, rows, vecs)
		} else {
			avx2Narrow(&t, x.w.bits, rows, vecs)
		}
		j += vecs * lanes
	}
}
