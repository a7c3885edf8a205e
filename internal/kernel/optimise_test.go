package kernel

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// One parameter through three steps of Adam, worked out by hand: with a constant gradient both corrected averages
// are exact (m̂ = g, v̂ = g²), so each step moves by rate·g/(|g|+eps) after the decay.
func TestAdamByHand(t *testing.T) {
	w, g, m, v := []float64{1}, []float64{4}, []float64{0}, []float64{0}
	s := AdamStep{Rate: 0.1, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, Decay: 0.5, Scale: 0.5}
	want := 1.0
	for s.Step = 1; s.Step <= 3; s.Step++ {
		Adam(w, g, m, v, s)
		want = want*(1-0.1*0.5) - 0.1*2/(2+1e-8)
		assert.InDelta(t, want, w[0], 1e-14, "step %d", s.Step)
	}
	assert.InDelta(t, 2*(1-0.9*0.9*0.9), m[0], 1e-15)
	assert.InDelta(t, 4*(1-0.999*0.999*0.999), v[0], 1e-15)
	assert.Equal(t, []float64{4}, g, "the gradient is only read")
}

func TestAdamAgainstPyTorch(t *testing.T) {
	t.Run("float32", adamAgainstPyTorch[float32])
	t.Run("float64", adamAgainstPyTorch[float64])
}

// torch.optim.AdamW (_single_tensor_adamw), line by line, in float64.
func adamAgainstPyTorch[F Float](t *testing.T) {
	r := newSource(1)
	for n := range 18 {
		w, m, v := view[F](r, 1, n).Row(0), make([]F, n), make([]F, n)
		pw, pm, pv := wide(w), wide(m), wide(v)
		s := AdamStep{Rate: 0.01, Beta1: 0.8, Beta2: 0.95, Eps: 1e-6, Decay: 0.1, Scale: 0.3}
		for s.Step = 1; s.Step <= 5; s.Step++ {
			g := view[F](r, 1, n).Row(0)
			Adam(w, g, m, v, s)
			for k := range pw {
				grad := float64(g[k]) * s.Scale
				pw[k] *= 1 - s.Rate*s.Decay
				pm[k] += (grad - pm[k]) * (1 - s.Beta1)
				pv[k] = pv[k]*s.Beta2 + (1-s.Beta2)*grad*grad
				stepSize := s.Rate / (1 - math.Pow(s.Beta1, float64(s.Step)))
				denom := math.Sqrt(pv[k])/math.Sqrt(1-math.Pow(s.Beta2, float64(s.Step))) + s.Eps
				pw[k] -= stepSize * pm[k] / denom
			}
		}
		assert.InDeltaSlice(t, pw, wide(w), 4*tolerance[F]())
	}
}

func TestSGDAgainstPyTorch(t *testing.T) {
	t.Run("float32", sgdAgainstPyTorch[float32])
	t.Run("float64", sgdAgainstPyTorch[float64])
}

// torch.optim.SGD (_single_tensor_sgd) with dampening 0, line by line, in float64; its first step copies the
// gradient into the buffer.
func sgdAgainstPyTorch[F Float](t *testing.T) {
	cases := []struct {
		name string
		s    SGDStep
	}{
		{"plain", SGDStep{Rate: 0.1, Scale: 1}},
		{"clipped, decayed", SGDStep{Rate: 0.1, Decay: 0.2, Scale: 0.5}},
		{"momentum", SGDStep{Rate: 0.1, Momentum: 0.9, Decay: 0.2, Scale: 0.5}},
		{"Nesterov", SGDStep{Rate: 0.1, Momentum: 0.9, Decay: 0.2, Nesterov: true, Scale: 0.5}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r, s := newSource(2), c.s
			w := view[F](r, 1, 17).Row(0)
			var vel []F
			if s.Momentum > 0 {
				vel = make([]F, 17)
			}
			pw, buf := wide(w), make([]float64, 17)
			for step := range 4 {
				g := view[F](r, 1, 17).Row(0)
				SGD(w, g, vel, s)
				for k := range pw {
					grad := float64(g[k])*s.Scale + s.Decay*pw[k]
					if s.Momentum != 0 {
						if step == 0 {
							buf[k] = grad
						} else {
							buf[k] = s.Momentum*buf[k] + grad
						}
						if s.Nesterov {
							grad += s.Momentum * buf[k]
						} else {
							grad = buf[k]
						}
					}
					pw[k] -= s.Rate * grad
				}
			}
			assert.InDeltaSlice(t, pw, wide(w), 4*tolerance[F]())
		})
	}
}

// wide returns x in float64.
func wide[F Float](x []F) []float64 {
	y := make([]float64, len(x))
	for k, v := range x {
		y[k] = float64(v)
	}
	return y
}
