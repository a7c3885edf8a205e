package main

import (
	"encoding/json"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/datasets"
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
		Long: `Eval predicts every character of the text but the first from all before it, or
every word with a model of words, and prints the mean cross entropy in nats and
bits for each, and the perplexity. A text of more than 100000 characters is cut in parts of at least
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
	first, err := m.Vocab.Decode(ids[:1])
	if err != nil {
		return err
	}
	return t.print(s, m, score, utf8.RuneCountInString(text)-utf8.RuneCountInString(first))
}

// parts is in how many parts a text is read to measure the loss. A part begins
// without a past, which tells on its first hundred characters or so.
func parts(characters int) int { return min(max(1, characters/50000), 64) }

// print writes the score of the tokens, and what it comes to for each of so many
// characters, which can be compared between kinds of tokens.
func (t *charsScoring) print(s streams, m *models.CharLM, score models.Score, chars int) error {
	bits := score.Bits() * float64(score.Tokens) / float64(max(chars, 1))
	tokens := score.Tokens
	if _, ok := m.Vocab.(*datasets.Vocab); ok {
		bits, chars, tokens = score.Bits(), score.Tokens, 0 // they are the characters
	}
	if t.json {
		return json.NewEncoder(s.out).Encode(struct {
			Nats       float64 `json:"loss_nats"`
			Bits       float64 `json:"bits_per_char"`
			Perplexity float64 `json:"perplexity"`
			Chars      int     `json:"chars"`
			Tokens     int     `json:"tokens,omitempty"`
		}{score.Nats, bits, score.Perplexity(), chars, tokens})
	}
	more := ""
	if noun := nounOf(m.Vocab); noun != "characters" {
		more = fmt.Sprintf("; %.4f bits for each of %d characters", bits, chars)
	}
	_, err := fmt.Fprintf(s.out, "%.4f nats, %.4f bits for each of %d predicted %s; perplexity %.3f%s\n",
		score.Nats, score.Bits(), score.Tokens, nounOf(m.Vocab), score.Perplexity(), more)
	return err
}
