package models

import (
	"fmt"
	"math"
	"slices"

	"github.com/unroll-go/unroll/datasets"
)

// Features turns records into what a network reads. It is fitted on the rows
// that are trained on alone.
//
// A category without an entry, unseen ones included, is "other". A number x of
// mean m and deviation s is (x-m)/s, at most 1000 in size; a missing one is 0,
// the mean, and where numbers were missing in the rows of the fit the column has
// an input more, which is 1 where the number is missing and 0 elsewhere.
type Features struct {
	Columns    Columns
	Categories []*datasets.Categories // of the Cat and OneHot columns, in their order
	Scaler     *datasets.Scaler       // of the Num columns; nil if there are none
	Missing    []bool                 // which of the Num columns say that a number is missing
	Tokens     datasets.Tokenizer     // of the Text column; nil if there is none
}

// Fit counts the categories and measures the numbers of records. tokens reads
// the text column and is nil without one. It is an error if there are no records,
// a record has not a value for each column, a column of numbers has none at all
// or an infinite one, or a category is longer than [datasets.MaxCategory].
func (c Columns) Fit(records []Record, tokens datasets.Tokenizer) (*Features, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if len(records) == 0 {
		return nil, fmt.Errorf("models: at least 1 record wanted to fit columns")
	}
	for i, r := range records {
		if len(r) != len(c) {
			return nil, fmt.Errorf("models: record %d: %d values wanted, one for each column, got %d", i, len(c), len(r))
		}
	}
	f := &Features{Columns: c, Tokens: tokens}
	for _, i := range c.of(CatColumn, OneHotColumn) {
		found, err := c.categories(i, records)
		if err != nil {
			return nil, err
		}
		f.Categories = append(f.Categories, found)
	}
	if err := f.fitNumbers(records); err != nil {
		return nil, err
	}
	return f, f.check()
}

// fitNumbers measures the columns of numbers.
func (f *Features) fitNumbers(records []Record) error {
	for _, i := range f.Columns.of(NumColumn) {
		column := make([]float64, len(records))
		for row, r := range records {
			column[row] = r[i].Number
		}
		one, err := datasets.FitScaler(datasets.Standard, column, 1)
		if err != nil {
			return fmt.Errorf("models: column %.80q: %w", f.Columns[i].Name, err)
		}
		if f.Scaler == nil {
			f.Scaler = &datasets.Scaler{Kind: one.Kind}
		}
		f.Scaler.Shift, f.Scaler.Scale = append(f.Scaler.Shift, one.Shift[0]), append(f.Scaler.Scale, one.Scale[0])
		f.Missing = append(f.Missing, slices.ContainsFunc(column, math.IsNaN))
	}
	return nil
}

// check compares the parts with the columns.
func (f *Features) check() error {
	if err := f.Columns.Validate(); err != nil {
		return err
	}
	named, nums := f.Columns.of(CatColumn, OneHotColumn), f.Columns.of(NumColumn)
	if len(f.Categories) != len(named) {
		return fmt.Errorf("models: %d lists of categories for %d columns", len(f.Categories), len(named))
	}
	for k, i := range named {
		if f.Categories[k] == nil {
			return fmt.Errorf("models: column %.80q has no categories", f.Columns[i].Name)
		}
		if err := checkCategories(f.Columns[i], f.Categories[k]); err != nil {
			return err
		}
	}
	if len(f.Missing) != len(nums) || (f.Scaler == nil) != (len(nums) == 0) {
		return fmt.Errorf("models: %d columns of numbers, but a scaler: %t, and %d marks of missing ones", len(nums), f.Scaler != nil, len(f.Missing))
	}
	if f.Scaler != nil {
		if err := f.Scaler.Validate(); err != nil {
			return err
		}
		if f.Scaler.Columns() != len(nums) {
			return fmt.Errorf("models: a scaler of %d columns for %d", f.Scaler.Columns(), len(nums))
		}
	}
	if (f.Tokens != nil) != (len(f.Columns.of(TextColumn)) == 1) {
		return fmt.Errorf("models: a tokenizer is wanted for a text column, and for nothing else")
	}
	return nil
}

// numbers is how many numbers a row has, marks of missing ones included.
func (f *Features) numbers() int {
	n := len(f.Missing)
	for _, m := range f.Missing {
		if m {
			n++
		}
	}
	return n
}

// maxScaled bounds a scaled number, so that none is beyond float32.
const maxScaled = 1000

// scaled are the numbers of a record, and the marks of missing ones behind them.
func (f *Features) scaled(r Record) ([]float64, error) {
	out := make([]float64, 0, f.numbers())
	var marks []float64
	for k, i := range f.Columns.of(NumColumn) {
		x, mark := (r[i].Number-f.Scaler.Shift[k])/f.Scaler.Scale[k], 0.0
		switch {
		case math.IsInf(r[i].Number, 0):
			return nil, fmt.Errorf("models: column %.80q: a finite number wanted, or NaN for a missing one, got %v", f.Columns[i].Name, r[i].Number)
		case math.IsNaN(r[i].Number):
			x, mark = 0, 1
		}
		out = append(out, min(max(x, -maxScaled), maxScaled))
		if f.Missing[k] {
			marks = append(marks, mark)
		}
	}
	return append(out, marks...), nil
}

// ids are the entries of the categories of a record.
func (f *Features) ids(r Record) []int {
	at := f.Columns.of(CatColumn, OneHotColumn)
	out := make([]int, len(at))
	for k, i := range at {
		out[k] = f.Categories[k].ID(r[i].Text)
	}
	return out
}
