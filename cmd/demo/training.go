package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/train"
)

// training is what every train command is told: what to read, what to write,
// how long and how to train.
type training struct {
	data, out string
	resume    bool
	epochs    float64
	opt       *optimisation
}

// flags are those of all training; rows is what a batch is made of.
func (t *training) flags(f *pflag.FlagSet, rows string) {
	f.StringVar(&t.out, "out", t.out, "where the model goes; the checkpoint goes beside it")
	f.BoolVar(&t.resume, "resume", false, "go on from the checkpoint beside --out")
	f.Float64Var(&t.epochs, "epochs", t.epochs, "passes over the data; not with --steps")
	t.opt.flags(f, rows)
}

// check refuses flags that cannot work.
func (t *training) check(f *pflag.FlagSet) error {
	steps := f.Changed("steps")
	switch {
	case t.out == "":
		return usagef("--out must name a file")
	case steps && f.Changed("epochs"):
		return usagef("--steps and --epochs exclude each other, got both")
	case steps && t.opt.Steps < 1:
		return usagef("--steps must be at least 1, got %d", t.opt.Steps)
	case !(t.epochs > 0 && t.epochs <= 1e6):
		return usagef("--epochs must be above 0 and at most 1e6, got %v", t.epochs)
	}
	return t.opt.check()
}

// checkpoint is the file beside the model.
func (t *training) checkpoint() string {
	return strings.TrimSuffix(t.out, ".safetensors") + ".checkpoint.safetensors"
}

// run makes the job, trains and says what came of it.
func (t *training) run(ctx context.Context, s streams, read func() (*job, error)) error {
	if err := t.files(); err != nil {
		return err
	}
	j, err := read()
	if err != nil {
		return err
	}
	if t.opt.Steps == 0 {
		t.opt.Steps = max(1, int(math.Ceil(t.epochs*float64(j.epoch))))
	}
	report, err := t.follow(ctx, s, j)
	if err != nil || report.Interrupted {
		return err
	}
	return j.conclude(report)
}

// files refuses files that cannot be read or written, before any work.
func (t *training) files() error {
	for _, path := range []string{t.out, t.checkpoint()} {
		if err := writable("--out", path, t.data); err != nil {
			return err
		}
	}
	if t.resume {
		if _, err := os.Stat(t.checkpoint()); errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("--resume: there is no checkpoint %s", t.checkpoint())
		}
	}
	return nil
}

// follow runs the job with files to keep its results in.
func (t *training) follow(ctx context.Context, s streams, j *job) (train.Report, error) {
	note, err := json.Marshal(j.settings)
	if err != nil {
		return train.Report{}, err
	}
	p := newProgress(s.err, j)
	loop := t.opt.loop(j, p)
	loop.Best = func() error { return j.save(t.out) }
	loop.Save = func() error { return loop.CheckpointFile(t.checkpoint(), string(note)) }
	loop.SaveEvery = loop.ValidEvery
	if t.resume {
		if err := loop.ResumeFile(t.checkpoint(), string(note)); err != nil {
			return train.Report{}, otherSettings(t.checkpoint(), err)
		}
	}
	j.introduce()
	ctx, done := interruptible(ctx, s.err)
	defer done()
	report, err := loop.Run(ctx)
	p.end()
	if err != nil {
		return report, err
	}
	if err := t.keep(j, report); err != nil {
		return report, err
	}
	switch {
	case report.Interrupted:
		fmt.Fprintf(s.err, "interrupted after step %d; %s holds the checkpoint, --resume goes on from it\n", report.Steps, t.checkpoint())
	case p.taken == 0:
		fmt.Fprintf(s.err, "the checkpoint is at step %d of %d already; more --steps or --epochs prolong the training\n", report.Steps, t.opt.Steps)
	}
	return report, nil
}

// keep writes the model as it is now if none was written for being the best:
// nothing has been validated, or the file is gone.
func (t *training) keep(j *job, report train.Report) error {
	if !math.IsNaN(report.Best) {
		if _, err := os.Stat(t.out); !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return j.save(t.out)
}

func bestStep(r train.Report) int {
	if math.IsNaN(r.Best) {
		return r.Steps
	}
	return r.BestStep
}
