package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// train reads the text, trains and says what came of it.
func (t *charsTraining) train(ctx context.Context, s streams) error {
	if err := t.files(); err != nil {
		return err
	}
	j, err := t.read(s)
	if err != nil {
		return err
	}
	if j.run.Steps == 0 {
		j.run.Steps = max(1, int(math.Ceil(t.epochs*float64(j.task.Windows()))))
	}
	report, err := t.follow(ctx, s, j)
	if err != nil || report.Interrupted {
		return err
	}
	return t.conclude(s, j, report)
}

// files refuses files that cannot be read or written, before any work.
func (t *charsTraining) files() error {
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

// read makes the job of the text, which it does not keep: the job has its
// characters as numbers.
func (t *charsTraining) read(s streams) (*job, error) {
	text, err := loadText(t.data, t.glob)
	if err != nil {
		return nil, err
	}
	digest := sha256.New()
	if _, err := io.Copy(digest, struct{ io.Reader }{strings.NewReader(text)}); err != nil { // in pieces
		return nil, err
	}
	t.run.Digest = fmt.Sprintf("%x", digest.Sum(nil))
	j, err := newJob(t.run, text, s)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.data, err)
	}
	return j, nil
}

// follow runs the job with files to keep its results in.
func (t *charsTraining) follow(ctx context.Context, s streams, j *job) (train.Report, error) {
	note, err := json.Marshal(t.run)
	if err != nil {
		return train.Report{}, err
	}
	loop := j.loop()
	loop.Best = func() error { return j.model.SaveFile(t.out) }
	loop.Save = func() error { return loop.CheckpointFile(t.checkpoint(), string(note)) }
	loop.SaveEvery = loop.ValidEvery
	if t.resume {
		if err := loop.ResumeFile(t.checkpoint(), string(note)); err != nil {
			return train.Report{}, otherSettings(t.checkpoint(), err)
		}
	}
	j.introduce(t.data)
	ctx, done := interruptible(ctx, s.err)
	defer done()
	report, err := loop.Run(ctx)
	j.progress.end()
	if err != nil {
		return report, err
	}
	if err := t.keep(j, report); err != nil {
		return report, err
	}
	switch {
	case report.Interrupted:
		fmt.Fprintf(s.err, "interrupted after step %d; %s holds the checkpoint, --resume goes on from it\n", report.Steps, t.checkpoint())
	case j.progress.taken == 0:
		fmt.Fprintf(s.err, "the checkpoint is at step %d of %d already; more --steps or --epochs prolong the training\n", report.Steps, j.run.Steps)
	}
	return report, nil
}

// keep writes the model as it is now if none was written for being the best:
// nothing has been validated, or the file is gone.
func (t *charsTraining) keep(j *job, report train.Report) error {
	if !math.IsNaN(report.Best) {
		if _, err := os.Stat(t.out); !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return j.model.SaveFile(t.out)
}

// conclude measures the model that was kept.
func (t *charsTraining) conclude(s streams, j *job, report train.Report) error {
	m, err := models.LoadCharLMFile(t.out)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%s: the model after step %d", t.out, bestStep(report))
	if j.valid != nil {
		score, err := m.Score(j.valid, parts(len(j.valid)))
		if err != nil {
			return err
		}
		fmt.Fprintf(s.err, ", %.4f nats (%.4f bits) for each of %d held-back characters", score.Nats, score.Bits(), score.Tokens)
	}
	fmt.Fprintf(s.err, "\ntry: demo chars generate --model %s --temperature 0.7\n", t.out)
	return nil
}

func bestStep(r train.Report) int {
	if math.IsNaN(r.Best) {
		return r.Steps
	}
	return r.BestStep
}
