package datasets

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
)

// The defaults of [BatchOptions].
const (
	DefaultBatch  = 32 // rows of a batch
	DefaultBucket = 8  // steps to which T is rounded up
	DefaultPool   = 64 // batches whose rows are sorted by length together
)

// errNoItems is wrapped by the errors for a data set without a single example.
var errNoItems = errors.New("no items")

// BatchOptions are the choices of [NewBatches] and [Batched].
type BatchOptions struct {
	Size   int // B, rows of a batch. 0: DefaultBatch
	Bucket int // T is rounded up to a multiple of it, so that few programs are built. 0: DefaultBucket; 1: no rounding

	// Shuffle puts the items in another order in each epoch.
	Shuffle bool
	Seed    uint64 // of the order; the same seed gives the same order on any machine

	// Pool is how many batches are cut from one stretch of items that is sorted by length, so that rows of one batch
	// are about equally long. 1: no sorting, the items keep their order. 0: DefaultPool with Shuffle, else 1. For
	// Batched, Pool·Size is also how many items are held in memory, and 0 is DefaultPool in either case.
	Pool int

	// Whole leaves out, in each epoch, the items that would make a short last batch: with Shuffle others each time.
	Whole bool
}

// Batch is a few examples that a network reads side by side. A short one has fewer than Size rows: the Size-len(Rows)
// rows that fill it up have weight 0, so that one program serves all batches of a length.
type Batch[E any] struct {
	Rows  []E   // at least 1, at most Size
	Index []int // [len(Rows)] where each row stood in the data, counted from 0
	T     int   // steps: the longest row, rounded up to the bucket; at least 1
	Size  int   // B
}

// Weights returns [Size] numbers: 1 for a row, 0 for one that fills the batch up.
func (b Batch[E]) Weights() []float64 {
	w := make([]float64, b.Size)
	for i := range b.Rows {
		w[i] = 1
	}
	return w
}

// Lens returns the length of each row, [Size], and 0 for those that fill the batch up.
func (b Batch[E]) Lens(length func(E) int) []int {
	lens := make([]int, b.Size)
	for i, row := range b.Rows {
		lens[i] = length(row)
	}
	return lens
}

// Each lays out one value per row, [Size], and 0 for the rows that fill the batch up: class labels, targets, ids.
func Each[E any, V int | float64](b Batch[E], value func(E) V) []V {
	out := make([]V, b.Size)
	for i, row := range b.Rows {
		out[i] = value(row)
	}
	return out
}

// checked returns the options with the defaults in place of zeros.
func (o BatchOptions) checked() (BatchOptions, error) {
	if o.Size < 0 || o.Bucket < 0 || o.Pool < 0 {
		return o, fmt.Errorf("datasets: batches: size %d, bucket %d, pool %d, wanted 0 (for the defaults) or more each",
			o.Size, o.Bucket, o.Pool)
	}
	if o.Pool == 0 {
		o.Pool = 1
		if o.Shuffle {
			o.Pool = DefaultPool
		}
	}
	if o.Size == 0 {
		o.Size = DefaultBatch
	}
	if o.Bucket == 0 {
		o.Bucket = DefaultBucket
	}
	if o.Size > maxWindow {
		return o, fmt.Errorf("datasets: batches: size %d, at most %d wanted", o.Size, maxWindow)
	}
	o.Bucket, o.Pool = min(o.Bucket, maxWindow), min(o.Pool, maxWindow)
	return o, nil
}

// steps is T for a batch whose longest row has n steps; no row of the data has more than most.
func (o BatchOptions) steps(n, most int) int {
	n = max(n, 1)
	return max(1, min((n+o.Bucket-1)/o.Bucket*o.Bucket, most))
}

// fits refuses a length that no batch can hold.
func (o BatchOptions) fits(item, n int) error {
	if n < 0 || n > maxWindow/o.Size {
		return fmt.Errorf("datasets: batches: item %d: length %d, wanted 0 to %d for a batch of %d",
			item, n, maxWindow/o.Size, o.Size)
	}
	return nil
}

// span is the number of items in a pool, a multiple of the size.
func (o BatchOptions) span() int { return min(o.Pool, maxWindow/o.Size) * o.Size }

// arrange returns the batches of one epoch as indices into lens, the lengths of the items.
func (o BatchOptions) arrange(lens []int, rng *rand.Rand) [][]int {
	order := make([]int, len(lens))
	for i := range order {
		order[i] = i
	}
	if o.Shuffle {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	}
	if o.Whole {
		order = order[:len(order)-len(order)%o.Size]
	}
	if o.Pool > 1 {
		for pool := range slices.Chunk(order, o.span()) {
			slices.SortStableFunc(pool, func(i, j int) int { return lens[i] - lens[j] })
		}
	}
	batches := slices.Collect(slices.Chunk(order, o.Size))
	if o.Shuffle {
		rng.Shuffle(len(batches), func(i, j int) { batches[i], batches[j] = batches[j], batches[i] })
	}
	return batches
}

// batchOf gathers the rows at index.
func batchOf[E any](items []E, lens, index []int, o BatchOptions, most int) Batch[E] {
	b := Batch[E]{Rows: make([]E, len(index)), Index: slices.Clone(index), Size: o.Size}
	longest := 0
	for i, at := range index {
		b.Rows[i] = items[at]
		longest = max(longest, lens[at])
	}
	b.T = o.steps(longest, most)
	return b
}

// lengthsOf measures every item; a nil length stands for one step each.
func lengthsOf[E any](items []E, length func(E) int, o BatchOptions) ([]int, error) {
	lens := make([]int, len(items))
	for i, item := range items {
		lens[i] = 1
		if length != nil {
			lens[i] = length(item)
		}
		if err := o.fits(i, lens[i]); err != nil {
			return nil, err
		}
	}
	return lens, nil
}
