package kernel

import (
	"fmt"
	"math"
)

// AdamStep are the settings of one step of Adam.
type AdamStep struct {
	Rate         float64 // η, the learning rate
	Beta1, Beta2 float64 // β1, β2, the decay of the two averages
	Eps          float64 // ε, added to the root
	Decay        float64 // λ, decoupled weight decay (AdamW); 0: none
	Scale        float64 // s multiplies the gradient, as clipping asks; 1: as it is. Taken literally: 0 removes the gradient
	Step         int     // t, the number of this step, from 1
}

// Adam makes one step of Adam (Kingma and Ba, 2015, https://arxiv.org/abs/1412.6980) with the decoupled decay of
// Loshchilov and Hutter (2019, https://arxiv.org/abs/1711.05101), as PyTorch computes it:
//
//	g' = s·g
//	w' = w·(1 - η·λ)
//	m  = m + (1-β1)·(g' - m)
//	v  = β2·v + (1-β2)·g'²
//	w  = w' - η/(1-β1^t) · m / (√v/√(1-β2^t) + ε)
//
// Weights w, gradient g, averages m and v (zero before step 1) have one length; w, m and v are written, g is only
// read.
func Adam[F Float](w, g, m, v []F, s AdamStep) {
	if s.Step < 1 {
		panic(fmt.Sprintf("internal error: kernel.Adam: step %d", s.Step))
	}
	count("Adam", len(g), len(w))
	count("Adam", len(m), len(w))
	count("Adam", len(v), len(w))

	t := float64(s.Step)
	rate := F(s.Rate / (1 - math.Pow(s.Beta1, t)))
	root := F(math.Sqrt(1 - math.Pow(s.Beta2, t)))
	scale, keep, eps := F(s.Scale), F(1-float64(s.Rate*s.Decay)), F(s.Eps)
	new1, beta2, new2 := F(1-s.Beta1), F(s.Beta2), F(1-s.Beta2)
	if w, ok := any(w).([]float32); ok && active != plain {
		k := [8]F{scale, new1, beta2, new2, root, eps, rate, keep}
		vectorAdam(active, w, any(g).([]float32), any(m).([]float32), any(v).([]float32), any(&k).(*[8]float32))
		return
	}
	g, m, v = g[:len(w)], m[:len(w)], v[:len(w)]
	for k := range w {
		d := F(scale * g[k])
		m[k] += F(new1 * (d - m[k]))
		v[k] = F(beta2*v[k]) + F(F(new2*d)*d)
		step := F(rate*m[k]) / (F(math.Sqrt(float64(v[k])))/root + eps)
		w[k] = F(w[k]*keep) - step
	}
}

// SGDStep are the settings of one step of SGD.
type SGDStep struct {
	Rate     float64 // η, the learning rate
	Momentum float64 // μ; 0: none
	Decay    float64 // λ, weight decay in the gradient (L2); 0: none
	Nesterov bool    // look ahead along the velocity; needs Momentum
	Scale    float64 // s multiplies the gradient before the decay, as clipping asks; 1: as it is, 0 removes it
}

// SGD makes one step of stochastic gradient descent with momentum, as PyTorch computes it without dampening
// (Sutskever et al., 2013, https://proceedings.mlr.press/v28/sutskever13.html, but with η outside the velocity):
//
//	g'  = s·g + λ·w
//	vel = μ·vel + g'
//	w   = w - η·g'                 without momentum (vel is nil)
//	w   = w - η·vel                with momentum
//	w   = w - η·(g' + μ·vel)       Nesterov
//
// Weights w, gradient g and velocity vel (zero before the first step) have one length; w and vel are written, g is
// only read.
func SGD[F Float](w, g, vel []F, s SGDStep) {
	count("SGD", len(g), len(w))
	if vel != nil {
		count("SGD", len(vel), len(w))
	}
	if w, ok := any(w).([]float32); ok && active != plain {
		sgd32(w, any(g).([]float32), any(vel).([]float32), s)
		return
	}
	rate, mu, decay, scale := F(s.Rate), F(s.Momentum), F(s.Decay), F(s.Scale)
	if vel == nil {
		for k := range w {
			d := F(scale*g[k]) + F(decay*w[k])
			w[k] -= F(rate * d)
		}
		return
	}
	for k := range w {
		d := F(scale*g[k]) + F(decay*w[k])
		vel[k] = F(mu*vel[k]) + d
		if s.Nesterov {
			d += F(mu * vel[k])
		} else {
			d = vel[k]
		}
		w[k] -= F(rate * d)
	}
}

// sgd32 is SGD on a vector path.
func sgd32(w, g, vel []float32, s SGDStep) {
	k := [8]float32{float32(s.Scale), float32(s.Decay), float32(s.Rate), float32(s.Momentum)}
	switch {
	case vel == nil:
		vectorSGD(active, w, g, &k)
	case s.Nesterov:
		vectorNesterov(active, w, g, vel, &k)
	default:
		vectorMomentum(active, w, g, vel, &k)
	}
}
