package train_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// synthetic is a generated task with a known baseline, and a network for it that
// has one layer of any cell.
type synthetic struct {
	name     string
	measure  string  // what is measured on examples that were not trained on
	baseline float64 // of it, without memory
	above    bool    // more is better
	goal     float64 // where training stops

	hidden, batch int
	rate          float64
	examples      int  // to train on; as many as testExamples are measured
	steps         int  // updates at most
	stays         bool // a tanh network stays near the baseline
	make          func(s synthetic, cell string, seed uint64) (learner, error)
}

const testExamples = 1000

// learner is a network in training.
type learner struct {
	task  train.Task
	score func() (float64, error) // the measure
}

// rnn is a layer of a cell over inputs of the given width.
func (s synthetic) rnn(cell string, in int) cells.Layer {
	return models.Recurrent{Cell: cell, Hidden: s.hidden, Layers: 1}.Stack(in)
}

// reached tells whether a measure is as good as the goal.
func (s synthetic) reached(x float64) bool { return s.above && x >= s.goal || !s.above && x <= s.goal }

// learn trains until the goal or for so many steps at most, and gives the measure
// and the steps taken.
func (s synthetic) learn(t *testing.T, cell string, seed uint64, steps int) (measure float64, taken int) {
	t.Helper()
	l, err := s.make(s, cell, seed)
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	loop := train.Loop{
		Task: l.task, Optimiser: train.NewAdam(s.rate), Schedule: train.Cosine(steps, 0, 0.1), Clip: 1, Steps: steps, ValidEvery: 100,
		Validate: func() (float64, error) {
			var err error
			if measure, err = l.score(); s.reached(measure) {
				stop()
			}
			return measure, err
		},
	}
	report, err := loop.Run(ctx)
	require.NoError(t, err)
	return measure, report.Steps
}

// exercise is how a network does a generated task: formulas, what sets their
// inputs and their targets, and what is measured of the answers to a batch.
type exercise[E interface{ Len() int }] struct {
	draw           func(n int, seed uint64) ([]E, error)
	fit, answer    func(*graph.Builder)
	feed, targets  models.Feed[E]
	measureOfBatch func(p *graph.Program, b datasets.Batch[E]) (float64, error)
}

// learner draws examples, to train on and to measure.
func (x exercise[E]) learner(s synthetic, seed uint64) (learner, error) {
	examples, err := x.draw(testExamples+s.examples, seed)
	if err != nil {
		return learner{}, err
	}
	batches, err := datasets.NewBatches(examples[testExamples:], E.Len, datasets.BatchOptions{Size: s.batch, Shuffle: true, Seed: seed})
	if err != nil {
		return learner{}, err
	}
	held, err := datasets.NewBatches(examples[:testExamples], E.Len, datasets.BatchOptions{Size: 100})
	if err != nil {
		return learner{}, err
	}
	params := graph.NewParams(seed)
	task, err := models.NewBatchTask(params, batches, x.fit, func(p *graph.Program, b datasets.Batch[E]) error {
		return errors.Join(x.feed(p, b), x.targets(p, b))
	})
	answers := graph.NewCache(params, 0, x.answer)
	return learner{task, func() (float64, error) { return x.measure(answers, held) }}, err
}

// measure is the mean over batches, all of one size.
func (x exercise[E]) measure(answers *graph.Cache, held *datasets.Batches[E]) (float64, error) {
	sum := 0.0
	for b := range held.Epoch(0) {
		p, err := answers.Get(graph.Key{B: b.Size, T: b.T})
		if err != nil {
			return 0, err
		}
		if err := errors.Join(x.feed(p, b), p.Run()); err != nil {
			return 0, err
		}
		m, err := x.measureOfBatch(p, b)
		if err != nil {
			return 0, err
		}
		sum += m
	}
	return sum / float64(held.PerEpoch()), nil
}
