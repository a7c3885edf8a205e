package models

import (
	"fmt"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// TabularConfig describes a tabular model; it is part of the model's file.
type TabularConfig struct {
	Body    []int       `json:"body"`              // widths of the hidden layers; none: a linear model
	Dropout float64     `json:"dropout,omitempty"` // of embeddings, texts and hidden layers, while training
	Text    *TextConfig `json:"text,omitempty"`    // how the text column is read; nil without one
}

// TextConfig is how a tabular model reads its text column. Dropout is that of
// the recurrent layers alone.
type TextConfig struct {
	Recurrent
	Longest int `json:"longest"` // tokens of a text that are read; what follows is not
}

// Validate names the field that is out of range.
func (c TabularConfig) Validate() error {
	if len(c.Body) > 64 {
		return fmt.Errorf("models: body must have at most 64 layers, got %d", len(c.Body))
	}
	for _, n := range c.Body {
		if n < 1 || n > maxWidth {
			return fmt.Errorf("models: body must have widths in [1, %d], got %d", maxWidth, n)
		}
	}
	if !probability(c.Dropout) {
		return fmt.Errorf("models: dropout must be in [0, 1), got %v", c.Dropout)
	}
	if c.Text == nil {
		return nil
	}
	if err := c.Text.Recurrent.Validate(); err != nil {
		return err
	}
	switch {
	case c.Text.Embed < 1:
		return fmt.Errorf("models: embed must be at least 1, got %d", c.Text.Embed)
	case c.Text.Longest < 1 || c.Text.Longest > maxLongest:
		return fmt.Errorf("models: longest must be in [1, %d], got %d", maxLongest, c.Text.Longest)
	}
	return nil
}

// Target is what a tabular model predicts: one of some labels, or a number.
type Target struct {
	Name   string           // of its column, for whoever reads tables; may be empty
	Labels []string         // sorted, distinct; a class is the place of its label. nil: a number
	Scaler *datasets.Scaler // of the number; nil: a label
}

// LabelTarget is for labels in any order.
func LabelTarget(labels []string) Target { return Target{Labels: distinct(labels)} }

// NumberTarget is for numbers like the values, which are those of the rows that
// are trained on: the network predicts (y-mean)/deviation. It is an error if there
// are none, or one is not finite.
func NumberTarget(values []float64) (Target, error) {
	for i, y := range values {
		if !finite(y) {
			return Target{}, fmt.Errorf("models: target %d: a finite number wanted, got %v", i, y)
		}
	}
	s, err := datasets.FitScaler(datasets.Standard, values, 1)
	return Target{Scaler: s}, err
}

// Regress tells whether it is a number.
func (t Target) Regress() bool { return t.Scaler != nil }

// check refuses what nothing can be learnt of.
func (t Target) check() error {
	if t.Scaler == nil {
		if len(t.Labels) < 2 {
			return fmt.Errorf("models: at least 2 labels wanted, got %d", len(t.Labels))
		}
		return checkLabels(t.Labels)
	}
	if err := t.Scaler.Validate(); err != nil {
		return err
	}
	if len(t.Labels) > 0 || t.Scaler.Columns() != 1 {
		return fmt.Errorf("models: a target is labels or one number, got %d labels and %d numbers", len(t.Labels), t.Scaler.Columns())
	}
	return nil
}

// outputs is how many numbers the network answers with.
func (t Target) outputs() int { return max(len(t.Labels), 1) }

// Tabular predicts a label or a number of the rows of a table: embeddings of
// categories beside numbers, and a text. It belongs to one goroutine.
type Tabular struct {
	Config   TabularConfig
	Features *Features
	Target   Target
	Params   *graph.Params

	network Joined
	answers answering[TabularExample]
}

// NewTabular returns an untrained model; its initial parameters come from seed.
// Vectors of categories are short at first, of expected length 0.1, so that
// likeness is learnt and not drawn; that of "other" is zero, so that a category
// that was never seen says nothing unless rare ones have taught what they have in
// common.
func NewTabular(c TabularConfig, f *Features, target Target, seed uint64) (*Tabular, error) {
	m, err := newTabular(c, f, target, graph.NewParams(seed))
	if err != nil {
		return nil, err
	}
	for i, t := range m.network.Tables {
		path := fmt.Sprintf("tables/%d/E", i)
		x := m.Params.Get(path).Values()
		for k := range x {
			x[k] *= 0.1
		}
		clear(x[(t.Rows-1)*t.Width:])
		if err := m.Params.Set(path, x); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func newTabular(c TabularConfig, f *Features, target Target, params *graph.Params) (*Tabular, error) {
	network, err := c.network(f, target)
	if err != nil {
		return nil, err
	}
	m := &Tabular{Config: c, Features: f, Target: target, Params: params, network: network}
	m.answers = answering[TabularExample]{
		programs: graph.NewCache(params, 0, network.Answer), length: TabularExample.Len, feed: m.feed, output: "y",
	}
	if err := declare(params, graph.Key{B: 1, T: 1}, network.Answer); err != nil {
		return nil, err
	}
	return m, nil
}

// network is the network for features and a target that are checked here.
func (c TabularConfig) network(f *Features, target Target) (Joined, error) {
	if err := c.Validate(); err != nil {
		return Joined{}, err
	}
	if f == nil {
		return Joined{}, fmt.Errorf("models: features are needed")
	}
	for _, err := range []error{f.check(), target.check()} {
		if err != nil {
			return Joined{}, err
		}
	}
	if (c.Text != nil) != (f.Tokens != nil) {
		return Joined{}, fmt.Errorf("models: a text column and its configuration are wanted together")
	}
	j := Joined{Numbers: f.numbers(), Body: c.Body, Out: target.outputs(), Regress: target.Regress(), Dropout: c.Dropout}
	for k, i := range f.Columns.of(CatColumn, OneHotColumn) {
		n := f.Categories[k].Len()
		if f.Columns[i].Kind == CatColumn {
			j.Tables = append(j.Tables, cells.Embedding{Rows: n, Width: f.Columns[i].Width})
		} else {
			j.OneHots = append(j.OneHots, n-1)
		}
	}
	if c.Text != nil {
		tokens := f.Tokens.Len() + 1 // the last is the end of a text
		j.Text = &JoinedText{Embed: cells.Embedding{Rows: tokens, Width: c.Text.Embed}, RNN: c.Text.Stack(tokens)}
	}
	return j, nil
}

// Network is the network by itself.
func (m *Tabular) Network() Joined { return m.network }
