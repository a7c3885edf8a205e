package datasets

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
)

// Batches cuts examples that fit in memory into batches, epoch after epoch without an end. Batch pos is the same
// whenever it is asked for, so a run that stopped resumes at its position exactly.
//
// With Shuffle each epoch goes so: the items are put in a random order that depends on the seed and the epoch alone;
// stretches of Pool·Size of them are sorted by length and cut into batches; the batches are put in a random order.
// Rows of one batch are then about equally long, which saves padding, and which rows meet still differs by epoch.
//
// A Batches belongs to one goroutine.
type Batches[E any] struct {
	items []E
	lens  []int
	opt   BatchOptions
	most  int // the longest item

	epoch int     // whose order is kept
	order [][]int // by batch of that epoch, the items
}

// NewBatches returns the batches of items, which are kept, not copied, and must not change. length gives the steps of
// an item; nil stands for 1 each, for examples that are no sequences. T of a batch is its longest row rounded up to
// the bucket, but never beyond the longest item: sequences of one length get T of that length.
//
// It is an error if there are no items, or too few for one whole batch when Whole asks for that; if an option is
// negative; and if an item's length is negative or makes Size·T more than 2^28. The item is named by its index.
func NewBatches[E any](items []E, length func(E) int, opt BatchOptions) (*Batches[E], error) {
	opt, err := opt.checked()
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, fmt.Errorf("datasets: batches: %w", errNoItems)
	}
	if opt.Whole && len(items) < opt.Size {
		return nil, fmt.Errorf("datasets: batches: %d items make no whole batch of %d", len(items), opt.Size)
	}
	lens, err := lengthsOf(items, length, opt)
	if err != nil {
		return nil, err
	}
	return &Batches[E]{items: items, lens: lens, opt: opt, most: slices.Max(lens), epoch: -1}, nil
}

// Len is the number of items.
func (b *Batches[E]) Len() int { return len(b.items) }

// Longest is the most steps that an item has.
func (b *Batches[E]) Longest() int { return b.most }

// Size is B, the rows of every batch.
func (b *Batches[E]) Size() int { return b.opt.Size }

// PerEpoch is the number of batches in an epoch, at least 1.
func (b *Batches[E]) PerEpoch() int {
	n := len(b.items) / b.opt.Size
	if len(b.items)%b.opt.Size > 0 && !b.opt.Whole {
		n++
	}
	return n
}

// At returns batch pos, counted from the first of epoch 0: number pos % PerEpoch() of epoch pos / PerEpoch(). A negative
// pos counts as 0. The batch is the caller's. Moving to another epoch sorts the items once.
func (b *Batches[E]) At(pos int) Batch[E] {
	pos = max(pos, 0)
	n := b.PerEpoch()
	b.arrange(pos / n)
	return batchOf(b.items, b.lens, b.order[pos%n], b.opt, b.most)
}

// Epoch ranges over the batches of one epoch. Without Shuffle all epochs are the same, and every item comes once: what
// a validation wants.
func (b *Batches[E]) Epoch(epoch int) iter.Seq[Batch[E]] {
	return func(yield func(Batch[E]) bool) {
		for k := range b.PerEpoch() {
			if !yield(b.At(max(epoch, 0)*b.PerEpoch() + k)) {
				return
			}
		}
	}
}

// arrange makes the order of an epoch the one that is kept.
func (b *Batches[E]) arrange(epoch int) {
	if b.order != nil && (b.epoch == epoch || !b.opt.Shuffle) {
		return
	}
	b.order = b.opt.arrange(b.lens, rand.New(rand.NewPCG(b.opt.Seed, uint64(epoch))))
	b.epoch = epoch
}
