package kernel

const (
	depth   = 64  // rows of B in a block
	width   = 512 // columns of B in a block
	fewRows = 4   // with fewer rows of C, transposing B costs more than it saves

	packDepth, packWidth = 32, 128 // a transposed block of B, on the stack
)

// left is op(A): element (i, l) is data[i*row+l*col].
type left[F Float] struct {
	data     []F
	row, col int
}

// from returns op(A) without its first i rows and l columns.
func (a left[F]) from(i, l int) left[F] {
	a.data = a.data[i*a.row+l*a.col:]
	return a
}

// addProduct adds op(A)·B to C block by block, so that the block of B stays in the cache while the rows of C pass.
func addProduct[F Float](c Mat[F], a left[F], b Mat[F]) {
	for l := 0; l < b.Rows; l += depth {
		end := min(l+depth, b.Rows)
		for j := 0; j < b.Cols; j += width {
			to := min(j+width, b.Cols)
			addBlock(c.Slice(0, c.Rows, j, to), a.from(0, l), b.Slice(l, end, j, to))
		}
	}
}

// addPacked adds op(A)·Bᵀ to C; each block of B is first transposed.
func addPacked[F Float](c Mat[F], a left[F], b Mat[F]) {
	var buf [packDepth * packWidth]F
	for l := 0; l < b.Cols; l += packDepth {
		end := min(l+packDepth, b.Cols)
		for j := 0; j < b.Rows; j += packWidth {
			to := min(j+packWidth, b.Rows)
			t := Mat[F]{Data: buf[:], Rows: end - l, Cols: to - j, Stride: packWidth}
			transposePlain(t, b.Slice(j, to, l, end))
			addBlock(c.Slice(0, c.Rows, j, to), a.from(0, l), t)
		}
	}
}

// addBlock adds op(A)·B to C, two rows at a time.
func addBlock[F Float](c Mat[F], a left[F], b Mat[F]) {
	i := 0
	for ; i+2 <= c.Rows; i += 2 {
		addTwoRows(c.Row(i), c.Row(i+1), a.from(i, 0), b)
	}
	if i < c.Rows {
		addRow(c.Row(i), a.from(i, 0), b)
	}
}

// addTwoRows adds the first two rows of op(A)·B to o and u, four rows of B at a time, each loaded once.
func addTwoRows[F Float](o, u []F, a left[F], b Mat[F]) {
	u = u[:len(o)]
	l := 0
	for ; l+4 <= b.Rows; l += 4 {
		x, y := a.four(0, l), a.four(1, l)
		x0, x1, x2, x3 := x[0], x[1], x[2], x[3]
		y0, y1, y2, y3 := y[0], y[1], y[2], y[3]
		b0, b1, b2, b3 := b.Row(l)[:len(o)], b.Row(l + 1)[:len(o)], b.Row(l + 2)[:len(o)], b.Row(l + 3)[:len(o)]
		for j := range o {
			p0, p1, p2, p3 := b0[j], b1[j], b2[j], b3[j]
			o[j] = o[j] + F(x0*p0) + F(x1*p1) + F(x2*p2) + F(x3*p3)
			u[j] = u[j] + F(y0*p0) + F(y1*p1) + F(y2*p2) + F(y3*p3)
		}
	}
	for ; l < b.Rows; l++ {
		x, y := a.data[l*a.col], a.data[a.row+l*a.col]
		for j, p := range b.Row(l)[:len(o)] {
			o[j] += F(x * p)
			u[j] += F(y * p)
		}
	}
}

// addRow adds the first row of op(A)·B to o, four rows of B at a time.
func addRow[F Float](o []F, a left[F], b Mat[F]) {
	l := 0
	for ; l+4 <= b.Rows; l += 4 {
		x := a.four(0, l)
		x0, x1, x2, x3 := x[0], x[1], x[2], x[3]
		b0, b1, b2, b3 := b.Row(l)[:len(o)], b.Row(l + 1)[:len(o)], b.Row(l + 2)[:len(o)], b.Row(l + 3)[:len(o)]
		for j := range o {
			o[j] = o[j] + F(x0*b0[j]) + F(x1*b1[j]) + F(x2*b2[j]) + F(x3*b3[j])
		}
	}
	for ; l < b.Rows; l++ {
		x := a.data[l*a.col]
		for j, p := range b.Row(l)[:len(o)] {
			o[j] += F(x * p)
		}
	}
}

// four returns elements (i, l) to (i, l+3) of op(A).
func (a left[F]) four(i, l int) [4]F {
	k := i*a.row + l*a.col
	return [4]F{a.data[k], a.data[k+a.col], a.data[k+2*a.col], a.data[k+3*a.col]}
}

// addDots adds op(A)·Bᵀ to C, four columns at a time in four accumulators.
func addDots[F Float](c Mat[F], a left[F], b Mat[F]) {
	for i := range c.Rows {
		o, x := c.Row(i), a.from(i, 0)
		j := 0
		for ; j+4 <= len(o); j += 4 {
			s0, s1, s2, s3 := o[j], o[j+1], o[j+2], o[j+3]
			b0, b1, b2, b3 := b.Row(j), b.Row(j + 1)[:b.Cols], b.Row(j + 2)[:b.Cols], b.Row(j + 3)[:b.Cols]
			for l, p := range b0 {
				v := x.data[l*x.col]
				s0 += F(v * p)
				s1 += F(v * b1[l])
				s2 += F(v * b2[l])
				s3 += F(v * b3[l])
			}
			o[j], o[j+1], o[j+2], o[j+3] = s0, s1, s2, s3
		}
		for ; j < len(o); j++ {
			for l, p := range b.Row(j) {
				o[j] += F(x.data[l*x.col] * p)
			}
		}
	}
}
