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
	chosen, err := choose(len(items), "items", part, seed)
	if err != nil {
		return nil, nil, err
	}
	rest, held = sides(items, func(i int) bool { return chosen[i] })
	return rest, held, nil
}

// HoldOutBy is [HoldOut] for items that belong together: all items with the same key are on one side, such as the
// translations of one sentence or the variants of one picture, so that nothing held back has been seen under another
// answer. part is of the different keys, round(part·keys) of them, and the seed draws from the keys in the order in which
// they first occur. It is an error if part is NaN or outside (0, 1), or if a result would be empty.
func HoldOutBy[E any, K comparable](items []E, key func(E) K, part float64, seed uint64) (rest, held []E, err error) {
	if key == nil {
		return nil, nil, fmt.Errorf("datasets: hold out: there is no key, got nil")
	}
	number, of := map[K]int{}, make([]int, len(items))
	for i, item := range items {
		k := key(item)
		n, ok := number[k]
		if !ok {
			n = len(number)
			number[k] = n
		}
		of[i] = n
	}
	chosen, err := choose(len(number), "different keys", part, seed)
	if err != nil {
		return nil, nil, err
	}
	rest, held = sides(items, func(i int) bool { return chosen[of[i]] })
	return rest, held, nil
}

// choose marks round(part·n) of n things at random, not none and not all.
func choose(n int, what string, part float64, seed uint64) (chosen []bool, err error) {
	if !(part > 0 && part < 1) {
		return nil, fmt.Errorf("datasets: hold out: part %v, wanted more than 0 and less than 1", part)
	}
	k := int(math.Round(part * float64(n)))
	if k == 0 || k == n {
		return nil, fmt.Errorf("datasets: hold out: part %v of %d %s leaves %d and %d, wanted at least 1 each",
			part, n, what, n-k, k)
	}
	chosen = make([]bool, n)
	for _, i := range rand.New(rand.NewPCG(seed, 0)).Perm(n)[:k] {
		chosen[i] = true
	}
	return chosen, nil
}

// sides shares out items by their index.
func sides[E any](items []E, chosen func(i int) bool) (rest, held []E) {
	n := 0
	for i := range items {
		if chosen(i) {
			n++
		}
	}
	rest, held = make([]E, 0, len(items)-n), make([]E, 0, n)
	for i, item := range items {
		if chosen(i) {
			held = append(held, item)
		} else {
			rest = append(rest, item)
		}
	}
	return rest, held
}
