package models

import (
	"fmt"
	"iter"
	"math"
	"strings"

	"github.com/unroll-go/unroll/graph"
)

// Generator writes text a character at a time: each is drawn from what the model
// expects after all before it, and fed back. It belongs to one goroutine.
type Generator struct {
	model   *CharLM
	program *graph.Program
	sampler *Sampler
	one     [1]int
	primed  bool
}

// Generator returns a generator with a zero state, which reads weights as Narrow
// has chosen.
func (m *CharLM) Generator(s Sampling) (*Generator, error) {
	sampler, err := NewSampler(s)
	if err != nil {
		return nil, err
	}
	p, err := graph.Build(m.Params, graph.Key{B: 1, T: 1}, m.lm.Generate, m.precision.options()...)
	if err != nil {
		return nil, err
	}
	return &Generator{model: m, program: p, sampler: sampler}, nil
}

// Prime reads text, so that what follows continues it. A rune that is not in
// the vocabulary is an error unless the vocabulary has an unknown entry.
func (g *Generator) Prime(text string) error {
	ids, err := g.model.Vocab.Encode(text)
	if err != nil {
		return fmt.Errorf("models: prime text: %w", err)
	}
	for _, id := range ids {
		if err := g.feed(id); err != nil {
			return err
		}
	}
	return nil
}

// feed reads one token.
func (g *Generator) feed(id int) error {
	g.one[0] = id
	g.primed = true
	if err := g.program.SetIDs("ids", g.one[:]); err != nil {
		return err
	}
	return g.program.Run()
}

// Next draws the id of the next token and feeds it back. A generator that has
// read nothing begins as after a line break, or after the commonest token where
// the vocabulary has none.
func (g *Generator) Next() (int, error) {
	if !g.primed {
		start, ok := g.model.Vocab.ID('\n')
		if !ok {
			start = 0
		}
		if err := g.feed(start); err != nil {
			return 0, err
		}
	}
	logits, err := g.program.Floats("logits")
	if err != nil {
		return 0, err
	}
	if unknown, ok := g.model.Vocab.Unknown(); ok {
		logits[unknown] = float32(math.Inf(-1)) // it stands for no character that could be written
	}
	id, err := g.sampler.Pick(logits)
	if err != nil {
		return 0, err
	}
	return id, g.feed(id)
}

// Runes is the endless text, character by character, until an error or until
// the loop over it stops.
func (g *Generator) Runes() iter.Seq2[rune, error] {
	return func(yield func(rune, error) bool) {
		for {
			id, err := g.Next()
			r, _ := g.model.Vocab.Rune(id)
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// Text primes the generator and returns the next n characters, without the
// prime text.
func (g *Generator) Text(prime string, n int) (string, error) {
	if err := g.Prime(prime); err != nil {
		return "", err
	}
	var b strings.Builder
	for range n {
		id, err := g.Next()
		if err != nil {
			return b.String(), err
		}
		r, _ := g.model.Vocab.Rune(id)
		b.WriteRune(r)
	}
	return b.String(), nil
}
