package graph

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
)

// Init draws the initial values w of a parameter of the given shape, row by
// row. rng is seeded by the Params' seed and the parameter's path.
type Init func(w []float64, shape []int, rng *rand.Rand)

// Glorot draws uniformly from ±sqrt(6/(in+out)) (Glorot and Bengio 2010), where
// in and out are the rows and columns of the weights.
func Glorot(w []float64, shape []int, rng *rand.Rand) {
	in, out := dims(shape)
	limit := math.Sqrt(6 / float64(in+out))
	Uniform(-limit, limit)(w, shape, rng)
}

// Orthogonal draws a matrix with orthonormal rows or columns, whichever are
// fewer (Saxe et al. 2014): Gram-Schmidt on normal deviates.
func Orthogonal(w []float64, shape []int, rng *rand.Rand) {
	rows, cols := dims(shape)
	if rows <= cols {
		orthonormal(w, rows, cols, rng)
		return
	}
	x := make([]float64, len(w))
	orthonormal(x, cols, rows, rng)
	for i := range rows {
		for j := range cols {
			w[i*cols+j] = x[j*rows+i]
		}
	}
}

// orthonormal fills x with n vectors of m elements that are orthogonal and of
// length 1.
func orthonormal(x []float64, n, m int, rng *rand.Rand) {
	for i := range n {
		v := x[i*m : (i+1)*m]
		for drawn := false; !drawn; drawn = orthogonalise(x[:i*m], v) {
			for k := range v {
				v[k] = rng.NormFloat64()
			}
		}
	}
}

// orthogonalise takes from v its parts along the vectors before it, twice for
// accuracy, and makes its length 1. It fails when nothing is left.
func orthogonalise(before, v []float64) bool {
	m := len(v)
	for range 2 {
		for j := 0; j < len(before); j += m {
			u := before[j : j+m]
			d := inner(u, v)
			for k := range v {
				v[k] -= float64(d * u[k])
			}
		}
	}
	norm := math.Sqrt(inner(v, v))
	if norm < 1e-6 {
		return false
	}
	for k := range v {
		v[k] /= norm
	}
	return true
}

// inner is the product of two vectors, in four sums that do not wait for each
// other.
func inner(u, v []float64) float64 {
	var a, b, c, d float64
	k := 0
	for ; k+4 <= len(u) && k+4 <= len(v); k += 4 {
		a += float64(u[k] * v[k])
		b += float64(u[k+1] * v[k+1])
		c += float64(u[k+2] * v[k+2])
		d += float64(u[k+3] * v[k+3])
	}
	for ; k < len(u) && k < len(v); k++ {
		a += float64(u[k] * v[k])
	}
	return (a + b) + (c + d)
}

// Uniform draws uniformly from [lo, hi).
func Uniform(lo, hi float64) Init {
	return func(w []float64, _ []int, rng *rand.Rand) {
		for i := range w {
			w[i] = lo + (hi-lo)*rng.Float64()
		}
	}
}

// Normal draws from the normal distribution with mean 0 and the given standard
// deviation.
func Normal(deviation float64) Init {
	return func(w []float64, _ []int, rng *rand.Rand) {
		for i := range w {
			w[i] = deviation * rng.NormFloat64()
		}
	}
}

// Zeros sets all values to 0.
func Zeros(w []float64, _ []int, _ *rand.Rand) { clear(w) }

// Constant sets all values to x.
func Constant(x float64) Init {
	return func(w []float64, _ []int, _ *rand.Rand) {
		for i := range w {
			w[i] = x
		}
	}
}

// pathRand is the source for one path.
func pathRand(seed uint64, path string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(path))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}
