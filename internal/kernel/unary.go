package kernel

import "math"

// Sigmoid sets out_ij = σ(x_ij) = 1/(1+e^-x_ij), [rows, cols]; out may be the same view as x.
// float32: under 3 ulp. NaN stays NaN, -Inf gives 0, +Inf gives 1.
func Sigmoid[F Float](out, x Mat[F]) {
	pair("Sigmoid", &out, &x)
	for i := range out.Rows {
		switch o := any(out.Row(i)).(type) {
		case []float32:
			sigmoidRow(o, any(x.Row(i)).([]float32))
		case []float64:
			for j, v := range any(x.Row(i)).([]float64) {
				o[j] = sigmoid64(v)
			}
		}
	}
}

// Tanh sets out_ij = tanh(x_ij), [rows, cols]; out may be the same view as x.
// float32: under 3 ulp. NaN stays NaN, ±Inf gives ±1, -0 stays -0.
func Tanh[F Float](out, x Mat[F]) {
	pair("Tanh", &out, &x)
	for i := range out.Rows {
		switch o := any(out.Row(i)).(type) {
		case []float32:
			tanhRow(o, any(x.Row(i)).([]float32))
		case []float64:
			for j, v := range any(x.Row(i)).([]float64) {
				o[j] = math.Tanh(v)
			}
		}
	}
}

// sigmoidRow writes o_j = σ(x_j).
func sigmoidRow(o, x []float32) {
	if active != plain {
		vectorSigmoid(active, o, x)
		return
	}
	for j, v := range x {
		o[j] = sigmoid32(v)
	}
}

// tanhRow writes o_j = tanh(x_j).
func tanhRow(o, x []float32) {
	if active != plain {
		vectorTanh(active, o, x)
		return
	}
	for j, v := range x {
		o[j] = tanh32(v)
	}
}

// Exp sets out_ij = e^x_ij, [rows, cols]; out may be the same view as x.
// float32: under 1 ulp, denormal results included. NaN stays NaN, -Inf gives 0, overflow gives +Inf.
func Exp[F Float](out, x Mat[F]) {
	pair("Exp", &out, &x)
	for i := range out.Rows {
		expShift(out.Row(i), x.Row(i), 0)
	}
}

// ReLU sets out_ij = max(x_ij, 0), [rows, cols]; out may be the same view as x. NaN stays NaN.
func ReLU[F Float](out, x Mat[F]) {
	pair("ReLU", &out, &x)
	for i := range out.Rows {
		o := out.Row(i)
		if o, ok := any(o).([]float32); ok && active != plain {
			vectorReLU(active, o, any(x.Row(i)).([]float32))
			continue
		}
		for j, v := range x.Row(i) {
			o[j] = max(v, 0)
		}
	}
}

// Log sets out_ij = ln x_ij, [rows, cols], computed in float64; out may be the same view as x. 0 gives -Inf, less
// gives NaN.
func Log[F Float](out, x Mat[F]) {
	pair("Log", &out, &x)
	for i := range out.Rows {
		o := out.Row(i)
		for j, v := range x.Row(i) {
			o[j] = F(math.Log(float64(v)))
		}
	}
}

// Sqrt sets out_ij = √x_ij, [rows, cols], correctly rounded; out may be the same view as x. Less than 0 gives NaN.
func Sqrt[F Float](out, x Mat[F]) {
	pair("Sqrt", &out, &x)
	for i := range out.Rows {
		o := out.Row(i)
		for j, v := range x.Row(i) {
			o[j] = F(math.Sqrt(float64(v)))
		}
	}
}

// Square sets out_ij = x_ij², [rows, cols]; out may be the same view as x.
func Square[F Float](out, x Mat[F]) {
	pair("Square", &out, &x)
	for i := range out.Rows {
		o := out.Row(i)
		for j, v := range x.Row(i) {
			o[j] = v * v
		}
	}
}

// Abs sets out_ij = |x_ij|, [rows, cols]; out may be the same view as x. -0 gives 0.
func Abs[F Float](out, x Mat[F]) {
	pair("Abs", &out, &x)
	for i := range out.Rows {
		o := out.Row(i)
		for j, v := range x.Row(i) {
			o[j] = F(math.Abs(float64(v)))
		}
	}
}

// Scale sets out_ij = k·x_ij, [rows, cols]; out may be the same view as x.
func Scale[F Float](out, x Mat[F], k F) {
	pair("Scale", &out, &x)
	for i := range out.Rows {
		vectorScalar(mul, out.Row(i), x.Row(i), k)
	}
}

// AddConst sets out_ij = x_ij + k, [rows, cols]; out may be the same view as x.
func AddConst[F Float](out, x Mat[F], k F) {
	pair("AddConst", &out, &x)
	for i := range out.Rows {
		vectorScalar(add, out.Row(i), x.Row(i), k)
	}
}
