package models

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/unroll-go/unroll/datasets"
)

const (
	tabularKind = "tabular/1"
	targetKey   = "unroll.target"
)

// storedFeatures is the stored form of Features.
type storedFeatures struct {
	Columns    Columns                `json:"columns"`
	Categories []*datasets.Categories `json:"categories"`
	Scaler     *datasets.Scaler       `json:"scaler,omitempty"`
	Missing    []bool                 `json:"missing,omitempty"`
	Tokens     json.RawMessage        `json:"tokens,omitempty"`
}

// storedTarget is the stored form of Target.
type storedTarget struct {
	Name   string           `json:"name,omitempty"`
	Labels []string         `json:"labels,omitempty"`
	Scaler *datasets.Scaler `json:"scaler,omitempty"`
}

// layout is the file's: modules tables.0, tables.1 .., text.embed, text.rnn,
// body.0, body.1 .. and out.
func (j Joined) layout(c TabularConfig) layout {
	var l layout
	for i, t := range j.Tables {
		l = append(l, embedding(fmt.Sprintf("tables/%d", i), t.Rows, t.Width)...)
	}
	if j.Text != nil {
		l = join(l, embedding("text/embed", j.Text.Embed.Rows, j.Text.Embed.Width),
			recurrent("text/rnn", c.Text.Recurrent, j.Text.Embed.Width))
	}
	width := j.In()
	for i, hidden := range j.Body {
		l = append(l, dense(fmt.Sprintf("body/%d", i), width, hidden)...)
		width = hidden
	}
	return join(l, dense("out", width, j.Out))
}

// Save writes the model as one safetensors file: parameters under PyTorch's
// names; configuration, columns with their categories, scales and tokenizer, and
// the target in the metadata; a checksum over all.
func (m *Tabular) Save(w io.Writer) error {
	f := storedFeatures{Columns: m.Features.Columns, Categories: m.Features.Categories, Scaler: m.Features.Scaler, Missing: m.Features.Missing}
	if m.Features.Tokens != nil {
		var err error
		if f.Tokens, err = datasets.MarshalTokenizer(m.Features.Tokens); err != nil {
			return err
		}
	}
	c := container{kind: tabularKind, parts: map[string]any{
		configKey: m.Config, columnsKey: f, targetKey: storedTarget(m.Target),
	}}
	return c.write(w, m.network.layout(m.Config), m.Params)
}

// SaveFile is Save to a file that is replaced as a whole.
func (m *Tabular) SaveFile(path string) error { return saveFile(path, m.Save) }

// LoadTabular reads a model. Files are untrusted: nothing is made larger than
// what was read, and errors for what is no tabular model wrap ErrFormat.
func LoadTabular(r io.Reader) (*Tabular, error) {
	var c TabularConfig
	var stored storedFeatures
	var target storedTarget
	f, err := readContainer(r, container{kind: tabularKind, parts: map[string]any{configKey: &c, columnsKey: &stored, targetKey: &target}})
	if err != nil {
		return nil, err
	}
	features, err := stored.features()
	if err != nil {
		return nil, fmt.Errorf("models: %w: %s: %w", ErrFormat, columnsKey, err)
	}
	network, err := c.network(features, Target(target))
	if err != nil {
		return nil, fmt.Errorf("models: %w: %w", ErrFormat, err)
	}
	params, err := network.layout(c).params(f)
	if err != nil {
		return nil, err
	}
	return newTabular(c, features, Target(target), params)
}

// LoadTabularFile is LoadTabular from a file.
func LoadTabularFile(path string) (*Tabular, error) { return loadFile(path, LoadTabular) }

// features are the features that were stored.
func (s storedFeatures) features() (*Features, error) {
	f := &Features{Columns: s.Columns, Categories: s.Categories, Scaler: s.Scaler, Missing: s.Missing}
	if s.Tokens != nil {
		var err error
		if f.Tokens, err = datasets.UnmarshalTokenizer(s.Tokens); err != nil {
			return nil, err
		}
	}
	return f, f.check()
}
