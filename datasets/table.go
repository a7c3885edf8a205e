package datasets

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"
)

// TableOptions are the choices of [ReadTable]. The zero value reads tab- and comma-separated files with a header.
type TableOptions struct {
	Comma    rune   // between cells. 0: a tab if the first line has one or the name says so (.tsv, .tab), else a comma
	NoHeader bool   // the first line is a row: columns have numbers only
	Quotes   Quotes // whether cells may stand in double quotes
	Limit    int64  // most bytes of text, counted after decompression. 0: DefaultLimit
	Cell     int    // most bytes of one cell; a row has at most 16 times as many. 0: DefaultCell
}

// DefaultCell is the longest cell that is read unless [TableOptions] says otherwise: 1 MiB.
const DefaultCell = 1 << 20

const (
	rowCells   = 16      // a row is at most so many of the largest cells
	maxColumns = 1 << 16 // cells of a row
)

// Table reads a table of text row by row, so that it may be larger than memory. It belongs to one goroutine.
type Table struct {
	name    string
	opt     TableOptions // without zero values
	comma   string       // opt.Comma
	lines   *lineReader
	columns []string // as many as a row has cells; those without a name have their number
	named   int      // columns that the header names
	begun   bool     // the first row has been read, which says how many cells a row has
	failed  error    // what ended the rows
	pending *Row     // that row, until it is asked for
	file    io.Closer
}

// OpenTable opens the file at path as [ReadTable] does. The table is to be closed.
func OpenTable(path string, opt TableOptions) (*Table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("datasets: %w", err)
	}
	t, err := ReadTable(f, path, opt)
	if err != nil {
		f.Close()
		return nil, err
	}
	t.file = f
	return t, nil
}

// Close closes the file of [OpenTable]; on a table of [ReadTable] it does nothing.
func (t *Table) Close() error {
	if t.file == nil {
		return nil
	}
	return t.file.Close()
}

// ReadTable reads the header and the first row of a table in UTF-8; the other rows follow as [Table.Rows] asks for them.
// The name is for errors, and for the delimiter if opt.Comma is 0.
//
// Gzip is recognised by its first bytes. A byte order mark is dropped, lines may end in "\n", "\r\n" or "\r", in one file
// too, and empty lines are passed over unless rows have one cell. Cells are kept as they are, spaces and empty ones
// included. All rows have as many cells as the first, which may have more than the header names: those beyond have numbers.
//
// Errors name the file and the line: no line at all, which wraps [ErrEmpty]; fewer cells than the header; invalid UTF-8;
// text, a row or a cell beyond the limits, which wraps [ErrTooLarge] and stops the decompression there; quotes that do
// not close; senseless options; and whatever r or gzip report.
func ReadTable(r io.Reader, name string, opt TableOptions) (*Table, error) {
	if err := opt.fill(); err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", name, err)
	}
	lines, err := newLineReader(r, opt)
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", name, err)
	}
	t := &Table{name: name, opt: opt, lines: lines}
	if err := t.begin(); err != nil {
		return nil, err
	}
	return t, nil
}

// fill checks the options and puts the defaults where they are zero, but for Comma.
func (opt *TableOptions) fill() error {
	switch {
	case opt.Limit < 0 || opt.Cell < 0 || opt.Cell > 1<<30:
		return fmt.Errorf("limits of %d bytes and %d for a cell, wanted 0 or more, and at most %d for a cell",
			opt.Limit, opt.Cell, 1<<30)
	case opt.Comma < 0 || strings.ContainsRune("\"\r\n\uFEFF\uFFFD", opt.Comma) || !utf8.ValidRune(opt.Comma):
		return fmt.Errorf("delimiter %q, wanted a character that is neither a quote nor a line end", opt.Comma)
	case opt.Quotes < QuotesAuto || opt.Quotes > QuotesNever:
		return fmt.Errorf("quotes %d, wanted QuotesAuto, QuotesAlways or QuotesNever", opt.Quotes)
	}
	if opt.Limit == 0 {
		opt.Limit = DefaultLimit
	}
	if opt.Cell == 0 {
		opt.Cell = DefaultCell
	}
	return nil
}

// begin reads the header, if there is one, and the first row.
func (t *Table) begin() error {
	var line []byte
	for len(line) == 0 {
		var err error
		if line, err = t.line(); err == io.EOF {
			return fmt.Errorf("datasets: %s: %w", t.name, ErrEmpty)
		} else if err != nil {
			return err
		}
	}
	if t.opt.Comma == 0 {
		t.opt.Comma = comma(line, t.name)
	}
	t.comma = string(t.opt.Comma)
	if !t.opt.NoHeader && t.opt.Quotes == QuotesAuto && allQuoted(string(line), t.comma) {
		t.opt.Quotes = QuotesAlways
	}

	row, err := t.row(line)
	if err == nil && !t.opt.NoHeader {
		t.columns, t.named = row.Cells, len(row.Cells)
		row, err = t.read()
	}
	if err == io.EOF {
		return nil // a header without rows
	} else if err != nil {
		return err
	}
	for i := len(t.columns); i < len(row.Cells); i++ {
		t.columns = append(t.columns, fmt.Sprint(i+1))
	}
	t.begun, t.pending = true, &row
	return nil
}

// comma guesses the delimiter of a table from its first line and its name.
func comma(line []byte, name string) rune {
	name = strings.TrimSuffix(strings.ToLower(name), ".gz")
	if strings.ContainsRune(string(line), '\t') || strings.HasSuffix(name, ".tsv") || strings.HasSuffix(name, ".tab") {
		return '\t'
	}
	return ','
}
