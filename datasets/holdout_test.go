package datasets

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every item is in one part, in its order, and a seed says which.
func TestHoldOut(t *testing.T) {
	items := make([]int, 100)
	for i := range items {
		items[i] = i
	}
	rest, held, err := HoldOut(items, 0.25, 3)
	require.NoError(t, err)
	assert.Len(t, held, 25)
	assert.True(t, slices.IsSorted(rest) && slices.IsSorted(held))
	assert.ElementsMatch(t, items, append(slices.Clone(rest), held...))
	_, again, err := HoldOut(items, 0.25, 3)
	require.NoError(t, err)
	assert.Equal(t, held, again)
	_, other, err := HoldOut(items, 0.25, 4)
	require.NoError(t, err)
	assert.NotEqual(t, held, other)
}

func TestHoldOutRefuses(t *testing.T) {
	for _, part := range []float64{0, 1, -1, math.NaN(), 0.001} {
		_, _, err := HoldOut([]int{1, 2, 3}, part, 1)
		assert.Error(t, err, part)
	}
	_, _, err := HoldOut([]int{1}, 0.5, 1)
	assert.EqualError(t, err, "datasets: hold out: part 0.5 of 1 items leaves 0 and 1, wanted at least 1 each")
}
