package datasets

import (
	"fmt"
	"math"
	"slices"
)

// CoOccurrence says how much each word has to do with each other word, counted: what word vectors are to be measured against. A word
// is its row, and words are alike whose rows point in the same direction.
type CoOccurrence struct {
	rows []sparseRow // by word
}

// sparseRow is a row without its zeros.
type sparseRow struct {
	ids    []int32 // ascending
	values []float32
	length float64 // √ of the sum of the squares
}

// NewCoOccurrence counts how often each two words stand at most window words apart in a sentence. Sentences hold ids below vocab.
// An id outside, and a window outside [1, 1024], are errors. It takes time for each pair of neighbours, and memory for each
// different pair.
func NewCoOccurrence(sentences [][]int, vocab, window int) (*CoOccurrence, error) {
	if window < 1 || window > maxReach {
		return nil, fmt.Errorf("datasets: co-occurrence: window must be in [1, %d], got %d", maxReach, window)
	}
	counts, err := countIDs(sentences, vocab)
	if err != nil {
		return nil, fmt.Errorf("datasets: co-occurrence: %w", err)
	}
	places := occurrencesOf(sentences, counts)
	c := &CoOccurrence{rows: make([]sparseRow, vocab)}
	seen := make([]float32, vocab)
	for id := range vocab {
		var near []int32
		for _, p := range places[id] {
			sentence := sentences[p.sentence]
			for j := max(0, p.at-window); j <= min(p.at+window, len(sentence)-1); j++ {
				if j == p.at {
					continue
				}
				other := sentence[j]
				if seen[other]++; seen[other] == 1 {
					near = append(near, int32(other))
				}
			}
		}
		slices.Sort(near)
		c.rows[id] = takeRow(slices.Clip(near), seen)
	}
	return c, nil
}

// occurrence is where a word occurs.
type occurrence struct{ sentence, at int }

// occurrencesOf lists those of each word.
func occurrencesOf(sentences [][]int, counts []int) [][]occurrence {
	places := make([][]occurrence, len(counts))
	for id, n := range counts {
		places[id] = make([]occurrence, 0, n)
	}
	for i, sentence := range sentences {
		for k, id := range sentence {
			places[id] = append(places[id], occurrence{i, k})
		}
	}
	return places
}

// takeRow takes the counts of some ids, and sets them back to 0.
func takeRow(ids []int32, counts []float32) sparseRow {
	r := sparseRow{ids: ids, values: make([]float32, len(ids))}
	for i, id := range ids {
		r.values[i], counts[id] = counts[id], 0
	}
	r.measure()
	return r
}

func (r *sparseRow) measure() {
	sum := 0.0
	for _, v := range r.values {
		sum += float64(v) * float64(v)
	}
	r.length = math.Sqrt(sum)
}

// PPMI replaces each count by the positive pointwise mutual information (Church and Hanks 1990)
//
//	max(0, log( n(a,b)·N / (n(a)·n(b)) ))
//
// in nats, n(a) the sum of a row, N of all: how much oftener two words meet than by chance. The best known of the vectors
// that are counted (Bullinaria and Levy 2007).
func (c *CoOccurrence) PPMI() *CoOccurrence {
	sums, total := make([]float64, len(c.rows)), 0.0
	for id, r := range c.rows {
		for _, v := range r.values {
			sums[id] += float64(v)
		}
		total += sums[id]
	}
	out := &CoOccurrence{rows: make([]sparseRow, len(c.rows))}
	for id, r := range c.rows {
		var q sparseRow
		for i, other := range r.ids {
			if x := math.Log(float64(r.values[i]) * total / (sums[id] * sums[other])); x > 0 {
				q.ids, q.values = append(q.ids, other), append(q.values, float32(x))
			}
		}
		q.measure()
		out.rows[id] = q
	}
	return out
}

// Len is the number of words.
func (c *CoOccurrence) Len() int { return len(c.rows) }

// Similarities is the cosine of each word's row with that of id, [Len()]: 0 where one of them has no neighbour. An id outside
// [0, Len()) is an error.
func (c *CoOccurrence) Similarities(id int) ([]float64, error) {
	if id < 0 || id >= len(c.rows) {
		return nil, fmt.Errorf("datasets: co-occurrence: id %d is outside [0, %d)", id, len(c.rows))
	}
	mine := make([]float64, len(c.rows))
	for i, other := range c.rows[id].ids {
		mine[other] = float64(c.rows[id].values[i])
	}
	out := make([]float64, len(c.rows))
	for other, r := range c.rows {
		dot := 0.0
		for i, k := range r.ids {
			dot += float64(r.values[i]) * mine[k]
		}
		if dot > 0 {
			out[other] = dot / (r.length * c.rows[id].length)
		}
	}
	return out, nil
}
