package models

import (
	"fmt"
	"io"

	"github.com/unroll-go/unroll/datasets"
)

const charLMKind = "charlm/1"

// layout is the file's: modules embed, rnn and out. Tied weights are written
// twice, as PyTorch's state_dict has them.
func (c Config) layout(vocab int) layout {
	l := c.recurrent().layout(vocab)
	if !c.Tied {
		return join(l, dense("out", c.Hidden, vocab))
	}
	return join(l, tied("embed/E", "out", vocab, c.Hidden))
}

// Save writes the model as one safetensors file: parameters under PyTorch's
// names, configuration and vocabulary in the metadata, a checksum over all.
func (m *CharLM) Save(w io.Writer) error {
	c := container{kind: charLMKind, parts: map[string]any{configKey: m.Config, vocabKey: m.Vocab}}
	return c.write(w, m.Config.layout(m.Vocab.Len()), m.Params)
}

// SaveFile is Save to a file that is replaced as a whole: after a crash or on a
// full disk the old one is still there.
func (m *CharLM) SaveFile(path string) error { return saveFile(path, m.Save) }

// LoadCharLM reads a model. Files are untrusted: nothing is made larger than
// what was read, and errors for what is no model wrap ErrFormat.
func LoadCharLM(r io.Reader) (*CharLM, error) {
	var c Config
	var vocab datasets.Tokenizer
	f, err := readContainer(r, container{kind: charLMKind, parts: map[string]any{configKey: &c, vocabKey: &vocab}})
	if err != nil {
		return nil, err
	}
	if _, err := c.LM(vocab.Len()); err != nil {
		return nil, fmt.Errorf("models: %w: %s: %w", ErrFormat, configKey, err)
	}
	params, err := c.layout(vocab.Len()).params(f)
	if err != nil {
		return nil, err
	}
	return newCharLM(c, vocab, params)
}

// LoadCharLMFile is LoadCharLM from a file.
func LoadCharLMFile(path string) (*CharLM, error) { return loadFile(path, LoadCharLM) }
