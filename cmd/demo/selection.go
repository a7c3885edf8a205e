package main

import (
	"strconv"
	"strings"

	"github.com/unroll-go/unroll/datasets"
)

// selection is which rows of a table are read, as a flag says it: those whose
// cell in a column is one of some values, or in a range of numbers.
type selection struct {
	flag, text string
	column     string
	values     []string
	ranges     [][2]float64
}

// check reads COLUMN=VALUE,VALUE-VALUE; no text selects all rows.
func (s *selection) check() error {
	s.values, s.ranges = nil, nil
	if s.text == "" {
		return nil
	}
	column, list, ok := strings.Cut(s.text, "=")
	if !ok || column == "" || list == "" {
		return usagef("--%s must be COLUMN=VALUES, such as month=1-9,12, got %q", s.flag, s.text)
	}
	s.column = column
	for value := range strings.SplitSeq(list, ",") {
		from, to, ok := strings.Cut(value, "-")
		lo, err := strconv.ParseFloat(from, 64)
		hi, err2 := strconv.ParseFloat(to, 64)
		switch {
		case !ok || err != nil || err2 != nil:
			s.values = append(s.values, value)
		case !(lo <= hi):
			return usagef("--%s: a range from the smaller to the larger number wanted, got %q", s.flag, value)
		default:
			s.ranges = append(s.ranges, [2]float64{lo, hi})
		}
	}
	return nil
}

// in gives the test for the rows of a table.
func (s *selection) in(file *datasets.Table) (func(datasets.Row) bool, error) {
	if s.column == "" {
		return func(datasets.Row) bool { return true }, nil
	}
	column, err := file.Column(s.column)
	if err != nil {
		return nil, usagef("--%s: %w", s.flag, err)
	}
	return func(row datasets.Row) bool { return s.has(strings.TrimSpace(row.Cells[column])) }, nil
}

// has tells whether a cell is selected.
func (s *selection) has(cell string) bool {
	for _, v := range s.values {
		if cell == v {
			return true
		}
	}
	x, err := strconv.ParseFloat(cell, 64)
	for _, r := range s.ranges {
		if err == nil && x >= r[0] && x <= r[1] {
			return true
		}
	}
	return false
}
