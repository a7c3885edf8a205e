package main

import (
	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
)

// wordsTraining is what words train is told.
type wordsTraining struct {
	training
	corpus
	run wordsSettings
}

// wordsSettings decide, with the data, how training goes; a checkpoint holds them.
type wordsSettings struct {
	optimisation
	Model     models.WordVectorsConfig `json:"model"`
	Vocab     int                      `json:"vocab"`
	MinCount  int                      `json:"min_count"`
	Punct     bool                     `json:"punct"`
	Window    int                      `json:"window"`
	Negatives int                      `json:"negatives"`
	Sample    float64                  `json:"sample"`
	Digest    string                   `json:"data"` // SHA-256 of the texts
}

func wordsTrainCommand(s streams) *cobra.Command {
	t := wordsTraining{training: training{out: "words.safetensors", epochs: 5}}
	t.run = wordsSettings{
		optimisation: usualOptimisation(),
		Model:        models.WordVectorsConfig{Width: 100},
		Vocab:        10000, MinCount: 5, Window: 5, Negatives: 5, Sample: 1e-3,
	}
	t.run.Batch, t.run.Rate, t.run.Clip = 4096, 1e-2, 0
	t.opt = &t.run.optimisation
	c := &cobra.Command{
		Use:   "train",
		Short: "Train word vectors on sentences",
		Long: `Train reads a text, a sentence a line, or a column of a table, makes a table of
its most frequent words, and trains vectors that predict the words beside each
word, told from noise. Frequent words are thinned out (--sample). Ctrl-C finishes
the step at hand and saves; the same command with --resume goes on from there,
exactly as if it had not stopped. Without --data it trains for a few seconds on
generated sentences.`,
		Example: `  demo words train
  demo words train --data book.txt --out words.safetensors
  demo words train --data reviews.tsv.gz --text document --vocab 10000 --sample 1e-4 --window 10
  demo words train --data reviews.tsv.gz --text document --sample 1e-4 --window 10 --resume`,
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

func (t *wordsTraining) flags(c *cobra.Command) {
	f, r := c.Flags(), &t.run
	f.StringVar(&t.data, "data", "", "text, directory of texts, or table; .gz is read as it is (none: generated sentences)")
	t.corpus.flags(f)
	f.IntVar(&r.Vocab, "vocab", r.Vocab, "entries of the table of words, \"other\" included (0: no limit)")
	f.IntVar(&r.MinCount, "min-count", r.MinCount, "words that are rarer count as other")
	f.BoolVar(&r.Punct, "punctuation", false, "punctuation marks are words too")
	f.IntVar(&r.Model.Width, "width", r.Model.Width, "numbers of a vector")
	f.IntVar(&r.Window, "window", r.Window, "how far a word sees to either side, at most")
	f.IntVar(&r.Negatives, "negatives", r.Negatives, "noise words beside each pair")
	f.Float64Var(&r.Sample, "sample", r.Sample, "a word that is a larger part of the text than this is thinned out (1: none is)")
	t.training.flags(f, "pairs of words")
}

// check refuses flags that cannot work.
func (t *wordsTraining) check(cmd *cobra.Command) error {
	r := &t.run
	if err := r.Model.Validate(); err != nil {
		return usagef("--%s", sentence(err)) // they begin with the name of the field
	}
	if err := t.table.check(); err != nil {
		return err
	}
	switch {
	case r.Vocab < 0 || r.MinCount < 1:
		return usagef("--vocab must be at least 0 and --min-count at least 1, got %d and %d", r.Vocab, r.MinCount)
	case r.Window < 1 || r.Window > 1024:
		return usagef("--window must be in [1, 1024], got %d", r.Window)
	case r.Negatives < 1 || r.Negatives > 1024:
		return usagef("--negatives must be in [1, 1024], got %d", r.Negatives)
	case !(r.Sample > 0 && r.Sample <= 1):
		return usagef("--sample must be above 0 and at most 1, got %v", r.Sample)
	case t.data == "" && t.corpus.text != "":
		return usagef("--text names a column of --data, which is not given")
	}
	return t.training.check(cmd.Flags())
}
