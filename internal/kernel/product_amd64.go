//go:build !purego

package kernel

import (
	"fmt"
	"unsafe"
)

const (
	bufferLen = 4096 // a block of B or A, transposed: half a first-level cache, on the stack

	// Blocks of operands that are read where they are.
	blockRows  = 1 << 10 // rows of C
	blockBytes = 1 << 19 // of B, in the second-level cache

	narrow = 4 // so few columns at the end are worth a vectorProduct of their own, with the operands exchanged
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

// at returns the strided from row i and column j on. There is an element (i, j).
func (o strided) at(i, j int) strided {
	o.p = unsafe.Add(o.p, i*o.row+j*o.col)
	return o
}

// turned returns the transpose.
func (o strided) turned() strided {
	o.row, o.col = o.col, o.row
	return o
}

// vectorProduct is C = A·B or C += A·B with A [m, k], B [k, n] and C [m, n], none of them empty. C's columns are adjacent.
type vectorProduct struct {
	c, a, b strided
	m, n, k int
	acc     bool
	path    path
}

// vectorMatMul is MatMul by vector instructions; no size is zero.
func vectorMatMul(p path, c, a, b Mat[float32], f flags) {
	k := a.Cols
	if f.tA {
		k = a.Rows
	}
	x := vectorProduct{
		c: stridedOf(c, false), a: stridedOf(a, f.tA), b: stridedOf(b, f.tB),
		m: c.Rows, n: c.Cols, k: k, acc: f.acc, path: p,
	}
	x.run()
}

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
	if rest := x.n % x.lanes(); 0 < rest && rest <= narrow && x.m >= x.lanes() {
		y := *x
		x.n -= rest
		y.n, y.b, y.c = rest, x.b.at(0, x.n), x.c.at(0, x.n)
		y.exchanged()
	}
	switch {
	case x.n == 0:
	case x.b.col == 4:
		x.direct()
	default:
		x.packed()
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

// width is the number of columns in a full tile.
func (x *vectorProduct) width() int {
	height, _, _ := x.rows()
	return x.widths()[height] * x.lanes()
}

// direct reads B where it is. A block of rows of B stays in the second-level cache while a block of rows of C
// passes; a panel of it, as wide as a tile, is read once for each tile below another.
func (x *vectorProduct) direct() {
	depth := max(64, blockBytes/(4*x.n))
	for i := 0; i < x.m; i += blockRows {
		y := *x
		y.m = min(blockRows, x.m-i)
		width := y.width()
		for l := 0; l < x.k; l += depth {
			y.k, y.acc = min(depth, x.k-l), x.acc || l > 0
			for j := 0; j < x.n; j += width {
				y.n = min(width, x.n-j)
				y.a, y.b, y.c = x.a.at(i, l), x.b.at(l, j), x.c.at(i, j)
				y.panel()
			}
		}
	}
}

// packed transposes each panel of B first.
func (x *vectorProduct) packed() {
	var buf [bufferLen]float32
	for i := 0; i < x.m; i += blockRows {
		y := *x
		y.m = min(blockRows, x.m-i)
		width := y.width()
		depth := bufferLen / width
		for l := 0; l < x.k; l += depth {
			y.k, y.acc = min(depth, x.k-l), x.acc || l > 0
			for j := 0; j < x.n; j += width {
				y.n = min(width, x.n-j)
				y.a, y.c = x.a.at(i, l), x.c.at(i, j)
				y.b = strided{p: unsafe.Pointer(&buf), row: 4 * width, col: 4}
				turn(x.path, y.b, x.b.at(l, j), y.k, y.n)
				y.panel()
			}
		}
	}
}

// exchanged computes Cᵀ = Bᵀ·Aᵀ for a few columns of C, so that vectors run along A's rows.
func (x *vectorProduct) exchanged() {
	var buf, out [bufferLen]float32
	y := vectorProduct{a: x.b.turned(), m: x.n, path: x.path}
	width := y.width()
	depth := bufferLen / width
	y.c = strided{p: unsafe.Pointer(&out), row: 4 * width, col: 4}
	for i := 0; i < x.m; i += width {
		y.n = min(width, x.m-i)
		c := x.c.at(i, 0)
		if x.acc {
			copyStrided(y.c.turned(), c, y.n, y.m)
		}
		for l := 0; l < x.k; l += depth {
			y.a, y.k, y.acc = x.b.at(l, 0).turned(), min(depth, x.k-l), x.acc || l > 0
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

// panel computes columns of C that are no wider than a tile.
func (x *vectorProduct) panel() {
	height, high, tiles := x.rows()
	lanes, widths := x.lanes(), x.widths()
	vecs := (x.n + lanes - 1) / lanes
	masked := vecs*lanes != x.n || vecs != widths[height]
	t := tile{
		a: x.a.p, b: x.b.p, c: x.c.p,
		aRow: x.a.row, aCol: x.a.col, bRow: x.b.row, cRow: x.c.row,
		k: x.k, count: high, lanes: x.n - (vecs-1)*lanes,
	}
	if x.acc {
		t.acc = 1
	}
	x.tile(&t, height, vecs, masked)
	if high < tiles {
		t.a, t.c, t.count = x.a.at(high*height, 0).p, x.c.at(high*height, 0).p, tiles-high
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
