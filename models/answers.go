package models

import (
	"fmt"
	"math"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// answering runs a formula that answers over examples of any kind.
type answering[E any] struct {
	programs *graph.Cache
	length   func(E) int
	feed     Feed[E]
	output   string // what the formula calls its answer
}

// each runs the batches of items and hands over each with its output, which is
// to be copied. size and bucket are those of datasets.BatchOptions.
func (a answering[E]) each(items []E, size, bucket int, use func(b datasets.Batch[E], y []float64)) error {
	if len(items) == 0 {
		return nil
	}
	opt := datasets.BatchOptions{Size: min(size, len(items)), Bucket: bucket, Pool: 1 << 10} // by length
	batches, err := datasets.NewBatches(items, a.length, opt)
	if err != nil {
		return err
	}
	for b := range batches.Epoch(0) {
		y, err := a.run(b)
		if err != nil {
			return err
		}
		use(b, y)
	}
	return nil
}

// run is the output for a batch.
func (a answering[E]) run(b datasets.Batch[E]) ([]float64, error) {
	p, err := a.programs.Get(graph.Key{B: b.Size, T: b.T})
	if err != nil {
		return nil, err
	}
	if err := a.feed(p, b); err != nil {
		return nil, err
	}
	if err := p.Run(); err != nil {
		return nil, err
	}
	y, err := p.Float64s(a.output)
	if err != nil {
		return nil, err
	}
	for _, x := range y {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("models: the model's answer is not a finite number")
		}
	}
	return y, nil
}
