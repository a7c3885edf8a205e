package main

import (
	"strconv"

	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/datasets"
)

// holdout is what is held back from training: a part of the data, drawn by the
// seed, or a file of its own.
type holdout struct {
	name  string // of the flag
	value string // as it was given
	part  float64
	file  string
}

// flag declares it; use says what it is held back for.
func (h *holdout) flag(f *pflag.FlagSet, name, value, use string) {
	h.name = name
	f.StringVar(&h.value, name, value, "part of the data, by --seed, or a file, held back "+use+" (0: none)")
}

// check reads the flag.
func (h *holdout) check() error {
	x, err := strconv.ParseFloat(h.value, 64)
	switch {
	case h.value == "":
		return usagef("--%s must be a part of the data or a file", h.name)
	case err != nil:
		h.file = h.value
	case !(x >= 0 && x < 1):
		return usagef("--%s must be in [0, 1), or a file, got %v", h.name, x)
	default:
		h.part = x
	}
	return nil
}

// take gives the rows that are held back: those of the file, as read reads it,
// or a part of rows, which loses them.
func take[E any](h *holdout, rows []E, seed uint64, read func(path string) ([]E, error)) (rest, held []E, err error) {
	switch {
	case h.file != "":
		held, err = read(h.file)
		return rows, held, err
	case h.part == 0:
		return rows, nil, nil
	}
	return datasets.HoldOut(rows, h.part, seed)
}
