package train

import "math"

// Schedule is the factor of the learning rate at a step, counted from 0.
type Schedule func(step int) float64

// Cosine falls from 1 to the last factor along half a cosine over the given
// steps (Loshchilov and Hutter 2017), after a linear rise over the first warm
// steps.
func Cosine(steps, warm int, last float64) Schedule {
	return func(step int) float64 {
		if step < warm {
			return float64(step+1) / float64(warm)
		}
		if step >= steps {
			return last
		}
		x := float64(step-warm) / float64(steps-warm)
		return last + (1-last)*(1+math.Cos(math.Pi*x))/2
	}
}

// Exponential multiplies by factor after every so many steps, beginning after
// the first ones.
func Exponential(after, every int, factor float64) Schedule {
	return func(step int) float64 {
		if step < after {
			return 1
		}
		return math.Pow(factor, float64((step-after)/max(every, 1)+1))
	}
}
