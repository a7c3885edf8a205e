package kernel

// Additive compares each of T queries with each of S keys: e_ts = Σ_w v_w·u_tsw, u_tsw = tanh(q_tw + k_sw). All u are
// T·S·W elements, which nobody has to keep: they are computed again wherever they are needed, some keys at a time, in
// scratch matrices that stay in the first-level cache.
type Additive[F Float] struct {
	Q, K, V Mat[F] // [T, W], [S, W], [1, W]
	DS      Mat[F] // gradient of the scores, [T, S]; not for Scores
	U, D    Mat[F] // of AdditiveScratch; D for QueryGrad and KeyGrad alone
}

// additiveLen is the number of elements of the scratch, if a row is no longer.
const additiveLen = 4096

// AdditiveScratch returns a scratch matrix for rows of w elements. Shares of the columns take that of the whole, so that
// sums are cut at the same keys.
func AdditiveScratch[F Float](w int) Mat[F] { return NewMat[F](max(1, additiveLen/max(w, 1)), w) }

// Scores sets out_ts = e_ts, [T, S].
func (x *Additive[F]) Scores(out Mat[F]) {
	for at := 0; at < x.K.Rows; at += x.U.Rows {
		for t := range x.Q.Rows {
			u := x.tanh(t, at)
			Mul(u, u, x.V)
			SumCols(column(out.Row(t)[at:at+u.Rows]), u, false)
		}
	}
}

// QueryGrad sets out_tw = Σ_s ds_ts·v_w·(1-u_tsw²), [T, W].
func (x *Additive[F]) QueryGrad(out Mat[F]) {
	Fill(out, 0)
	for at := 0; at < x.K.Rows; at += x.U.Rows {
		for t := range x.Q.Rows {
			SumRows(out.Slice(t, t+1, 0, out.Cols), x.slope(t, at), true)
		}
	}
}

// KeyGrad sets out_sw = Σ_t ds_ts·v_w·(1-u_tsw²), [S, W], t rising.
func (x *Additive[F]) KeyGrad(out Mat[F]) {
	Fill(out, 0)
	for at := 0; at < x.K.Rows; at += x.U.Rows {
		for t := range x.Q.Rows {
			d := x.slope(t, at)
			sum := out.Slice(at, at+d.Rows, 0, out.Cols)
			Add(sum, sum, d)
		}
	}
}

// AddVectorGrad adds Σ_ts ds_ts·u_tsw to out_w, [1, W].
func (x *Additive[F]) AddVectorGrad(out Mat[F]) {
	for at := 0; at < x.K.Rows; at += x.U.Rows {
		for t := range x.Q.Rows {
			u := x.tanh(t, at)
			Mul(u, u, column(x.DS.Row(t)[at:at+u.Rows]))
			SumRows(out, u, true)
		}
	}
}

// tanh is u_ts for the keys s from at on for which there is scratch.
func (x *Additive[F]) tanh(t, at int) Mat[F] {
	n := min(x.U.Rows, x.K.Rows-at)
	u := x.U.Slice(0, n, 0, x.K.Cols)
	Add(u, x.K.Slice(at, at+n, 0, x.K.Cols), x.Q.Slice(t, t+1, 0, x.Q.Cols))
	Tanh(u, u)
	return u
}

// slope is ds_ts·v⊙(1-u_ts²) for the keys of tanh.
func (x *Additive[F]) slope(t, at int) Mat[F] {
	u := x.tanh(t, at)
	d := x.D.Slice(0, u.Rows, 0, u.Cols)
	Mul(d, column(x.DS.Row(t)[at:at+u.Rows]), x.V)
	TanhGrad(u, u, d)
	return u
}

// column is x as a matrix of one column.
func column[F Float](x []F) Mat[F] { return Mat[F]{Data: x, Rows: len(x), Cols: 1, Stride: 1} }
