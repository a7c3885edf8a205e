package models

import (
	"fmt"

	"github.com/unroll-go/unroll/datasets"
)

// Column says how a network reads one column of a table. [Cat], [OneHot], [Num]
// and [Text] make them.
type Column struct {
	Name string     `json:"name"`
	Kind ColumnKind `json:"kind"`

	Width    int `json:"width,omitempty"`     // of the embedding of a Cat column
	Max      int `json:"max,omitempty"`       // most categories, "other" included, the frequent ones; 0: all
	MinCount int `json:"min_count,omitempty"` // categories that are rarer count as "other"
}

// ColumnKind is what is made of a column's values.
type ColumnKind string

// The kinds of columns.
const (
	CatColumn    ColumnKind = "cat"    // a row of a table that is learnt, one for each category
	OneHotColumn ColumnKind = "onehot" // a 1 at the category, 0 at the others; all 0 for "other"
	NumColumn    ColumnKind = "num"    // a number, scaled to mean 0 and deviation 1
	TextColumn   ColumnKind = "text"   // the mean of what a recurrent network says at each token
)

// Cat is a column of categories, each with a vector of the width, learnt with
// the rest (Guo and Berkhahn 2016).
func Cat(name string, width int) Column { return Column{Name: name, Kind: CatColumn, Width: width} }

// OneHot is a column of few categories, each an input of its own.
func OneHot(name string) Column { return Column{Name: name, Kind: OneHotColumn} }

// Num is a column of numbers, of which some may be missing.
func Num(name string) Column { return Column{Name: name, Kind: NumColumn} }

// Text is a column of texts. A table has at most one.
func Text(name string) Column { return Column{Name: name, Kind: TextColumn} }

// named tells whether the values are categories.
func (c Column) named() bool { return c.Kind == CatColumn || c.Kind == OneHotColumn }

// validate names the field that is out of range.
func (c Column) validate() error {
	switch {
	case !c.named() && c.Kind != NumColumn && c.Kind != TextColumn:
		return fmt.Errorf("kind %.80q is unknown; there are cat, onehot, num, text", c.Kind)
	case c.Kind == CatColumn && (c.Width < 1 || c.Width > maxWidth):
		return fmt.Errorf("the width must be in [1, %d], got %d", maxWidth, c.Width)
	case c.Kind != CatColumn && c.Width != 0:
		return fmt.Errorf("only an embedding has a width, got %d", c.Width)
	case c.Max < 0 || c.MinCount < 0:
		return fmt.Errorf("max and min_count must be at least 0, got %d and %d", c.Max, c.MinCount)
	}
	return nil
}

// Columns are the columns that a network reads side by side:
//
//	models.Columns{models.Cat("tailnum", 16), models.OneHot("carrier"), models.Num("distance")}
type Columns []Column

// maxColumns bounds them.
const maxColumns = 1 << 12

// Validate names the column that cannot be read.
func (c Columns) Validate() error {
	if len(c) < 1 || len(c) > maxColumns {
		return fmt.Errorf("models: 1 to %d columns wanted, got %d", maxColumns, len(c))
	}
	for _, col := range c {
		if err := col.validate(); err != nil {
			return fmt.Errorf("models: column %.80q: %w", col.Name, err)
		}
	}
	if n := len(c.of(TextColumn)); n > 1 {
		return fmt.Errorf("models: at most 1 text column wanted, got %d", n)
	}
	return nil
}

// of are the places of the columns of some kinds.
func (c Columns) of(kinds ...ColumnKind) []int {
	var at []int
	for i, col := range c {
		for _, k := range kinds {
			if col.Kind == k {
				at = append(at, i)
			}
		}
	}
	return at
}

// Value is a cell of a table: Text of a column of categories or texts, Number of
// a column of numbers, NaN where it is missing.
type Value struct {
	Text   string
	Number float64
}

// Record is a row of a table: a value for each of some Columns, in their order.
type Record []Value

// categories counts the values of column i of records.
func (c Columns) categories(i int, records []Record) (*datasets.Categories, error) {
	values := make([]string, len(records))
	for k, r := range records {
		values[k] = r[i].Text
	}
	found, err := datasets.NewCategories(datasets.CategoriesOptions{Max: c[i].Max, MinCount: c[i].MinCount}, values...)
	if err != nil {
		return nil, fmt.Errorf("models: column %.80q: %w", c[i].Name, err)
	}
	return found, checkCategories(c[i], found)
}

// maxOneHot bounds the inputs of a one-hot column.
const maxOneHot = 1 << 13

// checkCategories refuses what a column cannot make inputs of.
func checkCategories(c Column, found *datasets.Categories) error {
	n := found.Len() - 1
	switch {
	case c.Kind == OneHotColumn && n > maxOneHot:
		return fmt.Errorf("models: column %.80q: %d categories, at most %d wanted for one-hot; an embedding takes more", c.Name, n, maxOneHot)
	case c.Kind == OneHotColumn && n == 0:
		return fmt.Errorf("models: column %.80q: no category is frequent enough to be an input, at least 1 wanted", c.Name)
	}
	return nil
}
