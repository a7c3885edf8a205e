//go:build !purego

package kernel

import "unsafe"

// dotsRows is the greatest number of rows of C for which B is transposed in registers only.
const dotsRows = 4

// dots computes a few rows of C; B's rows, which are the columns of a matrix, are adjacent, and n is no less than a
// vector, k no less than 4.
func (x *vectorProduct) dots() {
	lanes, k := x.lanes(), x.k&^3
	n := x.n / lanes * lanes
	var buf [dotsRows * 16]float32
	end := strided{p: unsafe.Pointer(&buf), row: 4 * lanes, col: 4}
	acc := !x.d.nowhere()
	if acc && x.d.p != x.c.p {
		copyStrided(x.c, x.d, x.m, x.n)
	}
	if acc && n < x.n {
		copyStrided(end, x.c.at(0, x.n-lanes), x.m, lanes)
	}

	t := tile{a: x.a.p, b: x.b.p, c: x.c.p, aRow: x.a.row, aCol: x.a.col, bRow: x.b.col, cRow: x.c.row, k: k}
	if acc {
		t.from = t.c // which moves with it
	}
	if t.count = n / (2 * lanes); t.count > 0 {
		x.tileOfDots(&t, 2)
	}
	t.count = 1
	if n%(2*lanes) != 0 {
		t.b, t.c = x.b.at(0, n-lanes).p, x.c.at(0, n-lanes).p
		x.tileOfDots(&t, 1)
	}
	if n < x.n { // the last columns as a full vector, of which only they are kept
		t.b, t.c, t.cRow = x.b.at(0, x.n-lanes).p, end.p, end.row
		x.tileOfDots(&t, 1)
		copyStrided(x.c.at(0, n), end.at(0, n-x.n+lanes), x.m, x.n-n)
	}
	if k < x.k {
		y := *x
		y.a, y.b, y.k, y.d = x.a.at(0, k), x.b.at(k, 0), x.k-k, x.c
		y.copied()
	}
}

func (x *vectorProduct) tileOfDots(t *tile, vecs int) {
	if x.path == avx512 {
		avx512Dots(t, x.m, vecs)
	} else {
		avx2Dots(t, x.m, vecs)
	}
}
