package kernel

import "math"

// Moments sets row i of out to μ_i and ρ_i, what LayerNorm takes row x_i by: μ_i = Σ_j x_ij / cols and
// ρ_i = 1/√(Σ_j (x_ij - μ_i)²/cols + ε). out is [rows, 2], x [rows, cols], cols >= 1; they do not overlap.
func Moments[F Float](out, x Mat[F], eps float64) {
	out.is("Moments", x.Rows, 2)
	n := F(x.Cols)
	for i := range x.Rows {
		row, o := x.Row(i), out.Row(i)
		o[0] = sum(row) / n
		o[1] = F(1 / math.Sqrt(float64(squaresFrom(row, o[0])/n)+eps))
	}
}

// LayerNorm sets out_ij = x̂_ij·gain_j + bias_j, x̂_ij = (x_ij - μ_i)·ρ_i (Ba, Kiros and Hinton, 2016,
// https://arxiv.org/abs/1607.06450), as PyTorch computes it. out and x are [rows, cols], gain and bias [1, cols], m are
// the Moments of x; out may be the same view as x.
func LayerNorm[F Float](out, x, m, gain, bias Mat[F]) {
	x.is("LayerNorm", out.Rows, out.Cols)
	m.is("LayerNorm", out.Rows, 2)
	gain.is("LayerNorm", 1, out.Cols)
	bias.is("LayerNorm", 1, out.Cols)
	w, b := gain.Row(0), bias.Row(0)
	for i := range out.Rows {
		o := out.Row(i)
		normal(o, x.Row(i), m.Row(i))
		vectorVector(mul, o, o, w)
		vectorVector(add, o, o, b)
	}
}

// LayerNormGrad sets dx, the gradient of LayerNorm in x through all that it depends on, from the gradient dy of its
// result, and from x and its Moments m:
//
//	g_ij  = dy_ij·gain_j
//	dx_ij = ρ_i·(g_ij - Σ_k g_ik/cols - x̂_ij·Σ_k g_ik·x̂_ik/cols)
//
// dx, dy and x are [rows, cols], m [rows, 2], gain [1, cols]; dx may be the same view as dy.
func LayerNormGrad[F Float](dx, dy, x, m, gain Mat[F]) {
	dy.is("LayerNormGrad", dx.Rows, dx.Cols)
	x.is("LayerNormGrad", dx.Rows, dx.Cols)
	m.is("LayerNormGrad", dx.Rows, 2)
	gain.is("LayerNormGrad", 1, dx.Cols)
	var h [sumBlock]F
	n := F(dx.Cols)
	for i := range dx.Rows {
		o, row, at := dx.Row(i), x.Row(i), m.Row(i)
		vectorVector(mul, o, dy.Row(i), gain.Row(0))
		a, b := sum(o)/n, dotNormal(o, row, at)/n
		vectorScalar(sub, o, o, a)
		for c := 0; c < len(o); c += sumBlock {
			end := min(c+sumBlock, len(o))
			normal(h[:end-c], row[c:end], at)
			subScaled(o[c:end], o[c:end], h[:end-c], b)
		}
		vectorScalar(mul, o, o, at[1])
	}
}

// TimesNormal sets out_ij = a_ij·x̂_ij, of which the sum over rows is the gradient of LayerNorm in gain where a is that
// of its result. out, a and x are [rows, cols], m are the Moments of x; out may be the same view as a or x.
func TimesNormal[F Float](out, a, x, m Mat[F]) {
	a.is("TimesNormal", out.Rows, out.Cols)
	x.is("TimesNormal", out.Rows, out.Cols)
	m.is("TimesNormal", out.Rows, 2)
	var h [sumBlock]F
	for i := range out.Rows {
		o, p, row := out.Row(i), a.Row(i), x.Row(i)
		for c := 0; c < len(o); c += sumBlock {
			end := min(c+sumBlock, len(o))
			normal(h[:end-c], row[c:end], m.Row(i))
			vectorVector(mul, o[c:end], p[c:end], h[:end-c])
		}
	}
}

// normal sets h_j = x̂_j of a row with the moments m.
func normal[F Float](h, x, m []F) {
	vectorScalar(sub, h, x, m[0])
	vectorScalar(mul, h, h, m[1])
}

// squaresFrom returns Σ (x_j - mean)² in the order of dot.
func squaresFrom[F Float](x []F, mean F) F {
	if len(x) > sumBlock {
		h := halve(len(x))
		return squaresFrom(x[:h], mean) + squaresFrom(x[h:], mean)
	}
	var h [sumBlock]F
	d := h[:len(x)]
	vectorScalar(sub, d, x, mean)
	return dotLanes(d, d)
}

// dotNormal returns Σ g_j·x̂_j in the order of dot.
func dotNormal[F Float](g, x, m []F) F {
	if len(x) > sumBlock {
		h := halve(len(x))
		return dotNormal(g[:h], x[:h], m) + dotNormal(g[h:], x[h:], m)
	}
	var h [sumBlock]F
	normal(h[:len(x)], x, m)
	return dotLanes(g, h[:len(x)])
}
