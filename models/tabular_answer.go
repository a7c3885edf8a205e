package models

import (
	"fmt"
	"math"
)

// Answers are what the model says of examples, in their order: the probabilities
// of the labels, or one number in the target's own unit.
func (m *Tabular) Answers(examples []TabularExample) ([][]float64, error) {
	all, err := m.answers.rows(examples, 512, m.bucket())
	if err != nil {
		return nil, err
	}
	for _, y := range all {
		if m.Target.Regress() {
			y[0] = y[0]*m.Target.Scaler.Scale[0] + m.Target.Scaler.Shift[0]
		} else {
			softmax(y, 1)
		}
	}
	return all, nil
}

// TabularPrediction is a tabular model's answer to a record.
type TabularPrediction struct {
	Number        float64   // the predicted number, of a model that predicts one
	Label         string    // the likeliest label, of a model that predicts labels
	Class         int       // its place among the labels
	Probabilities []float64 // of each label
}

// Predict answers records.
func (m *Tabular) Predict(records ...Record) ([]TabularPrediction, error) {
	examples := make([]TabularExample, len(records))
	for i, r := range records {
		var err error
		if examples[i], err = m.Example(r); err != nil {
			return nil, fmt.Errorf("models: record %d: %w", i, err)
		}
	}
	all, err := m.Answers(examples)
	if err != nil {
		return nil, err
	}
	out := make([]TabularPrediction, len(records))
	for i, y := range all {
		if m.Target.Regress() {
			out[i].Number = y[0]
			continue
		}
		class := argMax(y)
		out[i] = TabularPrediction{Class: class, Label: m.Target.Labels[class], Probabilities: y}
	}
	return out, nil
}

// TabularScore is how well a tabular model answers.
type TabularScore struct {
	Rows     int
	RMSE     float64 // √ of the mean squared error, in the number's unit; 0 of labels
	Nats     float64 // mean of -log p[class]; 0 of numbers
	Accuracy float64 // part of the rows whose likeliest label is theirs; 0 of numbers
}

// Score compares the answers to examples with their targets.
func (m *Tabular) Score(examples []TabularExample) (TabularScore, error) {
	all, err := m.Answers(examples)
	if err != nil {
		return TabularScore{}, err
	}
	s := TabularScore{Rows: len(examples)}
	n, hits, squares := float64(max(len(examples), 1)), 0, 0.0
	for i, y := range all {
		e := examples[i]
		switch {
		case m.Target.Regress():
			squares += (y[0] - e.Y) * (y[0] - e.Y)
		case e.Class < 0 || e.Class >= len(y):
			return TabularScore{}, fmt.Errorf("models: example %d: class %d is outside [0, %d)", i, e.Class, len(y))
		default:
			s.Nats -= math.Log(max(y[e.Class], math.SmallestNonzeroFloat64)) / n
			if argMax(y) == e.Class {
				hits++
			}
		}
	}
	s.RMSE, s.Accuracy = math.Sqrt(squares/n), float64(hits)/n
	return s, nil
}
