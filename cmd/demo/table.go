package main

import (
	"unicode/utf8"

	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/datasets"
)

// table is how the flags say that tables are read.
type table struct {
	separator string
	noHeader  bool
}

func (t *table) flags(f *pflag.FlagSet) {
	t.separatorFlag(f)
	f.BoolVar(&t.noHeader, "no-header", false, "the first line is a row; columns have numbers, from 1")
}

// separatorFlag is for commands that know of a header by another flag.
func (t *table) separatorFlag(f *pflag.FlagSet) {
	f.StringVar(&t.separator, "separator", "auto", "character between columns, or auto: a tab where there is one, else a comma")
}

// check refuses a separator that is none.
func (t *table) check() error {
	if t.separator != "auto" && t.separator != `\t` && utf8.RuneCountInString(t.separator) != 1 {
		return usagef("--separator must be one character, or auto, got %q", t.separator)
	}
	return nil
}

// open opens a table; it is to be closed.
func (t *table) open(path string) (*datasets.Table, error) {
	return datasets.OpenTable(path, t.options())
}

// options are what the flags say.
func (t *table) options() datasets.TableOptions {
	opt := datasets.TableOptions{NoHeader: t.noHeader}
	switch t.separator {
	case "auto":
	case `\t`:
		opt.Comma = '\t'
	default:
		opt.Comma, _ = utf8.DecodeRuneInString(t.separator)
	}
	return opt
}
