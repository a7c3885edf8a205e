package datasets

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Brackets is a tagging task with a known answer: how many brackets are open after each symbol. It is the counting of
// the Dyck language with one pair (Gers and Schmidhuber 2001), asked for at every step. At each step one of the symbols
// that may come is drawn: "(" unless Depth are open, ")" unless none is, or "x"; all are equally likely.
//
//	text     ( x ( ) x ) x        ( = 0, ) = 1, x = 2
//	labels   1 1 2 1 1 0 0        0 to Depth
//
// The answer can always be known from all symbols so far, by counting: a perfect tagger gets 1.
type Brackets struct {
	Depth    int // most brackets that are open, 1 to 255
	Min, Max int // the length is uniform from Min to Max, 1 ≤ Min ≤ Max
}

const (
	bracketOpen = iota
	bracketClose
	bracketOther
	bracketSymbols
)

// Inputs is the number of ids.
func (Brackets) Inputs() int { return bracketSymbols }

// Classes is the number of labels, Depth+1.
func (b Brackets) Classes() int { return b.Depth + 1 }

// Text writes ids as brackets.
func (Brackets) Text(ids []int) string {
	text := make([]byte, len(ids))
	for t, id := range ids {
		text[t] = '?'
		if id >= 0 && id < bracketSymbols {
			text[t] = "()x"[id]
		}
	}
	return string(text)
}

// Validate is the check for the ranges of the fields.
func (b Brackets) Validate() error {
	if b.Depth < 1 || b.Depth > 255 {
		return fmt.Errorf("datasets: brackets: depth %d, wanted 1 to 255", b.Depth)
	}
	if err := atLeast("brackets", "least length", b.Min, 1); err != nil {
		return err
	}
	return atLeast("brackets", "greatest length", b.Max, b.Min)
}

// Examples draws n examples by the seed. The error is that of Validate.
func (b Brackets) Examples(n int, seed uint64) ([]Tagged, error) {
	if err := b.Validate(); err != nil {
		return nil, err
	}
	return generate("brackets", n, 2*b.Max, seed, b.draw)
}

func (b Brackets) draw(rng *rand.Rand) Tagged {
	n := between(rng, b.Min, b.Max)
	e := Tagged{IDs: make([]int, n), Labels: make([]int, n)}
	depth := 0
	for t := range n {
		may := b.may(depth)
		e.IDs[t] = may[rng.IntN(len(may))]
		depth += bracketStep(e.IDs[t])
		e.Labels[t] = depth
	}
	return e
}

// may lists the symbols that can come when depth brackets are open.
func (b Brackets) may(depth int) []int {
	switch depth {
	case 0:
		return []int{bracketOpen, bracketOther}
	case b.Depth:
		return []int{bracketClose, bracketOther}
	}
	return []int{bracketOpen, bracketClose, bracketOther}
}

func bracketStep(id int) int {
	switch id {
	case bracketOpen:
		return 1
	case bracketClose:
		return -1
	}
	return 0
}

// Baseline is the expected accuracy per step of the best tagger without memory, which answers each symbol with the depth
// that is most frequent after it. It is computed from the distribution of the depth, step by step; 0 for fields that
// Validate refuses.
func (b Brackets) Baseline() float64 {
	if b.Validate() != nil {
		return 0
	}
	var after [bracketSymbols][]float64 // how often a symbol leads to a depth
	for s := range after {
		after[s] = make([]float64, b.Depth+1)
	}
	total := 0.0
	now := make([]float64, b.Depth+1)
	now[0] = 1
	for t := range b.Max {
		alive := min(1, float64(b.Max-t)/float64(b.Max-b.Min+1)) // the share of strings that have a step t
		next := make([]float64, b.Depth+1)
		for depth, p := range now {
			may := b.may(depth)
			for _, s := range may {
				d := depth + bracketStep(s)
				next[d] += p / float64(len(may))
				after[s][d] += alive * p / float64(len(may))
			}
		}
		now = next
		total += alive
	}
	right := 0.0
	for _, share := range after {
		right += slices.Max(share)
	}
	return right / total
}
