package main

import (
	"math"

	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/train"
)

// optimisation is how a model of any kind is trained; a checkpoint holds it.
type optimisation struct {
	Batch int     `json:"batch"`
	Steps int     `json:"-"` // more of them may follow
	Rate  float64 `json:"lr"`
	End   float64 `json:"lr_end"`
	Clip  float64 `json:"clip"`
	Decay float64 `json:"decay,omitempty"`
	Seed  uint64  `json:"seed"`
}

// usualOptimisation are the settings without flags.
func usualOptimisation() optimisation {
	return optimisation{Batch: 32, Rate: 2e-3, End: 0.1, Clip: 5, Seed: 1}
}

// flags are those of all training; rows is what a batch is made of.
func (o *optimisation) flags(f *pflag.FlagSet, rows string) {
	f.IntVar(&o.Batch, "batch", o.Batch, rows+" of a batch")
	f.IntVar(&o.Steps, "steps", 0, "updates, in place of --epochs")
	f.Float64Var(&o.Rate, "lr", o.Rate, "learning rate of Adam")
	f.Float64Var(&o.End, "lr-end", o.End, "part of the learning rate at the end, along a cosine (1: constant)")
	f.Float64Var(&o.Clip, "clip", o.Clip, "greatest length of the gradient (0: no clipping)")
	f.Float64Var(&o.Decay, "decay", o.Decay, "decay of the weights, as in AdamW (0: none)")
	f.Uint64Var(&o.Seed, "seed", o.Seed, "seed of the initial values, of dropout, and of what is drawn from the data")
}

// check refuses what cannot work.
func (o *optimisation) check() error {
	switch {
	case !(o.Rate > 0 && o.Rate < 1e6):
		return usagef("--lr must be above 0 and below 1e6, got %v", o.Rate)
	case !(o.End >= 0 && o.End <= 1):
		return usagef("--lr-end must be in [0, 1], got %v", o.End)
	case !(o.Clip >= 0) || math.IsInf(o.Clip, 0):
		return usagef("--clip must be a finite number of at least 0, got %v", o.Clip)
	case !(o.Decay >= 0 && o.Decay < 1e6):
		return usagef("--decay must be at least 0 and below 1e6, got %v", o.Decay)
	case o.Batch < 1 || o.Batch > 1<<20:
		return usagef("--batch must be in [1, %d], got %d", 1<<20, o.Batch)
	}
	return nil
}

// loop is the training of a job with its progress on the terminal. It validates
// about twenty times, but not so often that this takes longer than training.
func (o *optimisation) loop(j *job, p *progress) *train.Loop {
	l := &train.Loop{
		Task: j.task, Optimiser: &train.Adam{Rate: o.Rate, Decay: o.Decay}, Clip: o.Clip, Steps: o.Steps,
		Validate: j.validate, ValidEvery: max(1, o.Steps/20, j.apart),
		On: []func(train.Event) error{p.event},
	}
	if o.End < 1 {
		l.Schedule = train.Cosine(o.Steps, 0, o.End)
	}
	return l
}
