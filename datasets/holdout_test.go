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

// All items of a key are on one side, and the part is of the keys: three of ten, however many items they have.
func TestHoldOutBy(t *testing.T) {
	items := make([]int, 55)
	for i := range items {
		items[i] = i
	}
	key := func(i int) int { return int(math.Sqrt(float64(2*i)+0.25) - 0.5) } // 0, 1 1, 2 2 2, ...
	rest, held, err := HoldOutBy(items, key, 0.3, 5)
	require.NoError(t, err)
	assert.True(t, slices.IsSorted(rest) && slices.IsSorted(held))
	assert.ElementsMatch(t, items, append(slices.Clone(rest), held...))
	keys := map[int]bool{}
	for _, i := range held {
		keys[key(i)] = true
	}
	assert.Len(t, keys, 3)
	for _, i := range rest {
		assert.False(t, keys[key(i)], "a key on both sides")
	}
	_, again, err := HoldOutBy(items, key, 0.3, 5)
	require.NoError(t, err)
	assert.Equal(t, held, again)
	_, other, err := HoldOutBy(items, key, 0.3, 6)
	require.NoError(t, err)
	assert.NotEqual(t, held, other)

	_, byItself, err := HoldOutBy(items, func(i int) int { return i }, 0.3, 5)
	require.NoError(t, err)
	_, plain, err := HoldOut(items, 0.3, 5)
	require.NoError(t, err)
	assert.Equal(t, plain, byItself, "with a key for each item it is HoldOut")
}

func TestHoldOutByRefuses(t *testing.T) {
	same := func(int) string { return "all" }
	_, _, err := HoldOutBy([]int{1, 2, 3, 4}, same, 0.5, 1)
	assert.EqualError(t, err, "datasets: hold out: part 0.5 of 1 different keys leaves 0 and 1, wanted at least 1 each")
	_, _, err = HoldOutBy([]int{1, 2}, same, math.NaN(), 1)
	assert.Error(t, err)
	_, _, err = HoldOutBy(nil, same, 0.5, 1)
	assert.Error(t, err)
}

// What is not there is an error.
func TestHoldOutByNothing(t *testing.T) {
	_, _, err := HoldOutBy[int, int]([]int{1, 2, 3}, nil, 0.5, 1)
	assert.EqualError(t, err, "datasets: hold out: there is no key, got nil")
	_, err = JoinCaptions(nil, nil, false)
	assert.EqualError(t, err, "datasets: captions: there are no pictures, got nil")
}
