package main

import (
	"math"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
)

// charsTraining is what chars train is told.
type charsTraining struct {
	data, glob, out string
	resume          bool
	epochs          float64
	run             settings
}

// settings decide, with the text, how training goes; a checkpoint holds them.
type settings struct {
	Model   models.Config `json:"model"`
	Unknown bool          `json:"unknown"`
	Seq     int           `json:"seq"`
	Batch   int           `json:"batch"`
	Steps   int           `json:"-"` // more of them may follow
	Rate    float64       `json:"lr"`
	End     float64       `json:"lr_end"`
	Clip    float64       `json:"clip"`
	Val     float64       `json:"val"`
	Seed    uint64        `json:"seed"`
	Digest  string        `json:"text"` // SHA-256 of the text
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
held-back end of the text. Ctrl-C finishes the step at hand and saves; the same
command with --resume goes on from there, exactly as if it had not stopped. With
more --epochs or --steps it prolongs a training.`,
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
	f.BoolVar(&r.Unknown, "unknown", false, "give the model an entry for characters that the text does not have")
	f.StringVar(&r.Model.Cell, "cell", r.Model.Cell, "rnn, lstm or gru")
	f.IntVar(&r.Model.Layers, "layers", r.Model.Layers, "recurrent layers")
	f.IntVar(&r.Model.Hidden, "hidden", r.Model.Hidden, "width of the state")
	f.IntVar(&r.Model.Embed, "embed", r.Model.Embed, "width of the embedding (0: one-hot input)")
	f.Float64Var(&r.Model.Dropout, "dropout", 0, "probability of dropping a value between layers while training (0: none)")
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
}

// check refuses flags that cannot work.
func (t *charsTraining) check(cmd *cobra.Command) error {
	if err := need("data", t.data); err != nil {
		return err
	}
	if err := t.run.Model.Validate(); err != nil {
		return usagef("--%s", sentence(err)) // they begin with the name of the field
	}
	r, steps := t.run, cmd.Flags().Changed("steps")
	switch {
	case t.out == "":
		return usagef("--out must name a file")
	case r.Seq < 1 || r.Batch < 1:
		return usagef("--seq and --batch must be at least 1, got %d and %d", r.Seq, r.Batch)
	case steps && cmd.Flags().Changed("epochs"):
		return usagef("--steps and --epochs exclude each other, got both")
	case steps && r.Steps < 1:
		return usagef("--steps must be at least 1, got %d", r.Steps)
	case !(t.epochs > 0 && t.epochs <= 1e6):
		return usagef("--epochs must be above 0 and at most 1e6, got %v", t.epochs)
	case !(r.Rate > 0 && r.Rate < 1e6):
		return usagef("--lr must be above 0 and below 1e6, got %v", r.Rate)
	case !(r.End >= 0 && r.End <= 1):
		return usagef("--lr-end must be in [0, 1], got %v", r.End)
	case !(r.Clip >= 0) || math.IsInf(r.Clip, 0):
		return usagef("--clip must be a finite number of at least 0, got %v", r.Clip)
	case !(r.Val >= 0 && r.Val < 1):
		return usagef("--val must be in [0, 1), got %v", r.Val)
	}
	return nil
}

// checkpoint is the file beside the model.
func (t *charsTraining) checkpoint() string {
	return strings.TrimSuffix(t.out, ".safetensors") + ".checkpoint.safetensors"
}
