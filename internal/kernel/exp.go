package kernel

import "math"

// Range reduction and polynomial of expf in the Cephes library (Moshier, 1992, https://netlib.org/cephes/):
//
//	x = n·ln 2 + r,  |r| <= ln 2 / 2,  e^x = 2^n·(1 + r + r²·P(r))
const (
	log2e32   = 1.44269504088896341
	ln2Hi32   = 0.693359375     // few bits, so that n·ln2Hi32 is exact
	ln2Lo32   = -2.12194440e-4  // ln 2 - ln2Hi32
	round32   = 3 << 22         // adding it to |x| < 2^22 rounds x to an integer, which is then found in the low bits
	expMin32  = -104            // e^x is 0 below
	expMax32  = 89              // e^x is +Inf above
	tanhMin32 = -32             // e^x - 1 is -1 below
	one32     = 127 << 23       // the bits of 1
	roundBit  = 0x4b400000      // the bits of round32
	signBit   = uint32(1) << 31 // of a float32
)

// exp32 returns e^x. Error under 1 ulp, denormal results included; overflows to +Inf, underflows to 0, NaN stays
// NaN. Every product is rounded by a conversion, so that no architecture fuses it with the sum that follows: the
// bits are the same everywhere.
func exp32(x float32) float32 {
	if x > expMax32 {
		x = expMax32
	}
	if x < expMin32 {
		x = expMin32
	}
	n, r := reduce32(x)
	half := n >> 1
	y := float32((1 + expm1Poly(r)) * pow2(half))
	return y * pow2(n-half)
}

// reduce32 returns n and r with x = n·ln 2 + r, for -104 <= x <= 89. A NaN comes back in r.
func reduce32(x float32) (n int32, r float32) {
	t := float32(x*log2e32) + round32
	k := t - round32
	r = x - float32(k*ln2Hi32)
	return int32(math.Float32bits(t) - roundBit), r - float32(k*ln2Lo32)
}

// expm1Poly returns e^r - 1 = r + r²·P(r) for |r| <= ln 2 / 2, accurate relative to itself.
func expm1Poly(r float32) float32 {
	p := float32(1.9875691500e-4*r) + 1.3981999507e-3
	p = float32(p*r) + 8.3334519073e-3
	p = float32(p*r) + 4.1665795894e-2
	p = float32(p*r) + 1.6666665459e-1
	p = float32(p*r) + 5.0000001201e-1
	return float32(p*float32(r*r)) + r
}

// pow2 returns 2^n for -126 <= n <= 127.
func pow2(n int32) float32 { return math.Float32frombits(uint32(n+127) << 23) }

// sigmoid32 returns 1/(1+e^-x) as e/(1+e) or 1/(1+e) with e = e^-|x|, which neither overflows nor loses the small
// end. Error under 3 ulp over the whole range, denormal results included.
func sigmoid32(x float32) float32 {
	bits := math.Float32bits(x)
	e := exp32(math.Float32frombits(bits | signBit))
	negative := uint32(int32(bits) >> 31)
	num := math.Float32bits(e)&negative | one32&^negative
	return math.Float32frombits(num) / (1 + e)
}

// tanh32 returns tanh x = sign(x)·(-t)/(2+t) with t = e^(-2|x|) - 1 = 2^n·(e^r - 1) + (2^n - 1), which keeps its
// digits near 0. Error under 3 ulp over the whole range; exact for denormal x, and -0 stays -0.
func tanh32(x float32) float32 {
	bits := math.Float32bits(x)
	x = 2 * math.Float32frombits(bits|signBit)
	if x < tanhMin32 {
		x = tanhMin32
	}
	n, r := reduce32(x)
	scale := pow2(n)
	t := float32(scale*expm1Poly(r)) + (scale - 1)
	y := math.Float32bits(-t / (2 + t))
	return math.Float32frombits(y&^signBit | bits&signBit)
}

// sigmoid64 is sigmoid32 in float64, from math.Exp.
func sigmoid64(x float64) float64 {
	e := math.Exp(-math.Abs(x))
	if x < 0 {
		return e / (1 + e)
	}
	return 1 / (1 + e)
}

// expShift writes o_j = e^(x_j - shift).
func expShift[F Float](o, x []F, shift F) {
	switch o := any(o).(type) {
	case []float32:
		x, shift := any(x).([]float32), float32(shift)
		if active != plain {
			vectorExp(active, o, x, shift)
			return
		}
		for j := range o {
			o[j] = exp32(x[j] - shift)
		}
	case []float64:
		x, shift := any(x).([]float64), float64(shift)
		for j := range o {
			o[j] = math.Exp(x[j] - shift)
		}
	}
}
