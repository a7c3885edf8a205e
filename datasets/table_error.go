package datasets

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// CellError is the error for a row or a cell of a table that is not what it should be.
type CellError struct {
	File   string
	Line   int    // from 1
	Column int    // from 1; 0 for the whole row
	Name   string // of the column; "" if it has none
	Got    string // the cell, quoted and shortened, or what else is there
	Want   string
	Err    error // a sentinel such as ErrTooLarge, or nil
}

// Error reads "datasets: pm25.csv: line 5: column 6 "pm2.5": got "x", wanted a number".
func (e *CellError) Error() string {
	var s strings.Builder
	fmt.Fprintf(&s, "datasets: %s: line %d: ", e.File, e.Line)
	if e.Column > 0 {
		fmt.Fprintf(&s, "column %d", e.Column)
		if e.Name != "" && e.Name != strconv.Itoa(e.Column) {
			fmt.Fprintf(&s, " %s", shortened(e.Name))
		}
		s.WriteString(": ")
	}
	if e.Err != nil {
		fmt.Fprintf(&s, "%v: ", e.Err)
	}
	fmt.Fprintf(&s, "got %s, wanted %s", e.Got, e.Want)
	return s.String()
}

// Unwrap returns Err.
func (e *CellError) Unwrap() error { return e.Err }

// Wrong returns the error for the cell of row in a column, given by its index: a [*CellError] that shows the cell and
// what was wanted, such as "a number".
func (t *Table) Wrong(row Row, column int, want string) error {
	return t.wrong(row.Line, column, shortened(row.Cells[column]), want)
}

// Number reads a cell, given by the column's index, as a number. Spaces around it do not count. A missing one, that is
// an empty cell or NA, N/A, NaN, null or none in any case, is NaN; all else that is not finite is a [*CellError].
func (t *Table) Number(row Row, column int) (float64, error) {
	cell := strings.TrimSpace(row.Cells[column])
	switch strings.ToLower(cell) {
	case "", "na", "n/a", "nan", "null", "none":
		return math.NaN(), nil
	}
	x, err := strconv.ParseFloat(cell, 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
		return 0, t.Wrong(row, column, "a finite number, or NA for a missing one")
	}
	return x, nil
}

// wrong is the error for the cell of a column, given by its index.
func (t *Table) wrong(line, column int, got, want string) *CellError {
	e := &CellError{File: t.name, Line: line, Column: column + 1, Got: got, Want: want}
	if column < len(t.columns) {
		e.Name = t.columns[column]
	}
	return e
}

// misfit is the error for a row that begins on line with n cells.
func (t *Table) misfit(line, n int) error {
	e := &CellError{File: t.name, Line: line, Got: fmt.Sprintf("%d when cut at %q", n, t.opt.Comma)}
	switch {
	case !t.begun:
		e.Want = fmt.Sprintf("at least %d cells, as the header has", t.named)
	default:
		e.Want = fmt.Sprintf("%d cells, as the first row has", len(t.columns))
	}
	return e
}

// tooLarge is the error for a row that begins on line and has n cells or more.
func (t *Table) tooLarge(line, n int) error {
	return &CellError{
		File: t.name, Line: line, Got: fmt.Sprintf("a row of %d cells or more", n),
		Want: fmt.Sprintf("at most %d cells of %d bytes in all", maxColumns, t.lines.most), Err: ErrTooLarge,
	}
}

// tooLong is the error for the cell of a column that begins on line.
func (t *Table) tooLong(line, column int) error {
	e := t.wrong(line, column, "a longer cell", fmt.Sprintf("at most %d bytes", t.opt.Cell))
	e.Err = ErrTooLarge
	return e
}
