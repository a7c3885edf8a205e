package kernel

import "fmt"

// MatMul sets C = op(A)·op(B), or C += op(A)·op(B) if acc, op(X) being X or, with tA or tB, its transpose: op(A)
// [m, k], op(B) [k, n], C [m, n]. C shares no element with A or B. With k = 0 the product is zero.
//
// Each element is c_ij = [c_ij +] Σ_l a_il·b_lj in one accumulator, l rising, and no term is left out, so a NaN or an
// infinity is never lost behind a zero and the bits depend on nothing but the numbers: not on the strides, not on how
// the rows or columns of C are shared out between calls. Blocks and tiles only change when an element's next terms
// are added. In float32 on the vector paths (see Path) each term is fused, rounded once with its sum, and the bits
// are those of either path; otherwise every product is rounded before it is added.
func MatMul[F Float](c, a, b Mat[F], tA, tB, acc bool) {
	if acc {
		AddMatMul(c, c, a, b, tA, tB)
		return
	}
	k := inner(c, a, b, tA, tB)
	if k > 0 && c.Rows > 0 && c.Cols > 0 && active != plain {
		if c, ok := any(c).(Mat[float32]); ok {
			vectorMatMul(active, c, nil, any(a).(Mat[float32]), any(b).(Mat[float32]), flags{tA, tB})
			return
		}
	}
	Fill(c, 0)
	addMatMul(c, a, b, k, flags{tA, tB})
}

// AddMatMul sets C = D + op(A)·op(B), with the bits of D copied to C and then MatMul with acc. D is C itself, or of its
// size, or one row [1, n] that is added to every row; unless it is C it shares no element with it.
func AddMatMul[F Float](c, d, a, b Mat[F], tA, tB bool) {
	k := inner(c, a, b, tA, tB)
	if (d.Rows != c.Rows && d.Rows != 1) || d.Cols != c.Cols {
		panic(fmt.Sprintf("internal error: kernel.AddMatMul: C %dx%d, D %dx%d", c.Rows, c.Cols, d.Rows, d.Cols))
	}
	if k > 0 && c.Rows > 0 && c.Cols > 0 && active != plain {
		if c, ok := any(c).(Mat[float32]); ok {
			d := any(d).(Mat[float32])
			vectorMatMul(active, c, &d, any(a).(Mat[float32]), any(b).(Mat[float32]), flags{tA, tB})
			return
		}
	}
	if !Same(c, d) {
		Copy(c, d)
	}
	addMatMul(c, a, b, k, flags{tA, tB})
}

// addMatMul adds op(A)·op(B) to C in plain Go.
func addMatMul[F Float](c, a, b Mat[F], k int, f flags) {
	if k == 0 || c.Rows == 0 || c.Cols == 0 {
		return
	}
	l := left[F]{data: a.Data, row: a.Stride, col: 1}
	if f.tA {
		l.row, l.col = 1, a.Stride
	}
	switch {
	case !f.tB:
		addProduct(c, l, b)
	case c.Rows < fewRows:
		addDots(c, l, b)
	default:
		addPacked(c, l, b)
	}
}

// flags say which factors are transposed.
type flags struct{ tA, tB bool }

// inner returns k, and panics unless op(A) is [m, k], op(B) [k, n] and C [m, n].
func inner[F Float](c, a, b Mat[F], tA, tB bool) int {
	m, k, kb, n := a.Rows, a.Cols, b.Rows, b.Cols
	if tA {
		m, k = k, m
	}
	if tB {
		kb, n = n, kb
	}
	if m != c.Rows || n != c.Cols || k != kb {
		panic(fmt.Sprintf("internal error: kernel.MatMul: C %dx%d, op(A) %dx%d, op(B) %dx%d", c.Rows, c.Cols, m, k, kb, n))
	}
	return k
}
