package models

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// FeedForwardConfig describes a feed-forward model; it is part of its file.
type FeedForwardConfig struct {
	Hidden     int     `json:"hidden"`     // width of the hidden layers
	Layers     int     `json:"layers"`     // hidden layers; 0: a straight line
	Activation string  `json:"activation"` // tanh, relu or sigmoid
	Dropout    float64 `json:"dropout,omitempty"`
}

// Activations lists the names that FeedForwardConfig.Activation knows.
func Activations() []string { return []string{"tanh", "relu", "sigmoid"} }

// Validate names the field that is out of range.
func (c FeedForwardConfig) Validate() error {
	switch {
	case c.Hidden < 1 || c.Hidden > maxWidth:
		return fmt.Errorf("models: hidden must be in [1, %d], got %d", maxWidth, c.Hidden)
	case c.Layers < 0 || c.Layers > 64:
		return fmt.Errorf("models: layers must be in [0, 64], got %d", c.Layers)
	case !slices.Contains(Activations(), c.Activation):
		return fmt.Errorf("models: activation %q is unknown; there are %s", c.Activation, strings.Join(Activations(), ", "))
	case !probability(c.Dropout):
		return fmt.Errorf("models: dropout must be in [0, 1), got %v", c.Dropout)
	}
	return nil
}

// FeedForwardColumns are what a FeedForward knows of its data: which numbers it reads, on
// what scale, and what it is asked for.
type FeedForwardColumns struct {
	Inputs []string         `json:"inputs"`           // names, D of them
	Scale  *datasets.Scaler `json:"scale"`            // of the inputs, fitted on what is trained on
	Answer string           `json:"answer"`           // name of what is asked for
	Labels []string         `json:"labels,omitempty"` // sorted, distinct, if it is a class
	Unit   *datasets.Scaler `json:"unit,omitempty"`   // of the answer, if it is a number
}

// check refuses columns that do not fit together.
func (c FeedForwardColumns) check() error {
	if len(c.Inputs) == 0 || len(c.Inputs) > maxWidth || c.Scale == nil {
		return fmt.Errorf("1 to %d inputs and their scale wanted, got %d", maxWidth, len(c.Inputs))
	}
	if (len(c.Labels) == 0) == (c.Unit == nil) {
		return fmt.Errorf("either labels or a unit wanted")
	}
	if err := c.Scale.Validate(); err != nil {
		return err
	}
	if n := c.Scale.Columns(); n != len(c.Inputs) {
		return fmt.Errorf("a scale for %d inputs, got one for %d", len(c.Inputs), n)
	}
	if c.Unit != nil {
		if err := c.Unit.Validate(); err != nil {
			return err
		}
		if n := c.Unit.Columns(); n != 1 {
			return fmt.Errorf("a unit for 1 answer wanted, got one for %d", n)
		}
		return nil
	}
	if len(c.Labels) < 2 {
		return fmt.Errorf("at least 2 labels wanted, got %d", len(c.Labels))
	}
	return checkLabels(c.Labels)
}

// FeedForward answers a row of numbers with a number or a label: a Perceptron with
// the scales of its columns. It belongs to one goroutine.
type FeedForward struct {
	Config  FeedForwardConfig
	Columns FeedForwardColumns
	Params  *graph.Params

	network Perceptron
	answers answering[[]float64]
}

// NewFeedForward returns an untrained model; its initial parameters come from seed.
func NewFeedForward(c FeedForwardConfig, columns FeedForwardColumns, seed uint64) (*FeedForward, error) {
	return newFeedForward(c, columns, graph.NewParams(seed))
}

func newFeedForward(c FeedForwardConfig, columns FeedForwardColumns, params *graph.Params) (*FeedForward, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if err := columns.check(); err != nil {
		return nil, fmt.Errorf("models: columns: %w", err)
	}
	m := &FeedForward{Config: c, Columns: columns, Params: params, network: Perceptron{
		In: len(columns.Inputs), Hidden: c.Hidden, Layers: c.Layers, Out: max(1, len(columns.Labels)),
		Activation: c.Activation, Dropout: c.Dropout, Classes: columns.Unit == nil,
	}}
	m.answers = answering[[]float64]{
		programs: graph.NewCache(params, 0, m.network.Answer), feed: m.feedRows, output: "y",
		name: func(at int, _ []float64) string { return fmt.Sprintf("row %d", at) },
	}
	if err := declare(params, graph.Key{B: 1}, m.network.Answer); err != nil {
		return nil, err
	}
	return m, nil
}

// Network is the network by itself.
func (m *FeedForward) Network() Perceptron { return m.network }

// Task prepares training on examples: X has the inputs as they are in the data, Y[0]
// the number asked for or Label the class. A number of X that is missing, NaN,
// counts as the mean.
func (m *FeedForward) Task(examples []datasets.Numeric, c Training) (*BatchTask[datasets.Numeric], error) {
	for i, e := range examples {
		if err := m.fits(e); err != nil {
			return nil, fmt.Errorf("models: example %d: %w", i, err)
		}
	}
	opt := datasets.BatchOptions{Size: c.Batch, Shuffle: true, Seed: c.Seed}
	batches, err := datasets.NewBatches(examples, nil, opt)
	if err != nil {
		return nil, err
	}
	return NewBatchTask(m.Params, batches, m.network.Train, m.feed)
}

// fits refuses an example without what training needs.
func (m *FeedForward) fits(e datasets.Numeric) error {
	switch {
	case len(e.X) != len(m.Columns.Inputs):
		return fmt.Errorf("%d numbers wanted, got %d", len(m.Columns.Inputs), len(e.X))
	case m.Columns.Unit == nil && (e.Label < 0 || e.Label >= len(m.Columns.Labels)):
		return fmt.Errorf("class %d is outside [0, %d)", e.Label, len(m.Columns.Labels))
	case m.Columns.Unit != nil && (len(e.Y) != 1 || !finite(e.Y[0])):
		return fmt.Errorf("one finite number to answer wanted, got %v", e.Y)
	}
	return nil
}

// feed sets the inputs of a program that is trained.
func (m *FeedForward) feed(p *graph.Program, b datasets.Batch[datasets.Numeric]) error {
	rows := make([][]float64, len(b.Rows))
	for i, e := range b.Rows {
		rows[i] = e.X
	}
	if err := m.feedRows(p, datasets.Batch[[]float64]{Rows: rows, Size: b.Size}); err != nil {
		return err
	}
	if err := p.SetFloat64s("weight", b.Weights()); err != nil {
		return err
	}
	if m.Columns.Unit == nil {
		return p.SetIDs("target", datasets.Each(b, func(e datasets.Numeric) int { return e.Label }))
	}
	y, err := m.Columns.Unit.Transform(datasets.Each(b, func(e datasets.Numeric) float64 { return e.Y[0] }))
	if err != nil {
		return err
	}
	return p.SetFloat64s("target", y)
}

// feedRows sets x to rows that are as wide as the inputs.
func (m *FeedForward) feedRows(p *graph.Program, b datasets.Batch[[]float64]) error {
	D := len(m.Columns.Inputs)
	x := make([]float64, b.Size*D)
	for i, row := range b.Rows {
		scaled, err := m.Columns.Scale.Transform(row)
		if err != nil {
			return err
		}
		for j, v := range scaled {
			if !math.IsNaN(v) { // else it stays 0, the mean
				x[i*D+j] = v
			}
		}
	}
	return p.SetFloat64s("x", x)
}
