package models

import "fmt"

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

// recurrent is what the language model has in common with other models.
func (c Config) recurrent() Recurrent {
	return Recurrent{Cell: c.Cell, Embed: c.Embed, Hidden: c.Hidden, Layers: c.Layers, Dropout: c.Dropout}
}

// Validate names the field that is out of range.
func (c Config) Validate() error {
	if err := c.recurrent().Validate(); err != nil {
		return err
	}
	if c.Tied && c.Embed != c.Hidden {
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
	return LM{Vocab: vocab, Embed: c.Embed, RNN: c.recurrent().Stack(vocab), Dropout: c.Dropout, Tied: c.Tied}, nil
}
