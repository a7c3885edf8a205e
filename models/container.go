package models

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/internal/atomicfile"
	"github.com/unroll-go/unroll/internal/safetensors"
)

// ErrFormat is wrapped by the errors of loaders for files that are not models
// of their kind.
var ErrFormat = errors.New("not a model file of this kind")

// The metadata of a model's file: its kind, and texts in JSON.
const (
	kindKey    = "unroll.kind"
	configKey  = "unroll.config"
	vocabKey   = "unroll.vocab"
	labelsKey  = "unroll.labels"
	columnsKey = "unroll.columns"
)

// container is one safetensors file of any kind of model: parameters under the
// names of a layout, and what else the model needs as JSON in the metadata.
type container struct {
	kind  string
	parts map[string]any // by metadata key: what json.Marshal takes, or a datasets.Tokenizer
}

// write writes the file, with a checksum over all.
func (c container) write(w io.Writer, l layout, ps *graph.Params) error {
	f := &safetensors.File{Metadata: map[string]string{"format": "pt", kindKey: c.kind}}
	for key, part := range c.parts {
		text, err := marshal(part)
		if err != nil {
			return err
		}
		f.Metadata[key] = string(text)
	}
	var err error
	if f.Tensors, err = l.tensors(ps); err != nil {
		return err
	}
	return safetensors.Write(w, f)
}

// marshal is a part as text.
func marshal(part any) ([]byte, error) {
	if t, ok := part.(datasets.Tokenizer); ok {
		return datasets.MarshalTokenizer(t)
	}
	return json.Marshal(part)
}

// unmarshal is its inverse, into a pointer.
func unmarshal(text []byte, part any) (err error) {
	if t, ok := part.(*datasets.Tokenizer); ok {
		*t, err = datasets.UnmarshalTokenizer(text)
		return err
	}
	return json.Unmarshal(text, part)
}

// readContainer reads a file of the kind and decodes its parts, pointers by
// metadata key. Files are untrusted: nothing is made larger than what was read,
// and errors for what is no such file wrap ErrFormat.
func readContainer(r io.Reader, c container) (*safetensors.File, error) {
	f, err := safetensors.Read(r, 0)
	if errors.Is(err, safetensors.ErrFormat) || errors.Is(err, safetensors.ErrChecksum) {
		return nil, fmt.Errorf("models: %w: %w", ErrFormat, err)
	} else if err != nil {
		return nil, err
	}
	if err := c.decode(f.Metadata); err != nil {
		return nil, fmt.Errorf("models: %w: %w", ErrFormat, err)
	}
	return f, nil
}

// decode reads the parts from a file's metadata.
func (c container) decode(metadata map[string]string) error {
	if got := metadata[kindKey]; got != c.kind {
		return fmt.Errorf("%s is %.80q, %q wanted", kindKey, got, c.kind)
	}
	for _, key := range slices.Sorted(maps.Keys(c.parts)) {
		if err := unmarshal([]byte(metadata[key]), c.parts[key]); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}

// declare adds the parameters of a formula to params: those that a file has not
// filled get their initial values.
func declare(params *graph.Params, key graph.Key, formula func(*graph.Builder)) error {
	p, err := graph.Build(params, key, formula)
	if err != nil {
		return err
	}
	return p.Close()
}

// saveFile replaces a file as a whole: after a crash or on a full disk the old
// one is still there.
func saveFile(path string, save func(io.Writer) error) error { return atomicfile.Write(path, save) }

// loadFile opens a file for a loader, whose errors it gives the file's name.
func loadFile[M any](path string, load func(io.Reader) (*M, error)) (*M, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := load(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}
