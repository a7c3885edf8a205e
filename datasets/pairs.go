package datasets

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"
)

// Pair is a text and what it is to become: a sentence and its translation, a question and its answer.
type Pair struct {
	Source, Target string
	Line           int // of the file, from 1; 0 if it was generated
}

// PairsOptions are the choices of [ReadPairs]. The zero value reads the first two columns of a table with a header.
type PairsOptions struct {
	Source, Target string       // columns, by name or by number from 1, as [Table.Column] finds them. "": 1 and 2
	SkipEmpty      bool         // pairs with an empty side are passed over, not an error
	Table          TableOptions // delimiter ('_' for "16+75  _91  "), header, quotes, limits
}

// columns gives what the options say or, where they say nothing, the first two.
func (opt PairsOptions) columns() (source, target string) {
	return cmp.Or(opt.Source, "1"), cmp.Or(opt.Target, "2")
}

// ReadPairs reads two columns of a table, as [ReadTable] does: gzip, byte order marks, line ends and limits are those
// of it. White space around a text, such as the padding of columns of fixed width, is no part of it. The name is for
// errors.
//
// Errors name the file and the line: those of [ReadTable], so that a row with too few or too many cells is one and a
// table without a line wraps [ErrEmpty]; a column that is not there; and, unless opt.SkipEmpty is set, a text that is
// empty, as a [*CellError] that wraps [ErrEmpty]. An error comes with an empty pair and is the end.
func ReadPairs(r io.Reader, name string, opt PairsOptions) iter.Seq2[Pair, error] {
	return func(yield func(Pair, error) bool) {
		t, err := ReadTable(r, name, opt.Table)
		if err != nil {
			yield(Pair{}, err)
			return
		}
		t.pairs(opt, yield)
	}
}

// pairs yields the pairs of the rows that are left.
func (t *Table) pairs(opt PairsOptions, yield func(Pair, error) bool) {
	name, other := opt.columns()
	source, err := t.Column(name)
	if err != nil {
		yield(Pair{}, err)
		return
	}
	target, err := t.Column(other)
	if err != nil {
		yield(Pair{}, err)
		return
	}
	for row, err := range t.Rows() {
		var p Pair
		if err == nil {
			p, err = t.pair(row, source, target)
		}
		if err != nil && opt.SkipEmpty && errors.Is(err, ErrEmpty) {
			continue
		}
		if !yield(p, err) || err != nil {
			return
		}
	}
}

// pair makes a pair of two cells of a row, given by their index.
func (t *Table) pair(row Row, source, target int) (Pair, error) {
	p := Pair{strings.TrimSpace(row.Cells[source]), strings.TrimSpace(row.Cells[target]), row.Line}
	empty := target
	switch {
	case p.Source == "":
		empty = source
	case p.Target != "":
		return p, nil
	}
	e := t.wrong(row.Line, empty, shortened(row.Cells[empty]), "a text")
	e.Err = ErrEmpty
	return Pair{}, e
}

// LoadPairs reads all pairs of the file at path, as [ReadPairs] does. A file without a pair is an error that wraps
// [ErrEmpty].
func LoadPairs(path string, opt PairsOptions) ([]Pair, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("datasets: %w", err)
	}
	defer f.Close()
	var pairs []Pair
	for p, err := range ReadPairs(f, path, opt) {
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, p)
	}
	if len(pairs) == 0 {
		return nil, fmt.Errorf("datasets: %s: no pair: %w", path, ErrEmpty)
	}
	return pairs, nil
}
