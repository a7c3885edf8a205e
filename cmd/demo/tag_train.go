package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
)

// tagTraining is what tag train is told.
type tagTraining struct {
	training
	tagReader
	val, test holdout
	run       tagSettings
}

// tagSettings decide, with the data, how training goes; a checkpoint holds them.
type tagSettings struct {
	optimisation
	Model    models.TaggerConfig `json:"model"`
	Sample   string              `json:"sample,omitempty"`
	Vocab    int                 `json:"vocab"`
	MinCount int                 `json:"min_count"`
	Val      string              `json:"val"`
	Test     string              `json:"test"`
	Digest   string              `json:"data"` // SHA-256 of the texts
}

func tagTrainCommand(s streams) *cobra.Command {
	t := tagTraining{training: training{out: "tag.safetensors", epochs: 10}}
	t.run = tagSettings{
		optimisation: usualOptimisation(),
		Model: models.TaggerConfig{
			Recurrent: models.Recurrent{Cell: "lstm", Embed: 32, Hidden: 64, Layers: 1, Bidirectional: true},
			Unit:      "chars", Longest: 512,
		},
		Sample: "dates", MinCount: 2,
	}
	t.opt = &t.run.optimisation
	c := &cobra.Command{
		Use:   "train",
		Short: "Train a tagger on texts with a label for each character or word",
		Long: `Train reads texts whose every character or word has a label, and trains a
recurrent network to say the labels. The file is a table (tab- or comma-separated,
.gz as it is) with a column of texts and one of labels: as many labels as the text
has characters, or words, with spaces between, or of one character each without.
With --conll it has a token, a tab and its label a line, and an empty line between
texts. A part is held back to choose the model; with --test another part is not
looked at before the end. Ctrl-C finishes the step at hand and saves; the same
command with --resume goes on from there. Without --data it trains for a few
seconds on generated Korean sentences with dates, or on brackets.`,
		Example: `  demo tag train
  demo tag train --sample brackets --bidirectional=false
  demo tag train --data dates.tsv.gz --text text --label labels --out dates.safetensors
  demo tag train --data news.conll --conll --unit words --min-count 2 --test 0.1 --out names.safetensors`,
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

func (t *tagTraining) flags(c *cobra.Command) {
	f, r := c.Flags(), &t.run
	f.StringVar(&t.data, "data", "", "labelled texts; .gz is read as it is (none: generated ones, see --sample)")
	f.StringVar(&r.Sample, "sample", r.Sample, "what is generated without --data: dates (parts of Korean dates) or brackets (depth)")
	t.tagReader.flags(f)
	t.val.flag(f, "val", "0.1", "for validation")
	t.test.flag(f, "test", "0", "for a test at the end")
	f.StringVar(&r.Model.Unit, "unit", r.Model.Unit, "what has a label: chars or words (what stands between spaces)")
	f.IntVar(&r.Vocab, "vocab", 0, "most different characters or words, the frequent ones (0: all)")
	f.IntVar(&r.MinCount, "min-count", r.MinCount, "characters or words that are rarer count as other")
	f.IntVar(&r.Model.Longest, "longest", r.Model.Longest, "steps that are read at once; a longer text is read in parts")
	f.IntVar(&r.Model.Embed, "embed", r.Model.Embed, "width of the embedding (0: one-hot input)")
	recurrentFlags(f, &r.Model.Recurrent)
	t.training.flags(f, "texts")
}

// check refuses flags that cannot work.
func (t *tagTraining) check(cmd *cobra.Command) error {
	r := &t.run
	if err := r.Model.Validate(); err != nil {
		return usagef("--%s", sentence(err)) // they begin with the name of the field
	}
	for _, check := range []func() error{t.val.check, t.test.check, t.table.check} {
		if err := check(); err != nil {
			return err
		}
	}
	switch {
	case !slices.Contains(tagSamples(), r.Sample):
		return usagef("--sample must be dates or brackets, got %q", r.Sample)
	case r.Vocab < 0 || r.MinCount < 1:
		return usagef("--vocab must be at least 0 and --min-count at least 1, got %d and %d", r.Vocab, r.MinCount)
	case t.data == "" && (t.val.file != "" || t.test.file != "" || t.conll || r.Model.Unit != "chars"):
		return usagef("--val and --test name files, and --conll and --unit say how they are read, beside --data only")
	case t.data != "" && cmd.Flags().Changed("sample"):
		return usagef("--sample and --data exclude each other, got both")
	}
	if t.data != "" {
		r.Sample = ""
	}
	r.Val, r.Test = t.val.value, t.test.value
	return t.training.check(cmd.Flags())
}
