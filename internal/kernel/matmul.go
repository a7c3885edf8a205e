package kernel

import "fmt"

// MatMul sets C = op(A)·op(B), or C += op(A)·op(B) if acc, op(X) being X or, with tA or tB, its transpose: op(A)
// [m, k], op(B) [k, n], C [m, n]. C shares no element with A or B. With k = 0 the product is zero.
//
// Each element is c_ij = [c_ij +] Σ_l a_il·b_lj in one accumulator, l rising, and no term is left out, so a NaN or an
// infinity is never lost behind a zero and the bits depend on nothing but the numbers: not on the strides, not on how
// the rows or columns of C are shared out between calls. Blocks and tiles only change when an element's next terms
// are added. In float32 on the vector paths (see Path) each term is fused, rounded once with its sum, and the bits
// are those of either path; otherwise every product is rounded before it is added, as in matMulPlain.
func MatMul[F Float](c, a, b Mat[F], tA, tB, acc bool) {
	k := inner(c, a, b, tA, tB)
	if k > 0 && c.Rows > 0 && c.Cols > 0 && active != plain {
		if c, ok := any(c).(Mat[float32]); ok {
			vectorMatMul(active, c, any(a).(Mat[float32]), any(b).(Mat[float32]), flags{tA, tB, acc})
			return
		}
	}
	if !acc {
		Fill(c, 0)
	}
	if k == 0 || c.Rows == 0 || c.Cols == 0 {
		return
	}
	l := left[F]{data: a.Data, row: a.Stride, col: 1}
	if tA {
		l.row, l.col = 1, a.Stride
	}
	switch {
	case !tB:
		addProduct(c, l, b)
	case c.Rows < fewRows:
		addDots(c, l, b)
	default:
		addPacked(c, l, b)
	}
}

// flags are the last three arguments of MatMul.
type flags struct{ tA, tB, acc bool }

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

// matMulPlain is MatMul as its definition reads, for the tests.
func matMulPlain[F Float](c, a, b Mat[F], tA, tB, acc bool) {
	k := inner(c, a, b, tA, tB)
	at := func(m Mat[F], i, j int, t bool) F {
		if t {
			i, j = j, i
		}
		return m.Data[i*m.Stride+j]
	}
	for i := range c.Rows {
		o := c.Row(i)
		for j := range o {
			var s F
			if acc {
				s = o[j]
			}
			for l := range k {
				s += F(at(a, i, l, tA) * at(b, l, j, tB))
			}
			o[j] = s
		}
	}
}
