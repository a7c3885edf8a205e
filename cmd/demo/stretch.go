package main

import (
	"math"
	"strconv"

	"github.com/spf13/pflag"
)

// stretch is the end of a series that is held back from training: a part of the
// moments, a number of them, or a file of those that follow.
type stretch struct {
	name  string // of the flag
	value string // as it was given
	part  float64
	count int
	file  string
}

// flag declares it; use says what it is held back for.
func (h *stretch) flag(f *pflag.FlagSet, name, value, use string) {
	h.name = name
	f.StringVar(&h.value, name, value, use)
}

// check reads the flag.
func (h *stretch) check() error {
	x, err := strconv.ParseFloat(h.value, 64)
	switch {
	case h.value == "":
		return usagef("--%s must be a part of the moments, a number of them, or a file", h.name)
	case err != nil:
		h.file = h.value
	case x >= 0 && x < 1:
		h.part = x
	case x >= 1 && x < 1<<31 && x == math.Trunc(x):
		h.count = int(x)
	default:
		return usagef("--%s must be in [0, 1), a number of moments, or a file, got %v", h.name, x)
	}
	return nil
}

// of is how many of n moments it is.
func (h *stretch) of(n int) int { return h.count + int(math.Round(h.part*float64(n))) }
