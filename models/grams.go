package models

import "github.com/unroll-go/unroll/internal/kernel"

// Grams are the neighbours of a token that are looked up with it: for n = 2 the
// pair that it ends, for n = 3 the triple too. They are too many for a table of
// their own; each has a row of a table of Buckets that its hash names, which it
// may share with others (Joulin et al. 2017).
type Grams struct {
	Upto    int `json:"grams,omitempty"`   // longest: 2 or 3; 0: none
	Buckets int `json:"buckets,omitempty"` // rows of the table; 0 without grams
}

// maxBuckets bounds the table.
const maxBuckets = 1 << 22

// tables is how many look-ups there are for a token.
func (g Grams) tables() int { return max(g.Upto-1, 0) }

// rows are the rows of the grams of n tokens that end at each of ids, beyond the
// beginning counted as the token before. The mixing is that of SplitMix64 (Steele
// et al. 2014); it is part of the model's file, in effect.
func (g Grams) rows(ids []int, n, before int) []int {
	out := make([]int, len(ids))
	for t := range ids {
		h := uint64(n)
		for k := t - n + 1; k <= t; k++ {
			id := before
			if k >= 0 {
				id = ids[k]
			}
			h = kernel.Mix(kernel.Skip(h^uint64(id), 1))
		}
		out[t] = int(h % uint64(g.Buckets))
	}
	return out
}
