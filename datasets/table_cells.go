package datasets

import (
	"fmt"
	"io"
	"strings"
)

// Quotes says whether cells of a table may stand in double quotes, as in RFC 4180: such a cell begins and ends with a
// quote, holds delimiters and line ends (which become "\n"), and each quote in it is written twice.
type Quotes int

const (
	// QuotesAuto is QuotesAlways, but in tab-separated text quotes are mostly just text: there a line that has the right
	// number of cells when cut at every tab is cut so, quotes and all, and only a line that has not is read with quotes.
	// If every name in the header stands in quotes, it is QuotesAlways there too.
	QuotesAuto Quotes = iota
	// QuotesAlways reads every cell that begins with a quote as a quoted one. A quote elsewhere is text.
	QuotesAlways
	// QuotesNever takes quotes as text: a line is a row.
	QuotesNever
)

// cells cuts the text of a line.
func (t *Table) cells(text string) ([]string, error) {
	plain := t.opt.Quotes == QuotesNever || !strings.Contains(text, `"`)
	n := strings.Count(text, t.comma) + 1
	if !plain && t.opt.Quotes == QuotesAuto && t.opt.Comma == '\t' {
		plain = n == len(t.columns) || len(t.columns) == 0
	}
	switch {
	case !plain:
		return t.quoted(text)
	case n > maxColumns:
		return nil, t.tooLarge(t.lines.number, n)
	case t.begun && n != len(t.columns):
		return nil, t.misfit(t.lines.number, n)
	}
	return strings.Split(text, t.comma), nil
}

// quoted cuts the text of a line in which cells may stand in quotes.
func (t *Table) quoted(text string) ([]string, error) {
	cells := make([]string, 0, len(t.columns))
	start, size := t.lines.number, 0
	for more := true; more; {
		var cell string
		if quoted, ok := strings.CutPrefix(text, `"`); ok {
			var err error
			if cell, text, more, err = t.unquote(quoted, len(cells)); err != nil {
				return nil, err
			}
		} else {
			cell, text, more = strings.Cut(text, t.comma)
		}
		cells = append(cells, cell)
		if size += len(cell); size > t.lines.most || len(cells) > maxColumns {
			return nil, t.tooLarge(start, len(cells))
		}
	}
	return cells, nil
}

// allQuoted reports whether each cell of a line begins and ends with a quote.
func allQuoted(line, comma string) bool {
	for cell := range strings.SplitSeq(line, comma) {
		if len(cell) < 2 || cell[0] != '"' || cell[len(cell)-1] != '"' {
			return false
		}
	}
	return true
}

// unquote reads the cell of a column from after its opening quote to the delimiter, which is dropped, and returns the
// rest of the line; more is false if the line ended instead.
func (t *Table) unquote(text string, column int) (cell, rest string, more bool, err error) {
	open := t.lines.number
	var b strings.Builder
	for {
		before, after, closed := strings.Cut(text, `"`)
		b.WriteString(before)
		switch {
		case b.Len() > t.opt.Cell:
			return "", "", false, t.tooLong(open, column)
		case !closed:
			b.WriteByte('\n')
			line, err := t.line()
			if err == io.EOF {
				return "", "", false, t.wrong(open, column, "no closing quote", `a quote at the end of the cell`)
			} else if err != nil {
				return "", "", false, err
			}
			text = string(line)
		case strings.HasPrefix(after, `"`):
			b.WriteByte('"')
			text = after[1:]
		case after == "":
			return b.String(), "", false, nil
		default:
			rest, ok := strings.CutPrefix(after, t.comma)
			if !ok {
				return "", "", false, t.wrong(t.lines.number, column, shortened(after)+" after the closing quote",
					fmt.Sprintf("%q or the end of the line", t.opt.Comma))
			}
			return b.String(), rest, true, nil
		}
	}
}
