package models

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// ClassifierConfig describes a classifier; it is part of the model's file.
type ClassifierConfig struct {
	Recurrent
	Grams
	Pool        string  `json:"pool"`                   // last, mean or attention
	WordDropout float64 `json:"word_dropout,omitempty"` // of whole tokens, while training
	Longest     int     `json:"longest"`                // tokens of a text that are read; what follows is not
}

// Pools lists the names that ClassifierConfig.Pool knows.
func Pools() []string { return []string{"last", "mean", "attention"} }

// maxLongest bounds the steps of a program, which takes memory for each.
const maxLongest = 1 << 14

// Validate names the field that is out of range.
func (c ClassifierConfig) Validate() error {
	if err := c.Recurrent.Validate(); err != nil {
		return err
	}
	switch {
	case !slices.Contains(Pools(), c.Pool):
		return fmt.Errorf("models: pool %q is unknown; there are %s", c.Pool, strings.Join(Pools(), ", "))
	case !probability(c.WordDropout):
		return fmt.Errorf("models: word-dropout must be in [0, 1), got %v", c.WordDropout)
	case c.Grams.Upto != 0 && c.Grams.Upto != 2 && c.Grams.Upto != 3:
		return fmt.Errorf("models: grams must be 0, 2 or 3, got %d", c.Grams.Upto)
	case c.Grams.Upto != 0 && c.Embed == 0:
		return fmt.Errorf("models: grams need an embedding, got embed 0")
	case (c.Grams.Upto == 0) != (c.Buckets == 0) || c.Buckets < 0 || c.Buckets > maxBuckets:
		return fmt.Errorf("models: buckets must be in [1, %d] with grams and 0 without, got %d", maxBuckets, c.Buckets)
	case c.Longest < 1 || c.Longest > maxLongest:
		return fmt.Errorf("models: longest must be in [1, %d], got %d", maxLongest, c.Longest)
	}
	return nil
}

// Network is the network for so many tokens and classes. Token number tokens is
// the end of a text.
func (c ClassifierConfig) Network(tokens, classes int) (ManyToOne, error) {
	if err := c.Validate(); err != nil {
		return ManyToOne{}, err
	}
	if tokens < 1 || classes < 2 {
		return ManyToOne{}, fmt.Errorf("models: a classifier needs at least 1 token and 2 classes, got %d and %d", tokens, classes)
	}
	rnn := c.Stack(tokens + 1)
	m := ManyToOne{
		Vocab: tokens + 1, Embed: c.Embed, Grams: c.Grams, RNN: rnn, Pool: cells.LastState{Layer: rnn}, Classes: classes,
		Dropout: c.Dropout, WordDropout: c.WordDropout,
	}
	switch c.Pool {
	case "mean":
		m.Pool = cells.MeanPool{}
	case "attention":
		m.Pool = cells.AttentionPool{In: c.Out(), Width: c.Out()}
	}
	return m, nil
}

// Classifier gives texts labels: a tokenizer, a ManyToOne network and its
// parameters. It belongs to one goroutine.
type Classifier struct {
	Config ClassifierConfig
	Tokens datasets.Tokenizer
	Labels []string // sorted, distinct; a class is the place of its label
	Params *graph.Params

	// Temperature divides the logits, so that probabilities are neither too
	// sure nor too timid (Guo et al. 2017); Calibrate fits it. 1 at first.
	Temperature float64

	network ManyToOne
	answers answering[Document]
}

// NewClassifier returns an untrained classifier for labels in any order; its
// initial parameters come from seed.
func NewClassifier(c ClassifierConfig, tokens datasets.Tokenizer, labels []string, seed uint64) (*Classifier, error) {
	return newClassifier(c, tokens, distinct(labels), graph.NewParams(seed))
}

func newClassifier(c ClassifierConfig, tokens datasets.Tokenizer, labels []string, params *graph.Params) (*Classifier, error) {
	if tokens == nil {
		return nil, fmt.Errorf("models: a tokenizer is needed")
	}
	if err := checkLabels(labels); err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	network, err := c.Network(tokens.Len(), len(labels))
	if err != nil {
		return nil, err
	}
	m := &Classifier{Config: c, Tokens: tokens, Labels: labels, Params: params, Temperature: 1, network: network}
	m.answers = answering[Document]{
		programs: graph.NewCache(params, 0, network.Answer), length: Document.Len, feed: m.feed, output: "logits",
		name: func(at int, _ Document) string { return fmt.Sprintf("document %d", at) },
	}
	if err := declare(params, graph.Key{B: 1, T: 1}, network.Answer); err != nil {
		return nil, err
	}
	return m, nil
}

// Network is the network by itself.
func (m *Classifier) Network() ManyToOne { return m.network }

// StartFrom takes over what another classifier has learnt of the same language,
// for other labels: all parameters but those of the answer, out/. The tokens and
// the sizes must be the same; an error changes nothing.
func (m *Classifier) StartFrom(other *Classifier) error {
	if m.Tokens.Len() != other.Tokens.Len() {
		return fmt.Errorf("models: start from another classifier: %d tokens wanted, got %d", m.Tokens.Len(), other.Tokens.Len())
	}
	inner := slices.DeleteFunc(m.Params.All(), func(p *graph.Param) bool { return strings.HasPrefix(p.Path(), "out/") })
	for _, p := range inner {
		if from := other.Params.Get(p.Path()); from == nil || !slices.Equal(from.Shape(), p.Shape()) {
			return fmt.Errorf("models: start from another classifier: it has no parameter %s %v", p.Path(), p.Shape())
		}
	}
	for _, p := range inner {
		if err := m.Params.Set(p.Path(), other.Params.Get(p.Path()).Values()); err != nil {
			return err
		}
	}
	return nil
}

// Document is a text as a classifier reads it, with its class.
type Document struct {
	IDs   []int // the end of the text is the last
	Class int
}

// Len is the number of steps.
func (d Document) Len() int { return len(d.IDs) }

// Document encodes a text: at most Longest tokens of it, then the end, so that
// an empty text has something to read too.
func (m *Classifier) Document(text string) (Document, error) {
	ids, err := m.Tokens.Encode(text)
	if err != nil {
		return Document{}, err
	}
	ids = ids[:min(len(ids), m.Config.Longest)]
	return Document{IDs: append(slices.Clip(ids), m.Tokens.Len())}, nil
}

// Class is the class of a label.
func (m *Classifier) Class(label string) (int, error) { return classOf(m.Labels, label) }

// Prediction is a classifier's answer to a text.
type Prediction struct {
	Class         int
	Label         string
	Probabilities []float64 // of each class, at the model's temperature
}

// Predict classifies texts.
func (m *Classifier) Predict(texts ...string) ([]Prediction, error) {
	docs := make([]Document, len(texts))
	for i, text := range texts {
		var err error
		if docs[i], err = m.Document(text); err != nil {
			return nil, fmt.Errorf("models: text %d: %w", i, err)
		}
	}
	all, err := m.Probabilities(docs)
	if err != nil {
		return nil, err
	}
	out := make([]Prediction, len(texts))
	for i, p := range all {
		class := argMax(p)
		out[i] = Prediction{Class: class, Label: m.Labels[class], Probabilities: p}
	}
	return out, nil
}

// argMax is the place of the largest number, the first of equal ones.
func argMax(x []float64) int {
	best := 0
	for i := range x {
		if cmp.Compare(x[i], x[best]) > 0 {
			best = i
		}
	}
	return best
}
