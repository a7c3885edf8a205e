package models

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Neighbour is a word beside another.
type Neighbour struct {
	Word       string  `json:"word"`
	Similarity float64 `json:"similarity"` // cosine, in [-1, 1]
}

// Neighbours are the n words whose vectors point most nearly the way of word's,
// the nearest first; word itself is not among them. With few words there are
// fewer. A word without a vector is an *UnknownWordError.
func (m *WordVectors) Neighbours(word string, n int) ([]Neighbour, error) {
	return m.combine(n, term{word, 1})
}

// Analogy are the n words nearest to a - b + c, the lecture's king - man + woman,
// of unit vectors (Mikolov et al. 2013, Levy and Goldberg 2014); a, b and c are
// not among them.
func (m *WordVectors) Analogy(a, b, c string, n int) ([]Neighbour, error) {
	return m.combine(n, term{a, 1}, term{b, -1}, term{c, 1})
}

// term is a word in a sum.
type term struct {
	word string
	sign float64
}

// combine are the words nearest to a sum of unit vectors, but for those in it.
func (m *WordVectors) combine(n int, terms ...term) ([]Neighbour, error) {
	sum := make([]float64, m.Config.Width)
	var without []int
	for _, t := range terms {
		id, err := m.ID(t.word)
		if err != nil {
			return nil, err
		}
		without = append(without, id)
		for i, x := range unit(m.vector(id)) {
			sum[i] += t.sign * x
		}
	}
	return m.nearest(sum, n, without)
}

// unit gives v the length 1, unless it has none, and returns it.
func unit(v []float64) []float64 {
	squares := 0.0
	for _, x := range v {
		squares += x * x
	}
	if squares > 0 {
		for i := range v {
			v[i] /= math.Sqrt(squares)
		}
	}
	return v
}

// nearest are the n words nearest to v, but for some.
func (m *WordVectors) nearest(v []float64, n int, without []int) ([]Neighbour, error) {
	if n < 0 {
		return nil, fmt.Errorf("models: %d neighbours, wanted 0 or more", n)
	}
	all, err := m.Similarities(v)
	if err != nil {
		return nil, err
	}
	var ids []int
	for id, x := range all {
		if !math.IsNaN(x) && !slices.Contains(without, id) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b int) int { return cmp.Or(cmp.Compare(all[b], all[a]), a-b) })
	near := make([]Neighbour, min(n, len(ids)))
	for i := range near {
		word, _ := m.Words.Word(ids[i])
		near[i] = Neighbour{Word: word, Similarity: all[ids[i]]}
	}
	return near, nil
}
