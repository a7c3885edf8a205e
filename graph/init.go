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
	at := func(i, k int) *float64 { return &w[i*cols+k] } // vector i, element k
	n, m := rows, cols
	if rows > cols {
		n, m = cols, rows
		at = func(i, k int) *float64 { return &w[k*cols+i] }
	}
	for i := range n {
		for {
			for k := range m {
				*at(i, k) = rng.NormFloat64()
			}
			if orthogonalise(at, i, m) {
				break
			}
		}
	}
}

// orthogonalise takes from vector i its parts along those before it, twice for
// accuracy, and makes its length 1. It fails when nothing is left.
func orthogonalise(at func(i, k int) *float64, i, m int) bool {
	dot := func(a, b int) float64 {
		s := 0.0
		for k := range m {
			s += *at(a, k) * *at(b, k)
		}
		return s
	}
	for range 2 {
		for j := range i {
			d := dot(i, j)
			for k := range m {
				*at(i, k) -= d * *at(j, k)
			}
		}
	}
	norm := math.Sqrt(dot(i, i))
	if norm < 1e-6 {
		return false
	}
	for k := range m {
		*at(i, k) /= norm
	}
	return true
}

// Uniform draws uniformly from [lo, hi).
func Uniform(lo, hi float64) Init {
	return func(w []float64, _ []int, rng *rand.Rand) {
		for i := range w {
			w[i] = lo + (hi-lo)*rng.Float64()
		}
	}
}

// Normal draws from the normal distribution around 0.
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
