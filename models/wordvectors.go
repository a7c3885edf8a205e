package models

import (
	"fmt"
	"math"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// WordVectorsConfig describes word vectors; it is part of the model's file.
type WordVectorsConfig struct {
	Width int `json:"width"` // numbers of a vector
}

// Validate names the field that is out of range.
func (c WordVectorsConfig) Validate() error {
	if c.Width < 1 || c.Width > maxWidth {
		return fmt.Errorf("models: width must be in [1, %d], got %d", maxWidth, c.Width)
	}
	return nil
}

// WordVectors are vectors of words that are alike where the words are used alike:
// a table of words by frequency and the two tables of a SkipGram. It belongs to one
// goroutine.
//
// "Other", the last entry of the table, stands for all words that have none. It is
// no word and has no vector: sentences leave it out.
type WordVectors struct {
	Config WordVectorsConfig
	Words  *datasets.Words
	Params *graph.Params
}

// NewWordVectors returns untrained vectors; they come from seed.
func NewWordVectors(c WordVectorsConfig, words *datasets.Words, seed uint64) (*WordVectors, error) {
	return newWordVectors(c, words, graph.NewParams(seed))
}

func newWordVectors(c WordVectorsConfig, words *datasets.Words, params *graph.Params) (*WordVectors, error) {
	if words == nil {
		return nil, fmt.Errorf("models: a vocabulary of words is needed")
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	m := &WordVectors{Config: c, Words: words, Params: params}
	if err := declare(params, graph.Key{B: 1}, m.network(1).Train); err != nil {
		return nil, err
	}
	return m, nil
}

// network is the one that is trained with so many noise words.
func (m *WordVectors) network(negatives int) SkipGram {
	return SkipGram{Vocab: m.Words.Len(), Width: m.Config.Width, Negatives: negatives}
}

// Sentence is the ids of the words of a text that have a vector.
func (m *WordVectors) Sentence(text string) ([]int, error) {
	ids, err := m.Words.Encode(text)
	if err != nil {
		return nil, err
	}
	kept := ids[:0]
	for _, id := range ids {
		if _, ok := m.Words.Word(id); ok {
			kept = append(kept, id)
		}
	}
	return kept, nil
}

// UnknownWordError is the error for a word that has no vector.
type UnknownWordError struct{ Word string }

// Error names the word.
func (e *UnknownWordError) Error() string {
	return fmt.Sprintf("models: word %.80q is not in the table", e.Word)
}

// ID is the place of a word in the table, or an *UnknownWordError.
func (m *WordVectors) ID(word string) (int, error) {
	id, ok := m.Words.ID(word)
	if !ok {
		return 0, &UnknownWordError{Word: word}
	}
	return id, nil
}

// Vector is that of a word, [Width]; it is the caller's.
func (m *WordVectors) Vector(word string) ([]float64, error) {
	id, err := m.ID(word)
	if err != nil {
		return nil, err
	}
	return m.vector(id), nil
}

// vector is row id of the table.
func (m *WordVectors) vector(id int) []float64 {
	row := m.row(id)
	v := make([]float64, len(row))
	for i, x := range row {
		v[i] = float64(x)
	}
	return v
}

// row is row id of the table itself.
func (m *WordVectors) row(id int) []float32 {
	D := m.Config.Width
	return m.Params.Get("in/E").Float32s()[id*D : (id+1)*D]
}

// Similarities is the cosine of v [Width] with the vector of each entry, [V]: 0
// for a vector of zeros, NaN for entries that are no words.
func (m *WordVectors) Similarities(v []float64) ([]float64, error) {
	if len(v) != m.Config.Width {
		return nil, fmt.Errorf("models: a vector of %d numbers wanted, got %d", m.Config.Width, len(v))
	}
	length := 0.0
	for _, x := range v {
		length += x * x
	}
	out := make([]float64, m.Words.Len())
	for id := range out {
		if _, ok := m.Words.Word(id); !ok {
			out[id] = math.NaN()
			continue
		}
		dot, squares := 0.0, 0.0
		for i, y := range m.row(id) {
			dot += v[i] * float64(y)
			squares += float64(y) * float64(y)
		}
		if dot != 0 {
			out[id] = dot / math.Sqrt(length*squares)
		}
	}
	return out, nil
}
