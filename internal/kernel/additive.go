package kernel

// Additive scores compare each of T queries with each of S keys: e_ts = Σ_w v_w·u_tsw, u_tsw = tanh(q_tw + k_sw), q
// [T, W], k [S, W], v [1, W]. The u are computed again wherever they are needed, some keys at a time, in a scratch
// matrix that stays in the first-level cache: all of them are T·S·W elements, which nobody has to keep.

// additiveLen is the number of elements of the scratch, if a row is no longer.
const additiveLen = 4096

// AdditiveScratch returns a matrix for the functions below, for rows of w elements.
func AdditiveScratch[F Float](w int) Mat[F] { return NewMat[F](max(1, additiveLen/max(w, 1)), w) }

// AdditiveScores sets out_ts = e_ts, [T, S].
func AdditiveScores[F Float](out, q, k, v, scratch Mat[F]) {
	eachKeys(k, scratch, func(at int, keys, u Mat[F]) {
		for t := range q.Rows {
			tanhOfSum(u, q, keys, t)
			Mul(u, u, v)
			SumCols(column(out.Row(t)[at:at+u.Rows]), u, false)
		}
	})
}

// AdditiveQueryGrad sets out_tw = Σ_s ds_ts·v_w·(1-u_tsw²), [T, W], from ds [T, S].
func AdditiveQueryGrad[F Float](out, q, k, v, ds, scratch, more Mat[F]) {
	Fill(out, 0)
	eachKeys(k, scratch, func(at int, keys, u Mat[F]) {
		d := more.Slice(0, u.Rows, 0, u.Cols)
		for t := range q.Rows {
			tanhOfSum(u, q, keys, t)
			Mul(d, column(ds.Row(t)[at:at+u.Rows]), v)
			TanhGrad(u, u, d)
			SumRows(out.Slice(t, t+1, 0, out.Cols), u, true)
		}
	})
}

// AdditiveKeyGrad sets out_sw = Σ_t ds_ts·v_w·(1-u_tsw²), [S, W], t rising.
func AdditiveKeyGrad[F Float](out, q, k, v, ds, scratch, more Mat[F]) {
	Fill(out, 0)
	eachKeys(k, scratch, func(at int, keys, u Mat[F]) {
		d, sum := more.Slice(0, u.Rows, 0, u.Cols), out.Slice(at, at+u.Rows, 0, u.Cols)
		for t := range q.Rows {
			tanhOfSum(u, q, keys, t)
			Mul(d, column(ds.Row(t)[at:at+u.Rows]), v)
			TanhGrad(u, u, d)
			Add(sum, sum, u)
		}
	})
}

// AdditiveVectorGrad adds Σ_ts ds_ts·u_tsw to out_w, [1, W].
func AdditiveVectorGrad[F Float](out, q, k, ds, scratch Mat[F]) {
	eachKeys(k, scratch, func(at int, keys, u Mat[F]) {
		for t := range q.Rows {
			tanhOfSum(u, q, keys, t)
			Mul(u, u, column(ds.Row(t)[at:at+u.Rows]))
			SumRows(out, u, true)
		}
	})
}

// eachKeys calls f for some keys at a time, the first being number at, with as much of the scratch.
func eachKeys[F Float](k, scratch Mat[F], f func(at int, keys, u Mat[F])) {
	for at := 0; at < k.Rows; at += scratch.Rows {
		n := min(scratch.Rows, k.Rows-at)
		f(at, k.Slice(at, at+n, 0, k.Cols), scratch.Slice(0, n, 0, k.Cols))
	}
}

// tanhOfSum sets u_sw = tanh(q_tw + k_sw) of query t.
func tanhOfSum[F Float](u, q, keys Mat[F], t int) {
	Add(u, keys, q.Slice(t, t+1, 0, q.Cols))
	Tanh(u, u)
}

// column is x as a matrix of one column.
func column[F Float](x []F) Mat[F] { return Mat[F]{Data: x, Rows: len(x), Cols: 1, Stride: 1} }
