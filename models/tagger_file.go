package models

import (
	"fmt"
	"io"

	"github.com/unroll-go/unroll/datasets"
)

const taggerKind = "tagger/1"

// layout is the file's: modules embed, rnn and out.
func (c TaggerConfig) layout(tokens, classes int) layout {
	return join(c.Recurrent.layout(tokens), dense("out", c.Out(), classes))
}

// Save writes the tagger as one safetensors file: parameters under PyTorch's
// names; configuration, tokens and labels in the metadata; a checksum over all.
func (m *Tagger) Save(w io.Writer) error {
	c := container{kind: taggerKind, parts: map[string]any{configKey: m.Config, vocabKey: m.Tokens, labelsKey: m.Labels}}
	return c.write(w, m.Config.layout(m.Tokens.Len(), len(m.Labels)), m.Params)
}

// SaveFile is Save to a file that is replaced as a whole.
func (m *Tagger) SaveFile(path string) error { return saveFile(path, m.Save) }

// LoadTagger reads a tagger. Files are untrusted: nothing is made larger than
// what was read, and errors for what is no tagger wrap ErrFormat.
func LoadTagger(r io.Reader) (*Tagger, error) {
	m := Tagger{Tokens: new(datasets.Categories)}
	f, err := readContainer(r, container{kind: taggerKind, parts: map[string]any{
		configKey: &m.Config, vocabKey: m.Tokens, labelsKey: &m.Labels,
	}})
	if err != nil {
		return nil, err
	}
	if err := checkLabels(m.Labels); err != nil {
		return nil, fmt.Errorf("models: %w: %s: %w", ErrFormat, labelsKey, err)
	}
	if _, err := m.Config.Network(m.Tokens.Len(), len(m.Labels)); err != nil {
		return nil, fmt.Errorf("models: %w: %s: %w", ErrFormat, configKey, err)
	}
	params, err := m.Config.layout(m.Tokens.Len(), len(m.Labels)).params(f)
	if err != nil {
		return nil, err
	}
	return newTagger(m.Config, m.Tokens, m.Labels, params)
}

// LoadTaggerFile is LoadTagger from a file.
func LoadTaggerFile(path string) (*Tagger, error) { return loadFile(path, LoadTagger) }
