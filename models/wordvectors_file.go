package models

import (
	"fmt"
	"io"

	"github.com/unroll-go/unroll/datasets"
)

const wordVectorsKind = "words/1"

// layout is the file's: the tables in and out.
func (c WordVectorsConfig) layout(words int) layout {
	return join(embedding("in", words, c.Width), embedding("out", words, c.Width))
}

// Save writes the vectors as one safetensors file: the tables under PyTorch's
// names, configuration and words in the metadata, a checksum over all.
func (m *WordVectors) Save(w io.Writer) error {
	c := container{kind: wordVectorsKind, parts: map[string]any{configKey: m.Config, vocabKey: m.Words}}
	return c.write(w, m.Config.layout(m.Words.Len()), m.Params)
}

// SaveFile is Save to a file that is replaced as a whole.
func (m *WordVectors) SaveFile(path string) error { return saveFile(path, m.Save) }

// LoadWordVectors reads what Save writes. Files are untrusted: nothing is made
// larger than what was read, and errors for what is no such file wrap ErrFormat.
func LoadWordVectors(r io.Reader) (*WordVectors, error) {
	var c WordVectorsConfig
	words := new(datasets.Words)
	f, err := readContainer(r, container{kind: wordVectorsKind, parts: map[string]any{configKey: &c, vocabKey: words}})
	if err != nil {
		return nil, err
	}
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("models: %w: %s: %w", ErrFormat, configKey, err)
	}
	params, err := c.layout(words.Len()).params(f)
	if err != nil {
		return nil, err
	}
	return newWordVectors(c, words, params)
}

// LoadWordVectorsFile is LoadWordVectors from a file.
func LoadWordVectorsFile(path string) (*WordVectors, error) { return loadFile(path, LoadWordVectors) }
