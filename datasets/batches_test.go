package datasets_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// itself is the length of an item that is its own length.
func itself(n int) int { return n }

// uneven returns n lengths from 0 to most.
func uneven(n, most int) []int {
	rng := rand.New(rand.NewPCG(1, 2))
	lens := make([]int, n)
	for i := range lens {
		lens[i] = rng.IntN(most + 1)
	}
	return lens
}

func batchesOf(t testing.TB, items []int, opt datasets.BatchOptions) *datasets.Batches[int] {
	t.Helper()
	b, err := datasets.NewBatches(items, itself, opt)
	require.NoError(t, err)
	return b
}

// checkBatch holds for every batch of items that are their own length.
func checkBatch(t *testing.T, items []int, b datasets.Batch[int], bucket int) {
	t.Helper()
	require.NotEmpty(t, b.Rows)
	require.LessOrEqual(t, len(b.Rows), b.Size)
	require.Len(t, b.Index, len(b.Rows))
	for i, at := range b.Index {
		require.Equal(t, items[at], b.Rows[i])
	}
	longest := slices.Max(b.Rows)
	require.GreaterOrEqual(t, b.T, max(longest, 1))
	require.Less(t, b.T-longest, max(bucket, 2))
	sum := 0.0
	for i, w := range b.Weights() {
		require.Equal(t, i < len(b.Rows), w == 1)
		sum += w
	}
	require.Equal(t, float64(len(b.Rows)), sum)
}

// Whatever the options, an epoch has every item exactly once; with Whole it has no short batch instead.
func TestBatchesCoverEverythingOnce(t *testing.T) {
	for _, n := range []int{1, 2, 7, 31, 64, 101} {
		items := uneven(n, 40)
		for _, opt := range []datasets.BatchOptions{
			{},
			{Size: 1, Bucket: 1},
			{Size: 4, Shuffle: true},
			{Size: 4, Shuffle: true, Pool: 1},
			{Size: 3, Pool: 5, Bucket: 16},
			{Size: 8, Shuffle: true, Seed: 3, Pool: 2},
			{Size: 1000, Pool: math.MaxInt, Bucket: math.MaxInt, Shuffle: true},
			{Size: 5, Shuffle: true, Whole: true},
			{Size: 5, Whole: true, Pool: 2},
		} {
			if opt.Whole && n < opt.Size {
				continue
			}
			b := batchesOf(t, items, opt)
			for epoch := range 3 {
				checkEpoch(t, items, b, opt, epoch)
			}
		}
	}
}

func checkEpoch(t *testing.T, items []int, b *datasets.Batches[int], opt datasets.BatchOptions, epoch int) {
	t.Helper()
	var seen []int
	batches := 0
	for batch := range b.Epoch(epoch) {
		bucket := opt.Bucket
		if bucket == 0 {
			bucket = datasets.DefaultBucket
		}
		checkBatch(t, items, batch, bucket)
		require.LessOrEqual(t, batch.T, max(b.Longest(), 1))
		if opt.Whole {
			require.Len(t, batch.Rows, opt.Size)
		}
		seen = append(seen, batch.Index...)
		batches++
	}
	require.Equal(t, b.PerEpoch(), batches)
	want := len(items)
	if opt.Whole {
		want -= want % opt.Size
	}
	slices.Sort(seen)
	require.Len(t, slices.Compact(seen), want)
	if !opt.Whole {
		require.Equal(t, count(len(items)), seen)
	}
}

// A run that stopped at any batch goes on with the one it would have had.
func TestBatchesResumeAnywhere(t *testing.T) {
	items := uneven(53, 30)
	opt := datasets.BatchOptions{Size: 4, Shuffle: true, Seed: 9, Pool: 3}
	all := batchesOf(t, items, opt)
	var want []datasets.Batch[int]
	for pos := range 3 * all.PerEpoch() {
		want = append(want, all.At(pos))
	}
	for pos := len(want) - 1; pos >= 0; pos-- {
		assert.Equal(t, want[pos], batchesOf(t, items, opt).At(pos), "afresh")
		assert.Equal(t, want[pos], all.At(pos), "backwards")
	}
	assert.Equal(t, want[0], all.At(-5))
	assert.NotEqual(t, want[:all.PerEpoch()], want[all.PerEpoch():2*all.PerEpoch()], "epochs differ")
	opt.Seed++
	assert.NotEqual(t, want[0], batchesOf(t, items, opt).At(0), "seeds differ")
}

// The order of one seed, written down: it must be the same on every machine and in every release.
func TestBatchesOrderIsPinned(t *testing.T) {
	b := batchesOf(t, count(10), datasets.BatchOptions{Size: 4, Shuffle: true, Seed: 1, Pool: 2, Bucket: 4})
	assert.Equal(t, 3, b.PerEpoch())
	assert.Equal(t, [][]int{{0, 5}, {6, 7, 8, 9}, {1, 2, 3, 4}}, [][]int{b.At(0).Rows, b.At(1).Rows, b.At(2).Rows})
}

func TestBatchesKeepTheOrderUnlessAsked(t *testing.T) {
	items := []int{5, 1, 4, 2, 3}
	b := batchesOf(t, items, datasets.BatchOptions{Size: 2, Bucket: 1})
	assert.Equal(t, datasets.Batch[int]{Rows: []int{5, 1}, Index: []int{0, 1}, T: 5, Size: 2}, b.At(0))
	assert.Equal(t, datasets.Batch[int]{Rows: []int{3}, Index: []int{4}, T: 3, Size: 2}, b.At(2))
	assert.Equal(t, b.At(0), b.At(3), "the second epoch is as the first")

	b = batchesOf(t, items, datasets.BatchOptions{Size: 2, Bucket: 1, Pool: 9})
	assert.Equal(t, datasets.Batch[int]{Rows: []int{1, 2}, Index: []int{1, 3}, T: 2, Size: 2}, b.At(0))
}

// What buckets are for: little padding, few lengths.
func TestBatchesPadLittle(t *testing.T) {
	items := uneven(5000, 200)
	padded := func(opt datasets.BatchOptions) (share float64, lengths int) {
		steps, real := 0, 0
		seen := map[int]bool{}
		for b := range batchesOf(t, items, opt).Epoch(0) {
			steps += b.T * b.Size
			for _, n := range b.Rows {
				real += n
			}
			seen[b.T] = true
		}
		return 1 - float64(real)/float64(steps), len(seen)
	}
	share, lengths := padded(datasets.BatchOptions{Shuffle: true})
	assert.Less(t, share, 0.08)
	assert.LessOrEqual(t, lengths, 25)
	share, _ = padded(datasets.BatchOptions{Shuffle: true, Pool: 1})
	assert.Greater(t, share, 0.4, "without sorting half would be padding")
}

func TestBatchesOfOneLength(t *testing.T) {
	b, err := datasets.NewBatches(make([]string, 9), func(string) int { return 101 }, datasets.BatchOptions{})
	require.NoError(t, err)
	assert.Equal(t, 101, b.At(0).T, "not rounded up beyond the longest")

	b, err = datasets.NewBatches(make([]string, 9), nil, datasets.BatchOptions{Size: 2, Shuffle: true})
	require.NoError(t, err)
	assert.Equal(t, 1, b.At(4).T, "no sequence: one step")
	assert.Equal(t, []int{9, 2, 5, 1}, []int{b.Len(), b.Size(), b.PerEpoch(), b.Longest()})
}

func TestNewBatchesErrors(t *testing.T) {
	tests := []struct {
		name  string
		items []int
		opt   datasets.BatchOptions
		want  string
	}{
		{"nothing", nil, datasets.BatchOptions{}, "datasets: batches: no items"},
		{"size", []int{1}, datasets.BatchOptions{Size: -1}, "size -1, bucket 0, pool 0, wanted 0 (for the defaults) or more"},
		{"bucket", []int{1}, datasets.BatchOptions{Bucket: -2}, "bucket -2"},
		{"pool", []int{1}, datasets.BatchOptions{Pool: -3}, "pool -3"},
		{"huge size", []int{1}, datasets.BatchOptions{Size: math.MaxInt}, "at most 268435456 wanted"},
		{"no whole batch", count(3), datasets.BatchOptions{Size: 4, Whole: true}, "3 items make no whole batch of 4"},
		{"negative length", []int{1, -1}, datasets.BatchOptions{}, "item 1: length -1, wanted 0 to 8388608 for a batch of 32"},
		{"huge length", []int{math.MaxInt}, datasets.BatchOptions{Size: 2}, "item 0: length 9223372036854775807, wanted 0 to 134217728"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := datasets.NewBatches(tt.items, itself, tt.opt)
			assert.ErrorContains(t, err, tt.want)
		})
	}
}
