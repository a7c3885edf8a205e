package train

import "math"

// Schedule is the factor of the learning rate at a step, counted from 0.
type Schedule func(step int) float64

// Cosine rises linearly to 1 over the first warm steps, then falls to last along
// half a cosine (Loshchilov and Hutter 2017), which takes the rest of the given
// steps. After them it stays at last.
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

// Exponential is 1 before step after, and from there on falls by factor at once
// and again after each so many steps: factor^(1 + ⌊(step-after)/every⌋). An every
// below 1 counts as 1.
func Exponential(after, every int, factor float64) Schedule {
	return func(step int) float64 {
		if step < after {
			return 1
		}
		return math.Pow(factor, float64((step-after)/max(every, 1)+1))
	}
}
