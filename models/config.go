package models

import (
	"fmt"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/cells"
)

// Config describes a language model of the built-in cells; it is part of the
// model's file.
type Config struct {
	Cell    string  `json:"cell"`              // rnn, lstm or gru
	Embed   int     `json:"embed"`             // width of the embedding; 0: one-hot input
	Hidden  int     `json:"hidden"`            // width of the state
	Layers  int     `json:"layers"`            // recurrent layers
	Dropout float64 `json:"dropout,omitempty"` // between layers and around them, while training
	Tied    bool    `json:"tied,omitempty"`    // the output weights are the embedding table
}

// Cells lists the names that Config.Cell knows.
func Cells() []string { return []string{"rnn", "lstm", "gru"} }

// maxWidth bounds what a configuration may ask for: files are untrusted.
const maxWidth = 1 << 16

// Validate names the field that is out of range.
func (c Config) Validate() error {
	switch {
	case !slices.Contains(Cells(), c.Cell):
		return fmt.Errorf("models: cell %q is unknown; there are %s", c.Cell, strings.Join(Cells(), ", "))
	case c.Embed < 0 || c.Embed > maxWidth:
		return fmt.Errorf("models: embed must be in [0, %d], got %d", maxWidth, c.Embed)
	case c.Hidden < 1 || c.Hidden > maxWidth:
		return fmt.Errorf("models: hidden must be in [1, %d], got %d", maxWidth, c.Hidden)
	case c.Layers < 1 || c.Layers > 64:
		return fmt.Errorf("models: layers must be in [1, 64], got %d", c.Layers)
	case !(c.Dropout >= 0 && c.Dropout < 1):
		return fmt.Errorf("models: dropout must be in [0, 1), got %v", c.Dropout)
	case c.Tied && c.Embed != c.Hidden:
		return fmt.Errorf("models: tied weights need embed = hidden, got %d and %d", c.Embed, c.Hidden)
	}
	return nil
}

// LM is the network for a vocabulary of the given size.
func (c Config) LM(vocab int) (LM, error) {
	if err := c.Validate(); err != nil {
		return LM{}, err
	}
	if vocab < 2 {
		return LM{}, fmt.Errorf("models: a vocabulary of %d leaves nothing to predict; at least 2 tokens are needed", vocab)
	}
	in := c.Embed
	if in == 0 {
		in = vocab
	}
	stack := cells.Stack{Dropout: c.Dropout}
	for range c.Layers {
		stack.Layers = append(stack.Layers, cells.Recurrent{Cell: c.cell(in)})
		in = c.Hidden
	}
	return LM{Vocab: vocab, Embed: c.Embed, RNN: stack, Dropout: c.Dropout, Tied: c.Tied}, nil
}

func (c Config) cell(in int) cells.Cell {
	switch c.Cell {
	case "rnn":
		return cells.RNN{In: in, Hidden: c.Hidden}
	case "gru":
		return cells.GRU{In: in, Hidden: c.Hidden}
	}
	return cells.LSTM{In: in, Hidden: c.Hidden}
}
