package datasets

import (
	"math"
	"math/rand/v2"
)

// AnBn is the language aⁿbⁿ (Gers and Schmidhuber 2001): each string is n letters a and then as many b, and the next
// symbol is asked for at every step. How many a come cannot be known; from the first b on everything can, by counting.
//
//	ids      # a a a b b b      [2n+1]     # = 0, a = 1, b = 2
//	labels   a a a b b b #      [2n+1]
//
// Known result: an LSTM trained on n up to 10 goes on to count strings several times as long, which a network that
// remembers only the strings themselves cannot; a string counts as right if the labels from the first b on all are.
type AnBn struct {
	Min, Max int // n is uniform from Min to Max, 1 ≤ Min ≤ Max
}

// Inputs is the number of ids.
func (AnBn) Inputs() int { return 3 }

// Classes is the number of labels.
func (AnBn) Classes() int { return 3 }

// Counted is where the labels begin that counting decides: those at steps t ≥ Counted, which is the first b, are known.
func (AnBn) Counted(e Tagged) int { return (len(e.IDs) + 1) / 2 }

// Baseline is the mean cross entropy per step, in nats, of the best guess from the present symbol alone. With m the
// mean of n, a letter is the last of its kind with probability 1/m:
//
//	2·m·H(1/m) / (2m+1),   H(p) = -p ln p - (1-p) ln(1-p)
func (l AnBn) Baseline() float64 {
	m := float64(l.Min+l.Max) / 2
	if m <= 1 {
		return 0
	}
	p := 1 / m
	return -2 * m * (p*math.Log(p) + (1-p)*math.Log1p(-p)) / (2*m + 1)
}

// Floor is the mean cross entropy per step that no network can go below: the string is known but for n, so it is
// ln(Max-Min+1) / (2m+1).
func (l AnBn) Floor() float64 { return math.Log(float64(l.Max-l.Min+1)) / float64(l.Min+l.Max+1) }

// Examples draws n strings by the seed. A range that is empty or begins below 1 is an error.
func (l AnBn) Examples(n int, seed uint64) ([]Tagged, error) {
	if err := atLeast("a^n b^n", "least n", l.Min, 1); err != nil {
		return nil, err
	}
	if err := atLeast("a^n b^n", "greatest n", l.Max, l.Min); err != nil {
		return nil, err
	}
	return generate("a^n b^n", n, 4*l.Max+2, seed, l.draw)
}

func (l AnBn) draw(rng *rand.Rand) Tagged {
	n := between(rng, l.Min, l.Max)
	ids := make([]int, 2*n+2) // from # to #
	for k := range n {
		ids[1+k], ids[1+n+k] = 1, 2
	}
	return Tagged{IDs: ids[: 2*n+1 : 2*n+1], Labels: ids[1:]}
}
