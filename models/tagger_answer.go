package models

import (
	"fmt"
	"math"
	"strings"

	"github.com/unroll-go/unroll/datasets"
)

// Probabilities are those of each class at each step of each example, in the
// order of the examples.
func (m *Tagger) Probabilities(examples []datasets.Tagged) ([][][]float64, error) {
	all, K := make([][][]float64, len(examples)), len(m.Labels)
	err := m.answers.each(examples, 64, bucket(m.Config.Longest), func(b datasets.Batch[datasets.Tagged], y []float64) {
		for i, at := range b.Index {
			all[at] = make([][]float64, len(b.Rows[i].IDs))
			for t := range all[at] {
				row := (t*b.Size + i) * K // [T, B, K]
				all[at][t] = append([]float64(nil), y[row:row+K]...)
				softmax(all[at][t], 1)
			}
		}
	})
	return all, err
}

// Tag is a tagger's answer to a token.
type Tag struct {
	Token       string
	Label       string
	Probability float64
}

// Tag labels the tokens of a sequence.
func (m *Tagger) Tag(tokens ...string) ([]Tag, error) {
	examples, err := m.Examples(tokens, nil)
	if err != nil {
		return nil, err
	}
	all, err := m.Probabilities(examples)
	if err != nil {
		return nil, err
	}
	tags := make([]Tag, 0, len(tokens))
	for _, steps := range all {
		for _, p := range steps {
			class := argMax(p)
			tags = append(tags, Tag{Token: tokens[len(tags)], Label: m.Labels[class], Probability: p[class]})
		}
	}
	return tags, nil
}

// Cut makes the tokens of a text: its characters, or what stands between white
// space.
func (c TaggerConfig) Cut(text string) []string {
	if c.Unit == "words" {
		return strings.Fields(text)
	}
	return strings.Split(text, "")
}

// TaggerScore is how well a tagger labels.
type TaggerScore struct {
	Steps    int
	Nats     float64 // mean of -log p[class] over all steps
	Accuracy float64 // part of the steps whose likeliest class is theirs
	Whole    float64 // part of the examples that are right at every step
}

// Score compares the answers to examples with their labels.
func (m *Tagger) Score(examples []datasets.Tagged) (TaggerScore, error) {
	all, err := m.Probabilities(examples)
	if err != nil {
		return TaggerScore{}, err
	}
	var s TaggerScore
	hits, whole := 0, 0
	for i, steps := range all {
		wrong := 0
		for t, p := range steps {
			class := examples[i].Labels[t]
			if class < 0 || class >= len(p) {
				return TaggerScore{}, fmt.Errorf("models: example %d, step %d: class %d is outside [0, %d)", i, t, class, len(p))
			}
			s.Nats -= math.Log(max(p[class], math.SmallestNonzeroFloat64))
			if argMax(p) != class {
				wrong++
			}
		}
		s.Steps += len(steps)
		if hits += len(steps) - wrong; wrong == 0 {
			whole++
		}
	}
	n := float64(max(s.Steps, 1))
	s.Nats, s.Accuracy, s.Whole = s.Nats/n, float64(hits)/n, float64(whole)/float64(max(len(examples), 1))
	return s, nil
}
