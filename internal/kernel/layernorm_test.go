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
type layer[F Float] struct{ out, mean, rstd, x, gain, bias Mat[F] }

func newLayer[F Float](r *source, rows, cols int) layer[F] {
	l := layer[F]{view[F](r, rows, cols), view[F](r, rows, 1), view[F](r, rows, 1), view[F](r, rows, cols), view[F](r, 1, cols), view[F](r, 1, cols)}
	l.run()
	return l
}

func (l layer[F]) run() { LayerNorm(l.out, l.mean, l.rstd, l.x, l.gain, l.bias, layerEps) }

// The result is the formula's, computed in float64, in place too; mean and rstd are what the gradient takes.
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
		want := from[F](s[0], s[1], func(i, j int) float64 {
			hat := (float64(l.x.Row(i)[j]) - float64(mean.Row(i)[0])) * float64(rstd.Row(i)[0])
			return hat*float64(l.gain.Row(0)[j]) + float64(l.bias.Row(0)[j])
		})
		near(t, mean, l.mean, tol, "mean %v", s)
		near(t, rstd, l.rstd, tol, "rstd %v", s)
		near(t, want, l.out, tol, "out %v", s)
		unharmed(t, l.out, l.mean, l.rstd, l.x, l.gain, l.bias)
		over := clone(l.x)
		LayerNorm(over, l.mean, l.rstd, over, l.gain, l.bias, layerEps)
		same(t, clone(l.out), over, "in place %v", s)
	}
}

// wideMat returns x in float64.
func wideMat[F Float](x Mat[F]) Mat[float64] {
	return from[float64](x.Rows, x.Cols, func(i, j int) float64 { return float64(x.Row(i)[j]) })
}

// The gradient is that of central differences of Σ dy⊙LayerNorm(x), in x, gain and bias.
func TestLayerNormGradIsTheSlope(t *testing.T) {
	r := newSource(2)
	for _, s := range [][2]int{{1, 2}, {3, 7}, {70, 5}, {2, 300}} {
		l := newLayer[float64](r, s[0], s[1])
		dy, dx, dgain, dbias := view[float64](r, s[0], s[1]), view[float64](r, s[0], s[1]), view[float64](r, 1, s[1]), view[float64](r, 1, s[1])
		LayerNormGrad(dx, dgain, dbias, dy, l.x, l.mean, l.rstd, l.gain, false)
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
					return Dot(l.out, dy)
				}
				assert.InDelta(t, (loss(h)-loss(-h))/(2*h), c.grad.Row(i)[j], 1e-5, "%s of %v at (%d,%d)", c.name, s, i, j)
			}
		}
		unharmed(t, l.x, dy, dx, dgain, dbias)
	}
}

// float32 agrees with float64 on each path; dx may lie over dy; dgain and dbias can be added to.
func TestLayerNormGrad(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		r := newSource(3)
		for _, s := range [][2]int{{0, 3}, {1, 2}, {3, 7}, {70, 33}, {2, 300}, {2, 1025}} {
			l := newLayer[float32](r, s[0], s[1])
			dy, dx, dgain, dbias := view[float32](r, s[0], s[1]), NewMat[float32](s[0], s[1]), NewMat[float32](1, s[1]), NewMat[float32](1, s[1])
			LayerNormGrad(dx, dgain, dbias, dy, l.x, l.mean, l.rstd, l.gain, false)

			dx64, dgain64, dbias64 := wideMat(dx), wideMat(dgain), wideMat(dbias)
			LayerNormGrad(dx64, dgain64, dbias64, wideMat(dy), wideMat(l.x), wideMat(l.mean), wideMat(l.rstd), wideMat(l.gain), false)
			tol := 32 * tolerance[float32]() * float64(1+s[0])
			near(t, dx64, wideMat(dx), 20*tol, "dx %v", s) // two columns have a large rstd
			near(t, dgain64, wideMat(dgain), tol, "dgain %v", s)
			near(t, dbias64, wideMat(dbias), tol, "dbias %v", s)

			twice, thrice := clone(dgain), clone(dbias)
			LayerNormGrad(dy, twice, thrice, dy, l.x, l.mean, l.rstd, l.gain, true)
			same(t, dx, clone(dy), "over dy")
			Add(dgain, dgain, dgain)
			Add(dbias, dbias, dbias)
			same(t, dgain, twice, "dgain, added")
			same(t, dbias, thrice, "dbias, added")
		}
	})
}
