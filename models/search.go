package models

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Stepper is a model that writes sequences token by token, many rows side by
// side: what a search asks of a decoder.
type Stepper interface {
	// Next reads one token for each row and gives the logarithms of the
	// probabilities of what may follow, [rows, V] row by row. The search uses
	// the memory, and writes into it, until it calls again.
	Next(tokens []int) (logp []float32, err error)

	// Reorder makes row rows[i] row i, with all that it has read.
	Reorder(rows []int) error
}

// Search says how the sequences that a model finds likely are looked for. The
// zero value of Beam is the greedy search.
//
// A beam search keeps, for each sentence, the Beam likeliest beginnings. Those
// that end leave it and make it narrower, so that a beam of 1 is the greedy
// search, and a beam as wide as there are sequences finds the best of them all.
// It goes on until nothing that is left can be better than the Best sequences
// that have ended, or all have ended, or they are Longest.
type Search struct {
	Start   int // the token that is read first
	Stop    int // the token that ends a sequence
	Longest int // tokens of a sequence, the stop included
	Beam    int // beginnings that are kept for each sentence; 0: 1
	Best    int // sequences that are wanted for each sentence, at most Beam; 0: 1

	// Penalty is α of the length penalty of Wu et al. (2016, equation 14): the
	// score of a sequence of n tokens, its stop included, is
	//
	//	log p / ((5+n)/6)^α
	//
	// 0: log p, which favours short sequences. The paper takes 0.2.
	Penalty float64

	Ban []int // tokens that are never written

	// Sampling draws Beam sequences for each sentence instead of looking for
	// the likeliest. What is drawn depends on its seed and on the place of the
	// row. nil: the likeliest.
	Sampling *Sampling
}

// Sequence is what a search has found.
type Sequence struct {
	IDs   []int   // without the start and the stop
	LogP  float64 // log p of all its tokens, of the stop too if it has ended, nats
	Score float64 // LogP with the length penalty
	Ended bool    // by the stop; false: it is as long as allowed, or nothing could follow
}

// Validate names the field that is out of range.
func (s Search) Validate() error {
	switch {
	case s.Start < 0 || s.Stop < 0:
		return fmt.Errorf("models: search: start %d and stop %d must be tokens", s.Start, s.Stop)
	case s.Longest < 1 || s.Longest > maxLongest:
		return fmt.Errorf("models: search: longest must be in [1, %d], got %d", maxLongest, s.Longest)
	case s.Beam < 0 || s.Beam > maxBeam:
		return fmt.Errorf("models: search: beam must be in [0, %d], got %d", maxBeam, s.Beam)
	case s.Best < 0 || s.Best > s.Width():
		return fmt.Errorf("models: search: best must be in [0, %d], the beam, got %d", s.Width(), s.Best)
	case !(s.Penalty >= 0 && s.Penalty <= 10):
		return fmt.Errorf("models: search: penalty must be in [0, 10], got %v", s.Penalty)
	case s.Sampling != nil:
		return s.Sampling.validate()
	}
	return nil
}

// maxBeam bounds the rows of a search.
const maxBeam = 1 << 16

// Width is the number of rows that each sentence takes: row s·Width()+k is row k
// of sentence s.
func (s Search) Width() int { return max(s.Beam, 1) }

// penalty divides the score of n tokens.
func (s Search) penalty(n int) float64 { return math.Pow(float64(5+n)/6, s.Penalty) }

// Run searches for so many sentences at once; the model has Width() rows for
// each, which have read nothing yet and are alike. The result is, for each
// sentence, its best sequences, the best first: those that have ended before
// others, then by score. There are Best of them unless fewer exist, never none.
//
// A probability that is no number is an error that names sentence and token.
func (s Search) Run(model Stepper, sentences int) ([][]Sequence, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	if model == nil {
		return nil, fmt.Errorf("models: search: there is no model, got nil")
	}
	if sentences < 1 || sentences > maxRows/s.Width() {
		return nil, fmt.Errorf("models: search: sentences must be in [1, %d] for a beam of %d, got %d",
			maxRows/s.Width(), s.Width(), sentences)
	}
	r, err := s.start(model, sentences)
	if err != nil {
		return nil, err
	}
	for n := 1; r.open(); n++ {
		if err := r.step(n); err != nil {
			return nil, fmt.Errorf("models: search: token %d: %w", n, err)
		}
	}
	return r.results(), nil
}

// maxRows bounds the rows of all sentences together.
const maxRows = 1 << 22

// results are the best of each sentence.
func (r *searching) results() [][]Sequence {
	out := make([][]Sequence, len(r.beams))
	for i, b := range r.beams {
		slices.SortStableFunc(b.done, better)
		out[i] = b.done[:min(len(b.done), max(r.Best, 1))]
	}
	return out
}

// better is the order of results.
func better(a, b Sequence) int {
	if a.Ended != b.Ended {
		if a.Ended {
			return -1
		}
		return 1
	}
	return cmp.Compare(b.Score, a.Score)
}
