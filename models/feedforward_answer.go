package models

import (
	"fmt"
	"math"

	"github.com/unroll-go/unroll/graph"
)

// Answers are those to rows of numbers, as they are in the data: for each row one
// number in the unit of the data, or the probabilities of the labels.
func (m *FeedForward) Answers(rows [][]float64) ([][]float64, error) {
	const most = 256 // rows at a time
	var all [][]float64
	for from := 0; from < len(rows); from += most {
		part, err := m.answer(rows[from:min(from+most, len(rows))])
		if err != nil {
			return nil, err
		}
		for i, y := range part {
			for _, v := range y {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					return nil, fmt.Errorf("models: row %d: the model's answer is not a finite number", from+i)
				}
			}
		}
		all = append(all, part...)
	}
	return all, nil
}

// answer answers a few rows.
func (m *FeedForward) answer(rows [][]float64) ([][]float64, error) {
	p, err := m.answers.Get(graph.Key{B: len(rows)})
	if err != nil {
		return nil, err
	}
	if err := m.feedRows(p, rows, len(rows)); err != nil {
		return nil, err
	}
	if err := p.Run(); err != nil {
		return nil, err
	}
	flat, err := p.Float64s("y")
	if err != nil {
		return nil, err
	}
	out, K := make([][]float64, len(rows)), m.network.Out
	for i := range out {
		out[i] = flat[i*K : (i+1)*K : (i+1)*K]
		if m.Columns.Unit == nil {
			softmax(out[i], 1)
		} else if out[i], err = m.Columns.Unit.Inverse(out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}
