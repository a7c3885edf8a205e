package models

import (
	"errors"
	"fmt"
	"io"

	"github.com/unroll-go/unroll/datasets"
)

const (
	forecasterKind = "forecaster/1"
	namesKey       = "unroll.variables"
	scalersKey     = "unroll.scalers"
	shiftsKey      = "unroll.shifts"
)

// scalers are those of a forecaster in its file.
type scalers struct {
	Inputs  *datasets.Scaler `json:"inputs"`
	Targets *datasets.Scaler `json:"targets"`
}

// layout is the file's: modules rnn and out.
func (c ForecasterConfig) layout(variables int) layout {
	return join(c.Recurrent.layout(c.inputs(variables)), dense("out", c.Out(), (1+len(c.Quantiles))*c.Horizon))
}

// Save writes the forecaster as one safetensors file: parameters under PyTorch's
// names; configuration, names, scalers and shifts in the metadata; a checksum over
// all.
func (m *Forecaster) Save(w io.Writer) error {
	c := container{kind: forecasterKind, parts: map[string]any{
		configKey: m.Config, namesKey: m.Names, scalersKey: scalers{m.Inputs, m.Targets}, shiftsKey: m.Shifts,
	}}
	return c.write(w, m.Config.layout(len(m.Names)), m.Params)
}

// SaveFile is Save to a file that is replaced as a whole.
func (m *Forecaster) SaveFile(path string) error { return saveFile(path, m.Save) }

// LoadForecaster reads a forecaster. Files are untrusted: nothing is made larger
// than what was read, and errors for what is no forecaster wrap ErrFormat.
func LoadForecaster(r io.Reader) (*Forecaster, error) {
	var m Forecaster
	var by scalers
	f, err := readContainer(r, container{kind: forecasterKind, parts: map[string]any{
		configKey: &m.Config, namesKey: &m.Names, scalersKey: &by, shiftsKey: &m.Shifts,
	}})
	if err != nil {
		return nil, err
	}
	m.Inputs, m.Targets = by.Inputs, by.Targets
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("models: %w: %w", ErrFormat, err)
	}
	if m.Params, err = m.Config.layout(len(m.Names)).params(f); err != nil {
		return nil, err
	}
	if err := m.build(); err != nil {
		return nil, err
	}
	return &m, nil
}

// LoadForecasterFile is LoadForecaster from a file.
func LoadForecasterFile(path string) (*Forecaster, error) { return loadFile(path, LoadForecaster) }

// check compares what a file's metadata says with what a forecaster may be.
func (m *Forecaster) check() error {
	if _, err := m.Config.Network(len(m.Names)); err != nil {
		return fmt.Errorf("%s: %w", configKey, err)
	}
	for _, by := range []struct {
		scaler  *datasets.Scaler
		columns int
	}{{m.Inputs, m.Config.inputs(len(m.Names))}, {m.Targets, m.Config.Horizon}} {
		if err := checkScaler(by.scaler, by.columns); err != nil {
			return fmt.Errorf("%s: %w", scalersKey, err)
		}
	}
	if want := len(m.Config.Quantiles) * m.Config.Horizon; len(m.Shifts) != want {
		return fmt.Errorf("%s: %d wanted, got %d", shiftsKey, want, len(m.Shifts))
	}
	for _, x := range m.Shifts {
		if !finite(x) {
			return fmt.Errorf("%s: finite numbers wanted, got %v", shiftsKey, x)
		}
	}
	return nil
}

// checkScaler refuses one that is missing, broken or for another width.
func checkScaler(s *datasets.Scaler, columns int) error {
	if s == nil {
		return errors.New("one is missing")
	}
	if err := s.Validate(); err != nil {
		return err
	}
	if s.Columns() != columns {
		return fmt.Errorf("%d columns wanted, got %d", columns, s.Columns())
	}
	return nil
}
