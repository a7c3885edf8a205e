package models

import (
	"fmt"
	"io"
)

const feedForwardKind = "feedforward/1"

// layout is the file's: modules layer0, layer1 and so on, and out.
func (m Perceptron) layout() layout {
	var l layout
	in := m.In
	for i := range m.Layers {
		l = join(l, dense(fmt.Sprintf("layer%d", i), in, m.Hidden))
		in = m.Hidden
	}
	return join(l, dense("out", in, m.Out))
}

// Save writes the model as one safetensors file: parameters under PyTorch's names,
// configuration and columns in the metadata, a checksum over all.
func (m *FeedForward) Save(w io.Writer) error {
	c := container{kind: feedForwardKind, parts: map[string]any{configKey: m.Config, columnsKey: m.Columns}}
	return c.write(w, m.network.layout(), m.Params)
}

// SaveFile is Save to a file that is replaced as a whole.
func (m *FeedForward) SaveFile(path string) error { return saveFile(path, m.Save) }

// LoadFeedForward reads what Save writes. Files are untrusted: nothing is made
// larger than what was read, and errors for what is no such file wrap ErrFormat.
func LoadFeedForward(r io.Reader) (*FeedForward, error) {
	var c FeedForwardConfig
	var columns FeedForwardColumns
	f, err := readContainer(r, container{kind: feedForwardKind, parts: map[string]any{configKey: &c, columnsKey: &columns}})
	if err != nil {
		return nil, err
	}
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("models: %w: %s: %w", ErrFormat, configKey, err)
	}
	if err := columns.check(); err != nil {
		return nil, fmt.Errorf("models: %w: %s: %w", ErrFormat, columnsKey, err)
	}
	network := Perceptron{In: len(columns.Inputs), Hidden: c.Hidden, Layers: c.Layers, Out: max(1, len(columns.Labels))}
	params, err := network.layout().params(f)
	if err != nil {
		return nil, err
	}
	return newFeedForward(c, columns, params)
}

// LoadFeedForwardFile is LoadFeedForward from a file.
func LoadFeedForwardFile(path string) (*FeedForward, error) { return loadFile(path, LoadFeedForward) }
