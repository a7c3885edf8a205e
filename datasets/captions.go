package datasets

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"
)

// Caption is what is said of a picture.
type Caption struct {
	Image string // the picture's name
	Text  string // trimmed, not empty
	Key   string // what pictures are grouped by; "" if nobody asked
	Line  int    // of the file, from 1
}

// CaptionsOptions are the choices of [ReadCaptions]. Columns are found by name or number, as [Table.Column] does; in JSON
// lines they are the names of fields.
type CaptionsOptions struct {
	Image string // what names the picture. "": the first column; in JSON "identifier"
	Text  string // the caption. "": the last column; in JSON "sentence"
	Key   string // what pictures are grouped by, for HoldOutBy. "": nothing
	Name  string // the picture's name, * the cell: "dev-*-0.png". "": the cell itself
	Where string // "label=true": only rows whose label is true. "": all
	Table TableOptions
}

// ReadCaptions reads the captions of pictures, one a row: from a table, as [ReadTable] does, or, if the first character is
// "{", from lines of JSON, an object each, whose fields are texts, numbers, true or false. A picture may have several. White
// space around cells does not count. The name is for errors.
//
// Errors name the file and the line: those of [ReadTable]; a column or field that is not there; a caption, or a picture's
// name, that is empty, which wraps [ErrEmpty]; JSON that is none. An error comes with an empty caption and is the end.
func ReadCaptions(r io.Reader, name string, opt CaptionsOptions) iter.Seq2[Caption, error] {
	return func(yield func(Caption, error) bool) {
		rows, err := opt.rows(r, name)
		if err != nil {
			yield(Caption{}, err)
			return
		}
		for row, err := range rows {
			var c Caption
			if err == nil && !row.chosen {
				continue
			}
			if err == nil {
				c, err = opt.caption(row, name)
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// captionRow is the cells of a row that matter, trimmed.
type captionRow struct {
	line             int
	image, text, key string
	chosen           bool // Where holds
}

// caption checks a row.
func (opt CaptionsOptions) caption(row captionRow, name string) (Caption, error) {
	wrong := func(want string) error {
		return &CellError{File: name, Line: row.line, Got: `""`, Want: want, Err: ErrEmpty}
	}
	switch {
	case row.text == "":
		return Caption{}, wrong("a caption")
	case row.image == "":
		return Caption{}, wrong("the name of a picture")
	}
	image := row.image
	if opt.Name != "" {
		image = strings.Replace(opt.Name, "*", image, 1)
	}
	return Caption{Image: image, Text: row.text, Key: row.key, Line: row.line}, nil
}

// rows begins to read, whichever form the file has.
func (opt CaptionsOptions) rows(r io.Reader, name string) (iter.Seq2[captionRow, error], error) {
	field, value, ok := strings.Cut(opt.Where, "=")
	switch {
	case opt.Where != "" && (!ok || field == ""):
		return nil, fmt.Errorf("datasets: %s: only rows where %s, wanted a column, = and its value, such as label=true",
			name, shortened(opt.Where))
	case opt.Name != "" && strings.Count(opt.Name, "*") != 1:
		return nil, fmt.Errorf("datasets: %s: pictures called %s, wanted one * where the cell stands", name, shortened(opt.Name))
	}
	plain, _, err := decompress(r)
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", name, err)
	}
	in := bufio.NewReader(plain)
	head, _ := in.Peek(4) // its error comes again
	if bytes.HasPrefix(bytes.TrimPrefix(head, []byte("\uFEFF")), []byte("{")) {
		return opt.jsonRows(in, name, field, value)
	}
	return opt.tableRows(in, name, field, value)
}

// tableRows reads the rows of a table.
func (opt CaptionsOptions) tableRows(r io.Reader, name, field, value string) (iter.Seq2[captionRow, error], error) {
	t, err := ReadTable(r, name, opt.Table)
	if err != nil {
		return nil, err
	}
	at := [4]int{0, len(t.columns) - 1, -1, -1} // image, text, key, field of Where
	for i, column := range []string{opt.Image, opt.Text, opt.Key, field} {
		if column == "" {
			continue
		}
		if at[i], err = t.Column(column); err != nil {
			return nil, err
		}
	}
	return func(yield func(captionRow, error) bool) {
		for row, err := range t.Rows() {
			var c captionRow
			if err == nil {
				cell := func(i int) string {
					if at[i] < 0 {
						return ""
					}
					return strings.TrimSpace(row.Cells[at[i]])
				}
				c = captionRow{row.Line, cell(0), cell(1), cell(2), at[3] < 0 || cell(3) == value}
			}
			if !yield(c, err) {
				return
			}
		}
	}, nil
}

// LoadCaptions reads all captions of the file at path, as [ReadCaptions] does. A file without one is an error that wraps
// [ErrEmpty].
func LoadCaptions(path string, opt CaptionsOptions) ([]Caption, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("datasets: %w", err)
	}
	defer f.Close()
	var all []Caption
	for c, err := range ReadCaptions(f, path, opt) {
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("datasets: %s: no caption: %w", path, ErrEmpty)
	}
	return all, nil
}
