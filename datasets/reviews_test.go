package datasets

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The same seed gives the same reviews; all labels occur, no text is incomplete,
// and no text has two labels.
func TestReviews(t *testing.T) {
	reviews := Reviews(3000, 1)
	assert.Equal(t, reviews, Reviews(3000, 1))
	assert.NotEqual(t, reviews, Reviews(3000, 2))
	labels, of := map[string]int{}, map[string]string{}
	for _, r := range reviews {
		labels[r.Label]++
		assert.NotContains(t, r.Text, "%")
		assert.NotContains(t, r.Text, "  ")
		if old, ok := of[r.Text]; ok {
			assert.Equal(t, old, r.Label, r.Text)
		}
		of[r.Text] = r.Label
	}
	assert.Len(t, labels, 3)
	for label, n := range labels {
		assert.InDelta(t, 1000, n, 120, label)
	}
	assert.True(t, slices.ContainsFunc(reviews, func(r Review) bool { return strings.Contains(r.Text, "나쁘지 않았다") }))
	assert.Empty(t, Reviews(-1, 1))
}
