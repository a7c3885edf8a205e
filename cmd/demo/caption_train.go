package main

import (
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/models"
)

// captionTraining is what caption train is told.
type captionTraining struct {
	training
	captioned
	blocks string
	val    float64
	run    captionSettings
}

// captionSettings decide, with the data, how training goes; a checkpoint holds
// them.
type captionSettings struct {
	optimisation
	Model     models.CaptionerConfig `json:"model"`
	Tokens    string                 `json:"tokens"`
	Vocab     int                    `json:"vocab"`
	MinCount  int                    `json:"min_count"`
	Smoothing float64                `json:"smoothing"`
	Augment   models.Augment         `json:"augment"`
	Select    string                 `json:"select"`
	Val       float64                `json:"val"`
	Test      float64                `json:"test"`
	Digest    string                 `json:"data"` // SHA-256 of pictures and captions
}

func captionTrainCommand(s streams) *cobra.Command {
	t := captionTraining{training: training{out: "caption.safetensors", epochs: 15}, blocks: "32,64,128"}
	t.run = captionSettings{
		optimisation: usualOptimisation(),
		Model: models.CaptionerConfig{
			Recurrent: models.Recurrent{Cell: "lstm", Embed: 64, Hidden: 128, Layers: 1, Dropout: 0.2},
			Channels:  3, Convs: 1, Norm: true, Attention: "bahdanau", Longest: 40,
		},
		Tokens: "words", MinCount: 1, Select: "loss",
	}
	t.opt = &t.run.optimisation
	c := &cobra.Command{
		Use:   "train",
		Short: "Train a captioner on pictures and their captions",
		Long: `Train reads pictures and a table of captions, and trains convolutions that see
the picture and a recurrent network that writes. A part is held back, and the
model that does best on it is written. With --test another part is not looked at
before the end; then the captions are compared with two that take no learning:
always the commonest, and that of the picture which is nearest by its pixels.
Ctrl-C finishes the step at hand and saves; the same command with --resume goes on
from there, exactly as if it had not stopped. Without --images it trains for
about a minute on generated shapes.`,
		Example: `  demo caption train
  demo caption train --lang ko --attention bahdanau
  demo caption train --images photos.zip --captions captions.tsv --text caption --height 96 --width 128 --fit
  demo caption train --images emoji-idx4.gz --captions captions.tsv --image row --text caption_en --key codepoints --emoji
  demo caption train --images train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz --test 0.1`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := t.check(cmd); err != nil {
				return err
			}
			t.training.data = t.images
			return t.training.run(cmd.Context(), s, func() (*job, error) { return t.read(s) })
		},
	}
	t.flags(c)
	return c
}

func (t *captionTraining) flags(c *cobra.Command) {
	f, r := c.Flags(), &t.run
	t.captioned.flags(f)
	f.Float64Var(&t.val, "val", 0.1, "part of the pictures held back for validation, by --seed (0: none)")
	f.Float64Var(&r.Test, "test", 0, "part of the pictures held back for a test at the end, by --seed (0: none)")
	f.StringVar(&r.Tokens, "tokens", r.Tokens, "what is written at a step: words, chars, bytes or jamo (letters of Hangul)")
	f.IntVar(&r.Vocab, "vocab", r.Vocab, "most different words or characters, the frequent ones (0: all)")
	f.IntVar(&r.MinCount, "min-count", r.MinCount, "words that are rarer count as other")
	t.pictureFlags(f)
	f.StringVar(&r.Model.Attention, "attention", r.Model.Attention, "how places are looked at: none, bahdanau, dot or general")
	f.BoolVar(&r.Model.Blind, "blind", false, "do not look at the pictures: what a language model knows")
	f.IntVar(&r.Model.Longest, "longest", r.Model.Longest, "tokens of a caption that are learnt and written")
	f.IntVar(&r.Model.Embed, "embed", r.Model.Embed, "width of the embedding of tokens")
	writerFlags(f, &r.Model.Recurrent)
	f.Float64Var(&r.Smoothing, "smoothing", 0, "part of each token that is spread over all while training (0: none)")
	f.IntVar(&r.Augment.Shift, "shift", 0, "pixels by which pictures are moved at random while training (0: none)")
	f.BoolVar(&r.Augment.Flip, "flip", false, "mirror every other picture while training")
	f.StringVar(&r.Select, "select", r.Select, "by what the best model is told on --val: loss, or f1 of the words written")
	t.training.flags(f, "captions")
}

// writerFlags are those of what writes.
func writerFlags(f *pflag.FlagSet, r *models.Recurrent) {
	f.StringVar(&r.Cell, "cell", r.Cell, "rnn, lstm or gru")
	f.IntVar(&r.Layers, "layers", r.Layers, "recurrent layers")
	f.IntVar(&r.Hidden, "hidden", r.Hidden, "width of the state")
	f.Float64Var(&r.Dropout, "dropout", r.Dropout, "probability of dropping a value while training (0: none)")
}

// pictureFlags are those of what is seen.
func (t *captionTraining) pictureFlags(f *pflag.FlagSet) {
	m := &t.run.Model
	f.IntVar(&m.Height, "height", 0, "pixels; pictures are made so high (0: as the first is)")
	f.IntVar(&m.Width, "width", 0, "pixels; pictures are made so wide (0: as the first is)")
	f.IntVar(&m.Channels, "channels", m.Channels, "1: gray, 3: colours")
	f.BoolVar(&m.Fit, "fit", false, "keep the proportions of pictures, white around (false: stretch them)")
	f.StringVar(&t.blocks, "blocks", t.blocks, "channels of the blocks of convolutions, each of which halves the picture")
	f.IntVar(&m.Convs, "convs", m.Convs, "convolutions of a block")
	f.BoolVar(&m.Norm, "norm", m.Norm, "layer normalisation after each convolution")
}

// check refuses flags that cannot work.
func (t *captionTraining) check(cmd *cobra.Command) error {
	r := &t.run
	if t.labels != "" {
		r.Model.Channels = 1
	}
	for _, check := range []func() error{t.captioned.check, t.checkModel} {
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
	case r.Augment.Shift < 0 || r.Augment.Shift > 1<<10:
		return usagef("--shift must be in [0, %d], got %d", 1<<10, r.Augment.Shift)
	case r.Select != "loss" && r.Select != "f1":
		return usagef("--select must be loss or f1, got %q", r.Select)
	case !(t.val >= 0 && t.val < 1) || !(r.Test >= 0 && r.Test < 1):
		return usagef("--val and --test must be in [0, 1), got %v and %v", t.val, r.Test)
	}
	r.Val = t.val
	t.split = pictureSplit{r.Test, r.Seed}
	return t.training.check(cmd.Flags())
}

// checkModel reads --blocks and refuses sizes that cannot work.
func (t *captionTraining) checkModel() error {
	m := &t.run.Model
	m.Blocks = nil
	for part := range strings.SplitSeq(t.blocks, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil {
			return usagef("--blocks must be whole numbers with commas between, got %q", t.blocks)
		}
		m.Blocks = append(m.Blocks, n)
	}
	c := *m
	if (c.Height == 0) != (c.Width == 0) {
		return usagef("--height and --width go together, got %d and %d", c.Height, c.Width)
	}
	if c.Height == 0 {
		c.Height, c.Width = usualSide, usualSide // the pictures' own are checked when they are there
	}
	if err := c.Validate(); err != nil {
		return usagef("--%s", sentence(err)) // they begin with the name of the field
	}
	return nil
}
