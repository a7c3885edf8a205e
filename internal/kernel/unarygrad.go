package kernel

// SigmoidGrad sets out = dy⊙y⊙(1-y), the gradient of y = σ(x), all [rows, cols]; out may be the same view as y or dy.
func SigmoidGrad[F Float](out, y, dy Mat[F]) {
	triple("SigmoidGrad", &out, &y, &dy)
	for i := range out.Rows {
		if o, ok := any(out.Row(i)).([]float32); ok && active != plain {
			vectorSigmoidGrad(active, o, any(y.Row(i)).([]float32), any(dy.Row(i)).([]float32))
			continue
		}
		o, d := out.Row(i), dy.Row(i)
		for j, v := range y.Row(i) {
			o[j] = F(d[j]*v) * (1 - v)
		}
	}
}

// TanhGrad sets out = dy⊙(1-y²), the gradient of y = tanh(x), all [rows, cols]; out may be the same view as y or dy.
func TanhGrad[F Float](out, y, dy Mat[F]) {
	triple("TanhGrad", &out, &y, &dy)
	for i := range out.Rows {
		if o, ok := any(out.Row(i)).([]float32); ok && active != plain {
			vectorTanhGrad(active, o, any(y.Row(i)).([]float32), any(dy.Row(i)).([]float32))
			continue
		}
		o, d := out.Row(i), dy.Row(i)
		for j, v := range y.Row(i) {
			o[j] = d[j] * (1 - F(v*v))
		}
	}
}

// ReLUGrad sets out_ij = dy_ij where y_ij > 0 and 0 elsewhere (0 too where y is NaN), the gradient of y = max(x, 0),
// all [rows, cols]; out may be the same view as y or dy.
func ReLUGrad[F Float](out, y, dy Mat[F]) {
	triple("ReLUGrad", &out, &y, &dy)
	for i := range out.Rows {
		if o, ok := any(out.Row(i)).([]float32); ok && active != plain {
			vectorReLUGrad(active, o, any(y.Row(i)).([]float32), any(dy.Row(i)).([]float32))
			continue
		}
		o, d := out.Row(i), dy.Row(i)
		for j, v := range y.Row(i) {
			g := d[j]
			if !(v > 0) {
				g = 0
			}
			o[j] = g
		}
	}
}

// AbsGrad sets out_ij = dy_ij·sign(x_ij), the gradient of |x|, with sign(0) = 0 as PyTorch has it and sign(NaN) =
// NaN, all [rows, cols]; out may be the same view as x or dy.
func AbsGrad[F Float](out, x, dy Mat[F]) {
	triple("AbsGrad", &out, &x, &dy)
	for i := range out.Rows {
		o, d := out.Row(i), dy.Row(i)
		for j, v := range x.Row(i) {
			o[j] = d[j] * sign(v)
		}
	}
}

// sign returns -1, 0, 1 or NaN.
func sign[F Float](v F) F {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return v
}
