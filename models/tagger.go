package models

import (
	"fmt"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// TaggerConfig describes a tagger; it is part of the model's file.
type TaggerConfig struct {
	Recurrent
	Unit    string `json:"unit"`    // what a step reads: chars or words. For whoever cuts texts; see Cut
	Longest int    `json:"longest"` // steps of a sequence that are read at once
}

// TaggerUnits lists the names that TaggerConfig.Unit knows.
func TaggerUnits() []string { return []string{"chars", "words"} }

// Validate names the field that is out of range.
func (c TaggerConfig) Validate() error {
	if err := c.Recurrent.Validate(); err != nil {
		return err
	}
	switch {
	case !slices.Contains(TaggerUnits(), c.Unit):
		return fmt.Errorf("models: unit %.80q is unknown; there are %s", c.Unit, strings.Join(TaggerUnits(), ", "))
	case c.Longest < 1 || c.Longest > maxLongest:
		return fmt.Errorf("models: longest must be in [1, %d], got %d", maxLongest, c.Longest)
	}
	return nil
}

// Network is the network for so many tokens, "other" included, and classes.
func (c TaggerConfig) Network(tokens, classes int) (Aligned, error) {
	if err := c.Validate(); err != nil {
		return Aligned{}, err
	}
	if tokens < 1 || classes < 2 {
		return Aligned{}, fmt.Errorf("models: a tagger needs at least 1 token and 2 labels, got %d and %d", tokens, classes)
	}
	return Aligned{Vocab: tokens, Embed: c.Embed, RNN: c.Stack(tokens), Classes: classes, Dropout: c.Dropout}, nil
}

// Tagger gives every token of a sequence a label: the tokens it knows, an
// Aligned network and its parameters. It belongs to one goroutine.
type Tagger struct {
	Config TaggerConfig
	Tokens *datasets.Categories // characters or words; "other" stands for those that are not known
	Labels []string             // sorted, distinct; a class is the place of its label
	Params *graph.Params

	network Aligned
	answers answering[datasets.Tagged]
}

// NewTagger returns an untrained tagger for labels in any order; its initial
// parameters come from seed.
func NewTagger(c TaggerConfig, tokens *datasets.Categories, labels []string, seed uint64) (*Tagger, error) {
	return newTagger(c, tokens, distinct(labels), graph.NewParams(seed))
}

func newTagger(c TaggerConfig, tokens *datasets.Categories, labels []string, params *graph.Params) (*Tagger, error) {
	if tokens == nil {
		return nil, fmt.Errorf("models: a tagger needs the tokens it knows")
	}
	if err := checkLabels(labels); err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	network, err := c.Network(tokens.Len(), len(labels))
	if err != nil {
		return nil, err
	}
	m := &Tagger{Config: c, Tokens: tokens, Labels: labels, Params: params, network: network}
	m.answers = answering[datasets.Tagged]{
		programs: graph.NewCache(params, 0, network.Answer), length: datasets.Tagged.Len, feed: m.feed, output: "logits",
	}
	if err := declare(params, graph.Key{B: 1, T: 1}, network.Answer); err != nil {
		return nil, err
	}
	return m, nil
}

// Network is the network by itself.
func (m *Tagger) Network() Aligned { return m.network }

// Class is the class of a label.
func (m *Tagger) Class(label string) (int, error) { return classOf(m.Labels, label) }

// Examples encode a sequence of tokens with a label for each; without labels all
// classes are 0. A sequence longer than Longest becomes several, each read by
// itself. It is an error if there are not as many labels as tokens, or one is
// unknown.
func (m *Tagger) Examples(tokens, labels []string) ([]datasets.Tagged, error) {
	if labels != nil && len(labels) != len(tokens) {
		return nil, fmt.Errorf("models: %d labels for %d tokens, wanted as many", len(labels), len(tokens))
	}
	ids, classes := make([]int, len(tokens)), make([]int, len(tokens))
	for t, token := range tokens {
		ids[t] = m.Tokens.ID(token)
		if labels == nil {
			continue
		}
		var err error
		if classes[t], err = m.Class(labels[t]); err != nil {
			return nil, err
		}
	}
	var all []datasets.Tagged
	for at := 0; at < len(ids); at += m.Config.Longest {
		end := min(at+m.Config.Longest, len(ids))
		all = append(all, datasets.Tagged{IDs: ids[at:end:end], Labels: classes[at:end:end]})
	}
	return all, nil
}

// Task prepares training on examples.
func (m *Tagger) Task(examples []datasets.Tagged, c Training) (*BatchTask[datasets.Tagged], error) {
	batches, err := datasets.NewBatches(examples, datasets.Tagged.Len,
		datasets.BatchOptions{Size: c.Batch, Bucket: bucket(m.Config.Longest), Shuffle: true, Seed: c.Seed})
	if err != nil {
		return nil, err
	}
	return NewBatchTask(m.Params, batches, m.network.Train, m.feedLabelled)
}

// feed sets the inputs of a program that answers.
func (m *Tagger) feed(p *graph.Program, b datasets.Batch[datasets.Tagged]) error {
	rows := make([][]int, len(b.Rows))
	for i, e := range b.Rows {
		rows[i] = e.IDs
	}
	if err := p.SetIDs("ids", datasets.Pad(rows, b.T, b.Size, 0)); err != nil {
		return err
	}
	return p.SetIDs("lens", datasets.Lens(rows, b.Size))
}

// feedLabelled sets the inputs of a program that is trained.
func (m *Tagger) feedLabelled(p *graph.Program, b datasets.Batch[datasets.Tagged]) error {
	if err := m.feed(p, b); err != nil {
		return err
	}
	rows := make([][]int, len(b.Rows))
	for i, e := range b.Rows {
		rows[i] = e.Labels
	}
	if err := p.SetIDs("target", datasets.Pad(rows, b.T, b.Size, 0)); err != nil {
		return err
	}
	return p.SetFloat64s("weight", datasets.StepWeights(b.Lens(datasets.Tagged.Len), b.T))
}
