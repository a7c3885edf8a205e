package models

import (
	"fmt"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// Recurrent describes what recurrent models have in common: an embedding of
// ids, if the input is ids, and a stack of built-in cells over it. Models put it
// into their own configuration, whose JSON has its fields beside their own.
type Recurrent struct {
	Cell          string  `json:"cell"`                    // rnn, lstm or gru
	Embed         int     `json:"embed"`                   // width of the embedding; 0: one-hot input, or numbers
	Hidden        int     `json:"hidden"`                  // width of the state, of each direction
	Layers        int     `json:"layers"`                  // recurrent layers
	Dropout       float64 `json:"dropout,omitempty"`       // between layers and around them, while training
	Bidirectional bool    `json:"bidirectional,omitempty"` // both directions, joined
}

// Cells lists the names that Recurrent.Cell and Config.Cell know.
func Cells() []string { return []string{"rnn", "lstm", "gru"} }

// maxWidth bounds what a configuration may ask for: files are untrusted.
const maxWidth = 1 << 16

// Validate names the field that is out of range.
func (r Recurrent) Validate() error {
	switch {
	case !slices.Contains(Cells(), r.Cell):
		return fmt.Errorf("models: cell %q is unknown; there are %s", r.Cell, strings.Join(Cells(), ", "))
	case r.Embed < 0 || r.Embed > maxWidth:
		return fmt.Errorf("models: embed must be in [0, %d], got %d", maxWidth, r.Embed)
	case r.Hidden < 1 || r.Hidden > maxWidth:
		return fmt.Errorf("models: hidden must be in [1, %d], got %d", maxWidth, r.Hidden)
	case r.Layers < 1 || r.Layers > 64:
		return fmt.Errorf("models: layers must be in [1, 64], got %d", r.Layers)
	case !probability(r.Dropout):
		return fmt.Errorf("models: dropout must be in [0, 1), got %v", r.Dropout)
	}
	return nil
}

// probability is false for NaN and for 1 too: something must be left.
func probability(p float64) bool { return p >= 0 && p < 1 }

// layer is l, or after an error that names the field one that does nothing.
func layer(g *graph.Builder, field string, l cells.Layer) cells.Layer {
	if l == nil {
		g.Fail(fmt.Errorf("%s is nil; a layer of cells is needed", field))
		return cells.Stack{}
	}
	return l
}

// Stack is the cells over inputs of the given width, which the embedding
// replaces if there is one.
func (r Recurrent) Stack(in int) cells.Stack {
	if r.Embed > 0 {
		in = r.Embed
	}
	stack := cells.Stack{Dropout: r.Dropout}
	for range r.Layers {
		var layer cells.Layer = cells.Recurrent{Cell: r.cell(in)}
		if r.Bidirectional {
			layer = cells.Bidirectional{Forward: r.cell(in), Backward: r.cell(in)}
		}
		stack.Layers = append(stack.Layers, layer)
		in = r.Out()
	}
	return stack
}

// Out is the width of the stack's outputs.
func (r Recurrent) Out() int {
	if r.Bidirectional {
		return 2 * r.Hidden
	}
	return r.Hidden
}

func (r Recurrent) cell(in int) cells.Cell {
	switch r.Cell {
	case "rnn":
		return cells.RNN{In: in, Hidden: r.Hidden}
	case "gru":
		return cells.GRU{In: in, Hidden: r.Hidden}
	}
	return cells.LSTM{In: in, Hidden: r.Hidden}
}

// states is the number of tensors of the state, in one direction.
func (r Recurrent) states() int {
	if r.Cell == "lstm" {
		return 2 * r.Layers
	}
	return r.Layers
}

// layout is the modules embed, if there is an embedding, and rnn of a file, for
// ids below vocab or for inputs of that width.
func (r Recurrent) layout(vocab int) layout {
	if r.Embed == 0 {
		return recurrent("rnn", r, vocab)
	}
	return join(embedding("embed", vocab, r.Embed), recurrent("rnn", r, r.Embed))
}
