//go:build !purego

package kernel

// vectorTranspose is Transpose by vector instructions; no size is zero.
func vectorTranspose(p path, out, x Mat[float32]) {
	turn(p, stridedOf(out, false), stridedOf(x, true), out.Rows, out.Cols)
}

// turn copies m [rows, cols], whose rows are adjacent elements of its columns (m.row is 4), to out, whose columns
// are adjacent (out.col is 4).
func turn(p path, out, m strided, rows, cols int) {
	lanes := leastLanes
	if p = p.fitting(cols); p == avx512 {
		lanes = 16
	}
	if rows < 4 || cols < lanes {
		copyStrided(out, m, rows, cols)
		return
	}
	for j := 0; j < cols; j += lanes {
		j = min(j, cols-lanes) // the last strip overlaps the one before it
		dst, src := (*float32)(out.at(0, j).p), (*float32)(m.at(0, j).p)
		if p == avx512 {
			avx512Transpose(dst, src, out.row, m.col, rows)
		} else {
			avx2Transpose(dst, src, out.row, m.col, rows)
		}
	}
}

// fitting is the path whose vectors are full of so few columns.
func (p path) fitting(cols int) path {
	if p == avx512 && cols < 16 {
		return avx2
	}
	return p
}

// copyPanel copies rows of m, as long as the rows of out, which have no gap; out.row is the width of the highest tile.
func copyPanel(p path, out, m strided, rows int) {
	dst, src := (*float32)(out.p), (*float32)(m.p)
	if p == avx512 {
		avx512CopyPanel(dst, src, m.row, rows)
	} else {
		avx2CopyPanel(dst, src, m.row, rows)
	}
}

// copyStrided copies m [rows, cols] to out, element by element, whatever the strides.
func copyStrided(out, m strided, rows, cols int) {
	for i := range rows {
		for j := range cols {
			*(*float32)(out.at(i, j).p) = *(*float32)(m.at(i, j).p)
		}
	}
}
