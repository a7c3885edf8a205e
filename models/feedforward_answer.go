package models

import "fmt"

// Answers are those to rows of numbers, as they are in the data: for each row one
// number in the unit of the data, or the probabilities of the labels. It is an error
// if a row has not a number for each input.
func (m *FeedForward) Answers(rows [][]float64) ([][]float64, error) {
	for i, row := range rows {
		if len(row) != len(m.Columns.Inputs) {
			return nil, fmt.Errorf("models: row %d: %d numbers wanted, got %d", i, len(m.Columns.Inputs), len(row))
		}
	}
	all, err := m.answers.rows(rows, 256, 1)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if m.Columns.Unit == nil {
			softmax(all[i], 1)
		} else if all[i], err = m.Columns.Unit.Inverse(all[i]); err != nil {
			return nil, err
		} else if !finite(all[i][0]) {
			return nil, fmt.Errorf("models: row %d: the model's answer is not a finite number", i)
		}
	}
	return all, nil
}
