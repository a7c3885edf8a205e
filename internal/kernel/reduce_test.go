package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSums(t *testing.T) {
	t.Run("float32", sums[float32])
	t.Run("float64", sums[float64])
}

// Each sum agrees with a float64 loop, whatever the stride, with and without accumulation.
func sums[F Float](t *testing.T) {
	r := newSource(1)
	check := func(rows, cols int) {
		x, y := view[F](r, rows, cols), view[F](r, rows, cols)
		down, across := make([]float64, cols), make([]float64, rows)
		tol := tolerance[F]() * math.Sqrt(float64(rows*cols)+1)
		var all, squares float64
		for i := range rows {
			product := 0.0
			for j := range cols {
				v, w := float64(x.Row(i)[j]), float64(y.Row(i)[j])
				down[j] += v
				across[i] += v
				all += v
				product += v * w
				squares += v * v
			}
			assert.InDelta(t, product, float64(dot(x.Row(i), y.Row(i))), 4*tol, "dot of %d", cols)
		}
		assert.InDelta(t, all, float64(SumAll(x)), tol, "SumAll %dx%d", rows, cols)
		assert.InDelta(t, squares, SumSquares(clone(x).Data), 1e-12*(1+squares), "SumSquares %dx%d", rows, cols)
		assert.Equal(t, SumAll(clone(x)), SumAll(x), "SumAll does not see the stride")

		for _, acc := range []bool{false, true} {
			rowSum, colSum := view[F](r, 1, cols), view[F](r, rows, 1)
			before := map[bool]float64{true: 1}[acc]
			wantRow := from[F](1, cols, func(_, j int) float64 { return down[j] + before*float64(rowSum.Row(0)[j]) })
			wantCol := from[F](rows, 1, func(i, _ int) float64 { return across[i] + before*float64(colSum.Row(i)[0]) })
			SumRows(rowSum, x, acc)
			SumCols(colSum, x, acc)
			near(t, wantRow, rowSum, tol, "SumRows")
			near(t, wantCol, colSum, tol, "SumCols")
			unharmed(t, rowSum, colSum, x)
		}
	}
	sizes(check)
	check(1, 5000)
	check(3000, 1)
	check(200, 130)
}

// Pairwise order keeps the digits that a running float32 sum loses: 2^22 times 0.1.
func TestSumsAreAccurate(t *testing.T) {
	const rows, cols = 1 << 12, 1 << 10
	x := NewMat[float32](rows, cols)
	Fill(x, 0.1)
	want := float64(float32(0.1)) * rows * cols
	assert.InEpsilon(t, want, float64(SumAll(x)), 1e-6)
	down := NewMat[float32](1, cols)
	SumRows(down, x, false)
	assert.InEpsilon(t, float64(float32(0.1))*rows, float64(down.Data[7]), 1e-6)
}

func TestArgMax(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	cases := []struct {
		name string
		x    []float64
		want int
	}{
		{"first of equals", []float64{1, 3, 3}, 1},
		{"one column", []float64{-1}, 0},
		{"all -Inf", []float64{-inf, -inf}, 0},
		{"+Inf", []float64{1, inf, 3}, 1},
		{"first NaN", []float64{9, nan, inf, nan}, 1},
		{"NaN in front", []float64{nan, 5}, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			out := []int{-1}
			ArgMax(out, Mat[float64]{Data: c.x, Rows: 1, Cols: len(c.x), Stride: len(c.x)})
			assert.Equal(t, c.want, out[0])
		})
	}
	r := newSource(2)
	x, out := view[float32](r, 6, 40), make([]int, 6)
	ArgMax(out, x)
	for i, best := range out {
		for _, v := range x.Row(i) {
			assert.LessOrEqual(t, v, x.Row(i)[best])
		}
	}
}
