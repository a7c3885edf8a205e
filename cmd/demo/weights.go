package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/models"
)

// weights is the flag for the form in which a model's weights are read.
type weights struct{ name string }

func (w *weights) flag(f *pflag.FlagSet) {
	f.StringVar(&w.name, "weights", models.Float32.String(), "how to read the weights: f32, bf16 (half the bytes) or int8 (a quarter)")
}

// check refuses a name that is unknown.
func (w *weights) check() error {
	if _, err := models.ParsePrecision(w.name); err != nil {
		return usagef("--weights must be f32, bf16 or int8, got %q", w.name)
	}
	return nil
}

// load reads the model at path, with its weights in that form.
func (w *weights) load(path string) (*models.CharLM, error) {
	m, err := models.LoadCharLMFile(path)
	if err != nil {
		return nil, err
	}
	p, err := models.ParsePrecision(w.name)
	if err != nil {
		return nil, err
	}
	if err := m.Narrow(p); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}
