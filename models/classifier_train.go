package models

import (
	"fmt"
	"math"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// ClassifierTraining says how a classifier is trained; the zero value is plain
// training in batches of 32.
type ClassifierTraining struct {
	Batch     int       // documents of a batch; 0: 32
	Seed      uint64    // of the order of the documents
	Smoothing float64   // part of each target that is spread over all classes (Szegedy et al. 2016); 0: none
	Weights   []float64 // of each class in the loss; nil: all count the same. See Balanced
}

// validate names the field that is out of range.
func (c ClassifierTraining) validate(classes int) error {
	if !probability(c.Smoothing) {
		return fmt.Errorf("models: smoothing must be in [0, 1), got %v", c.Smoothing)
	}
	if c.Weights != nil && len(c.Weights) != classes {
		return fmt.Errorf("models: %d class weights for %d classes", len(c.Weights), classes)
	}
	for i, w := range c.Weights {
		if !(w > 0) || math.IsInf(w, 0) {
			return fmt.Errorf("models: the weight of class %d must be a finite number above 0, got %v", i, w)
		}
	}
	return nil
}

// Balanced are weights that let every class count the same: n/(K·n_k) for the
// n_k of n documents that are of class k of K, the mean over the documents is 1.
// A class without documents has weight 1.
func Balanced(docs []Document, classes int) []float64 {
	counts := make([]int, classes)
	for _, d := range docs {
		if d.Class >= 0 && d.Class < classes {
			counts[d.Class]++
		}
	}
	weights := make([]float64, classes)
	for k, n := range counts {
		weights[k] = 1
		if n > 0 {
			weights[k] = float64(len(docs)) / float64(classes*n)
		}
	}
	return weights
}

// Task prepares training on documents.
func (m *Classifier) Task(docs []Document, c ClassifierTraining) (*BatchTask[Document], error) {
	if err := c.validate(len(m.Labels)); err != nil {
		return nil, err
	}
	batches, err := datasets.NewBatches(docs, Document.Len,
		datasets.BatchOptions{Size: c.Batch, Bucket: bucketOf(docs), Shuffle: true, Seed: c.Seed})
	if err != nil {
		return nil, err
	}
	network := m.network
	network.Smoothing = c.Smoothing
	return NewBatchTask(m.Params, batches, network.Train, func(p *graph.Program, b datasets.Batch[Document]) error {
		return m.feedLabelled(p, b, c.Weights)
	})
}

// bucketOf is the width of buckets for documents.
func bucketOf(docs []Document) int {
	longest := 0
	for _, d := range docs {
		longest = max(longest, d.Len())
	}
	return bucket(longest)
}

// feed sets the inputs of a program that answers.
func (m *Classifier) feed(p *graph.Program, b datasets.Batch[Document]) error {
	rows := make([][]int, len(b.Rows))
	for i, d := range b.Rows {
		rows[i] = d.IDs
	}
	if err := p.SetIDs("ids", datasets.Pad(rows, b.T, b.Size, m.Tokens.Len())); err != nil {
		return err
	}
	for n := 2; n <= m.Config.Grams.Upto; n++ {
		grams := make([][]int, len(rows))
		for i, ids := range rows {
			grams[i] = m.Config.rows(ids, n, m.Tokens.Len())
		}
		if err := p.SetIDs(gramsInput(n), datasets.Pad(grams, b.T, b.Size, 0)); err != nil {
			return err
		}
	}
	return p.SetIDs("lens", datasets.Lens(rows, b.Size))
}

// feedLabelled sets the inputs of a program that is trained.
func (m *Classifier) feedLabelled(p *graph.Program, b datasets.Batch[Document], weights []float64) error {
	if err := m.feed(p, b); err != nil {
		return err
	}
	if err := p.SetIDs("target", datasets.Each(b, func(d Document) int { return d.Class })); err != nil {
		return err
	}
	w := b.Weights()
	if weights != nil {
		for i, d := range b.Rows {
			if d.Class < 0 || d.Class >= len(weights) {
				return fmt.Errorf("models: class %d is outside [0, %d)", d.Class, len(weights))
			}
			w[i] = weights[d.Class]
		}
	}
	return p.SetFloat64s("weight", w)
}
