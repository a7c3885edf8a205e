package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// tabularReader reads the rows of a table for some columns.
type tabularReader struct {
	table
	columns models.Columns
	target  string   // column; "": nothing is to be predicted, rows have records alone
	regress bool     // the target is a number
	known   []string // labels that are learnt already, sorted; nil: any

	left int // rows that were left out, as nothing is in the target's column
}

// read reads the rows that are selected.
func (t *tabularReader) read(path string, s *selection) ([]tabularRow, error) {
	var rows []tabularRow
	err := t.each(path, s, func(row tabularRow) error {
		rows = append(rows, row)
		return nil
	})
	if err == nil && len(rows) == 0 {
		err = fmt.Errorf("%s: %w: at least 1 row with a target wanted%s", path, datasets.ErrEmpty, ofSelection(s))
	}
	return rows, err
}

func ofSelection(s *selection) string {
	if s.text == "" {
		return ""
	}
	return fmt.Sprintf(" among those of --%s %s", s.flag, s.text)
}

// each hands over the rows that are selected.
func (t *tabularReader) each(path string, s *selection, use func(tabularRow) error) error {
	file, err := t.open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	return t.eachOf(file, s, use)
}

// eachFrom hands over the rows of standard input that are selected.
func (t *tabularReader) eachFrom(r io.Reader, s *selection, use func(tabularRow) error) error {
	file, err := datasets.ReadTable(r, "standard input", t.options())
	if err != nil {
		return err
	}
	return t.eachOf(file, s, use)
}

func (t *tabularReader) eachOf(file *datasets.Table, s *selection, use func(tabularRow) error) error {
	at, target, err := t.find(file)
	if err != nil {
		return err
	}
	selected, err := s.in(file)
	if err != nil {
		return err
	}
	seen := map[string]string{} // a category is kept once, not once for each row
	for row, err := range file.Rows() {
		if err != nil {
			return err
		}
		if !selected(row) {
			continue
		}
		r, ok, err := t.row(file, row, at, target, seen)
		if err != nil {
			return err
		}
		if !ok {
			t.left++
			continue
		}
		if err := use(r); err != nil {
			return err
		}
	}
	return nil
}

// find looks the columns up; target is -1 if none is wanted.
func (t *tabularReader) find(file *datasets.Table) (at []int, target int, err error) {
	at, target = make([]int, len(t.columns)), -1
	for i, c := range t.columns {
		if at[i], err = file.Column(c.Name); err != nil {
			return nil, 0, fmt.Errorf("%w (--%s chooses it)", err, c.Kind)
		}
	}
	if t.target != "" {
		if target, err = file.Column(t.target); err != nil {
			return nil, 0, fmt.Errorf("%w (--label chooses it)", err)
		}
	}
	return at, target, nil
}

// row reads a row; ok is false for one without a target.
func (t *tabularReader) row(file *datasets.Table, row datasets.Row, at []int, target int, seen map[string]string) (r tabularRow, ok bool, err error) {
	if target >= 0 {
		if ok, err := t.readTarget(file, row, target, &r); err != nil || !ok {
			return r, false, err
		}
		r.label = kept(seen, r.label)
	}
	r.record = make(models.Record, len(at))
	for i, c := range t.columns {
		cell := strings.TrimSpace(row.Cells[at[i]])
		switch c.Kind {
		case models.NumColumn:
			r.record[i].Number, err = file.NumberOrDate(row, at[i])
		case models.TextColumn:
			r.record[i].Text = strings.Clone(cell)
		default:
			if len(cell) > datasets.MaxCategory {
				err = file.Wrong(row, at[i], fmt.Sprintf("a category of at most %d bytes", datasets.MaxCategory))
			}
			r.record[i].Text = kept(seen, cell)
		}
		if err != nil {
			return r, false, err
		}
	}
	return r, true, nil
}

// readTarget reads the label or the number of a row.
func (t *tabularReader) readTarget(file *datasets.Table, row datasets.Row, target int, r *tabularRow) (ok bool, err error) {
	if t.regress {
		r.y, err = file.Number(row, target)
		return !math.IsNaN(r.y), err
	}
	r.label = strings.TrimSpace(row.Cells[target])
	switch _, found := slices.BinarySearch(t.known, r.label); {
	case r.label == "" || r.label == "NA":
		return false, nil
	case len(r.label) > maxLabel:
		return false, file.Wrong(row, target, fmt.Sprintf("a label of at most %d bytes", maxLabel))
	case t.known != nil && !found:
		return false, file.Wrong(row, target, "one of the labels that the model has learnt: "+listed(t.known))
	}
	return true, nil
}

// kept is the copy of a text that is kept for all rows.
func kept(seen map[string]string, text string) string {
	if old, ok := seen[text]; ok {
		return old
	}
	text = strings.Clone(text)
	seen[text] = text
	return text
}
