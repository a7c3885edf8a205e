package datasets_test

import (
	"errors"
	"iter"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// arriving yields items and then err, unless it is nil. read counts what was taken.
func arriving(items []int, err error, read *int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for _, item := range items {
			*read++
			if !yield(item, nil) {
				return
			}
		}
		if err != nil {
			yield(0, err)
		}
	}
}

// A stream gives every item once, never holds more than its pool, and the same order whenever it is ranged over.
func TestBatchedCoversEverythingOnce(t *testing.T) {
	items := uneven(103, 40)
	for _, opt := range []datasets.BatchOptions{
		{},
		{Size: 4, Pool: 3},
		{Size: 4, Pool: 3, Shuffle: true, Seed: 7},
		{Size: 5, Pool: 1},
		{Size: 8, Pool: 2, Shuffle: true, Whole: true},
	} {
		read, given := 0, 0
		var seen []int
		batches := datasets.Batched(arriving(items, nil, &read), itself, opt)
		for b, err := range batches {
			require.NoError(t, err)
			if given += len(b.Rows); opt.Pool > 0 {
				require.LessOrEqual(t, read-given, opt.Pool*opt.Size, "held in memory")
			}
			checkBatch(t, items, b, datasets.DefaultBucket)
			seen = append(seen, b.Index...)
		}
		again, n := []int{}, 0
		for b := range batches {
			again = append(again, b.Index...)
			n++
		}
		assert.Equal(t, seen, again)
		slices.Sort(seen)
		if opt.Whole {
			assert.Len(t, seen, 103/8*8)
			continue
		}
		assert.Equal(t, count(103), seen)
	}
}

func TestBatchedShufflesWithinThePool(t *testing.T) {
	read := 0
	var seen []int
	opt := datasets.BatchOptions{Size: 5, Pool: 4, Shuffle: true}
	for b, err := range datasets.Batched(arriving(count(100), nil, &read), nil, opt) {
		require.NoError(t, err)
		pool := b.Index[0] / 20
		for _, at := range b.Index {
			assert.Equal(t, pool, at/20)
		}
		assert.Equal(t, 1, b.T)
		seen = append(seen, b.Index...)
	}
	for pool := range slices.Chunk(seen, 20) {
		assert.False(t, slices.IsSorted(pool))
	}
}

func TestBatchedStopsWhenToldTo(t *testing.T) {
	read := 0
	for range datasets.Batched(arriving(count(1000), nil, &read), nil, datasets.BatchOptions{Size: 5, Pool: 2}) {
		break
	}
	assert.Equal(t, 10, read, "one pool")
}

func TestBatchedPassesErrorsOn(t *testing.T) {
	broken := errors.New("line 12: broken")
	tests := []struct {
		name   string
		items  []int
		err    error
		opt    datasets.BatchOptions
		before int
		want   string
	}{
		{"of the items", count(25), broken, datasets.BatchOptions{Size: 5, Pool: 2}, 4, "line 12: broken"},
		{"of the options", count(25), nil, datasets.BatchOptions{Size: -1}, 0, "size -1"},
		{"of a length", []int{1, 2, 3, -4, 5}, nil, datasets.BatchOptions{Size: 2, Pool: 1}, 1, "item 3: length -4"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			read, n := 0, 0
			var last error
			for b, err := range datasets.Batched(arriving(tt.items, tt.err, &read), itself, tt.opt) {
				require.NoError(t, last, "nothing follows an error")
				if last = err; err == nil {
					n++
				} else {
					assert.Empty(t, b)
				}
			}
			assert.Equal(t, tt.before, n)
			assert.ErrorContains(t, last, tt.want)
		})
	}
}

func TestBatchedOfNothing(t *testing.T) {
	read := 0
	for range datasets.Batched(arriving(nil, nil, &read), nil, datasets.BatchOptions{}) {
		t.Fatal("no items, no batches")
	}
}
