package models

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// A gram's row depends on its tokens and their order alone, not on where it
// stands, and the rows are spread evenly.
func TestGramRows(t *testing.T) {
	g := Grams{Upto: 3, Buckets: 1000}
	ids := []int{1, 2, 3, 1, 2, 3, 2, 1}
	pairs, triples := g.rows(ids, 2, 9), g.rows(ids, 3, 9)
	assert.Equal(t, pairs[1], pairs[4])
	assert.Equal(t, triples[2], triples[5])
	assert.NotEqual(t, pairs[1], pairs[7], "1 2 is not 2 1")
	assert.NotEqual(t, pairs[0], pairs[3], "the beginning is a token of its own")
	assert.NotEqual(t, pairs[2], triples[2])

	counts := make([]int, 16)
	for a := range 128 {
		for _, row := range (Grams{Upto: 2, Buckets: 16}).rows([]int{a, 5, a, a + 1}, 2, 200) {
			counts[row]++
		}
	}
	for row, n := range counts {
		assert.InDelta(t, 32, n, 20, "row %d", row)
	}
}

// The rows are part of a model's file: they stay what they are.
func TestGramRowsStay(t *testing.T) {
	assert.Equal(t, []int{344629, 774789, 429754}, Grams{Upto: 2, Buckets: 1 << 20}.rows([]int{0, 1, 2}, 2, 7))
}
