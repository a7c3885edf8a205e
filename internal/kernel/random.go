package kernel

import "math"

// gamma is the step between the counters of SplitMix64: 2^64 divided by the golden ratio, made odd.
const gamma = 0x9e3779b97f4a7c15

// Mix is the finaliser of SplitMix64 (Steele, Lea and Flood, 2014, https://doi.org/10.1145/2714064.2660195): a
// bijection of 64 bits in which every bit of x moves about half the bits of the result. Mix(0) is 0.
func Mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Uniform returns number k, from 0, of the sequence of key: Mix(key + (k+1)·gamma) as a multiple of 2^-53 in [0, 1).
func Uniform(key, k uint64) float64 {
	return float64(Mix(key+(k+1)*gamma)>>11) * 0x1p-53
}

// Skip returns the key whose sequence is that of key without its first k numbers: Uniform(Skip(key, k), i) is
// Uniform(key, k+i).
func Skip(key, k uint64) uint64 { return key + k*gamma }

// Mask sets element k of out, in row-major order whatever the stride, to 1/keep where Uniform(key, k) < keep and
// to 0 elsewhere: the mask of inverted dropout that keeps a share keep, 0 to 1; keep 0 gives zeros. An element
// depends on key and k alone, so the mask can be made in parts: rows r.. of out are Mask(out.Slice(r, ..),
// Skip(key, r·cols), keep).
func Mask[F Float](out Mat[F], key uint64, keep float64) {
	value := [2]F{0, F(1 / keep)}
	limit := uint64(math.Ceil(min(max(keep, 0), 1) * 0x1p53)) // Uniform < keep if its 53 bits are below
	for i := range out.Rows {
		o := out.Row(i)
		for j := range o {
			key += gamma
			below := (Mix(key)>>11 - limit) >> 63
			o[j] = value[below&1]
		}
	}
}
