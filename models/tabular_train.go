package models

import (
	"fmt"
	"slices"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// TabularExample is a record as a tabular model reads it, with its target.
type TabularExample struct {
	IDs     []int     // of the Cat and OneHot columns, in their order
	Numbers []float64 // scaled, and marks of missing ones
	Text    []int     // ids, the end of the text last; nil without a text column

	Class int     // the label's
	Y     float64 // the number, in its own unit
}

// Len is the number of steps that the text takes, at least 1.
func (e TabularExample) Len() int { return max(len(e.Text), 1) }

// Example encodes a record. It is an error if it has not a value for each column
// or an infinite number, or the tokenizer refuses the text.
func (m *Tabular) Example(r Record) (TabularExample, error) {
	f := m.Features
	if len(r) != len(f.Columns) {
		return TabularExample{}, fmt.Errorf("models: %d values wanted, one for each column, got %d", len(f.Columns), len(r))
	}
	numbers, err := f.scaled(r)
	if err != nil {
		return TabularExample{}, err
	}
	e := TabularExample{IDs: f.ids(r), Numbers: numbers}
	for _, i := range f.Columns.of(TextColumn) {
		ids, err := f.Tokens.Encode(r[i].Text)
		if err != nil {
			return TabularExample{}, fmt.Errorf("models: column %.80q: %w", f.Columns[i].Name, err)
		}
		ids = ids[:min(len(ids), m.Config.Text.Longest)]
		e.Text = append(slices.Clip(ids), f.Tokens.Len())
	}
	return e, nil
}

// Class is the class of a label.
func (t Target) Class(label string) (int, error) { return classOf(t.Labels, label) }

// Task prepares training on examples.
func (m *Tabular) Task(examples []TabularExample, c Training) (*BatchTask[TabularExample], error) {
	opt := datasets.BatchOptions{Size: c.Batch, Bucket: m.bucket(), Shuffle: true, Seed: c.Seed}
	batches, err := datasets.NewBatches(examples, TabularExample.Len, opt)
	if err != nil {
		return nil, err
	}
	return NewBatchTask(m.Params, batches, m.network.Train, m.feedTarget)
}

// bucket is the width of buckets for texts with their ends.
func (m *Tabular) bucket() int {
	if m.Config.Text == nil {
		return 1
	}
	return bucket(m.Config.Text.Longest + 1)
}

// feed sets the inputs of a program that answers.
func (m *Tabular) feed(p *graph.Program, b datasets.Batch[TabularExample]) error {
	tables, oneHots := 0, 0
	for k, i := range m.Features.Columns.of(CatColumn, OneHotColumn) {
		name := fmt.Sprintf("table%d", tables)
		if m.Features.Columns[i].Kind == CatColumn {
			tables++
		} else {
			name = fmt.Sprintf("onehot%d", oneHots)
			oneHots++
		}
		if err := p.SetIDs(name, datasets.Each(b, func(e TabularExample) int { return e.IDs[k] })); err != nil {
			return err
		}
	}
	if n := m.network.Numbers; n > 0 {
		x := make([]float64, b.Size*n)
		for row, e := range b.Rows {
			copy(x[row*n:(row+1)*n], e.Numbers)
		}
		if err := p.SetFloat64s("numbers", x); err != nil {
			return err
		}
	}
	return m.feedText(p, b)
}

// feedText sets the texts, if there are any.
func (m *Tabular) feedText(p *graph.Program, b datasets.Batch[TabularExample]) error {
	if m.network.Text == nil {
		return nil
	}
	rows := make([][]int, len(b.Rows))
	for i, e := range b.Rows {
		rows[i] = e.Text
	}
	if err := p.SetIDs("text", datasets.Pad(rows, b.T, b.Size, m.Features.Tokens.Len())); err != nil {
		return err
	}
	return p.SetIDs("lens", datasets.Lens(rows, b.Size))
}

// feedTarget sets the inputs of a program that is trained.
func (m *Tabular) feedTarget(p *graph.Program, b datasets.Batch[TabularExample]) error {
	if err := m.feed(p, b); err != nil {
		return err
	}
	if err := p.SetFloat64s("weight", b.Weights()); err != nil {
		return err
	}
	if !m.Target.Regress() {
		return p.SetIDs("target", datasets.Each(b, func(e TabularExample) int { return e.Class }))
	}
	shift, scale := m.Target.Scaler.Shift[0], m.Target.Scaler.Scale[0]
	return p.SetFloat64s("y", datasets.Each(b, func(e TabularExample) float64 { return (e.Y - shift) / scale }))
}
