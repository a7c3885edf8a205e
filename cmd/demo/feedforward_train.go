package main

import (
	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
)

// feedForwardTraining is what feedforward train is told.
type feedForwardTraining struct {
	training
	numbers
	val, test holdout
	run       feedForwardSettings
}

// feedForwardSettings decide, with the data, how training goes; a checkpoint holds
// them.
type feedForwardSettings struct {
	optimisation
	Model  models.FeedForwardConfig `json:"model"`
	Val    string                   `json:"val"`
	Test   string                   `json:"test"`
	Digest string                   `json:"data"` // SHA-256 of the rows
}

func feedForwardTrainCommand(s streams) *cobra.Command {
	t := feedForwardTraining{training: training{out: "feedforward.safetensors", epochs: 40}}
	t.run = feedForwardSettings{
		optimisation: usualOptimisation(),
		Model:        models.FeedForwardConfig{Hidden: 32, Layers: 1, Activation: "tanh"},
	}
	t.run.Rate = 1e-2
	t.opt = &t.run.optimisation
	c := &cobra.Command{
		Use:   "train",
		Short: "Train a feed-forward network on columns of numbers",
		Long: `Train reads columns of numbers of a table and trains a network to say a number or,
with --classes, a label. Columns are scaled to mean 0 and deviation 1, fitted on
what is trained on; a missing number (NA) counts as the mean. --layers 0 is a
straight line. Ctrl-C finishes the step at hand and saves; the same command with
--resume goes on from there, exactly as if it had not stopped. Without --data it
learns in which of three rings a point is.`,
		Example: `  demo feedforward train
  demo feedforward train --layers 0 --out line.safetensors
  demo feedforward train --data houses.csv --num area,rooms --label price --test 0.1
  demo feedforward train --data iris.csv --label species --classes --hidden 16 --activation relu --resume`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := t.check(cmd); err != nil {
				return err
			}
			return t.training.run(cmd.Context(), s, func() (*job, error) { return t.read(s) })
		},
	}
	f, r := c.Flags(), &t.run
	f.StringVar(&t.data, "data", "", "table of numbers; .gz is read as it is (none: points in rings)")
	t.numbers.flags(f)
	t.val.flag(f, "val", "0.1", "for validation")
	t.test.flag(f, "test", "0", "for a test at the end")
	f.IntVar(&r.Model.Hidden, "hidden", r.Model.Hidden, "width of the hidden layers")
	f.IntVar(&r.Model.Layers, "layers", r.Model.Layers, "hidden layers (0: a straight line)")
	f.StringVar(&r.Model.Activation, "activation", r.Model.Activation, "what hidden layers do with a number: tanh, relu or sigmoid")
	f.Float64Var(&r.Model.Dropout, "dropout", 0, "probability of dropping a hidden value while training (0: none)")
	t.training.flags(f, "rows")
	return c
}

// check refuses flags that cannot work.
func (t *feedForwardTraining) check(cmd *cobra.Command) error {
	if err := t.run.Model.Validate(); err != nil {
		return usagef("--%s", sentence(err)) // they begin with the name of the field
	}
	for _, check := range []func() error{t.val.check, t.test.check, t.table.check} {
		if err := check(); err != nil {
			return err
		}
	}
	if t.data == "" && (t.val.file != "" || t.test.file != "" || t.num != nil) {
		return usagef("--num, --val and --test name columns and files of --data, which is not given")
	}
	t.run.Val, t.run.Test = t.val.value, t.test.value
	return t.training.check(cmd.Flags())
}
