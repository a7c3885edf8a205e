package kernel

// SumAll returns Σ_ij x_ij, x [rows, cols]; sum.go has the order of this and the next. A column is added as a row.
func SumAll[F Float](x Mat[F]) F {
	if x.Cols == 1 {
		return sumColumn(x)
	}
	if x.Rows > 8 {
		h := x.Rows / 2
		return SumAll(x.Slice(0, h, 0, x.Cols)) + SumAll(x.Slice(h, x.Rows, 0, x.Cols))
	}
	var s F
	for i := range x.Rows {
		s += sum(x.Row(i))
	}
	return s
}

// sumColumn is sum of the elements of a column.
func sumColumn[F Float](x Mat[F]) F {
	if x.Rows > sumBlock {
		h := halve(x.Rows)
		return sumColumn(x.Slice(0, h, 0, 1)) + sumColumn(x.Slice(h, x.Rows, 0, 1))
	}
	var block [sumBlock]F
	for i := range x.Rows {
		block[i] = x.Data[i*x.Stride]
	}
	return sumLanes(block[:x.Rows])
}

// SumSquares returns Σ_k x_k² in float64, in which the square of a float32 is exact and cannot overflow: for the
// norm of gradients.
func SumSquares[F Float](x []F) float64 {
	if len(x) > sumBlock {
		h := halve(len(x))
		return SumSquares(x[:h]) + SumSquares(x[h:])
	}
	var s [8]float64
	if x32, ok := any(x).([]float32); ok && active != plain {
		x = any(addSquareLanes(&s, x32)).([]F)
	}
	for len(x) >= 8 {
		for j := range s {
			s[j] += square(x[j])
		}
		x = x[8:]
	}
	for j, v := range x {
		s[j] += square(v)
	}
	return fold(&s)
}

// square returns v² in float64.
func square[F Float](v F) float64 { return float64(float64(v) * float64(v)) }

// SumCols sets out_i = Σ_j x_ij, or adds it to out_i if acc; x [rows, cols], out [rows, 1].
func SumCols[F Float](out, x Mat[F], acc bool) {
	out.is("SumCols", x.Rows, 1)
	for i := range x.Rows {
		o, s := out.Row(i), sum(x.Row(i))
		if acc {
			s += o[0]
		}
		o[0] = s
	}
}

// SumRows sets out_j = Σ_i x_ij, or adds it to out_j if acc; x [rows, cols], out [1, cols]. Rows are added in runs
// of 32, the runs pairwise, the total once to out.
func SumRows[F Float](out, x Mat[F], acc bool) {
	out.is("SumRows", 1, x.Cols)
	for c := 0; c < x.Cols; c += sumWidth {
		var s [sumWidth]F
		end := min(c+sumWidth, x.Cols)
		sumDown(s[:end-c], x.Slice(0, x.Rows, c, end))
		putRow(out.Row(0)[c:end], s[:end-c], acc)
	}
}

// putRow sets o to s, or adds s to it.
func putRow[F Float](o, s []F, acc bool) {
	if acc {
		vectorVector(add, o, s, o)
	} else {
		copy(o, s)
	}
}

const (
	sumWidth = 256 // columns that SumRows takes at a time; their partial sums live on the stack
	sumRun   = 32  // rows that it adds one after the other
)

// sumDown sets s_j = Σ_i x_ij; s is zero when it is called, [cols].
func sumDown[F Float](s []F, x Mat[F]) {
	if x.Rows <= sumRun {
		if s32, ok := any(s).([]float32); ok && active != plain {
			addDown(active, s32, any(x).(Mat[float32]))
			return
		}
		for i := range x.Rows {
			vectorVector(add, s, s, x.Row(i))
		}
		return
	}
	var t [sumWidth]F
	h := x.Rows / 2
	sumDown(s, x.Slice(0, h, 0, x.Cols))
	sumDown(t[:len(s)], x.Slice(h, x.Rows, 0, x.Cols))
	vectorVector(add, s, s, t[:len(s)])
}

// ArgMax sets out_i to the column of the largest element of row i of x, [rows, cols], the first of equals; cols >= 1.
// A NaN counts as larger than every number, as in PyTorch: the first NaN of a row is its answer.
func ArgMax[F Float](out []int, x Mat[F]) {
	count("ArgMax", len(out), x.Rows)
	if x.Cols == 0 && x.Rows > 0 {
		panic("internal error: kernel.ArgMax: no columns")
	}
	for i := range out {
		row := x.Row(i)
		best := 0
		for j, v := range row {
			if v > row[best] {
				best = j
			}
			if v != v {
				best = j
				break
			}
		}
		out[i] = best
	}
}
