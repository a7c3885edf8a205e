package datasets

import (
	"fmt"
	"io"
	"iter"
	"unicode/utf8"
)

// Row is one row of a [Table].
type Row struct {
	Line  int      // the line of the file it begins on, from 1
	Cells []string // one for each column; the caller may keep and change them
}

// Rows reads the rows of the table, each once: ranging again goes on where the last range stopped. An error, as those of
// [ReadTable], comes with an empty row and is the end.
func (t *Table) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for {
			var row Row
			if t.failed == nil {
				row, t.failed = t.read()
			}
			if t.failed == io.EOF || !yield(row, t.failed) || t.failed != nil {
				return
			}
		}
	}
}

// read returns the next row, or io.EOF.
func (t *Table) read() (Row, error) {
	if row := t.pending; row != nil {
		t.pending = nil
		return *row, nil
	}
	for {
		line, err := t.line()
		if err != nil {
			return Row{}, err
		}
		if len(line) > 0 || len(t.columns) == 1 {
			return t.row(line)
		}
	}
}

// line returns the next line, or io.EOF. Its other errors are complete.
func (t *Table) line() ([]byte, error) {
	line, err := t.lines.next()
	switch {
	case err == io.EOF:
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("datasets: %s: line %d: %w", t.name, t.lines.number, err)
	case !utf8.Valid(line):
		return nil, fmt.Errorf("datasets: %s: line %d: %w", t.name, t.lines.number, badByte(line, invalidAt(line), 0))
	}
	return line, nil
}

// row cuts the line just read into cells, reading on if a quoted cell does.
func (t *Table) row(line []byte) (Row, error) {
	row := Row{Line: t.lines.number}
	var err error
	if row.Cells, err = t.cells(string(line)); err != nil {
		return Row{}, err
	}
	if n, want := len(row.Cells), len(t.columns); n != want && (t.begun || n < want) {
		return Row{}, t.misfit(row.Line, n)
	}
	for i, cell := range row.Cells {
		if len(cell) > t.opt.Cell {
			return Row{}, t.tooLong(row.Line, i)
		}
	}
	return row, nil
}
