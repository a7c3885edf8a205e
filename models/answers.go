package models

import (
	"fmt"
	"math"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// bucket is a width of buckets with which at most about 24 programs are built for
// sequences of up to longest steps.
func bucket(longest int) int { return max(8, (longest+23)/24) }

// answering runs a formula that answers over examples of any kind.
type answering[E any] struct {
	programs *graph.Cache
	length   func(E) int // nil: a step each
	feed     Feed[E]
	output   string                    // what the formula calls its answer: [.., B, K]
	name     func(at int, of E) string // of an example in an error; nil: example at
}

// each runs the batches of items and hands over each with its output. size and
// bucket are those of datasets.BatchOptions.
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

// rows are the answers [K] of a formula whose output is [B, K], one for each item.
func (a answering[E]) rows(items []E, size, bucket int) ([][]float64, error) {
	all := make([][]float64, len(items))
	err := a.each(items, size, bucket, func(b datasets.Batch[E], y []float64) {
		K := len(y) / b.Size
		for i, at := range b.Index {
			all[at] = y[i*K : (i+1)*K : (i+1)*K]
		}
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// run is a copy of the output for a batch.
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
	shape := p.Shape(a.output)
	K := shape[len(shape)-1]
	for i, x := range y {
		if row := i / K % b.Size; row < len(b.Rows) && !finite(x) {
			return nil, fmt.Errorf("models: %s: the model's answer is not a finite number", a.named(b.Index[row], b.Rows[row]))
		}
	}
	return y, nil
}

// named is what an error calls an example.
func (a answering[E]) named(at int, of E) string {
	if a.name == nil {
		return fmt.Sprintf("example %d", at)
	}
	return a.name(at, of)
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
