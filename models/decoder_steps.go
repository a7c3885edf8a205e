package models

import (
	"fmt"

	"github.com/unroll-go/unroll/graph"
)

// written is a program of Decoder.Generate that writes: the Stepper of a search.
type written struct {
	program *graph.Program
	scope   string // of the decoder, with its slash
}

var _ Stepper = written{}

// Next reads a token for each row.
func (w written) Next(tokens []int) ([]float32, error) {
	if err := w.program.SetIDs(w.scope+"ids", tokens); err != nil {
		return nil, err
	}
	if err := w.program.Run(); err != nil {
		return nil, err
	}
	return w.program.Floats(w.scope + "logp")
}

// Reorder moves rows of the state.
func (w written) Reorder(rows []int) error { return w.program.Reorder(w.scope+stateName, rows) }

// Written makes a Stepper of two programs whose decoder is below a scope: read,
// which has run, with what Decoding.Expose has put out for each source, and
// write, of Decoder.Generate, with width rows for each source. lens are the
// lengths of the sources' memories, for decoders with attention.
func Written(read, write *graph.Program, scope string, lens []int) (Stepper, error) {
	at := scope
	if at != "" {
		at += "/"
	}
	B := write.Key().B
	if n := read.Key().B; n < 1 || B%n != 0 {
		return nil, fmt.Errorf("models: %d rows to write for %d sources, the same number wanted for each", B, n)
	}
	if write.Shape(at+memoryName) != nil {
		for _, name := range []string{memoryName, keysName} {
			if err := write.CopyFrom(at+name, read, at+name); err != nil {
				return nil, err
			}
		}
		if err := write.SetIDs(at+lensName, repeatedRows(lens, 1, B)); err != nil {
			return nil, err
		}
	}
	state, err := write.State(at + stateName)
	if err != nil {
		return nil, err
	}
	for i := range state {
		first, err := read.Float64s(at + firstName(i))
		if err != nil {
			return nil, err
		}
		state[i] = repeatedRows(first, len(state[i])/B, B)
	}
	return written{write, at}, write.SetState(at+stateName, state)
}

// repeatedRows repeats each row of x, of so many columns, until there are rows of
// them.
func repeatedRows[E any](x []E, cols, rows int) []E {
	if len(x) == 0 || cols < 1 {
		return x
	}
	k := rows / (len(x) / cols)
	out := make([]E, 0, rows*cols)
	for i := range rows {
		at := i / max(k, 1) * cols
		out = append(out, x[at:at+cols]...)
	}
	return out
}
