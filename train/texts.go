package train

import (
	"fmt"
	"math"
)

// ExactMatch is the part of the texts that are equal, letter by letter, to those wanted. It is an error if they are not as
// many, or none.
func ExactMatch(got, want []string) (float64, error) {
	if len(got) != len(want) || len(got) == 0 {
		return 0, fmt.Errorf("train: exact match: %d texts for %d, wanted as many and at least 1", len(got), len(want))
	}
	equal := 0
	for i, text := range got {
		if text == want[i] {
			equal++
		}
	}
	return float64(equal) / float64(len(got)), nil
}

// WordF1 compares the words of two texts as bags, whatever their order: the harmonic mean of the part of the candidate's
// words that are the reference's and of the part of the reference's words that were found (Rajpurkar et al. 2016),
//
//	F1 = 2·common / (words of the candidate + words of the reference)
//
// a word that occurs several times counted as often as both have it. Of several references the best counts. Two empty texts
// agree, 1; without a reference it is NaN.
func WordF1(candidate []string, references ...[]string) float64 {
	best := math.NaN()
	for _, reference := range references {
		f1 := 1.0
		if n := len(candidate) + len(reference); n > 0 {
			f1 = 2 * float64(common(candidate, reference)) / float64(n)
		}
		if !(best > f1) {
			best = f1
		}
	}
	return best
}

// common is how many words two bags share.
func common(a, b []string) int {
	count := grams(a, 1)
	n := 0
	for g, k := range grams(b, 1) {
		n += min(k, count[g])
	}
	return n
}

// Perplexity is e^nats, nats the mean cross entropy for each token: among how many equally likely tokens a model would
// be as unsure. Models can only be compared over the same tokens.
func Perplexity(nats float64) float64 { return math.Exp(nats) }
