package kernel

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// product is one case of MatMul with its operands in poisoned surroundings.
type product[F Float] struct {
	c, a, b Mat[F]
	tA, tB  bool
}

func newProduct[F Float](r *source, m, n, k, kind int) product[F] {
	p := product[F]{tA: kind&1 != 0, tB: kind&2 != 0}
	ar, ac, br, bc := m, k, k, n
	if p.tA {
		ar, ac = ac, ar
	}
	if p.tB {
		br, bc = bc, br
	}
	p.c, p.a, p.b = view[F](r, m, n), view[F](r, ar, ac), view[F](r, br, bc)
	return p
}

// The fast product has the bits of the definition: for every size, transpose and stride.
func TestMatMulIsItsDefinition(t *testing.T) {
	onEachPath(t, matMulIsItsDefinition[float32])
	t.Run("float64", matMulIsItsDefinition[float64])
}

func matMulIsItsDefinition[F Float](t *testing.T) {
	r := newSource(1)
	check := func(m, n, k, kind int) {
		p := newProduct[F](r, m, n, k, kind&3)
		acc := kind&4 != 0
		want := clone(p.c)
		MatMul(p.c, p.a, p.b, p.tA, p.tB, acc)
		definition(p, want, acc)
		same(t, want, p.c, "m=%d n=%d k=%d kind=%d", m, n, k, kind)
		unharmed(t, p.c, p.a, p.b)
	}
	for m := range 18 {
		for n := range 18 {
			for k := range 18 {
				check(m, n, k, (m+n+k)%8)
				check(m, n, k, (m+n+k+4)%8)
			}
		}
	}
	for kind := range 8 {
		check(5, 6, 7, kind)
		check(33, 515, 130, kind)
		check(1, 130, 65, kind)
		check(70, 3, 200, kind)
		check(2, 1030, 66, kind)
		check(17, 129, 300, kind)
		check(25, 33, 513, kind)
		check(1+kind&3, 77, 90, kind^2) // few rows
		check(64, 65, 37, kind)         // few columns left
		check(200, 3, 70, kind)         // few columns
		check(261, 290, 140, kind)      // more than one block
	}
}

// An addend of its own, or one row of it for all, gives the bits of copying it first.
func TestAddMatMulIsCopyAndMatMul(t *testing.T) {
	onEachPath(t, addMatMulIsCopyAndMatMul[float32])
	t.Run("float64", addMatMulIsCopyAndMatMul[float64])
}

func addMatMulIsCopyAndMatMul[F Float](t *testing.T) {
	r := newSource(5)
	check := func(m, n, k, kind int) {
		p := newProduct[F](r, m, n, k, kind&3)
		for _, rows := range []int{m, 1} {
			d := view[F](r, rows, n)
			want := clone(p.c)
			Copy(want, d)
			MatMul(want, p.a, p.b, p.tA, p.tB, true)
			AddMatMul(p.c, d, p.a, p.b, p.tA, p.tB)
			same(t, want, p.c, "m=%d n=%d k=%d kind=%d, addend of %d rows", m, n, k, kind, rows)
			unharmed(t, p.c, p.a, p.b, d)
		}
	}
	for m := range 14 {
		for n := range 20 {
			for k := range 7 {
				check(m+1, n, k, m+n+k)
			}
		}
	}
	for kind := range 4 {
		check(33, 515, 130, kind)
		check(64, 65, 37, kind)    // few columns left
		check(3, 130, 200, kind)   // few rows
		check(261, 290, 140, kind) // more than one block
	}
}

func TestAddMatMulRefusesSizes(t *testing.T) {
	c := NewMat[float32](3, 2)
	assert.PanicsWithValue(t, "internal error: kernel.AddMatMul: C 3x2, D 2x2",
		func() {
			AddMatMul(c, NewMat[float32](2, 2), NewMat[float32](3, 4), NewMat[float32](4, 2), false, false)
		})
}

// 0·NaN and 0·Inf are NaN: nothing is skipped because a factor is zero.
func TestMatMulKeepsNaN(t *testing.T) {
	onEachPath(t, matMulKeepsNaN[float32])
	t.Run("float64", matMulKeepsNaN[float64])
}

func matMulKeepsNaN[F Float](t *testing.T) {
	for kind := range 4 {
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			for _, m := range []int{1, 2, 9, 20} {
				p := newProduct[F](newSource(2), m, 9, 9, kind)
				Fill(p.a, 0)
				p.b.Row(4)[4] = F(bad)
				MatMul(p.c, p.a, p.b, p.tA, p.tB, false)
				for i := range m {
					for j, v := range p.c.Row(i) {
						assert.Equal(t, j == 4, v != v, "kind %d, row %d, column %d", kind, i, j)
					}
				}
			}
		}
	}
}

func TestMatMulWithoutInnerSize(t *testing.T) {
	r := newSource(3)
	c, a, b := view[float32](r, 3, 4), view[float32](r, 3, 0), view[float32](r, 0, 4)
	before := clone(c)
	MatMul(c, a, b, false, false, true)
	same(t, before, c, "accumulating nothing changes nothing")
	MatMul(c, a, b, false, false, false)
	same(t, NewMat[float32](3, 4), c, "a product over nothing is zero")
}

func TestMatMulRefusesSizes(t *testing.T) {
	c, a := NewMat[float32](2, 2), NewMat[float32](2, 3)
	assert.PanicsWithValue(t, "internal error: kernel.MatMul: C 2x2, op(A) 2x3, op(B) 2x3",
		func() { MatMul(c, a, a, false, false, false) })
}

func FuzzMatMul(f *testing.F) {
	f.Add(uint64(1), uint16(3), uint16(4), uint16(5), byte(0))
	f.Add(uint64(2), uint16(33), uint16(65), uint16(7), byte(6))
	f.Add(uint64(3), uint16(65), uint16(66), uint16(129), byte(3))
	f.Fuzz(func(t *testing.T, seed uint64, m, n, k uint16, kind byte) {
		r := newSource(seed)
		p := newProduct[float32](r, int(m)%300, int(n)%300, int(k)%300, int(kind&3))
		acc := kind&4 != 0
		before := clone(p.c)
		for _, path := range paths() {
			use(t, path)
			Copy(p.c, before)
			want := clone(before)
			definition(p, want, acc)
			MatMul(p.c, p.a, p.b, p.tA, p.tB, acc)
			same(t, want, p.c, "%s: m=%d n=%d k=%d kind=%d", path, m, n, k, kind)
			unharmed(t, p.c, p.a, p.b)
		}
	})
}

func BenchmarkMatMul(b *testing.B) {
	for _, p := range paths() {
		b.Run("float32/"+p.String(), func(b *testing.B) {
			use(b, p)
			benchMatMul[float32](b)
		})
	}
	b.Run("float64", benchMatMul[float64])
}

func benchMatMul[F Float](b *testing.B) {
	const tA, tB, bias = 1, 2, 8
	cases := []struct{ m, n, k, kind int }{
		{1, 512, 128, 0},
		{1, 2048, 512, 0},
		{1, 128, 512, tB},
		{1, 512, 2048, tB},
		{4, 128, 512, tB},
		{4, 65, 130, tB},
		{11, 128, 512, tB},
		{20, 800, 200, 0},
		{20, 200, 800, 0},
		{20, 10000, 200, 0},
		{32, 512, 128, 0},
		{32, 128, 512, tB},
		{50, 512, 128, 0},
		{64, 2048, 512, 0},
		{64, 512, 2048, 0},
		{2048, 512, 128, bias},
		{2048, 128, 512, tB},
		{2048, 65, 128, bias},
		{2048, 128, 65, tB},
		{128, 65, 2048, tA},
		{128, 512, 2048, tA},
		{4096, 2048, 512, bias},
		{4096, 512, 2048, tB},
		{512, 2048, 4096, tA},
		{700, 10000, 200, bias},
		{700, 200, 10000, tB},
		{200, 10000, 700, tA},
	}
	for _, s := range cases {
		b.Run(fmt.Sprintf("%dx%dx%d%s", s.m, s.n, s.k, map[int]string{tA: "/tA", tB: "/tB", bias: "/bias"}[s.kind]), func(b *testing.B) {
			p := newProduct[F](newSource(4), s.m, s.n, s.k, s.kind&3)
			d := NewMat[F](1, s.n)
			b.ReportAllocs()
			for b.Loop() {
				if s.kind == bias {
					AddMatMul(p.c, d, p.a, p.b, false, false)
				} else {
					MatMul(p.c, p.a, p.b, p.tA, p.tB, false)
				}
			}
			flops := 2 * float64(s.m) * float64(s.n) * float64(s.k) * float64(b.N)
			b.ReportMetric(flops/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
