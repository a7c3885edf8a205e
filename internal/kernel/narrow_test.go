package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// narrowed is op(x) in fewer bits.
func narrowed(t testing.TB, bits Bits, x Mat[float32], turned bool) *Narrow {
	t.Helper()
	rows, cols := x.Rows, x.Cols
	if turned {
		rows, cols = cols, rows
	}
	n := NewNarrow(bits, rows, cols)
	_, _, ok := n.Set(x, turned)
	require.True(t, ok)
	return n
}

// Rounding is to the nearest of the neighbours, and where both are as near to the even one.
func TestBFloat16Rounding(t *testing.T) {
	inf := float32(math.Inf(1))
	for bits, want := range map[uint32]uint32{
		0x3f800000: 0x3f80, 0x3f807fff: 0x3f80, 0x3f808000: 0x3f80, 0x3f808001: 0x3f81,
		0x3f818000: 0x3f82, 0x3f817fff: 0x3f81, 0xbf818000: 0xbf82, 0x80000000: 0x8000, 0: 0,
		0x00008000: 0, 0x00008001: 1, 0x3fffffff: 0x4000, // tiny ones; a carry into the exponent
		0x7f7f7fff: 0x7f7f, 0x7f7f8000: 0x7f80, // the largest, and what is nearer to infinity
	} {
		assert.Equal(t, uint16(want), toBFloat16(math.Float32frombits(bits)), "%08x", bits)
	}
	assert.Equal(t, inf, fromBFloat16(toBFloat16(inf)))
	assert.Equal(t, -inf, fromBFloat16(toBFloat16(-inf)))
	for _, bits := range []uint32{0x7f800001, 0x7fffffff, 0xff800001, 0xffffffff, 0x7fc00000} {
		v := fromBFloat16(toBFloat16(math.Float32frombits(bits)))
		assert.True(t, v != v, "%08x", bits)
	}
	r := newSource(1)
	for range 100000 {
		x := math.Float32frombits(r.Uint32())
		if y := fromBFloat16(toBFloat16(x)); math.Abs(float64(x)) < 3e38 && math.Abs(float64(x)) > 1e-37 {
			require.LessOrEqual(t, math.Abs(float64(y)-float64(x)), math.Abs(float64(x))*0x1p-8)
			require.Equal(t, y, fromBFloat16(toBFloat16(y)), "what has been rounded stays")
		}
	}
}

// An integer is off by half a step at most, a column's largest number not at all but for the step's own rounding.
func TestInt8Rounding(t *testing.T) {
	r := newSource(2)
	for _, turned := range []bool{false, true} {
		x := view[float32](r, 37, 150)
		clear(x.Row(5))
		x.Row(7)[9] = 1e30
		n := narrowed(t, Int8, x, turned)
		y := NewMat[float32](n.Rows, n.Cols)
		n.Widen(y)
		wide := clone(x)
		if turned {
			wide = NewMat[float32](n.Rows, n.Cols)
			Transpose(wide, x)
		}
		for j := range n.Cols {
			most := 0.0
			for i := range n.Rows {
				most = max(most, math.Abs(float64(wide.Row(i)[j])))
			}
			for i := range n.Rows {
				want, got := float64(wide.Row(i)[j]), float64(y.Row(i)[j])
				require.LessOrEqual(t, math.Abs(got-want), most/254*1.00001)
				if math.Abs(want) == most {
					require.InEpsilon(t, 1, (got+1e-300)/(want+1e-300), 1e-7)
				}
			}
		}
	}
}

// What can be kept in fewer bits is kept as it is.
func TestNarrowIsExactWhereItCan(t *testing.T) {
	r := newSource(3)
	x := from[float32](70, 165, func(i, j int) float64 {
		if i == j%70 {
			return 127 * math.Ldexp(1, j%9-4)
		}
		return float64(r.IntN(255)-127) * math.Ldexp(1, j%9-4)
	})
	for _, bits := range []Bits{BFloat16, Int8} {
		y := NewMat[float32](70, 165)
		narrowed(t, bits, x, false).Widen(y)
		same(t, x, y, "%d", bits)
	}
}

// Int8 has no place for what is not finite, and says where it was; bfloat16 keeps it.
func TestNarrowNotFinite(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		x := view[float32](newSource(4), 9, 40)
		x.Row(6)[33] = float32(bad)
		row, col, ok := NewNarrow(Int8, 9, 40).Set(x, false)
		assert.Equal(t, []any{6, 33, false}, []any{row, col, ok})
		row, col, ok = NewNarrow(Int8, 40, 9).Set(x, true)
		assert.Equal(t, []any{6, 33, false}, []any{row, col, ok})

		onEachPath(t, func(t *testing.T) {
			c, a := NewMat[float32](2, 40), NewMat[float32](2, 9)
			MatMulNarrow(c, a, narrowed(t, BFloat16, x, false), 0, false)
			for j, v := range c.Row(1) {
				assert.Equal(t, j == 33, v != v, "0 times it is not lost")
			}
		})
	}
}

// A matrix that is set again is as if made anew.
func TestNarrowSetAgain(t *testing.T) {
	r := newSource(5)
	for _, bits := range []Bits{BFloat16, Int8} {
		n := NewNarrow(bits, 20, 50)
		big := view[float32](r, 20, 50)
		Scale(big, big, 1000)
		n.Set(big, false)
		x := view[float32](r, 20, 50)
		n.Set(x, false)
		assert.Equal(t, narrowed(t, bits, x, false), n)
		assert.Zero(t, testing.AllocsPerRun(5, func() { n.Set(x, false) }))
	}
	assert.Equal(t, 20*64*2, NewNarrow(BFloat16, 20, 50).Size())
	assert.Equal(t, 20*64+4*64, NewNarrow(Int8, 20, 50).Size())
}
