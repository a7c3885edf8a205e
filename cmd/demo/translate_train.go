package main

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/models"
)

// translateTraining is what translate train is told.
type translateTraining struct {
	training
	pairTable
	val, test holdout
	run       translateSettings
	beam      int
	penalty   float64
}

// translateSettings decide, with the data, how training goes; a checkpoint holds
// them.
type translateSettings struct {
	optimisation
	Model     models.TranslatorConfig `json:"model"`
	Tokens    string                  `json:"tokens"`
	Vocab     int                     `json:"vocab"`
	MinCount  int                     `json:"min_count"`
	Lower     bool                    `json:"lower"`
	Smoothing float64                 `json:"smoothing"`
	Own       float64                 `json:"own"`
	OwnSteps  int                     `json:"own_steps"`
	MaxWords  int                     `json:"max_words"`
	Val       string                  `json:"val"`
	Test      string                  `json:"test"`
	Digest    string                  `json:"data"` // SHA-256 of the pairs
}

func translateTrainCommand(s streams) *cobra.Command {
	t := translateTraining{training: training{out: "translate.safetensors", epochs: 10}}
	t.run = translateSettings{
		optimisation: usualOptimisation(),
		Model: models.TranslatorConfig{
			Recurrent: models.Recurrent{Cell: "gru", Embed: 64, Hidden: 128, Layers: 1, Dropout: 0.1, Bidirectional: true},
			Attention: "general", Width: 128, Longest: 100, LongestTarget: 100,
		},
		Tokens: "chars", MinCount: 1,
	}
	t.run.Batch = 64
	t.opt = &t.run.optimisation
	c := &cobra.Command{
		Use:   "train",
		Short: "Train a translator on a table of texts and translations",
		Long: `Train reads a table (tab- or comma-separated, .gz as it is) with a column of
texts and one of their translations, and trains an encoder and a decoder with
attention. A part of the different texts is held back with all their translations:
the model whose loss on it is lowest is written. With --test another part is not
looked at before the end. Ctrl-C finishes the step at hand and saves; the same
command with --resume goes on from there, exactly as if it had not stopped.
Without --data it learns dates in half a minute.`,
		Example: `  demo translate train
  demo translate train --data date.txt.gz --separator _ --test 0.1 --out dates.safetensors
  demo translate train --data eng-fra.tsv.gz --tokens words --min-count 3 --max-words 10 --test 0.05 --smoothing 0.1
  demo translate train --data eng-fra.tsv.gz --tokens words --attention bahdanau --resume`,
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

func (t *translateTraining) flags(c *cobra.Command) {
	f, r := c.Flags(), &t.run
	f.StringVar(&t.data, "data", "", "table of texts and translations; .gz is read as it is (none: generated dates)")
	t.pairTable.flags(f)
	t.val.flag(f, "val", "0.02", "for validation")
	t.test.flag(f, "test", "0", "for a test at the end")
	f.StringVar(&r.Tokens, "tokens", r.Tokens, "what a step reads or writes: words, chars, bytes or jamo (letters of Hangul)")
	f.IntVar(&r.Vocab, "vocab", r.Vocab, "most different words or characters of each side, the frequent ones (0: all)")
	f.IntVar(&r.MinCount, "min-count", r.MinCount, "words that are rarer count as other")
	f.BoolVar(&r.Lower, "lower", r.Lower, "words in lower case")
	translatorFlags(f, &r.Model)
	f.Float64Var(&r.Smoothing, "smoothing", 0, "part of each target that is spread over all tokens (0: none)")
	f.Float64Var(&r.Own, "own", 0, "scheduled sampling: how often the decoder reads its own token (0: never)")
	f.IntVar(&r.OwnSteps, "own-steps", 0, "updates in which --own rises to that (0: none)")
	f.IntVar(&t.beam, "beam", 1, "width of the search for the test at the end (1: greedy)")
	f.Float64Var(&t.penalty, "penalty", 1, "length penalty of that search (0: none)")
	t.training.flags(f, "pairs")
}

// translatorFlags are those of a translator's sizes.
func translatorFlags(f *pflag.FlagSet, c *models.TranslatorConfig) {
	f.IntVar(&c.Longest, "longest", c.Longest, "tokens of a text that are read")
	f.IntVar(&c.LongestTarget, "longest-target", c.LongestTarget, "tokens of a translation that are learnt and written")
	f.IntVar(&c.Embed, "embed", c.Embed, "width of the embeddings")
	recurrentFlags(f, &c.Recurrent)
	f.IntVar(&c.DecoderHidden, "decoder-hidden", 0, "width of the decoder's state (0: that of --hidden)")
	f.IntVar(&c.DecoderLayers, "decoder-layers", 0, "layers of the decoder (0: those of --layers)")
	f.StringVar(&c.Attention, "attention", c.Attention, "how the decoder looks at what was read: none, bahdanau, dot or general")
	f.IntVar(&c.AttentionWidth, "attention-width", 0, "bahdanau: width of what is compared (0: that of the decoder)")
	f.BoolVar(&c.Feed, "feed", false, "input feeding: the decoder's last output is part of its input")
	f.IntVar(&c.Width, "width", c.Width, "width of the decoder's output before the words (0: as it comes)")
	f.BoolVar(&c.Tied, "tied", false, "the output weights are the embedding; --width and --embed are equal")
}

// check refuses flags that cannot work.
func (t *translateTraining) check(cmd *cobra.Command) error {
	r := &t.run
	if err := r.Model.Validate(); err != nil {
		return usagef("--%s", sentence(err)) // they begin with the name of the field
	}
	for _, check := range []func() error{t.val.check, t.test.check, t.pairTable.check} {
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
	case !(r.Own >= 0 && r.Own <= 1) || r.OwnSteps < 0:
		return usagef("--own must be in [0, 1] and --own-steps at least 0, got %v and %d", r.Own, r.OwnSteps)
	case t.data == "" && (t.val.file != "" || t.test.file != ""):
		return usagef("--val and --test name files beside --data only")
	}
	r.Val, r.Test, r.MaxWords = t.val.value, t.test.value, t.maxWords
	if err := checkSearch(t.beam, 1, t.penalty); err != nil {
		return err
	}
	return t.training.check(cmd.Flags())
}
