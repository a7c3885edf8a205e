package kernel

import "math"

// LayerNorm sets out_ij = (x_ij - μ_i)·ρ_i·gain_j + bias_j (Ba, Kiros and Hinton, 2016,
// https://arxiv.org/abs/1607.06450), with mean_i = μ_i = Σ_j x_ij / cols and rstd_i = ρ_i = 1/√(Σ_j (x_ij - μ_i)²/cols
// + ε), as PyTorch computes it. out and x are [rows, cols], cols >= 1, mean and rstd [rows, 1], gain and bias [1, cols];
// out may be the same view as x.
func LayerNorm[F Float](out, mean, rstd, x, gain, bias Mat[F], eps float64) {
	x.is("LayerNorm", out.Rows, out.Cols)
	mean.is("LayerNorm", out.Rows, 1)
	rstd.is("LayerNorm", out.Rows, 1)
	gain.is("LayerNorm", 1, out.Cols)
	bias.is("LayerNorm", 1, out.Cols)
	n, w, b := F(out.Cols), gain.Row(0), bias.Row(0)
	for i := range out.Rows {
		o, row := out.Row(i), x.Row(i)
		m := sum(row) / n
		vectorScalar(sub, o, row, m)
		r := F(1 / math.Sqrt(float64(dot(o, o)/n)+eps))
		vectorScalar(mul, o, o, r)
		vectorVector(mul, o, o, w)
		vectorVector(add, o, o, b)
		mean.Row(i)[0], rstd.Row(i)[0] = m, r
	}
}

// LayerNormGrad sets dx, the gradient of LayerNorm in x, and sets dgain and dbias, those in gain and bias, or adds to
// these two if acc, from the gradient dy of its result, and from x, mean and rstd as it left them:
//
//	x̂_ij    = (x_ij - μ_i)·ρ_i
//	dgain_j = Σ_i dy_ij·x̂_ij
//	dbias_j = Σ_i dy_ij
//	g_ij    = dy_ij·gain_j
//	dx_ij   = ρ_i·(g_ij - Σ_k g_ik/cols - x̂_ij·Σ_k g_ik·x̂_ik/cols)
//
// dx, dy and x are [rows, cols], mean and rstd [rows, 1], the others [1, cols]; dx may be the same view as dy. The sums
// over rows run in the order of SumRows.
func LayerNormGrad[F Float](dx, dgain, dbias, dy, x, mean, rstd, gain Mat[F], acc bool) {
	x.is("LayerNormGrad", dx.Rows, dx.Cols)
	dy.is("LayerNormGrad", dx.Rows, dx.Cols)
	mean.is("LayerNormGrad", dx.Rows, 1)
	rstd.is("LayerNormGrad", dx.Rows, 1)
	gain.is("LayerNormGrad", 1, dx.Cols)
	dgain.is("LayerNormGrad", 1, dx.Cols)
	SumRows(dbias, dy, acc)
	for c := 0; c < x.Cols; c += sumWidth {
		var s [sumWidth]F
		end := min(c+sumWidth, x.Cols)
		gainDown(s[:end-c], dy.Slice(0, x.Rows, c, end), x.Slice(0, x.Rows, c, end), mean, rstd)
		putRow(dgain.Row(0)[c:end], s[:end-c], acc)
	}
	var h [sumBlock]F
	for i := range dx.Rows {
		o, row, m, r := dx.Row(i), x.Row(i), mean.Row(i)[0], rstd.Row(i)[0]
		vectorVector(mul, o, dy.Row(i), gain.Row(0))
		a, b := sum(o)/F(dx.Cols), dotNormal(o, row, m, r)/F(dx.Cols)
		vectorScalar(sub, o, o, a)
		for c := 0; c < len(o); c += sumBlock {
			end := min(c+sumBlock, len(o))
			normal(h[:end-c], row[c:end], m, r)
			subScaled(o[c:end], o[c:end], h[:end-c], b)
		}
		vectorScalar(mul, o, o, r)
	}
}

// normal sets h_j = (x_j - m)·r.
func normal[F Float](h, x []F, m, r F) {
	vectorScalar(sub, h, x, m)
	vectorScalar(mul, h, h, r)
}

// dotNormal returns Σ g_j·(x_j - m)·r in the order of dot.
func dotNormal[F Float](g, x []F, m, r F) F {
	if len(x) > sumBlock {
		h := halve(len(x))
		return dotNormal(g[:h], x[:h], m, r) + dotNormal(g[h:], x[h:], m, r)
	}
	var h [sumBlock]F
	normal(h[:len(x)], x, m, r)
	return dotLanes(g, h[:len(x)])
}

// gainDown sets s_j = Σ_i dy_ij·x̂_ij in the order of sumDown; s is zero when it is called, [cols].
func gainDown[F Float](s []F, dy, x, mean, rstd Mat[F]) {
	var t [sumWidth]F
	p := t[:len(s)]
	if x.Rows <= sumRun {
		for i := range x.Rows {
			normal(p, x.Row(i), mean.Row(i)[0], rstd.Row(i)[0])
			vectorVector(mul, p, p, dy.Row(i))
			vectorVector(add, s, s, p)
		}
		return
	}
	h, n := x.Rows/2, x.Cols
	gainDown(s, dy.Slice(0, h, 0, n), x.Slice(0, h, 0, n), mean.Slice(0, h, 0, 1), rstd.Slice(0, h, 0, 1))
	gainDown(p, dy.Slice(h, x.Rows, 0, n), x.Slice(h, x.Rows, 0, n), mean.Slice(h, x.Rows, 0, 1), rstd.Slice(h, x.Rows, 0, 1))
	vectorVector(add, s, s, p)
}
