package main

import (
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// wordsReport is what eval says as JSON.
type wordsReport struct {
	Words   int          `json:"words"`
	Vectors rankSummary  `json:"vectors"`
	Counts  *rankSummary `json:"counts,omitempty"` // cosine of rows of counts
	PPMI    *rankSummary `json:"ppmi,omitempty"`   // of positive pointwise mutual information
	Pairs   []rankedPair `json:"pairs"`
}

// rankedPair is a pair with the rank of each word seen from the other.
type rankedPair struct {
	Word    string  `json:"word"`
	Related string  `json:"related"`
	To      float64 `json:"rank"`
	Fro     float64 `json:"rank_back"`
}

// rankSummary is what many ranks come to.
type rankSummary struct {
	Mean   float64 `json:"mean_rank"`
	Median float64 `json:"median_rank"`
	Top10  float64 `json:"top_10"` // part of the ranks that are at most 10
}

// similarity is how alike each entry of the table is to the one at id.
type similarity func(id int) ([]float64, error)

// vectorsOf is the cosine of a model's vectors.
func vectorsOf(m *models.WordVectors) similarity {
	return func(id int) ([]float64, error) {
		word, _ := m.Words.Word(id)
		v, err := m.Vector(word)
		if err != nil {
			return nil, err
		}
		return m.Similarities(v)
	}
}

// ranked ranks each word of each pair among all words but its partner.
func ranked(m *models.WordVectors, pairs [][2]string, alike similarity) (rankSummary, []rankedPair, error) {
	rank := func(from, to string) (float64, error) {
		i, err := m.ID(from)
		if err != nil {
			return 0, err
		}
		j, err := m.ID(to)
		if err != nil {
			return 0, err
		}
		scores, err := alike(i)
		if err != nil {
			return 0, err
		}
		other, _ := m.Words.Unknown()
		scores[other], scores[i] = math.NaN(), math.NaN()
		r := train.Rank(scores, j)
		if math.IsNaN(r) {
			return 0, fmt.Errorf("the similarity of %.80q and %.80q is not a number", from, to)
		}
		return r, nil
	}
	var each []rankedPair
	var all []float64
	for _, p := range pairs {
		to, err := rank(p[0], p[1])
		if err != nil {
			return rankSummary{}, nil, err
		}
		fro, err := rank(p[1], p[0])
		if err != nil {
			return rankSummary{}, nil, err
		}
		each = append(each, rankedPair{p[0], p[1], to, fro})
		all = append(all, to, fro)
	}
	return summaryOf(all), each, nil
}

// summaryOf is what ranks come to.
func summaryOf(ranks []float64) rankSummary {
	var s rankSummary
	n := float64(len(ranks))
	for _, r := range ranks {
		s.Mean += r / n
		if r <= 10 {
			s.Top10 += 1 / n
		}
	}
	slices.Sort(ranks)
	s.Median = (ranks[(len(ranks)-1)/2] + ranks[len(ranks)/2]) / 2
	return s
}

// print writes the report for people.
func (r *wordsReport) print(w io.Writer) {
	for _, p := range r.Pairs {
		fmt.Fprintf(w, "%s\t%s\t%.0f\t%.0f\n", p.Word, p.Related, p.To, p.Fro)
	}
	fmt.Fprintf(w, "%d pairs, ranks among %d words to and fro: mean, median, part that is at most 10\n", len(r.Pairs), r.Words-1)
	for _, line := range []struct {
		name string
		s    *rankSummary
	}{{"vectors", &r.Vectors}, {"counts", r.Counts}, {"PPMI of the counts", r.PPMI}} {
		if line.s != nil {
			fmt.Fprintf(w, "%-20s %8.1f %8.1f %8.2f\n", line.name, line.s.Mean, line.s.Median, line.s.Top10)
		}
	}
}
