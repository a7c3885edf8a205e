package datasets

import (
	"fmt"
	"math/rand/v2"
)

// generate draws n examples of at most steps steps. Example i depends on the seed and i alone, so that a larger n begins
// with the examples of a smaller one.
func generate[E any](task string, n, steps int, seed uint64, draw func(rng *rand.Rand) E) ([]E, error) {
	if n < 0 || n > maxWindow/max(steps, 1) {
		return nil, fmt.Errorf("datasets: %s: %d examples of %d steps, wanted 0 to %d", task, n, steps, maxWindow/max(steps, 1))
	}
	out := make([]E, n)
	for i := range out {
		out[i] = draw(rand.New(rand.NewPCG(seed, uint64(i))))
	}
	return out, nil
}

// atLeast refuses a size that a task cannot have. Beyond 2^24 steps no example is meant.
func atLeast(task, what string, got, least int) error {
	if got < least || got > 1<<24 {
		return fmt.Errorf("datasets: %s: %s %d, wanted %d to %d", task, what, got, least, 1<<24)
	}
	return nil
}

// between draws an integer from least to most, both included.
func between(rng *rand.Rand, least, most int) int { return least + rng.IntN(most-least+1) }
