package models

import (
	"fmt"
	"math"
)

// Probabilities are those of each class for each document, in the order of the
// documents, at the model's temperature.
func (m *Classifier) Probabilities(docs []Document) ([][]float64, error) {
	all, err := m.logits(docs)
	if err != nil {
		return nil, err
	}
	for _, x := range all {
		softmax(x, m.Temperature)
	}
	return all, nil
}

// ClassifierScore is how well a classifier answers.
type ClassifierScore struct {
	Nats      float64 // mean of -log p[class], nats for each document
	Accuracy  float64 // part of the documents whose likeliest class is theirs
	Documents int
}

// Score compares the answers to documents with their classes.
func (m *Classifier) Score(docs []Document) (ClassifierScore, error) {
	all, err := m.logits(docs)
	if err != nil {
		return ClassifierScore{}, err
	}
	return scoreOf(all, docs, m.Temperature), nil
}

// Calibrate fits the temperature to documents that were not trained on: the one
// with which the mean of -log p[class] is least (Guo et al. 2017). The order of
// the classes, and so every answer, stays as it is. The score is at that
// temperature.
func (m *Classifier) Calibrate(docs []Document) (ClassifierScore, error) {
	if len(docs) == 0 {
		return ClassifierScore{}, fmt.Errorf("models: calibration needs documents")
	}
	all, err := m.logits(docs)
	if err != nil {
		return ClassifierScore{}, err
	}
	m.Temperature = math.Exp(lowest(func(log float64) float64 {
		return scoreOf(all, docs, math.Exp(log)).Nats
	}, math.Log(minTemperature), math.Log(maxTemperature)))
	return scoreOf(all, docs, m.Temperature), nil
}

// scoreOf compares logits with the classes.
func scoreOf(all [][]float64, docs []Document, temperature float64) ClassifierScore {
	s := ClassifierScore{Documents: len(docs)}
	n, hits := float64(max(len(docs), 1)), 0
	for i, x := range all {
		s.Nats += crossEntropy(x, docs[i].Class, temperature) / n
		if argMax(x) == docs[i].Class {
			hits++
		}
	}
	s.Accuracy = float64(hits) / n
	return s
}

// The range of temperatures.
const (
	minTemperature = 1e-2
	maxTemperature = 1e2
)

// logits are those of each document, in the order of the documents.
func (m *Classifier) logits(docs []Document) ([][]float64, error) {
	for i, d := range docs {
		if d.Class < 0 || d.Class >= len(m.Labels) {
			return nil, fmt.Errorf("models: document %d: class %d is outside [0, %d)", i, d.Class, len(m.Labels))
		}
	}
	return m.answers.rows(docs, 64, bucketOf(docs))
}

// softmax replaces logits by probabilities at a temperature.
func softmax(x []float64, temperature float64) {
	top := x[argMax(x)]
	sum := 0.0
	for i := range x {
		x[i] = math.Exp((x[i] - top) / temperature)
		sum += x[i]
	}
	for i := range x {
		x[i] /= sum
	}
}

// crossEntropy is -log softmax(x/temperature)[class].
func crossEntropy(x []float64, class int, temperature float64) float64 {
	top := x[argMax(x)]
	sum := 0.0
	for _, v := range x {
		sum += math.Exp((v - top) / temperature)
	}
	return math.Log(sum) - (x[class]-top)/temperature
}

// lowest is where a function that falls and then rises is least, by golden
// section.
func lowest(f func(float64) float64, lo, hi float64) float64 {
	const g = 0.6180339887498949
	a, b := hi-g*(hi-lo), lo+g*(hi-lo)
	fa, fb := f(a), f(b)
	for hi-lo > 1e-4 {
		if fa <= fb {
			hi, b, fb = b, a, fa
			a = hi - g*(hi-lo)
			fa = f(a)
		} else {
			lo, a, fa = a, b, fb
			b = lo + g*(hi-lo)
			fb = f(b)
		}
	}
	return (lo + hi) / 2
}
