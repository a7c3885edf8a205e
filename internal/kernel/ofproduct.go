package kernel

// SumOfProducts sets out = a⊙b + c⊙d, all [rows, cols], with the bits of Mul, Mul and Add; out may be the same view as
// any operand.
func SumOfProducts[F Float](out, a, b, c, d Mat[F]) {
	together("SumOfProducts", &out, &a, &b, &c, &d)
	for i := range out.Rows {
		if o, ok := any(out.Row(i)).([]float32); ok && active != plain {
			vectorSumOfProducts(active, o, row32(a, i), row32(b, i), row32(c, i), row32(d, i))
			continue
		}
		o, p, q, r, s := out.Row(i), a.Row(i), b.Row(i), c.Row(i), d.Row(i)
		for j := range o {
			o[j] = F(p[j]*q[j]) + F(r[j]*s[j])
		}
	}
}

// AddProduct sets out = a + b⊙c, all [rows, cols], with the bits of Mul and Add; out may be the same view as any operand.
func AddProduct[F Float](out, a, b, c Mat[F]) {
	together("AddProduct", &out, &a, &b, &c)
	for i := range out.Rows {
		if o, ok := any(out.Row(i)).([]float32); ok && active != plain {
			vectorMulAdd(active, o, row32(a, i), row32(b, i), row32(c, i))
			continue
		}
		o, p, q, r := out.Row(i), a.Row(i), b.Row(i), c.Row(i)
		for j := range o {
			o[j] = p[j] + F(q[j]*r[j])
		}
	}
}

// SigmoidGradOf sets out = (a⊙b)⊙y⊙(1-y), SigmoidGrad of a product, all [rows, cols], with the bits of Mul and
// SigmoidGrad; out may be the same view as any operand.
func SigmoidGradOf[F Float](out, y, a, b Mat[F]) {
	together("SigmoidGradOf", &out, &y, &a, &b)
	for i := range out.Rows {
		if o, ok := any(out.Row(i)).([]float32); ok && active != plain {
			vectorSigmoidGradOf(active, o, row32(y, i), row32(a, i), row32(b, i), 1)
			continue
		}
		o, p, q := out.Row(i), a.Row(i), b.Row(i)
		for j, v := range y.Row(i) {
			o[j] = F(F(p[j]*q[j])*v) * (1 - v)
		}
	}
}

// TanhGradOf sets out = (a⊙b)⊙(1-y²), TanhGrad of a product, all [rows, cols], with the bits of Mul and TanhGrad; out
// may be the same view as any operand.
func TanhGradOf[F Float](out, y, a, b Mat[F]) {
	together("TanhGradOf", &out, &y, &a, &b)
	for i := range out.Rows {
		if o, ok := any(out.Row(i)).([]float32); ok && active != plain {
			vectorTanhGradOf(active, o, row32(y, i), row32(a, i), row32(b, i), 1)
			continue
		}
		o, p, q := out.Row(i), a.Row(i), b.Row(i)
		for j, v := range y.Row(i) {
			o[j] = F(p[j]*q[j]) * (1 - F(v*v))
		}
	}
}

// TanhGradAdd sets out = e + (a⊙b)⊙(1-y²), all [rows, cols], with the bits of TanhGradOf and Add; out may be the same
// view as any operand.
func TanhGradAdd[F Float](out, e, y, a, b Mat[F]) {
	together("TanhGradAdd", &out, &e, &y, &a, &b)
	for i := range out.Rows {
		if o, ok := any(out.Row(i)).([]float32); ok && active != plain {
			vectorTanhGradAdd(active, o, row32(y, i), row32(a, i), row32(b, i), row32(e, i), 1)
			continue
		}
		o, p, q, s := out.Row(i), a.Row(i), b.Row(i), e.Row(i)
		for j, v := range y.Row(i) {
			o[j] = s[j] + F(F(p[j]*q[j])*(1-F(v*v)))
		}
	}
}

// row32 returns row i of a float32 matrix.
func row32[F Float](m Mat[F], i int) []float32 { return any(m.Row(i)).([]float32) }
