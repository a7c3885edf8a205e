package main

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
)

// charsScoring is what chars eval is told.
type charsScoring struct {
	model, data, glob string
	json              bool
	weights           weights
}

func charsEvalCommand(s streams) *cobra.Command {
	var t charsScoring
	c := &cobra.Command{
		Use:   "eval",
		Short: "Measure how well a model predicts a text",
		Long: `Eval predicts every character of the text but the first from all before it and
prints the mean cross entropy in nats and bits for each character, and the
perplexity. A text of more than 100000 characters is cut in parts of at least
50000, up to 64, that are read at the same time, each from the beginning.`,
		Example: `  demo chars eval --model book.safetensors --data other.txt
  demo chars eval --model book.safetensors --data other.txt --json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := need("model", t.model); err != nil {
				return err
			}
			if err := need("data", t.data); err != nil {
				return err
			}
			if err := t.weights.check(); err != nil {
				return err
			}
			return t.eval(s)
		},
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as chars train writes it (needed)")
	f.StringVar(&t.data, "data", "", "text file, or a directory of them; .gz is read as it is (needed)")
	f.StringVar(&t.glob, "glob", "*.txt", "which files of a directory to read")
	t.weights.flag(f)
	f.BoolVar(&t.json, "json", false, "print one JSON object")
	return c
}

func (t *charsScoring) eval(s streams) error {
	m, err := t.weights.load(t.model)
	if err != nil {
		return err
	}
	text, err := loadText(t.data, t.glob)
	if err != nil {
		return err
	}
	ids, err := m.Vocab.Encode(text)
	if err != nil {
		return unreadable(t.data, err)
	}
	if len(ids) < 2 {
		return fmt.Errorf("%s: at least 2 characters wanted, the second of them to predict, got %d", t.data, len(ids))
	}
	score, err := m.Score(ids, parts(len(ids)))
	if err != nil {
		return fmt.Errorf("%s: %w", t.data, err)
	}
	if p := score.Perplexity(); math.IsNaN(p) || math.IsInf(p, 0) {
		return fmt.Errorf("%s: the model's loss on %s is not a finite number: %v nats", t.model, t.data, score.Nats)
	}
	return t.print(s, score)
}

// parts is in how many parts a text is read to measure the loss. A part begins
// without a past, which tells on its first hundred characters or so.
func parts(characters int) int { return min(max(1, characters/50000), 64) }

func (t *charsScoring) print(s streams, score models.Score) error {
	if t.json {
		return json.NewEncoder(s.out).Encode(struct {
			Nats       float64 `json:"loss_nats"`
			Bits       float64 `json:"bits_per_char"`
			Perplexity float64 `json:"perplexity"`
			Chars      int     `json:"chars"`
		}{score.Nats, score.Bits(), score.Perplexity(), score.Tokens})
	}
	_, err := fmt.Fprintf(s.out, "%.4f nats, %.4f bits for each of %d predicted characters; perplexity %.3f\n",
		score.Nats, score.Bits(), score.Tokens, score.Perplexity())
	return err
}
