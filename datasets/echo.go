package datasets

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Copying is the simplest task for an encoder and a decoder: random letters are to be said again, "qgxb" for "qgxb". What
// the encoder hands over must hold the whole word, so without attention the length that can be learnt shows how much fits.
type Copying struct {
	Letters  int // different ones, a to z: 1 to 26
	Min, Max int // the length is uniform from Min to Max, 1 ≤ Min ≤ Max
}

// Reversing is [Copying] backwards, "bxgq" for "qgxb" (Sutskever, Vinyals and Le 2014 turned their sources round because the
// first letter is then the nearest): without attention it is the easier of the two.
type Reversing struct {
	Letters  int // as for Copying
	Min, Max int
}

// Pairs draws n pairs by the seed. Fields out of range are an error.
func (c Copying) Pairs(n int, seed uint64) ([]Pair, error) {
	return c.pairs("copying", n, seed, func([]byte) {})
}

// Pairs draws n pairs by the seed: the sources are those of [Copying]. Fields out of range are an error.
func (r Reversing) Pairs(n int, seed uint64) ([]Pair, error) {
	return Copying(r).pairs("reversing", n, seed, slices.Reverse[[]byte])
}

// Baseline is the part of exact matches of the best answer that is given without reading, some word of length Min:
// Letters^-Min / (Max-Min+1). One who knows the length gets a letter right with 1/Letters. It is 0 for fields out of range.
func (c Copying) Baseline() float64 {
	if c.check("") != nil {
		return 0
	}
	return math.Pow(float64(c.Letters), -float64(c.Min)) / float64(c.Max-c.Min+1)
}

// Baseline is that of [Copying].
func (r Reversing) Baseline() float64 { return Copying(r).Baseline() }

func (c Copying) check(task string) error {
	switch {
	case c.Letters < 1 || c.Letters > 26:
		return fmt.Errorf("datasets: %s: %d letters, wanted 1 to 26", task, c.Letters)
	case c.Min < 1 || c.Min > c.Max || c.Max > 1<<16:
		return fmt.Errorf("datasets: %s: lengths %d to %d, wanted 1 to %d", task, c.Min, c.Max, 1<<16)
	}
	return nil
}

// pairs draws words, and targets that turn makes of copies of them.
func (c Copying) pairs(task string, n int, seed uint64, turn func([]byte)) ([]Pair, error) {
	if err := c.check(task); err != nil {
		return nil, err
	}
	return generate(task, n, 2*c.Max, seed, func(rng *rand.Rand) Pair {
		word := make([]byte, between(rng, c.Min, c.Max))
		for i := range word {
			word[i] = byte('a' + rng.IntN(c.Letters))
		}
		p := Pair{Source: string(word)}
		turn(word)
		p.Target = string(word)
		return p
	})
}
