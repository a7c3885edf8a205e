package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// charsTraining is what chars train is told.
type charsTraining struct {
	data, glob, out string
	resume, unknown bool
	epochs          float64
	run             settings
}

// settings decide, with the text, how training goes; a checkpoint holds them.
type settings struct {
	Model  models.Config `json:"model"`
	Seq    int           `json:"seq"`
	Batch  int           `json:"batch"`
	Steps  int           `json:"-"`
	Rate   float64       `json:"lr"`
	End    float64       `json:"lr_end"`
	Clip   float64       `json:"clip"`
	Val    float64       `json:"val"`
	Seed   uint64        `json:"seed"`
	Digest string        `json:"text"` // SHA-256 of the text
}

// usual are the settings without flags.
func usual() settings {
	return settings{
		Model: models.Config{Cell: "lstm", Embed: 64, Hidden: 128, Layers: 1},
		Seq:   64, Batch: 32, Rate: 2e-3, End: 0.1, Clip: 5, Val: 0.1, Seed: 1,
	}
}

func charsTrainCommand(s streams) *cobra.Command {
	t := charsTraining{run: usual(), epochs: 10}
	c := &cobra.Command{
		Use:   "train",
		Short: "Train a character model on a text",
		Long: `Train reads a text, or all texts of a directory, trains a recurrent network to
predict each next character, and writes the model with the lowest loss on the
held-back end of the text. Ctrl-C finishes the step at hand and saves; --resume
goes on from there, exactly as if it had not stopped.`,
		Example: `  demo chars train --data book.txt --out book.safetensors
  demo chars train --data "$(go env GOROOT)/src/net" --glob '*.go' --layers 2 --epochs 3 --out go.safetensors
  demo chars train --data book.txt --out book.safetensors --resume`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := t.check(cmd); err != nil {
				return err
			}
			return t.train(cmd.Context(), s)
		},
	}
	t.flags(c)
	return c
}

func (t *charsTraining) flags(c *cobra.Command) {
	f, r := c.Flags(), &t.run
	f.StringVar(&t.data, "data", "", "text file, or a directory of them; .gz is read as it is (needed)")
	f.StringVar(&t.glob, "glob", "*.txt", "which files of a directory to read")
	f.StringVar(&t.out, "out", "chars.safetensors", "where the model goes; the checkpoint goes beside it")
	f.BoolVar(&t.resume, "resume", false, "go on from the checkpoint beside --out")
	f.BoolVar(&t.unknown, "unknown", false, "give the model an entry for characters that the text does not have")
	f.StringVar(&r.Model.Cell, "cell", r.Model.Cell, "rnn, lstm or gru")
	f.IntVar(&r.Model.Layers, "layers", r.Model.Layers, "recurrent layers")
	f.IntVar(&r.Model.Hidden, "hidden", r.Model.Hidden, "width of the state")
	f.IntVar(&r.Model.Embed, "embed", r.Model.Embed, "width of the embedding (0: one-hot input)")
	f.Float64Var(&r.Model.Dropout, "dropout", 0, "probability of dropping a value between layers while training")
	f.BoolVar(&r.Model.Tied, "tied", false, "use the embedding table as output weights (needs --embed equal to --hidden)")
	f.IntVar(&r.Seq, "seq", r.Seq, "characters of a window: how far back gradients reach")
	f.IntVar(&r.Batch, "batch", r.Batch, "windows of a batch")
	f.Float64Var(&t.epochs, "epochs", t.epochs, "passes over the text; not with --steps")
	f.IntVar(&r.Steps, "steps", 0, "updates, in place of --epochs")
	f.Float64Var(&r.Rate, "lr", r.Rate, "learning rate of Adam")
	f.Float64Var(&r.End, "lr-end", r.End, "part of the learning rate at the end, along a cosine (1: constant)")
	f.Float64Var(&r.Clip, "clip", r.Clip, "greatest length of the gradient (0: no clipping)")
	f.Float64Var(&r.Val, "val", r.Val, "part of the text, its end, held back for validation (0: none)")
	f.Uint64Var(&r.Seed, "seed", r.Seed, "seed of the initial values and of dropout")
	c.MarkFlagsMutuallyExclusive("epochs", "steps")
}

// check refuses flags that cannot work.
func (t *charsTraining) check(cmd *cobra.Command) error {
	if err := need("data", t.data); err != nil {
		return err
	}
	if err := t.run.Model.Validate(); err != nil {
		return usageError{err}
	}
	r := t.run
	switch {
	case t.out == "":
		return usagef("--out must name a file")
	case r.Seq < 1 || r.Batch < 1:
		return usagef("--seq and --batch must be at least 1, got %d and %d", r.Seq, r.Batch)
	case cmd.Flags().Changed("steps") && r.Steps < 1:
		return usagef("--steps must be at least 1, got %d", r.Steps)
	case !(t.epochs > 0) || math.IsInf(t.epochs, 0):
		return usagef("--epochs must be above 0, got %v", t.epochs)
	case !(r.Rate > 0) || math.IsInf(r.Rate, 0):
		return usagef("--lr must be above 0, got %v", r.Rate)
	case !(r.End >= 0 && r.End <= 1):
		return usagef("--lr-end must be in [0, 1], got %v", r.End)
	case !(r.Clip >= 0) || math.IsInf(r.Clip, 0):
		return usagef("--clip must be at least 0, got %v", r.Clip)
	case !(r.Val >= 0 && r.Val < 1):
		return usagef("--val must be in [0, 1), got %v", r.Val)
	}
	return nil
}

// checkpoint is the file beside the model.
func (t *charsTraining) checkpoint() string {
	return strings.TrimSuffix(t.out, ".safetensors") + ".checkpoint.safetensors"
}

// train reads the text, trains and says what came of it.
func (t *charsTraining) train(ctx context.Context, s streams) error {
	if dir := filepath.Dir(t.out); dir != "." {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return fmt.Errorf("--out %s: there is no directory %s", t.out, dir)
		}
	}
	text, err := datasets.LoadText(t.data, t.glob)
	if err != nil {
		return err
	}
	t.run.Digest = fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
	vocab, err := datasets.NewVocab(datasets.VocabOptions{Unknown: t.unknown}, text)
	if err != nil {
		return fmt.Errorf("%s: %w", t.data, err)
	}
	j, err := newJob(t.run, vocab, text, s)
	if err != nil {
		return fmt.Errorf("%s: %w", t.data, err)
	}
	if j.run.Steps == 0 {
		j.run.Steps = max(1, int(math.Ceil(t.epochs*float64(j.task.Windows()))))
	}
	return t.follow(ctx, s, j)
}

// follow runs the job with files to keep its results in.
func (t *charsTraining) follow(ctx context.Context, s streams, j *job) error {
	note, err := json.Marshal(t.run)
	if err != nil {
		return err
	}
	loop := j.loop()
	loop.Best = func() error { return j.model.SaveFile(t.out) }
	loop.Save = func() error { return loop.CheckpointFile(t.checkpoint(), string(note)) }
	loop.SaveEvery = loop.ValidEvery
	if t.resume {
		if err := loop.ResumeFile(t.checkpoint(), string(note)); err != nil {
			if errors.Is(err, os.ErrNotExist) {
				return fmt.Errorf("--resume: there is no checkpoint %s", t.checkpoint())
			}
			return err
		}
	}
	j.introduce(t.data)
	report, err := loop.Run(ctx)
	j.progress.end()
	if err != nil {
		return err
	}
	if math.IsNaN(report.Best) { // nothing was validated, so the last is the best
		if err := j.model.SaveFile(t.out); err != nil {
			return err
		}
	}
	if report.Interrupted {
		fmt.Fprintf(s.err, "interrupted after step %d; %s holds the checkpoint, --resume goes on from it\n", report.Steps, t.checkpoint())
		return nil
	}
	return t.conclude(s, j, report)
}

// conclude measures the model that was kept.
func (t *charsTraining) conclude(s streams, j *job, report train.Report) error {
	m, err := models.LoadCharLMFile(t.out)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%s: the model after step %d", t.out, bestStep(report))
	if len(j.valid) > 1 {
		score, err := m.Score(j.valid, 1)
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
