package kernel

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// narrowDefinition is what MatMulNarrow has the bits of on the path in use.
func narrowDefinition(c, a Mat[float32], n *Narrow, acc bool) {
	step := func(x, y, sum float32) float32 { return sum + float32(x*y) }
	if active != plain {
		step = fma32
	}
	for i := range c.Rows {
		for j := range c.Cols {
			o := &c.Row(i)[j]
			var sum float32
			if acc && n.bits == BFloat16 {
				sum = *o
			}
			for l, x := range a.Row(i) {
				sum = step(x, n.value(n.at(l, j)), sum)
			}
			switch {
			case n.bits == BFloat16:
				*o = sum
			case acc:
				*o = step(sum, n.scale[j], *o)
			default:
				*o = sum * n.scale[j]
			}
		}
	}
}

// The product has the bits of its definition, for every size and stride, on every path.
func TestMatMulNarrowIsItsDefinition(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		r := newSource(21)
		check := func(m, n, k int, bits Bits, acc bool) {
			c, a, b := view[float32](r, m, n), view[float32](r, m, k), view[float32](r, k, n)
			w := narrowed(t, bits, b, false)
			want := clone(c)
			narrowDefinition(want, a, w, acc)
			MatMulNarrow(c, a, w, 0, acc)
			same(t, want, c, "m=%d n=%d k=%d bits=%d acc=%v", m, n, k, bits, acc)
			unharmed(t, c, a, b)
		}
		for _, bits := range []Bits{BFloat16, Int8} {
			for m := range 10 {
				for _, n := range []int{0, 1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 95, 96, 97, 127, 128, 129, 160, 200, 255, 256, 300} {
					for _, k := range []int{0, 1, 2, 7, 33} {
						check(m, n, k, bits, (m+n+k)%2 == 0)
						check(m, n, k, bits, (m+n+k)%2 == 1)
					}
				}
			}
			for range 100 {
				check(r.IntN(40), r.IntN(400), r.IntN(70), bits, r.IntN(2) == 0)
			}
		}
	})
}

// Columns may be shared out in any way, in whole units or not: the bits are the same, and nothing beside is touched.
func TestMatMulNarrowInParts(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		r := newSource(27)
		for range 300 {
			m, n, k, acc := 1+r.IntN(6), 1+r.IntN(300), 1+r.IntN(20), r.IntN(2) == 0
			c, a := view[float32](r, m, n), view[float32](r, m, k)
			w := narrowed(t, Bits(1+r.IntN(2)), view[float32](r, k, n), false)
			want := clone(c)
			MatMulNarrow(want, a, w, 0, acc)
			for lo := 0; lo < n; {
				hi := min(n, lo+1+r.IntN(150))
				if r.IntN(2) == 0 {
					hi = min(n, (lo/16+1+r.IntN(9))*16)
				}
				part := c.Slice(0, m, lo, hi)
				part.Data = part.Data[:len(part.Data):len(part.Data)]
				MatMulNarrow(part, a, w, lo, acc)
				lo = hi
			}
			same(t, want, c, "m=%d n=%d k=%d", m, n, k)
			unharmed(t, c)
		}
	})
}

// In bfloat16 the product is MatMul with the rounded numbers, to the bit; a factor may be given transposed.
func TestMatMulBFloat16IsMatMul(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		r := newSource(22)
		for _, acc := range []bool{false, true} {
			c, a, b := view[float32](r, 5, 203), view[float32](r, 5, 66), view[float32](r, 203, 66)
			w := narrowed(t, BFloat16, b, true)
			wide := NewMat[float32](66, 203)
			w.Widen(wide)
			want := clone(c)
			MatMul(want, a, wide, false, false, acc)
			MatMulNarrow(c, a, w, 0, acc)
			same(t, want, c, "acc=%v", acc)
		}
	})
}

// With integers the product differs from MatMul of the widened numbers by roundings only.
func TestMatMulInt8NearMatMul(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		r := newSource(23)
		c, a, b := view[float32](r, 5, 203), view[float32](r, 5, 66), view[float32](r, 66, 203)
		w := narrowed(t, Int8, b, false)
		wide := NewMat[float32](66, 203)
		w.Widen(wide)
		want := clone(c)
		MatMul(want, a, wide, false, false, true)
		MatMulNarrow(c, a, w, 0, true)
		near(t, want, c, 67*0x1p-24*4*8, "")
	})
}

func TestMatMulNarrowAllocatesNothing(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		r := newSource(24)
		c, a, b := view[float32](r, 3, 150), view[float32](r, 3, 70), view[float32](r, 70, 150)
		for _, bits := range []Bits{BFloat16, Int8} {
			w := narrowed(t, bits, b, false)
			assert.Zero(t, testing.AllocsPerRun(20, func() { MatMulNarrow(c, a, w, 0, true) }))
		}
	})
}

func TestMatMulNarrowRefusesSizes(t *testing.T) {
	c, a := NewMat[float32](2, 2), NewMat[float32](2, 3)
	assert.PanicsWithValue(t, "internal error: kernel.MatMulNarrow: C 2x2, A 2x3, W 3x2 from column 1",
		func() { MatMulNarrow(c, a, NewNarrow(Int8, 3, 2), 1, false) })
	assert.PanicsWithValue(t, "internal error: kernel.Narrow.Set: 2x2 into 2x3", func() { NewNarrow(Int8, 2, 3).Set(c, false) })
	assert.PanicsWithValue(t, "internal error: kernel.NewNarrow: 0 bits", func() { NewNarrow(0, 2, 3) })
}

// The assembly of a path needs no instructions but those that the path is chosen by.
func TestNarrowNeedsWhatItsPathIsChosenBy(t *testing.T) {
	for p, names := range map[path][]string{avx2: {"AVX", "AVX2", "FMA3"}, avx512: {"AVX", "AVX512F"}} {
		needsOnly(t, "zz_narrow_"+p.String()+"_amd64.s", names)
	}
}

func BenchmarkMatMulNarrow(b *testing.B) {
	for _, p := range paths() {
		for _, s := range []struct{ m, n, k int }{{1, 512, 128}, {1, 65, 128}, {1, 2048, 512}, {4, 2048, 512}, {8, 2048, 512}, {32, 512, 128}, {256, 512, 128}} {
			for _, bits := range []Bits{0, BFloat16, Int8} {
				b.Run(fmt.Sprintf("%s/%dx%dx%d/%s", p, s.m, s.n, s.k, []string{"f32", "bf16", "int8"}[bits]), func(b *testing.B) {
					use(b, p)
					benchNarrow(b, bits, s.m, s.n, s.k)
				})
			}
		}
	}
}

// benchNarrow reads four matrices in turn, as a network of two layers does.
func benchNarrow(b *testing.B, bits Bits, m, n, k int) {
	r := newSource(25)
	c, a := view[float32](r, m, n), view[float32](r, m, k)
	var wide [4]Mat[float32]
	var narrow [4]*Narrow
	for i := range wide {
		wide[i] = clone(view[float32](r, k, n))
		if bits != 0 {
			narrow[i] = narrowed(b, bits, wide[i], false)
		}
	}
	i := 0
	for b.Loop() {
		if bits == 0 {
			MatMul(c, a, wide[i], false, false, true)
		} else {
			MatMulNarrow(c, a, narrow[i], 0, true)
		}
		i = (i + 1) % 4
	}
	flops := 2 * float64(m) * float64(n) * float64(k) * float64(b.N)
	b.ReportMetric(flops/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
