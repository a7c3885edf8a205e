package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// constants are those of exp.go in package kernel.
var constants = []struct {
	name string
	bits uint32
}{
	{"one", bits(1)},
	{"two", bits(2)},
	{"log2e", bits(1.44269504088896341)},
	{"round", bits(3 << 22)},
	{"ln2Hi", bits(0.693359375)},
	{"ln2Lo", bits(-2.12194440e-4)},
	{"expMin", bits(-104)},
	{"expMax", bits(89)},
	{"tanhMin", bits(-32)},
	{"p0", bits(1.9875691500e-4)},
	{"p1", bits(1.3981999507e-3)},
	{"p2", bits(8.3334519073e-3)},
	{"p3", bits(4.1665795894e-2)},
	{"p4", bits(1.6666665459e-1)},
	{"p5", bits(5.0000001201e-1)},
	{"roundBit", 0x4b400000},
	{"bias", 127},
	{"sign", 1 << 31},
}

func bits(v float32) uint32 { return math.Float32bits(v) }

// The functions below are those of exp.go, instruction by instruction: no product is fused with a sum, so that every
// machine has the same bits. Comments name the lines there.

// With 32 registers constants are registers, and two instructions replace several without changing a bit: one rounds to
// an integer, as adding and subtracting 3·2^22 does, and one multiplies by a power of two with a single rounding, as two
// products do of which the first is exact.

// reduce turns x into r, with x = n·ln 2 + r, and leaves n in a temporary: as a float in the first one of AVX-512, as an
// integer in the second one of AVX2. It uses the third.
func (w *work) reduce() {
	x, k, n, p := w.x, w.t[0], w.t[1], w.t[2]
	w.each(func(u int) { w.VMULPS(w.constant("log2e"), x[u], k[u]) })
	if w.isa.lanes == 16 {
		w.each(func(u int) { w.VRNDSCALEPS(operand.Imm(0), k[u], k[u]) })
	} else {
		w.each(func(u int) { w.VADDPS(w.constant("round"), k[u], k[u]) })
		w.each(func(u int) { w.VPSUBD(w.constant("roundBit"), k[u], n[u]) })
		w.each(func(u int) { w.VSUBPS(w.constant("round"), k[u], k[u]) })
	}
	for _, ln2 := range []string{"ln2Hi", "ln2Lo"} {
		w.each(func(u int) { w.VMULPS(w.constant(ln2), k[u], p[u]) })
		w.each(func(u int) { w.VSUBPS(p[u], x[u], x[u]) })
	}
}

// poly sets the third temporary to e^r - 1; x is lost.
func (w *work) poly() {
	r, p := w.x, w.t[2]
	w.each(func(u int) { w.VMULPS(w.constant("p0"), r[u], p[u]) })
	for _, c := range []string{"p1", "p2", "p3", "p4"} {
		w.each(func(u int) { w.VADDPS(w.constant(c), p[u], p[u]) })
		w.each(func(u int) { w.VMULPS(r[u], p[u], p[u]) })
	}
	w.each(func(u int) { w.VADDPS(w.constant("p5"), p[u], p[u]) })
	square := w.t[0]
	if w.isa.lanes == 16 { // where n is
		square = w.t[1]
	}
	w.each(func(u int) { w.VMULPS(r[u], r[u], square[u]) })
	w.each(func(u int) { w.VMULPS(square[u], p[u], p[u]) })
	w.each(func(u int) { w.VADDPS(r[u], p[u], p[u]) })
}

// pow2 turns integers n into 2^n.
func (w *work) pow2(n []reg.VecPhysical) {
	w.each(func(u int) { w.VPADDD(w.constant("bias"), n[u], n[u]) })
	w.each(func(u int) { w.VPSLLD(operand.Imm(23), n[u], n[u]) })
}

// atMost and atLeast bound x by a constant and keep a NaN, which is the second operand. They use the third temporary.
func (w *work) atMost(bound string) { w.bound(bound, w.VMINPS) }

func (w *work) atLeast(bound string) { w.bound(bound, w.VMAXPS) }

func (w *work) bound(name string, by func(ops ...operand.Op)) {
	x, p := w.x, w.t[2]
	if w.isa.lanes == 16 {
		w.each(func(u int) { by(x[u], w.constant(name), x[u]) })
		return
	}
	w.each(func(u int) { w.VMOVUPS(w.constant(name), p[u]) })
	w.each(func(u int) { by(x[u], p[u], x[u]) })
}

// exp turns x <= expMax into e^x, with three temporaries.
func (w *work) exp() {
	x, half, n, p := w.x, w.t[0], w.t[1], w.t[2]
	w.atLeast("expMin")
	w.reduce()
	w.poly()
	w.each(func(u int) { w.VADDPS(w.constant("one"), p[u], p[u]) })
	if w.isa.lanes == 16 {
		w.each(func(u int) { w.VSCALEFPS(w.t[0][u], p[u], x[u]) })
		return
	}
	w.each(func(u int) { w.VPSRAD(operand.Imm(1), n[u], half[u]) })
	w.each(func(u int) { w.VPSUBD(half[u], n[u], n[u]) })
	w.pow2(half)
	w.pow2(n)
	w.each(func(u int) { w.VMULPS(half[u], p[u], p[u]) })
	w.each(func(u int) { w.VMULPS(n[u], p[u], x[u]) })
}

// sigmoid turns x into σ(x): e/(1+e) where the sign of x is set, else 1/(1+e), e = e^-|x|.
func (w *work) sigmoid() {
	x, num := w.x, w.t[0]
	if w.isa.lanes == 16 {
		w.each(func(u int) { w.VPTESTMD(w.constant("sign"), x[u], w.negative(u)) })
		w.each(func(u int) { w.or(w.constant("sign"), x[u], x[u]) })
		w.exp()
		w.each(func(u int) { w.VBLENDMPS(x[u], w.constant("one"), w.negative(u), num[u]) })
	} else {
		negative := w.t[3]
		w.each(func(u int) { w.VPSRAD(operand.Imm(31), x[u], negative[u]) })
		w.each(func(u int) { w.or(w.constant("sign"), x[u], x[u]) })
		w.exp()
		w.each(func(u int) { w.and(x[u], negative[u], num[u]) })
		w.each(func(u int) { w.andNot(w.constant("one"), negative[u], negative[u]) })
		w.each(func(u int) { w.or(negative[u], num[u], num[u]) })
	}
	w.each(func(u int) { w.VADDPS(w.constant("one"), x[u], x[u]) })
	w.each(func(u int) { w.VDIVPS(x[u], num[u], x[u]) })
}

// negative is the mask of the negative elements of a chain.
func (w *work) negative(u int) reg.Register {
	return []reg.Register{reg.K2, reg.K3, reg.K4, reg.K5}[u]
}

// tanh turns x into tanh x, with four temporaries: |t/(2+t)| with the sign of x, t = e^(-2|x|) - 1.
func (w *work) tanh() {
	x, scale, p, sign := w.x, w.t[1], w.t[2], w.t[3]
	wide := w.isa.lanes == 16
	if wide {
		w.each(func(u int) { w.VMOVAPS(x[u], sign[u]) })
	} else {
		w.each(func(u int) { w.and(w.constant("sign"), x[u], sign[u]) })
	}
	w.each(func(u int) { w.or(w.constant("sign"), x[u], x[u]) })
	w.each(func(u int) { w.VADDPS(x[u], x[u], x[u]) })
	w.atLeast("tanhMin")
	w.reduce()
	w.poly()
	if wide {
		w.each(func(u int) { w.VSCALEFPS(w.t[0][u], w.constant("one"), scale[u]) })
	} else {
		w.pow2(scale)
	}
	w.each(func(u int) { w.VMULPS(scale[u], p[u], p[u]) })
	w.each(func(u int) { w.VSUBPS(w.constant("one"), scale[u], scale[u]) })
	w.each(func(u int) { w.VADDPS(scale[u], p[u], p[u]) })
	w.each(func(u int) { w.VADDPS(w.constant("two"), p[u], x[u]) })
	w.each(func(u int) { w.VDIVPS(x[u], p[u], x[u]) })
	if wide {
		const takeSign = 0xb8 // the third operand where the second is set, else the first
		w.each(func(u int) { w.VPTERNLOGD(operand.Imm(takeSign), sign[u], w.constant("sign"), x[u]) })
		return
	}
	w.each(func(u int) { w.VMOVUPS(w.constant("sign"), p[u]) })
	w.each(func(u int) { w.andNot(x[u], p[u], x[u]) })
	w.each(func(u int) { w.or(sign[u], x[u], x[u]) })
}

// relu turns x into max(x, 0). Of two zeros the maximum is its second operand, which the sum with 0 has made positive;
// a NaN is the second operand too.
func (w *work) relu() {
	zero := w.k
	w.zero(w.Context, zero)
	w.each(func(u int) { w.VADDPS(zero, w.x[u], w.x[u]) })
	w.each(func(u int) { w.VMAXPS(w.x[u], zero, w.x[u]) })
}

// reluGrad turns x into y where x > 0 and into 0 elsewhere, where x is NaN too.
func (w *work) reluGrad() {
	const greater = 0x1e
	zero := w.k
	w.zero(w.Context, zero)
	w.each(func(u int) {
		if w.isa.lanes == 16 {
			w.VCMPPS(operand.Imm(greater), zero, w.x[u], reg.K2)
			w.VMOVUPS_Z(w.y[u], reg.K2, w.x[u])
			return
		}
		w.VCMPPS(operand.Imm(greater), zero, w.x[u], w.x[u])
		w.VPAND(w.y[u], w.x[u], w.x[u])
	})
}

// and, andNot (not a, and b) and or are bitwise.
func (w *work) and(b operand.Op, a, to reg.VecPhysical) {
	if w.isa.lanes == 16 {
		w.VPANDD(b, a, to)
	} else {
		w.VPAND(b, a, to)
	}
}

func (w *work) andNot(b operand.Op, a, to reg.VecPhysical) {
	if w.isa.lanes == 16 {
		w.VPANDND(b, a, to)
	} else {
		w.VPANDN(b, a, to)
	}
}

func (w *work) or(b operand.Op, a, to reg.VecPhysical) {
	if w.isa.lanes == 16 {
		w.VPORD(b, a, to)
	} else {
		w.VPOR(b, a, to)
	}
}
