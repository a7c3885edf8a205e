package kernel

import (
	"fmt"
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

// fma32 returns a·b + c, rounded once. The product is exact in float64; the sum is rounded there to odd (what is
// inexact ends in a 1), so that the rounding to float32 that follows goes the way of the exact sum.
func fma32(a, b, c float32) float32 {
	p, q := float64(a)*float64(b), float64(c)
	s := p + q
	z := s - p
	e := (p - (s - z)) + (q - z) // s + e is the exact sum
	if e == e && e != 0 && math.Float64bits(s)&1 == 0 && !math.IsInf(s, 0) {
		step := uint64(1) // away from 0, or towards it
		if (e > 0) != (s > 0) {
			step = math.MaxUint64
		}
		s = math.Float64frombits(math.Float64bits(s) + step)
	}
	return float32(s)
}

func TestFMA32(t *testing.T) {
	const u = 0x1p-24
	assert.Equal(t, float32(1+2*u), fma32(1+2*u, 1, u-u*u), "just under half a unit: not the tie it is in float64")
	assert.Equal(t, float32(-u*u*4), fma32(1+2*u, 1-2*u, -1), "the product is not rounded")
	assert.Equal(t, float32(3), fma32(1, 2, 1))
	assert.True(t, math.IsInf(float64(fma32(math.MaxFloat32, 2, 1)), 1))
	assert.True(t, math.IsNaN(float64(fma32(0, float32(math.Inf(1)), 1))))
}

// matMulBy is the product as its definition reads, its sums s + a·b made by term.
func matMulBy[F Float](term func(a, b, s F) F, c Mat[F], p product[F], acc bool) {
	k := inner(c, p.a, p.b, p.tA, p.tB)
	at := func(m Mat[F], i, j int, t bool) F {
		if t {
			i, j = j, i
		}
		return m.Data[i*m.Stride+j]
	}
	for i := range c.Rows {
		o := c.Row(i)
		for j := range o {
			var s F
			if acc {
				s = o[j]
			}
			for l := range k {
				s = term(at(p.a, i, l, p.tA), at(p.b, l, j, p.tB), s)
			}
			o[j] = s
		}
	}
}

// rounded is s + a·b with the product rounded first.
func rounded[F Float](a, b, s F) F { return s + F(a*b) }

// definition is the product that MatMul has the bits of on the path in use.
func definition[F Float](p product[F], c Mat[F], acc bool) {
	if c, ok := any(c).(Mat[float32]); ok && active != plain {
		matMulBy(fma32, c, any(p).(product[float32]), acc)
		return
	}
	matMulBy(rounded[F], c, p, acc)
}

// Fused or not, a product of k terms is within k roundings of the other; here with room for the sum's growth.
func TestMatMulNearPlain(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		r := newSource(11)
		for range 200 {
			m, n, k := r.IntN(70), r.IntN(70), r.IntN(300)
			p := newProduct[float32](r, m, n, k, r.IntN(4))
			acc := r.IntN(2) == 0
			got := clone(p.c)
			MatMul(got, p.a, p.b, p.tA, p.tB, acc)
			matMulBy(rounded[float32], p.c, p, acc)
			near(t, p.c, got, float64(k+1)*0x1p-24*4*8, "m=%d n=%d k=%d", m, n, k)
		}
	})
}

// The rows and columns of a product may be shared out in any way: the bits are the same.
func TestMatMulInParts(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		r := newSource(12)
		for range 150 {
			m, n, k := 1+r.IntN(90), 1+r.IntN(300), 1+r.IntN(400)
			p := newProduct[float32](r, m, n, k, r.IntN(4))
			whole := clone(p.c)
			MatMul(whole, p.a, p.b, p.tA, p.tB, true)
			for i := 0; i < m; {
				i1 := min(m, i+1+r.IntN(40))
				for j := 0; j < n; {
					j1 := min(n, j+1+r.IntN(150))
					a, b := rowsOf(p.a, p.tA, i, i1), rowsOf(p.b, !p.tB, j, j1)
					MatMul(p.c.Slice(i, i1, j, j1), a, b, p.tA, p.tB, true)
					j = j1
				}
				i = i1
			}
			same(t, whole, p.c, fmt.Sprintf("m=%d n=%d k=%d tA=%t tB=%t", m, n, k, p.tA, p.tB))
		}
	})
}

// rowsOf returns rows i to j-1 of m, or columns.
func rowsOf(m Mat[float32], columns bool, i, j int) Mat[float32] {
	if columns {
		return m.Slice(0, m.Rows, i, j)
	}
	return m.Slice(i, j, 0, m.Cols)
}

// Products may be computed at the same time.
func TestMatMulInGoroutines(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		p := newProduct[float32](newSource(14), 70, 67, 50, 2)
		want := clone(p.c)
		MatMul(want, p.a, p.b, p.tA, p.tB, false)
		got := make([]Mat[float32], 8)
		var wait sync.WaitGroup
		for i := range got {
			wait.Go(func() {
				got[i] = NewMat[float32](70, 67)
				for range 20 {
					MatMul(got[i], p.a, p.b, p.tA, p.tB, false)
				}
			})
		}
		wait.Wait()
		for _, g := range got {
			same(t, want, g, "in a goroutine")
		}
	})
}

// No size of a product allocates.
func TestMatMulAllocatesNothing(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		for _, s := range [][3]int{{1, 128, 64}, {70, 65, 64}, {200, 70, 64}} {
			for kind := range 4 {
				p := newProduct[float32](newSource(15), s[0], s[1], s[2], kind)
				run := func() { MatMul(p.c, p.a, p.b, p.tA, p.tB, true) }
				assert.Zero(t, testing.AllocsPerRun(10, run), "%v kind %d", s, kind)
			}
		}
	})
}
