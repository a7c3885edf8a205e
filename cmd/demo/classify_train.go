package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
)

// classifyTraining is what classify train is told.
type classifyTraining struct {
	training
	labelledTable
	val, test holdout
	run       classifySettings
}

// classifySettings decide, with the data, how training goes; a checkpoint holds
// them.
type classifySettings struct {
	optimisation
	Model     models.ClassifierConfig `json:"model"`
	Tokens    string                  `json:"tokens"`
	Vocab     int                     `json:"vocab"`
	MinCount  int                     `json:"min_count"`
	Smoothing float64                 `json:"smoothing"`
	Balance   bool                    `json:"balance"`
	Val       string                  `json:"val"`
	Test      string                  `json:"test"`
	From      string                  `json:"from"`
	Digest    string                  `json:"data"` // SHA-256 of the rows
}

func classifyTrainCommand(s streams) *cobra.Command {
	t := classifyTraining{training: training{out: "classify.safetensors", epochs: 10}}
	t.run = classifySettings{
		optimisation: usualOptimisation(),
		Model: models.ClassifierConfig{
			Recurrent: models.Recurrent{Cell: "lstm", Embed: 64, Hidden: 128, Layers: 1, Dropout: 0.3, Bidirectional: true},
			Grams:     models.Grams{Buckets: 1 << 16},
			Pool:      "mean", Longest: 256,
		},
		Tokens: "chars", MinCount: 1,
	}
	t.opt = &t.run.optimisation
	c := &cobra.Command{
		Use:   "train",
		Short: "Train a classifier on a table of texts and labels",
		Long: `Train reads a table (tab- or comma-separated, .gz as it is) with a column of
texts and one of labels, and trains a recurrent network to say the label. A part
is held back: on it the temperature of the probabilities is fitted, and the model
whose held-back loss is lowest is written. With --test another part is not looked
at before the end. Ctrl-C finishes the step at hand and saves; the same command
with --resume goes on from there, exactly as if it had not stopped. Without
--data it trains for half a minute on generated film reviews.`,
		Example: `  demo classify train
  demo classify train --data reviews.tsv.gz --text document --label label --out reviews.safetensors
  demo classify train --data en.tsv --tokens words --dropout 0.5 --word-dropout 0.2 --test 0.1
  demo classify train --data train.csv --val valid.csv --text 1 --label 3 --no-header --resume
  demo classify train --data few.tsv --from reviews.safetensors --epochs 2 --lr 5e-4 --out few.safetensors`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := t.check(cmd); err != nil {
				return err
			}
			return t.training.run(cmd.Context(), s, func() (*job, error) { return t.read(s) })
		},
	}
	t.flags(c)
	return c
}

func (t *classifyTraining) flags(c *cobra.Command) {
	f, r := c.Flags(), &t.run
	f.StringVar(&t.data, "data", "", "table of texts and labels; .gz is read as it is (none: generated reviews)")
	t.labelledTable.flags(f)
	t.val.flag(f, "val", "0.1", "for validation")
	t.test.flag(f, "test", "0", "for a test at the end")
	f.StringVar(&r.From, "from", "", "classifier to start from, whose tokens and sizes are taken over (none: from scratch)")
	f.StringVar(&r.Tokens, "tokens", r.Tokens, "what is read at a step: words, chars, bytes or jamo (letters of Hangul)")
	f.IntVar(&r.Vocab, "vocab", r.Vocab, "most different words or characters, the frequent ones (0: all)")
	f.IntVar(&r.MinCount, "min-count", r.MinCount, "words that are rarer count as other")
	f.IntVar(&r.Model.Longest, "longest", r.Model.Longest, "tokens of a text that are read")
	f.StringVar(&r.Model.Pool, "pool", r.Model.Pool, "what the answer is made of: the last state, the mean of all, or attention")
	f.IntVar(&r.Model.Embed, "embed", r.Model.Embed, "width of the embedding (0: one-hot input)")
	f.IntVar(&r.Model.Grams.Upto, "grams", 0, "longest run of tokens that is looked up as one, beside each token: 2 or 3 (0: none)")
	f.IntVar(&r.Model.Buckets, "buckets", r.Model.Buckets, "rows of the table of such runs, which share them by hash")
	recurrentFlags(f, &r.Model.Recurrent)
	f.Float64Var(&r.Model.WordDropout, "word-dropout", 0, "probability of dropping a whole token while training (0: none)")
	f.Float64Var(&r.Smoothing, "smoothing", 0, "part of each label that is spread over all labels while training (0: none)")
	f.BoolVar(&r.Balance, "balance", false, "let rare labels count as much as frequent ones while training")
	t.training.flags(f, "texts")
}

// check refuses flags that cannot work.
func (t *classifyTraining) check(cmd *cobra.Command) error {
	r := &t.run
	if r.Model.Grams.Upto == 0 {
		r.Model.Buckets = 0
	}
	if r.From != "" {
		for _, name := range []string{
			"tokens", "vocab", "min-count", "longest", "pool", "embed", "grams", "buckets", "cell", "layers", "hidden", "bidirectional",
		} {
			if cmd.Flags().Changed(name) {
				return usagef("--%s is that of --from; leave it out", name)
			}
		}
	}
	if err := r.Model.Validate(); err != nil {
		return usagef("--%s", sentence(err)) // they begin with the name of the field
	}
	for _, check := range []func() error{t.val.check, t.test.check, t.table.check} {
		if err := check(); err != nil {
			return err
		}
	}
	switch {
	case !slices.Contains(tokenKinds(), r.Tokens):
		return usagef("--tokens must be words, chars, bytes or jamo, got %q", r.Tokens)
	case r.Vocab < 0 || r.MinCount < 1:
		return usagef("--vocab must be at least 0 and --min-count at least 1, got %d and %d", r.Vocab, r.MinCount)
	case !(r.Smoothing >= 0 && r.Smoothing < 1):
		return usagef("--smoothing must be in [0, 1), got %v", r.Smoothing)
	case t.data == "" && (t.val.file != "" || t.test.file != ""):
		return usagef("--val and --test name files beside --data only")
	}
	r.Val, r.Test = t.val.value, t.test.value
	return t.training.check(cmd.Flags())
}
