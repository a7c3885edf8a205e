package plot

import (
	"fmt"
	"io"
	"math"
)

// HeatMap is a matrix of colours with named rows and columns: the weights of
// attention, the gates of a cell under a sentence.
//
// More than 200 rows or columns are left out, at the end, and the picture says
// so. The pointer shows the value of a cell where there are at most 2,500.
type HeatMap struct {
	Title, Note, Lang  string
	RowTitle, ColTitle string
	Rows, Cols         []string    // their names; nil: 0, 1, 2, ...
	Values             [][]float64 // [rows][columns]
	Scale              Scale
	Numbers            bool    // writes each value into its cell
	Width              float64 // of the picture, about; 0: from the number of columns
}

// SVG writes the picture. It is an error if there is no value, a row has
// another length than the first or than Cols, there are not as many rows as
// Rows, or a value cannot be drawn.
func (h HeatMap) SVG(w io.Writer) error {
	return named("heat map", h.Title, h.draw(w, false))
}

// Triangle is a heat map of what has no value above the diagonal, such as
// |dE_t/dh_k|, how much the loss of step t says to the state of step k, where
// k > t says nothing. Row t has the values of k = 0..t; it may go on with zeros
// or NaN.
type Triangle HeatMap

// SVG writes the picture. It is an error if there is no value, row t has less
// than t+1 values, or numbers other than 0 beyond, the number of names is not that of
// the rows, or a value cannot be drawn.
func (t Triangle) SVG(w io.Writer) error {
	h := HeatMap(t)
	err := h.cut()
	if err == nil {
		err = h.draw(w, true)
	}
	return named("triangle", t.Title, err)
}

// cut removes what is above the diagonal.
func (h *HeatMap) cut() error {
	rows := make([][]float64, len(h.Values))
	for t, row := range h.Values {
		if len(row) < t+1 || len(row) > len(h.Values) {
			return fmt.Errorf("row %d has %d values, %d or %d wanted", t, len(row), t+1, len(h.Values))
		}
		for k, v := range row[t+1:] {
			if v != 0 && !math.IsNaN(v) {
				return fmt.Errorf("row %d, column %d: the value is %g, above the diagonal it must be 0", t, t+1+k, v)
			}
		}
		rows[t] = row[:t+1]
	}
	h.Values = rows
	return nil
}

// draw checks and draws.
func (h HeatMap) draw(w io.Writer, triangle bool) error {
	if h.Width != 0 && !(h.Width >= minSize && h.Width <= maxSize) {
		return fmt.Errorf("the width is %g, %d to %d wanted", h.Width, minSize, maxSize)
	}
	m, err := h.matrix(triangle)
	if err != nil {
		return err
	}
	m.measure(h.Width)
	p, err := newPage(h.Title, h.Lang, max(m.width(), 320))
	if err != nil {
		return err
	}
	lo, hi := m.colors.ends()
	form := p.heatMap
	if triangle {
		form = p.triangle
	}
	p.desc = fmt.Sprintf(form, len(h.Values), m.cols, number(lo), number(hi))
	m.draw(p)
	p.bar(m.colors, m.x)
	p.leftOut(p.rowsCut, len(m.values), len(h.Values))
	p.leftOut(p.colsCut, m.shown, m.cols)
	p.note(h.Note)
	return p.write(w)
}

// leftOut says that only n of all are shown.
func (p *page) leftOut(form string, n, all int) {
	if n < all {
		p.note(fmt.Sprintf(form, n+1, all))
	}
}

// note is a sentence below the picture.
func (p *page) note(s string) {
	if s != "" {
		p.height += 4
		p.paragraph("n", s, 11)
	}
}

// matrix collects what is drawn of h.
func (h HeatMap) matrix(triangle bool) (*matrix, error) {
	if len(h.Values) == 0 || len(h.Values[0]) == 0 {
		return nil, fmt.Errorf("there are no values")
	}
	m := &matrix{HeatMap: h, values: h.Values[:min(len(h.Values), maxRows)], cols: len(h.Values[0])}
	if triangle {
		m.cols = len(h.Values)
	}
	if h.Rows != nil && len(h.Rows) != len(h.Values) {
		return nil, fmt.Errorf("there are %d rows of values, Rows has %d names", len(h.Values), len(h.Rows))
	}
	if h.Cols != nil && len(h.Cols) != m.cols {
		return nil, fmt.Errorf("there are %d columns of values, Cols has %d names", m.cols, len(h.Cols))
	}
	m.shown = min(m.cols, maxCols)
	if triangle {
		m.shown = len(m.values)
	}
	var err error
	m.colors, err = h.colors(triangle)
	return m, err
}

// colors gathers all values.
func (h HeatMap) colors(triangle bool) (*colors, error) {
	var all []float64
	var ends []int // of each row
	for i, row := range h.Values {
		if !triangle && len(row) != len(h.Values[0]) {
			return nil, fmt.Errorf("row %d has %d values, row 0 has %d", i, len(row), len(h.Values[0]))
		}
		all = append(all, row...)
		ends = append(ends, len(all))
	}
	row := 0
	return h.Scale.colors(len(all), func(i int) (float64, string) {
		for i >= ends[row] {
			row++
		}
		return all[i], fmt.Sprintf("row %d, column %d", row, i-ends[row]+len(h.Values[row]))
	})
}
