package models

import (
	"fmt"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// Task prepares training on sentences, as Sentence makes them.
func (m *WordVectors) Task(sentences [][]int, opt datasets.SkipGramOptions) (*SkipGramTask, error) {
	pairs, err := datasets.NewSkipGrams(sentences, m.Words.Len(), opt)
	if err != nil {
		return nil, err
	}
	p, err := graph.Build(m.Params, graph.Key{B: opt.Batch, Train: true}, m.network(opt.Negatives).Train)
	if err != nil {
		return nil, err
	}
	return &SkipGramTask{program: p, pairs: pairs, batch: opt.Batch}, nil
}

// SkipGramTask is word vectors under training. It is a train.Task.
type SkipGramTask struct {
	program *graph.Program
	pairs   *datasets.SkipGrams
	batch   int
}

// Params are the parameters that are trained.
func (t *SkipGramTask) Params() *graph.Params { return t.program.Params() }

// Next computes the loss, in nats for each pair with its noise words, and the
// gradients of the next batch.
func (t *SkipGramTask) Next(step int) (float64, error) {
	b := t.pairs.Next()
	t.program.SetStep(uint64(step))
	if err := t.program.SetIDs("center", b.Center); err != nil {
		return 0, err
	}
	if err := t.program.SetIDs("context", b.Context); err != nil {
		return 0, err
	}
	if err := t.program.SetIDs("noise", b.Noise); err != nil {
		return 0, err
	}
	if err := t.program.Run(); err != nil {
		return 0, err
	}
	return t.program.Scalar("loss")
}

// Tokens is how many pairs a batch has.
func (t *SkipGramTask) Tokens() int { return t.batch }

// PerEpoch is how many batches make an epoch.
func (t *SkipGramTask) PerEpoch() int { return t.pairs.PerEpoch() }

// Position is the number of batches taken; there is no state.
func (t *SkipGramTask) Position() (pos int, state [][]float64, err error) {
	return t.pairs.Pos(), nil, nil
}

// Seek goes to a place that Position returned. An error changes nothing.
func (t *SkipGramTask) Seek(pos int, state [][]float64) error {
	if len(state) > 0 {
		return fmt.Errorf("models: word vectors have no state, got %d tensors", len(state))
	}
	return t.pairs.Seek(pos)
}
