package models

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/graph"
)

// Generator writes text a token at a time: each is drawn from what the model
// expects after all before it, and fed back. Tokens that stand for no text, as the
// unknown entry, are never drawn, nor those after which there could be no text: a
// Hangul syllable gets its vowel, bytes are UTF-8. It belongs to one goroutine.
type Generator struct {
	model    *CharLM
	program  *graph.Program
	sampler  *Sampler
	spelling *spelling
	one      [1]int
	primed   bool
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
	return &Generator{model: m, program: p, sampler: sampler, spelling: newSpelling(m.Vocab)}, nil
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
	g.spelling.begin(text, ids)
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

// start is what a generator that has read nothing begins after: a line break, or
// the first entry where there is none.
func (g *Generator) start() int {
	ids, err := g.model.Vocab.Encode("\n")
	if err != nil || len(ids) != 1 || slices.Contains(g.spelling.banned, ids[0]) {
		return 0
	}
	return ids[0]
}

// next draws the id of the next token, feeds it back and returns the piece of text
// that it makes whole, "" if none.
func (g *Generator) next() (int, string, error) {
	if !g.primed {
		if err := g.feed(g.start()); err != nil {
			return 0, "", err
		}
	}
	logits, err := g.program.Floats("logits")
	if err != nil {
		return 0, "", err
	}
	g.spelling.forbid(logits)
	id, err := g.sampler.Pick(logits)
	if err != nil {
		return 0, "", err
	}
	piece, err := g.spelling.write(id)
	if err != nil {
		return 0, "", err
	}
	return id, piece, g.feed(id)
}

// Next draws the id of the next token and feeds it back. A generator that has
// read nothing begins as after a line break, or after the commonest token where
// the vocabulary has none.
func (g *Generator) Next() (int, error) {
	id, _, err := g.next()
	return id, err
}

// Pieces is the endless text, piece by piece, until an error or until the loop over
// it stops. A piece is a character, or for a model of words a word with the space
// before it. What a token makes is given when nothing can change it any more: a
// Hangul syllable when the next one begins.
func (g *Generator) Pieces() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for {
			_, piece, err := g.next()
			if (piece != "" || err != nil) && (!yield(piece, err) || err != nil) {
				return
			}
		}
	}
}

// Runes is Pieces character by character.
func (g *Generator) Runes() iter.Seq2[rune, error] {
	return func(yield func(rune, error) bool) {
		for piece, err := range g.Pieces() {
			if err != nil {
				yield(0, err)
				return
			}
			for _, r := range piece {
				if !yield(r, nil) {
					return
				}
			}
		}
	}
}

// Text primes the generator and returns the next n pieces, see Pieces, without the
// prime text.
func (g *Generator) Text(prime string, n int) (string, error) {
	if err := g.Prime(prime); err != nil {
		return "", err
	}
	var b strings.Builder
	if n <= 0 {
		return "", nil
	}
	for piece, err := range g.Pieces() {
		b.WriteString(piece)
		if n--; err != nil || n == 0 {
			return b.String(), err
		}
	}
	return b.String(), nil
}
