package kernel

import "math"

// Softmax sets out_ij = e^(x_ij - m_i) / Σ_k e^(x_ik - m_i) with m_i the largest element of row i, [rows, cols],
// cols >= 1; out may be the same view as x. A row that holds NaN or +Inf, or nothing but -Inf, becomes NaN, as in
// PyTorch.
func Softmax[F Float](out, x Mat[F]) {
	x.is("Softmax", out.Rows, out.Cols)
	for i := range out.Rows {
		o, row := out.Row(i), x.Row(i)
		vectorScalar(div, o, o, expSum(o, row, largest(row)))
	}
}

// LogSoftmax sets out_ij = (x_ij - m_i) - ln Σ_k e^(x_ik - m_i) with m_i the largest element of row i, [rows,
// cols], cols >= 1; out may be the same view as x. NaN as in Softmax.
func LogSoftmax[F Float](out, x Mat[F]) {
	x.is("LogSoftmax", out.Rows, out.Cols)
	for i := range out.Rows {
		o, row := out.Row(i), x.Row(i)
		m := largest(row)
		l := log(sumExp(row, m))
		vectorScalar(sub, o, row, m)
		vectorScalar(sub, o, o, l)
	}
}

// largest returns the largest element, NaN if there is one, -Inf of nothing. Of 0 and -0 it may be either.
func largest[F Float](x []F) F {
	if x, ok := any(x).([]float32); ok && active != plain && len(x) >= 8 {
		return F(vectorMax(x))
	}
	m := F(math.Inf(-1))
	for _, v := range x {
		m = max(m, v)
	}
	return m
}

// log is the natural logarithm, computed in float64.
func log[F Float](v F) F { return F(math.Log(float64(v))) }

// SoftmaxGrad sets out_ij = y_ij·(dy_ij - Σ_k y_ik·dy_ik), the gradient of y = softmax(x), all [rows, cols]; out
// may be the same view as y or dy.
func SoftmaxGrad[F Float](out, y, dy Mat[F]) {
	y.is("SoftmaxGrad", out.Rows, out.Cols)
	dy.is("SoftmaxGrad", out.Rows, out.Cols)
	for i := range out.Rows {
		o, p, d := out.Row(i), y.Row(i), dy.Row(i)
		s := dot(p, d)
		if o, ok := any(o).([]float32); ok && active != plain {
			vectorMulSub(active, o, any(p).([]float32), any(d).([]float32), float32(s))
			continue
		}
		for j := range o {
			o[j] = p[j] * (d[j] - s)
		}
	}
}

// LogSoftmaxGrad sets out_ij = dy_ij - e^y_ij·Σ_k dy_ik, the gradient of y = log softmax(x), all [rows, cols]; out
// may be the same view as y or dy.
func LogSoftmaxGrad[F Float](out, y, dy Mat[F]) {
	y.is("LogSoftmaxGrad", out.Rows, out.Cols)
	dy.is("LogSoftmaxGrad", out.Rows, out.Cols)
	var e [sumBlock]F
	for i := range out.Rows {
		o, l, d := out.Row(i), y.Row(i), dy.Row(i)
		s := sum(d)
		for c := 0; c < len(o); c += sumBlock {
			end := min(c+sumBlock, len(o))
			expShift(e[:end-c], l[c:end], 0)
			subScaled(o[c:end], d[c:end], e[:end-c], s)
		}
	}
}

// subScaled sets o_j = x_j - y_j·k.
func subScaled[F Float](o, x, y []F, k F) {
	if o, ok := any(o).([]float32); ok && active != plain {
		vectorSubMul(active, o, any(y).([]float32), any(x).([]float32), float32(k))
		return
	}
	x, y = x[:len(o)], y[:len(o)]
	for j := range o {
		o[j] = x[j] - F(y[j]*k)
	}
}
