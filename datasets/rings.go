package datasets

import (
	"math"
	"math/rand/v2"
)

// Rings are n points of the square from -1 to 1 with the class of how far they are from its middle: 0 inside, 1 in a ring around
// that, 2 outside, about a third each. No straight line tells one class from the others, so a network without a hidden layer
// gets little more than a third of them right. The same seed gives the same points.
func Rings(n int, seed uint64) []Numeric {
	rng := rand.New(rand.NewPCG(seed, 0))
	out := make([]Numeric, max(n, 0))
	for i := range out {
		x, y := 2*rng.Float64()-1, 2*rng.Float64()-1
		e := Numeric{X: []float64{x, y}, Steps: 1, At: i}
		switch r := math.Hypot(x, y); {
		case r > 0.921: // areas of 4/3 each
			e.Label = 2
		case r > 0.651:
			e.Label = 1
		}
		out[i] = e
	}
	return out
}
