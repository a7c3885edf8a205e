package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestLayerNorm(t *testing.T) {
	onEachPath(t, layerNorm[float32])
	t.Run("float64", layerNorm[float64])
}

const layerEps = 1e-5

// layer is an application of LayerNorm with its results.
type layer[F Float] struct{ out, m, x, gain, bias Mat[F] }

func newLayer[F Float](r *source, rows, cols int) layer[F] {
	l := layer[F]{view[F](r, rows, cols), view[F](r, rows, 2), view[F](r, rows, cols), view[F](r, 1, cols), view[F](r, 1, cols)}
	l.run()
	return l
}

func (l layer[F]) run() {
	Moments(l.m, l.x, layerEps)
	LayerNorm(l.out, l.x, l.m, l.gain, l.bias)
}

// The results are the formula's, computed in float64, in place too.
func layerNorm[F Float](t *testing.T) {
	r, tol := newSource(1), 16*tolerance[F]()
	for _, s := range [][2]int{{0, 3}, {1, 2}, {3, 7}, {5, 33}, {2, 300}, {2, 1025}} {
		l := newLayer[F](r, s[0], s[1])
		n := float64(s[1])
		mean := from[F](s[0], 1, func(i, _ int) float64 { return SumAll(wideMat(l.x).Slice(i, i+1, 0, s[1])) / n })
		rstd := from[F](s[0], 1, func(i, _ int) float64 {
			var squares float64
			for _, v := range l.x.Row(i) {
				squares += math.Pow(float64(v)-float64(mean.Row(i)[0]), 2)
			}
			return 1 / math.Sqrt(squares/n+layerEps)
		})
		hat := from[F](s[0], s[1], func(i, j int) float64 {
			return (float64(l.x.Row(i)[j]) - float64(mean.Row(i)[0])) * float64(rstd.Row(i)[0])
		})
		want := from[F](s[0], s[1], func(i, j int) float64 {
			return float64(hat.Row(i)[j])*float64(l.gain.Row(0)[j]) + float64(l.bias.Row(0)[j])
		})
		near(t, mean, l.m.Slice(0, s[0], 0, 1), tol, "mean %v", s)
		near(t, rstd, l.m.Slice(0, s[0], 1, 2), tol, "rstd %v", s)
		near(t, want, l.out, tol, "out %v", s)
		unharmed(t, l.out, l.m, l.x, l.gain, l.bias)
		over := clone(l.x)
		LayerNorm(over, over, l.m, l.gain, l.bias)
		same(t, clone(l.out), over, "in place %v", s)

		a, times := view[F](r, s[0], s[1]), view[F](r, s[0], s[1])
		TimesNormal(times, a, l.x, l.m)
		want = from[F](s[0], s[1], func(i, j int) float64 { return float64(a.Row(i)[j]) * float64(hat.Row(i)[j]) })
		near(t, want, times, tol, "times %v", s)
		unharmed(t, times, a)
		over = clone(l.x)
		TimesNormal(over, a, over, l.m)
		same(t, clone(times), over, "over x %v", s)
		TimesNormal(a, a, l.x, l.m)
		same(t, clone(times), clone(a), "over a %v", s)
	}
}

// wideMat returns x in float64.
func wideMat[F Float](x Mat[F]) Mat[float64] {
	return from[float64](x.Rows, x.Cols, func(i, j int) float64 { return float64(x.Row(i)[j]) })
}

// The gradients are those of central differences of Σ dy⊙LayerNorm(x), in x, gain and bias.
func TestLayerNormGradIsTheSlope(t *testing.T) {
	r := newSource(2)
	for _, s := range [][2]int{{1, 2}, {3, 7}, {70, 5}, {2, 300}} {
		l := newLayer[float64](r, s[0], s[1])
		dy, dx, dgain, dbias := view[float64](r, s[0], s[1]), view[float64](r, s[0], s[1]), view[float64](r, 1, s[1]), view[float64](r, 1, s[1])
		times := NewMat[float64](s[0], s[1])
		TimesNormal(times, dy, l.x, l.m)
		SumRows(dgain, times, false)
		SumRows(dbias, dy, false)
		LayerNormGrad(dx, dy, l.x, l.m, l.gain)
		for _, c := range []struct {
			name    string
			m, grad Mat[float64]
		}{{"x", l.x, dx}, {"gain", l.gain, dgain}, {"bias", l.bias, dbias}} {
			for range 10 {
				const h = 1e-5
				i, j := r.IntN(c.m.Rows), r.IntN(c.m.Cols)
				at := &c.m.Row(i)[j]
				loss := func(shift float64) float64 {
					before := *at
					*at += shift
					l.run()
					*at = before
					return weightedSum(l.out, dy)
				}
				assert.InDelta(t, (loss(h)-loss(-h))/(2*h), c.grad.Row(i)[j], 1e-5, "%s of %v at (%d,%d)", c.name, s, i, j)
			}
		}
		unharmed(t, l.x, dy, dx)
	}
}

// float32 agrees with float64 on each path; dx may lie over dy.
func TestLayerNormGrad(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		r := newSource(3)
		for _, s := range [][2]int{{0, 3}, {1, 2}, {3, 7}, {70, 33}, {2, 300}, {2, 1025}} {
			l := newLayer[float32](r, s[0], s[1])
			dy, dx := view[float32](r, s[0], s[1]), NewMat[float32](s[0], s[1])
			LayerNormGrad(dx, dy, l.x, l.m, l.gain)
			want := wideMat(dx)
			LayerNormGrad(want, wideMat(dy), wideMat(l.x), wideMat(l.m), wideMat(l.gain))
			tol := 640 * tolerance[float32]() * float64(1+s[0]) // two columns have a large rstd
			near(t, want, wideMat(dx), tol, "dx %v", s)
			LayerNormGrad(dy, dy, l.x, l.m, l.gain)
			same(t, dx, clone(dy), "over dy")
		}
	})
}

// A row without spread has x̂ = 0 and finite gradients; NaN and infinities spoil their own row alone.
func TestLayerNormOfOddRows(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		r := newSource(4)
		l := newLayer[float32](r, 4, 40)
		before := clone(l.out)
		vectorScalar(mul, l.x.Row(0), l.x.Row(0), 0)
		l.x.Row(1)[3], l.x.Row(2)[39] = float32(math.NaN()), float32(math.Inf(1))
		l.run()
		same(t, clone(l.bias), clone(l.out.Slice(0, 1, 0, 40)), "no spread")
		for i := 1; i <= 2; i++ {
			assert.True(t, math.IsNaN(float64(l.out.Row(i)[0])), "row %d", i)
		}
		same(t, before.Slice(3, 4, 0, 40), clone(l.out.Slice(3, 4, 0, 40)), "its neighbour")
		dx := NewMat[float32](4, 40)
		LayerNormGrad(dx, l.x, l.x, l.m, l.gain)
		for _, v := range dx.Row(0) {
			assert.Zero(t, v-v)
		}
	})
}

// weightedSum is the sum of the elements of x times those of w.
func weightedSum(x, w Mat[float64]) float64 {
	sum := 0.0
	for i := range x.Rows {
		for j, v := range x.Row(i) {
			sum += v * w.Row(i)[j]
		}
	}
	return sum
}
