//go:build !purego

package kernel

import (
	"fmt"
	"unsafe"
)

// strided is a matrix with any two strides, in bytes.
type strided struct {
	p        unsafe.Pointer
	row, col int
}

// stridedOf returns m or its transpose, and panics if m reaches beyond its elements.
func stridedOf(m Mat[float32], t bool) strided {
	if m.Stride < m.Cols || len(m.Data) < (m.Rows-1)*m.Stride+m.Cols {
		panic(fmt.Sprintf("internal error: kernel.MatMul: %dx%d with stride %d of %d elements", m.Rows, m.Cols, m.Stride, len(m.Data)))
	}
	o := strided{p: unsafe.Pointer(unsafe.SliceData(m.Data)), row: 4 * m.Stride, col: 4}
	if t {
		o.row, o.col = o.col, o.row
	}
	return o
}

// at returns the strided from row i and column j on. There is an element (i, j), or no matrix at all.
func (o strided) at(i, j int) strided {
	if o.nowhere() {
		return o
	}
	o.p = unsafe.Add(o.p, i*o.row+j*o.col)
	return o
}

// nowhere says whether there is no such matrix.
func (o strided) nowhere() bool { return o.p == nil }

// turned returns the transpose.
func (o strided) turned() strided {
	o.row, o.col = o.col, o.row
	return o
}

// vectorProduct is C = D + A·B with A [m, k], B [k, n], C and D [m, n], none of them empty. The columns of C and D are
// adjacent; D is C, or shares nothing with it, or is missing (p is nil).
type vectorProduct struct {
	c, d, a, b strided
	m, n, k    int
	path       path

	next strided // B of the product that comes after this one, if its rows are to be fetched meanwhile
}

// vectorMatMul is MatMul by vector instructions, or AddMatMul if there is d; no size is zero.
func vectorMatMul(p path, c Mat[float32], d *Mat[float32], a, b Mat[float32], f flags) {
	k := a.Cols
	if f.tA {
		k = a.Rows
	}
	x := vectorProduct{
		c: stridedOf(c, false), a: stridedOf(a, f.tA), b: stridedOf(b, f.tB),
		m: c.Rows, n: c.Cols, k: k, path: p,
	}
	if d != nil {
		x.d = stridedOf(*d, false)
		if d.Rows == 1 {
			x.d.row = 0 // the same for every row of C
		}
	}
	x.run()
}

// leastLanes is the number of float32 in a vector of any path.
const leastLanes = 8

// lanes is the number of float32 in a vector.
func (x *vectorProduct) lanes() int {
	if x.path == avx512 {
		return 16
	}
	return 8
}

// widths is the number of vectors in the widest tile by its rows.
func (x *vectorProduct) widths() []int {
	if x.path == avx512 {
		return avx512Width[:]
	}
	return avx2Width[:]
}

func (x *vectorProduct) run() {
	if rest := x.n % x.lanes(); 0 < rest && rest <= narrow && x.m >= narrowRows {
		y := *x
		x.n -= rest
		y.n, y.b, y.c, y.d = rest, x.b.at(0, x.n), x.c.at(0, x.n), x.d.at(0, x.n)
		y.exchanged()
	}
	switch {
	case x.n == 0:
	case x.b.col == 4 && x.tall() < manyTiles:
		x.direct()
	case x.b.row == 4 && x.m <= dotsRows && x.n >= leastLanes && x.k >= 4:
		x.path = x.path.fitting(x.n)
		x.dots()
	case x.b.row == 4 && x.m <= dotsRows:
		x.oneByOne()
	default:
		x.copied()
	}
}

// oneByOne computes each of a few rows of C as a column: B's columns, which are too few for a vector, are rows then.
func (x *vectorProduct) oneByOne() {
	for i := range x.m {
		y := vectorProduct{
			a: x.b.turned(), b: x.a.at(i, 0).turned(), c: x.c.at(i, 0).turned(), d: x.d.at(i, 0).turned(),
			m: x.n, n: 1, k: x.k, path: x.path,
		}
		y.b.col = 4 // of the only column
		y.direct()
	}
}

// rows returns the height of the tiles that cover m rows most evenly, and how many tiles there are of it; the others
// are one row lower.
func (x *vectorProduct) rows() (height, high, tiles int) {
	most := len(x.widths()) - 1
	tiles = (x.m + most - 1) / most
	height = (x.m + tiles - 1) / tiles
	return height, x.m - tiles*(height-1), tiles
}

// tall is the number of tiles below each other.
func (x *vectorProduct) tall() int {
	_, _, tiles := x.rows()
	return tiles
}

// width is the number of columns in a full tile.
func (x *vectorProduct) width() int {
	height, _, _ := x.rows()
	return x.widths()[height] * x.lanes()
}

// panel computes columns of C that are no wider than a tile.
func (x *vectorProduct) panel() {
	height, high, tiles := x.rows()
	lanes, widths := x.lanes(), x.widths()
	vecs := (x.n + lanes - 1) / lanes
	masked := vecs*lanes != x.n || vecs != widths[height]
	t := tile{
		a: x.a.p, b: x.b.p, c: x.c.p,
		aRow: x.a.row, aCol: x.a.col, bRow: x.b.row, cRow: x.c.row,
		from: x.d.p, fromRow: x.d.row,
		k: x.k, count: high, lanes: x.n - (vecs-1)*lanes,
		next: x.next.p, nextRow: x.next.row,
	}
	if x.next.nowhere() {
		t.next = x.b.p // which is there already
	}
	x.tile(&t, height, vecs, masked)
	if high < tiles {
		t.a, t.c, t.from = x.a.at(high*height, 0).p, x.c.at(high*height, 0).p, x.d.at(high*height, 0).p
		t.count = tiles - high
		x.tile(&t, height-1, vecs, masked)
	}
}

func (x *vectorProduct) tile(t *tile, rows, vecs int, masked bool) {
	if x.path == avx512 {
		avx512Tile(t, rows, vecs, masked)
	} else {
		avx2Tile(t, rows, vecs, masked)
	}
}
