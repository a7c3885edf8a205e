package datasets

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Columns are the names of the columns, as many as a row has cells. A column that the header does not name, and each one
// if there is no header, has its number, from 1.
func (t *Table) Columns() []string { return slices.Clone(t.columns) }

// Column returns the index in [Row.Cells] of the column with that name or, if none has it, with that number from 1: of
// a table id, document, label both "document" and "2" give 1. A name is compared as it is, spaces and case included. It is
// an error, which lists what there is, if no column or more than one has the name.
func (t *Table) Column(nameOrNumber string) (int, error) {
	i := slices.Index(t.columns, nameOrNumber)
	if i >= 0 {
		if j := slices.Index(t.columns[i+1:], nameOrNumber); j >= 0 {
			return 0, fmt.Errorf("datasets: %s: columns %d and %d are both %q: give the number",
				t.name, i+1, i+j+2, nameOrNumber)
		}
		return i, nil
	}
	if n, err := strconv.Atoi(nameOrNumber); err == nil && n >= 1 && n <= len(t.columns) {
		return n - 1, nil
	}
	return 0, fmt.Errorf("datasets: %s: no column %q; there are %s", t.name, nameOrNumber, t.listing())
}

// listing shows the columns with their numbers, and the delimiter if it looks wrong.
func (t *Table) listing() string {
	const most = 30
	var s strings.Builder
	fmt.Fprintf(&s, "%d, cut at %q:", len(t.columns), t.opt.Comma)
	for i, name := range t.columns[:min(most, len(t.columns))] {
		fmt.Fprintf(&s, " %d %s,", i+1, shortened(name))
	}
	if len(t.columns) > most {
		return s.String() + " ..."
	}
	list := strings.TrimSuffix(s.String(), ",")
	if len(t.columns) == 1 && strings.ContainsAny(t.columns[0], ",;\t|") {
		list += " (is that the delimiter?)"
	}
	return list
}

// shortened quotes a cell for a message: the beginning of a long one.
func shortened(cell string) string {
	const most = 60
	if len(cell) <= most {
		return strconv.Quote(cell)
	}
	return strconv.Quote(strings.ToValidUTF8(cell[:most], "")) + fmt.Sprintf("... (%d bytes)", len(cell))
}
