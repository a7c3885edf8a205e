package graph

import (
	"fmt"
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/mat"
)

// SpectralRadius is the largest |eigenvalue| of each [n, n] block of a matrix w [n, k·n] whose
// blocks stand side by side: one number for an RNN's Wh, three for a GRU's, four for an LSTM's, in
// the order of the gates. A network without inputs and with small states, h' ≈ h·Wh, grows by this
// factor in the long run.
func SpectralRadius(w []float64, n int) ([]float64, error) {
	if n < 1 || n > len(w)/n || len(w)%(n*n) != 0 { // n·n does not overflow
		return nil, fmt.Errorf("graph: %d numbers are no blocks of [%d %d]", len(w), n, n)
	}
	if !finite(w) {
		return nil, fmt.Errorf("graph: the matrix has elements that are not finite")
	}
	k := len(w) / (n * n)
	all := mat.NewDense(n, k*n, append([]float64(nil), w...))
	radii := make([]float64, k)
	for i := range radii {
		var e mat.Eigen
		if !e.Factorize(mat.DenseCopyOf(all.Slice(0, n, i*n, (i+1)*n)), mat.EigenNone) {
			return nil, fmt.Errorf("graph: the eigenvalues of block %d were not found", i)
		}
		for _, x := range e.Values(nil) {
			radii[i] = max(radii[i], cmplx.Abs(x))
		}
	}
	return radii, nil
}

// SpectralNorm is the largest singular value of w [rows, cols]: how far w can stretch a vector.
func SpectralNorm(w []float64, rows, cols int) (float64, error) {
	if rows < 1 || cols < 1 || len(w)%rows != 0 || len(w)/rows != cols {
		return 0, fmt.Errorf("graph: %d numbers are no matrix [%d %d]", len(w), rows, cols)
	}
	if !finite(w) {
		return 0, fmt.Errorf("graph: the matrix has elements that are not finite")
	}
	return spectralNorm(mat.NewDense(rows, cols, append([]float64(nil), w...))), nil
}

func finite(x []float64) bool {
	for _, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// spectralNorm is exact for small matrices; for others it is power iteration on A'A, from a fixed
// start, until a step changes it by less than 1e-8 of itself or 300 times: never too large, and too
// small by a percent at most even where the first singular values lie close together.
func spectralNorm(a *mat.Dense) float64 {
	rows, cols := a.Dims()
	if min(rows, cols) <= 16 {
		var svd mat.SVD
		if svd.Factorize(a, mat.SVDNone) {
			return svd.Values(nil)[0]
		}
		return math.NaN()
	}
	a, unit := scaled(a)
	v := mat.NewVecDense(cols, nil)
	for i := range cols {
		v.SetVec(i, 1+math.Cos(float64(3*i)))
	}
	u := mat.NewVecDense(rows, nil)
	last := 0.0
	for range 300 {
		v.ScaleVec(1/mat.Norm(v, 2), v)
		u.MulVec(a, v)
		s := mat.Norm(u, 2)
		if s == 0 || math.IsNaN(s) || math.Abs(s-last) <= 1e-8*s {
			return s * unit
		}
		last = s
		v.MulVec(a.T(), u)
	}
	return last * unit
}

// scaled is a in units of a power of two, so that squares of its elements neither overflow nor
// vanish.
func scaled(a *mat.Dense) (*mat.Dense, float64) {
	most := max(mat.Max(a), -mat.Min(a))
	if most == 0 || math.IsNaN(most) || math.IsInf(most, 0) {
		return a, 1
	}
	_, e := math.Frexp(most)
	var b mat.Dense
	b.Apply(func(_, _ int, x float64) float64 { return math.Ldexp(x, -e) }, a)
	return &b, math.Ldexp(1, e)
}
