package datasets

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// HoldOut holds back a part of items at random, round(part·len(items)) of them, for validation or a test. Both results
// are new and keep the order of items; the same seed holds back the same places. It is an error if part is NaN or outside
// (0, 1), or if a result would be empty.
func HoldOut[E any](items []E, part float64, seed uint64) (rest, held []E, err error) {
	if !(part > 0 && part < 1) {
		return nil, nil, fmt.Errorf("datasets: hold out: part %v, wanted more than 0 and less than 1", part)
	}
	n := int(math.Round(part * float64(len(items))))
	if n == 0 || n == len(items) {
		return nil, nil, fmt.Errorf("datasets: hold out: part %v of %d items leaves %d and %d, wanted at least 1 each",
			part, len(items), len(items)-n, n)
	}
	chosen := make([]bool, len(items))
	for _, i := range rand.New(rand.NewPCG(seed, 0)).Perm(len(items))[:n] {
		chosen[i] = true
	}
	rest, held = make([]E, 0, len(items)-n), make([]E, 0, n)
	for i, item := range items {
		if chosen[i] {
			held = append(held, item)
		} else {
			rest = append(rest, item)
		}
	}
	return rest, held, nil
}
