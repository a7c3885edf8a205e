//go:build !purego

package kernel

import "unsafe"

const (
	bufferLen = 1 << 13 // a panel of B, copied or transposed: most of a first-level cache, on the stack

	blockRows  = 1 << 8  // of C and A
	blockLen   = 1 << 17 // of B where it is: half of a small second-level cache
	directCols = 1 << 10 // of such a block, so that the rows in it are not too few
	copiedCols = 1 << 8  // of B where panels are copied: C's block stays in the second-level cache
	manyTiles  = 16      // below each other: from here on a copy of B is worth its time

	narrow     = 4  // so few columns at the end are a product of their own, with the operands exchanged,
	narrowRows = 64 // from so many rows on
)

// blocks are the sizes of the parts of a product that are computed one after the other.
type blocks struct{ rows, cols, depth int }

// direct reads B where it is: a block of it stays in the second-level cache while the rows of C pass.
func (x *vectorProduct) direct() {
	x.each(blocks{blockRows, directCols, blockLen / min(x.n, directCols)}, asItIs, strided{})
}

// copied copies or transposes each panel of B first, so that it stays in the first-level cache.
func (x *vectorProduct) copied() {
	var buf [bufferLen]float32
	width := x.width()
	to := strided{p: unsafe.Pointer(&buf), row: 4 * width, col: 4}
	s := blocks{blockRows, copiedCols, bufferLen / width}
	if x.a.row == 4 { // Aᵀ: a gradient of weights, whose k is all time steps; twice the rows copy B half as often
		s.rows, s.cols = 2*s.rows, s.cols/2
	}
	if x.b.col == 4 {
		x.each(s, copies, to)
	} else {
		x.each(s, transposes, to)
	}
}

// origin says where panels of B are read.
type origin int

const (
	asItIs     origin = iota
	copies            // where they have been copied
	transposes        // where they have been transposed
)

// each computes the panels of C, as wide as a tile, one block after the other. There is room for a panel of B at to.
func (x *vectorProduct) each(s blocks, from origin, to strided) {
	count := (x.m + s.rows - 1) / s.rows
	s.rows = (x.m + count - 1) / count // as even as can be
	width := x.width()
	for p, more := (spot{}), true; more; {
		y := vectorProduct{
			a: x.a.at(p.i, p.l), b: x.b.at(p.l, p.j), c: x.c.at(p.i, p.j),
			m: min(s.rows, x.m-p.i), n: min(width, x.n-p.j, p.block+s.cols-p.j), k: min(s.depth, x.k-p.l),
			path: x.path,
		}
		if y.d = y.c; p.l == 0 {
			y.d = x.d.at(p.i, p.j)
		}
		if p, more = x.after(p, s, width); more && x.b.col == 4 {
			y.next = x.b.at(p.l, p.j)
		}
		y.b = y.take(from, to, width)
		y.panel()
	}
}

// spot is where a panel begins: its row and its first term, and its column, in a block that begins at another.
type spot struct{ i, l, j, block int }

// after is the spot that follows p, if there is one.
func (x *vectorProduct) after(p spot, s blocks, width int) (spot, bool) {
	switch {
	case p.j+width < min(x.n, p.block+s.cols):
		p.j += width
	case p.l+s.depth < x.k:
		p.j, p.l = p.block, p.l+s.depth
	case p.i+s.rows < x.m:
		p.j, p.l, p.i = p.block, 0, p.i+s.rows
	default:
		p = spot{j: p.block + s.cols, block: p.block + s.cols}
	}
	return p, p.j < x.n
}

// take brings the panel B of x to where it is read, and returns that.
func (x vectorProduct) take(from origin, to strided, width int) strided {
	switch {
	case from == transposes:
		turn(x.path, to, x.b, x.k, x.n)
	case from == copies && x.n == width:
		copyPanel(x.path, to, x.b, x.k)
	default:
		return x.b
	}
	return to
}

// exchanged computes Cᵀ = Bᵀ·Aᵀ for a few columns of C, so that vectors run along A's rows.
func (x *vectorProduct) exchanged() {
	var buf [bufferLen]float32
	var out [narrow * 128]float32 // no tile of so few rows has more elements
	y := vectorProduct{a: x.b.turned(), m: x.n, path: x.path}
	width := y.width()
	depth := bufferLen / width
	y.c = strided{p: unsafe.Pointer(&out), row: 4 * width, col: 4}
	for i := 0; i < x.m; i += width {
		y.n = min(width, x.m-i)
		c := x.c.at(i, 0)
		if y.d = x.d; !x.d.nowhere() {
			copyStrided(y.c.turned(), x.d.at(i, 0), y.n, y.m)
			y.d = y.c
		}
		for l := 0; l < x.k; l += depth {
			if y.a, y.k = x.b.at(l, 0).turned(), min(depth, x.k-l); l > 0 {
				y.d = y.c
			}
			y.b = x.a.at(i, l).turned()
			if y.b.col != 4 {
				from := y.b
				y.b = strided{p: unsafe.Pointer(&buf), row: 4 * width, col: 4}
				turn(x.path, y.b, from, y.k, y.n)
			}
			y.panel()
		}
		copyStrided(c, y.c.turned(), y.n, y.m)
	}
}
