package datasets

import (
	"iter"
	"math/rand/v2"
)

// Batched cuts a stream of examples into batches without holding more than Pool·Size of them, for corpora that are
// larger than memory. Items that arrive together are treated as [Batches] treats an epoch: with Shuffle they are put
// in a random order, sorted by length unless Pool is 1, cut, and the batches put in a random order. Without Shuffle the
// batches of a pool come in the order of length. An item moves no further than its pool: a file that is ordered by
// class should be shuffled once on disk.
//
// length is as for [NewBatches]. Index counts the items of the stream. T is rounded up to the bucket alone, since the
// longest item is not known. The short batch, if any, is among those of the last pool.
//
// An error of items is passed on at once and ends the batches; items that were read before it and are in no batch yet
// are not seen. Wrong options and lengths are given in the same way. The result can be ranged over as often as items
// can, with the same order each time: another epoch wants another Seed, and a run is resumed by passing over the batches
// that it has had.
func Batched[E any](items iter.Seq2[E, error], length func(E) int, opt BatchOptions) iter.Seq2[Batch[E], error] {
	return func(yield func(Batch[E], error) bool) {
		if opt.Pool == 0 {
			opt.Pool = DefaultPool
		}
		opt, err := opt.checked()
		if err != nil {
			yield(Batch[E]{}, err)
			return
		}
		if length == nil {
			opt.Bucket = 1
		}
		p := pool[E]{opt: opt, length: length, rng: rand.New(rand.NewPCG(opt.Seed, 0))}
		for item, err := range items {
			if err == nil {
				err = p.add(item)
			}
			if err != nil {
				yield(Batch[E]{}, err)
				return
			}
			if len(p.items) == opt.span() && !p.empty(yield) {
				return
			}
		}
		p.empty(yield)
	}
}

// pool is the part of a stream that is in memory.
type pool[E any] struct {
	opt    BatchOptions
	length func(E) int
	rng    *rand.Rand
	before int // items that came before
	items  []E
	lens   []int
}

func (p *pool[E]) add(item E) error {
	n := 1
	if p.length != nil {
		n = p.length(item)
	}
	if err := p.opt.fits(p.before+len(p.items), n); err != nil {
		return err
	}
	p.items, p.lens = append(p.items, item), append(p.lens, n)
	return nil
}

// empty yields the batches of the pool, and reports whether more are wanted.
func (p *pool[E]) empty(yield func(Batch[E], error) bool) bool {
	for _, index := range p.opt.arrange(p.lens, p.rng) {
		b := batchOf(p.items, p.lens, index, p.opt, maxWindow/p.opt.Size)
		for i := range b.Index {
			b.Index[i] += p.before
		}
		if !yield(b, nil) {
			return false
		}
	}
	p.before += len(p.items)
	clear(p.items) // so that the examples can be freed
	p.items, p.lens = p.items[:0], p.lens[:0]
	return true
}
