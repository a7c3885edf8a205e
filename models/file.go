package models

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/internal/atomicfile"
	"github.com/unroll-go/unroll/internal/safetensors"
)

// ErrFormat is wrapped by the errors of Load for files that are not models.
var ErrFormat = errors.New("not a model file of this kind")

// The metadata of a model's file.
const (
	kindKey    = "unroll.kind"
	configKey  = "unroll.config"
	vocabKey   = "unroll.vocab"
	charLMKind = "charlm/1"
)

// Save writes the model as one safetensors file: parameters under PyTorch's
// names, configuration and vocabulary in the metadata, a checksum over all.
func (m *CharLM) Save(w io.Writer) error {
	config, err := json.Marshal(m.Config)
	if err != nil {
		return err
	}
	vocab, err := json.Marshal(m.Vocab)
	if err != nil {
		return err
	}
	return safetensors.Write(w, &safetensors.File{
		Metadata: map[string]string{"format": "pt", kindKey: charLMKind, configKey: string(config), vocabKey: string(vocab)},
		Tensors:  m.tensors(),
	})
}

// SaveFile is Save to a file that is replaced as a whole: after a crash or on a
// full disk the old one is still there.
func (m *CharLM) SaveFile(path string) error { return atomicfile.Write(path, m.Save) }

// LoadCharLM reads a model. Files are untrusted: nothing is made larger than
// what was read, and errors for what is no model wrap ErrFormat.
func LoadCharLM(r io.Reader) (*CharLM, error) {
	f, err := safetensors.Read(r, 0)
	if errors.Is(err, safetensors.ErrFormat) || errors.Is(err, safetensors.ErrChecksum) {
		return nil, fmt.Errorf("models: %w: %w", ErrFormat, err)
	} else if err != nil {
		return nil, err
	}
	c, vocab, err := settings(f.Metadata)
	if err != nil {
		return nil, fmt.Errorf("models: %w: %w", ErrFormat, err)
	}
	if err := check(f, c.shapes(vocab.Len())); err != nil {
		return nil, err
	}
	if c.Tied {
		if err := checkTied(f); err != nil {
			return nil, err
		}
	}
	params := graph.NewParams(0)
	if err := c.fill(params, f); err != nil {
		return nil, err
	}
	return newCharLM(c, vocab, params)
}

// settings reads configuration and vocabulary from a file's metadata.
func settings(metadata map[string]string) (c Config, vocab *datasets.Vocab, err error) {
	if got := metadata[kindKey]; got != charLMKind {
		return c, nil, fmt.Errorf("%s is %.80q, %q wanted", kindKey, got, charLMKind)
	}
	if err := json.Unmarshal([]byte(metadata[configKey]), &c); err != nil {
		return c, nil, fmt.Errorf("%s: %w", configKey, err)
	}
	vocab = new(datasets.Vocab)
	if err := json.Unmarshal([]byte(metadata[vocabKey]), vocab); err != nil {
		return c, nil, fmt.Errorf("%s: %w", vocabKey, err)
	}
	if _, err := c.LM(vocab.Len()); err != nil {
		return c, nil, fmt.Errorf("%s: %w", configKey, err)
	}
	return c, vocab, nil
}

// LoadCharLMFile is LoadCharLM from a file.
func LoadCharLMFile(path string) (*CharLM, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := LoadCharLM(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}
