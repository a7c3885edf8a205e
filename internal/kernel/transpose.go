package kernel

// Transpose sets out = xᵀ, out [n, m], x [m, n]; they share no element. Weights that are multiplied by many times as
// they are and transposed, as in a recurrent step, are worth a transposed copy: from five rows on, MatMul with tB makes
// one each time.
func Transpose[F Float](out, x Mat[F]) {
	out.is("Transpose", x.Cols, x.Rows)
	if active != plain && x.Rows > 0 && x.Cols > 0 {
		if out, ok := any(out).(Mat[float32]); ok {
			vectorTranspose(active, out, any(x).(Mat[float32]))
			return
		}
	}
	transposePlain(out, x)
}

// transposePlain is Transpose as its definition reads.
func transposePlain[F Float](out, x Mat[F]) {
	for i := range x.Rows {
		k := i
		for _, v := range x.Row(i) {
			out.Data[k] = v
			k += out.Stride
		}
	}
}
