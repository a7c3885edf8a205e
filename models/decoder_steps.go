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
	attends := write.Shape(at+memoryName) != nil
	if attends && len(lens) != read.Key().B {
		return nil, fmt.Errorf("models: %d lengths for %d sources", len(lens), read.Key().B)
	}
	if attends {
		for _, name := range []string{memoryName, keysName} {
			if err := write.CopyFrom(at+name, read, at+name); err != nil {
				return nil, err
			}
		}
		if err := write.SetIDs(at+lensName, repeatedEach(lens, B)); err != nil {
			return nil, err
		}
	}
	var first []string
	for i := 0; read.Shape(at+firstName(i)) != nil; i++ {
		first = append(first, at+firstName(i))
	}
	return written{write, at}, write.CopyState(at+stateName, read, first...)
}

// repeatedEach repeats each element of x until there are n of them.
func repeatedEach[E any](x []E, n int) []E {
	out := make([]E, 0, n)
	for i := range n {
		out = append(out, x[i/max(n/max(len(x), 1), 1)])
	}
	return out
}
