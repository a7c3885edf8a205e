package models

import (
	"fmt"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// BatchTask is training on separate examples of any kind, in batches: the task
// of all models but those that carry a state from batch to batch. It is a
// train.Task.
type BatchTask[E any] struct {
	params   *graph.Params
	batches  *datasets.Batches[E]
	programs *graph.Cache
	feed     Feed[E]
	key      func(datasets.Batch[E]) graph.Key // sizes of the program for a batch
	pos      int                               // batches taken, of all epochs
	rows     int                               // of the last batch
}

// Training says how a [Tagger], a [Tabular] or a [FeedForward] is trained; the zero value is batches of 32.
type Training struct {
	Batch int    // examples of a batch; 0: 32
	Seed  uint64 // of the order of the examples
}

// Feed sets a program's inputs to a batch. The program was built for B =
// batch.Size and T = batch.T; rows that fill the batch up have weight 0, see
// datasets.Batch.Weights.
type Feed[E any] func(p *graph.Program, batch datasets.Batch[E]) error

// NewBatchTask prepares training: formula must call Minimise("loss", ..), feed
// sets its inputs. A program is built for each length T that occurs. The first is
// built here, so that a formula that is wrong is an error at once.
func NewBatchTask[E any](params *graph.Params, batches *datasets.Batches[E], formula func(*graph.Builder), feed Feed[E]) (*BatchTask[E], error) {
	switch {
	case batches == nil || batches.Len() == 0:
		return nil, fmt.Errorf("models: a task needs batches; NewBatches makes them")
	case feed == nil:
		return nil, fmt.Errorf("models: a task needs what sets the inputs, got nil")
	}
	t := &BatchTask[E]{params: params, batches: batches, programs: graph.NewCache(params, 0, formula), feed: feed}
	t.key = func(b datasets.Batch[E]) graph.Key { return graph.Key{B: b.Size, T: b.T} }
	return t, t.begin()
}

// begin builds the program of the first batch.
func (t *BatchTask[E]) begin() error {
	_, err := t.program(t.batches.At(0))
	return err
}

func (t *BatchTask[E]) program(b datasets.Batch[E]) (*graph.Program, error) {
	key := t.key(b)
	key.Train = true
	return t.programs.Get(key)
}

// Params are the parameters that are trained.
func (t *BatchTask[E]) Params() *graph.Params { return t.params }

// Next computes the loss and the gradients of the next batch. step numbers the
// updates; dropout masks depend on it.
func (t *BatchTask[E]) Next(step int) (float64, error) {
	b := t.batches.At(t.pos)
	p, err := t.program(b)
	if err != nil {
		return 0, err
	}
	p.SetStep(uint64(step))
	if err := t.feed(p, b); err != nil {
		return 0, err
	}
	if err := p.Run(); err != nil {
		return 0, err
	}
	t.pos++
	t.rows = len(b.Rows)
	return p.Scalar("loss")
}

// Tokens is how many examples the last batch had.
func (t *BatchTask[E]) Tokens() int { return t.rows }

// PerEpoch is how many batches make an epoch.
func (t *BatchTask[E]) PerEpoch() int { return t.batches.PerEpoch() }

// Position is the number of batches taken; there is no state.
func (t *BatchTask[E]) Position() (pos int, state [][]float64, err error) { return t.pos, nil, nil }

// Seek goes to a place that Position returned. An error changes nothing.
func (t *BatchTask[E]) Seek(pos int, state [][]float64) error {
	if pos < 0 || len(state) > 0 {
		return fmt.Errorf("models: a task of batches has no place %d with a state of %d tensors", pos, len(state))
	}
	t.pos = pos
	return nil
}

// weightedMean is Σ x⊙weight / Σ weight, both [.., 1]: a scalar.
func weightedMean(g *graph.Builder, x, weight *graph.Node) *graph.Node {
	return g.Div(g.SumAll(g.Mul(x, weight)), g.SumAll(weight))
}
