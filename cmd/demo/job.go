package main

import (
	"fmt"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// job is a character model with its text, ready to train.
type job struct {
	run      settings
	model    *models.CharLM
	task     *models.Task
	fit      []int
	valid    []int // nil: nothing is held back
	counts   float64
	order    int // of the n-gram counts beside which the loss is shown; 0: none
	progress *progress
	s        streams
}

func newJob(run settings, vocab *datasets.Vocab, text string, s streams) (*job, error) {
	ids, err := vocab.Encode(text)
	if err != nil {
		return nil, err
	}
	j := &job{run: run, fit: ids, s: s, progress: newProgress(s.err)}
	if run.Val > 0 {
		if j.fit, j.valid, err = datasets.Split(ids, 1-run.Val); err != nil {
			return nil, err
		}
		if len(j.valid) < 2 {
			return nil, fmt.Errorf("%d of %d characters are too few to validate on; choose a larger --val, or 0", len(j.valid), len(ids))
		}
		if j.order, j.counts, err = datasets.NGramBaseline(j.fit, j.valid, vocab.Len()); err != nil {
			return nil, err
		}
	}
	if j.model, err = models.NewCharLM(run.Model, vocab, run.Seed); err != nil {
		return nil, err
	}
	j.task, err = j.model.Task(j.fit, run.Batch, run.Seq)
	return j, err
}

// loop is the training with its progress on the terminal.
func (j *job) loop() *train.Loop {
	l := &train.Loop{
		Task: j.task, Optimiser: train.NewAdam(j.run.Rate), Clip: j.run.Clip, Steps: j.run.Steps,
		On: []func(train.Event) error{j.progress.event},
	}
	if j.run.End < 1 {
		l.Schedule = train.Cosine(j.run.Steps, 0, j.run.End)
	}
	l.ValidEvery = max(1, j.run.Steps/20)
	if j.valid != nil {
		l.Validate = func() (float64, error) {
			score, err := j.model.Score(j.valid, j.run.Batch)
			return score.Nats, err
		}
	}
	return l
}

// introduce says what is trained on what.
func (j *job) introduce(name string) {
	c := j.run.Model
	fmt.Fprintf(j.s.err, "%s: %d characters, %d distinct; %d layer(s) of %s %d, %d parameters, %d steps of %d x %d\n",
		name, len(j.fit)+len(j.valid), j.model.Vocab.Len(), c.Layers, c.Cell, c.Hidden, j.model.Params.Count(),
		j.run.Steps, j.run.Batch, j.run.Seq)
	if j.order > 0 {
		fmt.Fprintf(j.s.err, "held back: %d characters; %d-gram counts reach %.3f nats there\n", len(j.valid), j.order, j.counts)
	}
}
