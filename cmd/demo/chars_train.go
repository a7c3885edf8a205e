package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// charsTraining is what chars train is told.
type charsTraining struct {
	training
	glob string
	run  charsSettings

	tokens   string // kind of them
	words    int    // entries of a table of words
	minCount int
}

// charsSettings decide, with the text, how training goes; a checkpoint holds them.
type charsSettings struct {
	optimisation
	Model   models.Config `json:"model"`
	Unknown bool          `json:"unknown"`
	textTokens
	Seq    int     `json:"seq"`
	Val    float64 `json:"val"`
	Digest string  `json:"text"` // SHA-256 of the text
}

// usualChars are the settings without flags.
func usualChars() charsSettings {
	return charsSettings{
		optimisation: usualOptimisation(),
		Model:        models.Config{Cell: "lstm", Embed: 64, Hidden: 128, Layers: 1},
		Seq:          64, Val: 0.1,
	}
}

func charsTrainCommand(s streams) *cobra.Command {
	t := charsTraining{training: training{out: "chars.safetensors", epochs: 10}, run: usualChars()}
	t.opt = &t.run.optimisation
	c := &cobra.Command{
		Use:   "train",
		Short: "Train a language model on a text, by characters or by words",
		Long: `Train reads a text, or all texts of a directory, trains a recurrent network to
predict each next character, word, byte or letter of a Hangul syllable, and writes
the model with the lowest loss on the held-back end of the text. Ctrl-C finishes
the step at hand and saves; the same command with --resume goes on from there,
exactly as if it had not stopped. With more --epochs or --steps it prolongs a
training.`,
		Example: `  demo chars train --data book.txt --out book.safetensors
  demo chars train --data "$(go env GOROOT)/src/net" --glob '*.go' --layers 2 --epochs 3 --out go.safetensors
  demo chars train --data book.txt --tokens words --vocab 5000 --out words.safetensors
  demo chars train --data book.txt --out book.safetensors --resume`,
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

func (t *charsTraining) flags(c *cobra.Command) {
	f, r := c.Flags(), &t.run
	f.StringVar(&t.data, "data", "", "text file, or a directory of them; .gz is read as it is (needed)")
	f.StringVar(&t.glob, "glob", "*.txt", "which files of a directory to read")
	f.StringVar(&t.tokens, "tokens", charTokens, "what is predicted at a step: chars, words, bytes or jamo (letters of Hangul)")
	f.IntVar(&t.words, "vocab", 10000, "with --tokens words, entries of the table of words, \"other\" included (0: no limit)")
	f.IntVar(&t.minCount, "min-count", 1, "with --tokens words, words that are rarer count as other")
	f.BoolVar(&r.Unknown, "unknown", false, "give the model an entry for characters that the text does not have")
	f.StringVar(&r.Model.Cell, "cell", r.Model.Cell, "rnn, lstm or gru")
	f.IntVar(&r.Model.Layers, "layers", r.Model.Layers, "recurrent layers")
	f.IntVar(&r.Model.Hidden, "hidden", r.Model.Hidden, "width of the state")
	f.IntVar(&r.Model.Embed, "embed", r.Model.Embed, "width of the embedding (0: one-hot input)")
	f.Float64Var(&r.Model.Dropout, "dropout", 0, "probability of dropping a value between layers while training (0: none)")
	f.BoolVar(&r.Model.Tied, "tied", false, "use the embedding table as output weights (needs --embed equal to --hidden)")
	f.IntVar(&r.Seq, "seq", r.Seq, "characters or words of a window: how far back gradients reach")
	f.Float64Var(&r.Val, "val", r.Val, "part of the text, its end, held back for validation (0: none)")
	t.training.flags(f, "windows")
}

// check refuses flags that cannot work.
func (t *charsTraining) check(cmd *cobra.Command) error {
	if err := need("data", t.data); err != nil {
		return err
	}
	if err := t.run.Model.Validate(); err != nil {
		return usagef("--%s", sentence(err)) // they begin with the name of the field
	}
	if err := t.run.choose(t.tokens, t.words, t.minCount); err != nil {
		return err
	}
	switch r := t.run; {
	case r.Unknown && (r.Tokens == wordTokens || r.Tokens == byteTokens):
		return usagef("--unknown is for chars and jamo; %s need no such entry", r.Tokens)
	case r.Seq < 1 || r.Batch < 1:
		return usagef("--seq and --batch must be at least 1, got %d and %d", r.Seq, r.Batch)
	case !(r.Val >= 0 && r.Val < 1):
		return usagef("--val must be in [0, 1), got %v", r.Val)
	}
	return t.training.check(cmd.Flags())
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
	c, err := newCharsJob(&t.run, text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.data, err)
	}
	j := c.job()
	j.introduce = func() { c.introduce(s, t.data) }
	j.conclude = func(report train.Report) error { return t.conclude(s, c, report) }
	return j, nil
}

// conclude measures the model that was kept.
func (t *charsTraining) conclude(s streams, c *charsJob, report train.Report) error {
	m, err := models.LoadCharLMFile(t.out)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%s: the model after step %d", t.out, bestStep(report))
	if c.valid != nil {
		score, err := m.Score(c.valid, parts(len(c.valid)))
		if err != nil {
			return err
		}
		fmt.Fprintf(s.err, ", %.4f nats (%.4f bits) for each of %d held-back %s", score.Nats, score.Bits(), score.Tokens, nounOf(m.Vocab))
	}
	fmt.Fprintf(s.err, "\ntry: demo chars generate --model %s --temperature 0.7\n", t.out)
	return nil
}
