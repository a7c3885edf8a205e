package datasets

import "math/rand/v2"

// alias draws from a distribution in constant time (Walker 1977, in the form of Vose 1991): each of n columns of equal weight
// belongs to two ids at most.
type alias struct {
	first  []float64 // part of column i that belongs to id i
	second []int     // whose the rest is
}

// newAlias is the distribution proportional to weights, of which at least one is above 0.
func newAlias(weights []float64) alias {
	n, total := len(weights), 0.0
	for _, w := range weights {
		total += w
	}
	a := alias{first: make([]float64, n), second: make([]int, n)}
	var low, high []int // columns with too little and with more than enough
	for i, w := range weights {
		a.first[i], a.second[i] = w*float64(n)/total, i
		if a.first[i] < 1 {
			low = append(low, i)
		} else {
			high = append(high, i)
		}
	}
	for len(low) > 0 && len(high) > 0 {
		i, j := low[len(low)-1], high[len(high)-1]
		low = low[:len(low)-1]
		a.second[i] = j
		if a.first[j] -= 1 - a.first[i]; a.first[j] < 1 {
			high, low = high[:len(high)-1], append(low, j)
		}
	}
	for _, i := range low { // by rounding alone, but for ids of no weight
		if weights[i] > 0 {
			a.first[i] = 1
		}
	}
	return a
}

// draw draws an id.
func (a alias) draw(rng *rand.Rand) int {
	i := rng.IntN(len(a.first))
	if rng.Float64() < a.first[i] {
		return i
	}
	return a.second[i]
}
