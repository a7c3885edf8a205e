package kernel

import (
	"fmt"
	"unsafe"
)

// Float is the element type of every kernel.
type Float interface{ float32 | float64 }

// Mat is a row-major view of a matrix [Rows, Cols]: element (i, j) is Data[i*Stride+j], with Stride >= Cols. What
// lies between the rows (columns Cols..Stride-1 of each row) belongs to somebody else: kernels neither read nor
// write it.
type Mat[F Float] struct {
	Data               []F
	Rows, Cols, Stride int
}

// NewMat returns a zero matrix [rows, cols] of its own, without gaps between the rows.
func NewMat[F Float](rows, cols int) Mat[F] {
	if rows < 0 || cols < 0 {
		panic(fmt.Sprintf("internal error: kernel.NewMat: %dx%d", rows, cols))
	}
	return Mat[F]{Data: make([]F, rows*cols), Rows: rows, Cols: cols, Stride: cols}
}

// Row returns row i, [Cols]; its capacity ends with it.
func (m Mat[F]) Row(i int) []F {
	k := i * m.Stride
	return m.Data[k : k+m.Cols : k+m.Cols]
}

// Slice returns the view of rows r0..r1-1 and columns c0..c1-1, [r1-r0, c1-c0], over the same elements.
func (m Mat[F]) Slice(r0, r1, c0, c1 int) Mat[F] {
	if r0 < 0 || r1 < r0 || m.Rows < r1 || c0 < 0 || c1 < c0 || m.Cols < c1 {
		panic(fmt.Sprintf("internal error: kernel.Mat.Slice: [%d:%d, %d:%d] of %dx%d", r0, r1, c0, c1, m.Rows, m.Cols))
	}
	s := Mat[F]{Rows: r1 - r0, Cols: c1 - c0, Stride: m.Stride}
	if s.Rows > 0 {
		from, to := r0*m.Stride+c0, (r1-1)*m.Stride+c1
		s.Data = m.Data[from:to:to]
	}
	return s
}

// Every returns the view of rows i, i+n, i+2n and so on, [.., Cols]: of a sequence [T, n, Cols] the steps of row i.
func (m Mat[F]) Every(i, n int) Mat[F] {
	if i < 0 || n <= i || m.Rows <= i {
		panic(fmt.Sprintf("internal error: kernel.Mat.Every: row %d of each %d of %dx%d", i, n, m.Rows, m.Cols))
	}
	m.Data = m.Data[i*m.Stride:]
	m.Rows = (m.Rows - i + n - 1) / n
	m.Stride *= n
	return m
}

// Same says whether two matrices are one view.
func Same[F Float](a, b Mat[F]) bool {
	return a.Rows == b.Rows && a.Cols == b.Cols && a.Stride == b.Stride && unsafe.SliceData(a.Data) == unsafe.SliceData(b.Data)
}

// gapless says whether the rows follow each other without a gap.
func (m *Mat[F]) gapless() bool { return m.Stride == m.Cols || m.Rows <= 1 }

// flatten makes a gapless matrix a single row [1, Rows*Cols].
func (m *Mat[F]) flatten() {
	n := m.Rows * m.Cols
	m.Data, m.Rows, m.Cols, m.Stride = m.Data[:n:n], 1, n, n
}

// is panics unless m is [rows, cols].
func (m *Mat[F]) is(op string, rows, cols int) {
	if m.Rows != rows || m.Cols != cols {
		panic(fmt.Sprintf("internal error: kernel.%s: got %dx%d, want %dx%d", op, m.Rows, m.Cols, rows, cols))
	}
}

// count panics unless a slice beside a matrix has the wanted length.
func count(op string, got, want int) {
	if got != want {
		panic(fmt.Sprintf("internal error: kernel.%s: got length %d, want %d", op, got, want))
	}
}

// pair checks that two matrices have one size, and makes each a single line if both are gapless.
func pair[F Float](op string, a, b *Mat[F]) {
	if a.Rows != b.Rows || a.Cols != b.Cols {
		b.is(op, a.Rows, a.Cols)
	}
	if a.gapless() && b.gapless() {
		a.flatten()
		b.flatten()
	}
}

// triple is pair for three matrices.
func triple[F Float](op string, a, b, c *Mat[F]) {
	if a.Rows != b.Rows || a.Cols != b.Cols || a.Rows != c.Rows || a.Cols != c.Cols {
		b.is(op, a.Rows, a.Cols)
		c.is(op, a.Rows, a.Cols)
	}
	if a.gapless() && b.gapless() && c.gapless() {
		a.flatten()
		b.flatten()
		c.flatten()
	}
}

// together is pair for any number of matrices.
func together[F Float](op string, out *Mat[F], operands ...*Mat[F]) {
	gapless := out.gapless()
	for _, m := range operands {
		if m.Rows != out.Rows || m.Cols != out.Cols {
			m.is(op, out.Rows, out.Cols)
		}
		gapless = gapless && m.gapless()
	}
	if !gapless {
		return
	}
	out.flatten()
	for _, m := range operands {
		m.flatten()
	}
}
