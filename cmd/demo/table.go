package main

import (
	"unicode/utf8"

	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/datasets"
)

// table is how the flags say that tables are read.
type table struct {
	comma    string
	noHeader bool
}

func (t *table) flags(f *pflag.FlagSet) {
	f.StringVar(&t.comma, "comma", "auto", "character between columns, or auto: a tab where there is one, else a comma")
	f.BoolVar(&t.noHeader, "no-header", false, "the first line is a row; columns have numbers, from 1")
}

// check refuses a delimiter that is none.
func (t *table) check() error {
	if t.comma != "auto" && t.comma != `\t` && utf8.RuneCountInString(t.comma) != 1 {
		return usagef("--comma must be one character, or auto, got %q", t.comma)
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
	switch t.comma {
	case "auto":
	case `\t`:
		opt.Comma = '\t'
	default:
		opt.Comma, _ = utf8.DecodeRuneInString(t.comma)
	}
	return opt
}
