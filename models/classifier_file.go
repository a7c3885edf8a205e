package models

import (
	"fmt"
	"io"
)

const (
	classifierKind = "classifier/1"
	temperatureKey = "unroll.temperature"
)

// layout is the file's: modules embed, rnn and out, grams with grams, and
// pool.proj and pool.query with attention.
func (c ClassifierConfig) layout(tokens, classes int) layout {
	l := c.Recurrent.layout(tokens + 1)
	if c.tables() > 0 {
		l = join(l, embedding("grams", c.Buckets, c.Embed))
	}
	if c.Pool == "attention" {
		l = join(l, dense("pool/proj", c.Out(), c.Out()), denseNoBias("pool/query", c.Out(), 1))
	}
	return join(l, dense("out", c.Out(), classes))
}

// Save writes the classifier as one safetensors file: parameters under PyTorch's
// names; configuration, tokenizer, labels and temperature in the metadata; a
// checksum over all.
func (m *Classifier) Save(w io.Writer) error {
	c := container{kind: classifierKind, parts: map[string]any{
		configKey: m.Config, vocabKey: m.Tokens, labelsKey: m.Labels, temperatureKey: m.Temperature,
	}}
	return c.write(w, m.Config.layout(m.Tokens.Len(), len(m.Labels)), m.Params)
}

// SaveFile is Save to a file that is replaced as a whole.
func (m *Classifier) SaveFile(path string) error { return saveFile(path, m.Save) }

// LoadClassifier reads a classifier. Files are untrusted: nothing is made larger
// than what was read, and errors for what is no classifier wrap ErrFormat.
func LoadClassifier(r io.Reader) (*Classifier, error) {
	var m Classifier
	f, err := readContainer(r, container{kind: classifierKind, parts: map[string]any{
		configKey: &m.Config, vocabKey: &m.Tokens, labelsKey: &m.Labels, temperatureKey: &m.Temperature,
	}})
	if err != nil {
		return nil, err
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("models: %w: %w", ErrFormat, err)
	}
	params, err := m.Config.layout(m.Tokens.Len(), len(m.Labels)).params(f)
	if err != nil {
		return nil, err
	}
	c, err := newClassifier(m.Config, m.Tokens, m.Labels, params)
	if err != nil {
		return nil, err
	}
	c.Temperature = m.Temperature
	return c, nil
}

// check compares what a file's metadata says with what a classifier may be.
func (m *Classifier) check() error {
	if err := checkLabels(m.Labels); err != nil {
		return fmt.Errorf("%s: %w", labelsKey, err)
	}
	if _, err := m.Config.Network(m.Tokens.Len(), len(m.Labels)); err != nil {
		return fmt.Errorf("%s: %w", configKey, err)
	}
	if !(m.Temperature >= minTemperature/2 && m.Temperature <= maxTemperature*2) {
		return fmt.Errorf("%s: %v is outside [%v, %v]", temperatureKey, m.Temperature, minTemperature, maxTemperature)
	}
	return nil
}

// LoadClassifierFile is LoadClassifier from a file.
func LoadClassifierFile(path string) (*Classifier, error) { return loadFile(path, LoadClassifier) }
