package kernel

import "fmt"

// operand is one argument of a broadcast operation: full shape, 1 x cols, rows x 1 or 1 x 1.
type operand[F Float] struct {
	m        *Mat[F]
	row, col int // 1 where the index moves, 0 where the operand is repeated
}

// spread returns m as an operand of an operation whose result is [rows, cols].
func spread[F Float](op string, m *Mat[F], rows, cols int) operand[F] {
	if (m.Rows != rows && m.Rows != 1) || (m.Cols != cols && m.Cols != 1) {
		panic(fmt.Sprintf("internal error: kernel.%s: %dx%d does not spread over %dx%d", op, m.Rows, m.Cols, rows, cols))
	}
	s := operand[F]{m: m}
	if m.Rows == rows {
		s.row = 1
	}
	if m.Cols == cols {
		s.col = 1
	}
	return s
}

// at returns what the operand shows in row i: cols elements, or the single one that is repeated.
func (s *operand[F]) at(i int) []F { return s.m.Row(i * s.row) }

// Copy sets out_ij = x_ij, [rows, cols]; x is full, 1 x cols, rows x 1 or 1 x 1.
func Copy[F Float](out, x Mat[F]) {
	s := spread("Copy", &x, out.Rows, out.Cols)
	for i := range out.Rows {
		copyRow(out.Row(i), s.at(i), s.col)
	}
}

// copyRow sets o_j = x_(j·col).
func copyRow[F Float](o, x []F, col int) {
	if col == 1 {
		copy(o, x)
		return
	}
	fillRow(o, x[0])
}

// Fill sets every element of out, [rows, cols], to v.
func Fill[F Float](out Mat[F], v F) {
	for i := range out.Rows {
		fillRow(out.Row(i), v)
	}
}

// fillRow sets o_j = v.
func fillRow[F Float](o []F, v F) {
	for j := range o {
		o[j] = v
	}
}

// Where sets out_ij = a_ij where mask_ij != 0 (NaN is not 0) and b_ij elsewhere, [rows, cols]. It selects and does
// not multiply: a NaN on the side that is not taken leaves no trace. mask is full or rows x 1; a and b are full, 1
// x cols, rows x 1 or 1 x 1. out may be the same view as a full a, b or mask.
func Where[F Float](out, mask, a, b Mat[F]) {
	rows, cols := out.Rows, out.Cols
	x, y := spread("Where", &a, rows, cols), spread("Where", &b, rows, cols)
	mask.is("Where", rows, mask.Cols)
	s := spread("Where", &mask, rows, cols)
	for i := range rows {
		o := out.Row(i)
		switch m := s.at(i); {
		case s.col == 1:
			whereRow(o, m, &x, &y, i)
		case m[0] != 0:
			copyRow(o, x.at(i), x.col)
		default:
			copyRow(o, y.at(i), y.col)
		}
	}
}

// whereRow is row i of Where with a mask per element.
func whereRow[F Float](o, mask []F, a, b *operand[F], i int) {
	x, y := a.at(i), b.at(i)
	for j, m := range mask {
		if m != 0 {
			o[j] = x[j*a.col]
		} else {
			o[j] = y[j*b.col]
		}
	}
}
