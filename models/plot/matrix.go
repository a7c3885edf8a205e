package plot

import (
	"fmt"
	"math"
	"strconv"

	"github.com/unroll-go/unroll/internal/svg"
)

// What a heat map shows at most.
const (
	maxRows, maxCols = 200, 200
	maxTips          = 2500
)

// matrix is a heat map as it is drawn.
type matrix struct {
	HeatMap
	values [][]float64 // those that are shown; rows of a triangle differ in length
	cols   int         // before any were left out
	shown  int         // columns
	colors *colors

	x, cell  float64 // left end of the cells, and their size
	head     float64 // height of the names of columns
	tail     float64 // how far these go beyond the last column
	slanted  bool
	rowSkip  int // every so many rows have names
	colSkip  int
	rowNames []string
	colNames []string
}

// measure chooses the size of the cells for a picture of a width, 0 for any,
// and finds room for the names.
func (m *matrix) measure(width float64) {
	m.rowNames, m.colNames = shownNames(m.Rows, len(m.values)), shownNames(m.Cols, m.shown)
	m.x = border + widest(m.rowNames) + 8
	if m.RowTitle != "" {
		m.x += lineSkip
	}
	m.cell = 26
	if m.Numbers {
		m.cell = 40
	}
	switch n := float64(m.shown); {
	case width > 0:
		m.cell = min(max((width-m.x-border)/n, 3), 80)
	default:
		m.cell = max(min(m.cell, 760/n), 4)
	}
	m.rowSkip, m.colSkip = skip(m.cell, len(m.values)), skip(m.cell, m.shown)
	w := widest(m.colNames)
	m.head, m.slanted = lineSkip, w > m.cell*float64(m.colSkip)-2
	if m.slanted {
		m.head = 0.71*w + 14
		for i, s := range m.colNames {
			right := m.cell*(float64(i-m.shown)+0.5) + 0.71*svg.Width(s, textSize) + 4
			m.tail = max(m.tail, right)
		}
	}
}

// skip is how many rows or columns share one name.
func skip(cell float64, n int) int {
	for _, s := range []int{1, 2, 5, 10, 20, 50} {
		if cell*float64(s) >= 13 || s > n {
			return s
		}
	}
	return 100
}

// shownNames are the first n names; without any, numbers.
func shownNames(names []string, n int) []string {
	short := make([]string, n)
	for i := range short {
		if short[i] = strconv.Itoa(i); names != nil {
			short[i] = svg.Fit(visible(names[i]), 150, textSize)
		}
	}
	return short
}

func widest(names []string) float64 {
	w := 0.0
	for _, s := range names {
		w = max(w, svg.Width(s, textSize))
	}
	return w
}

func (m *matrix) width() float64 {
	return m.x + m.cell*float64(m.shown) + max(m.tail, 0) + border
}

// draw puts names and cells below what is on the page.
func (m *matrix) draw(p *page) {
	if m.ColTitle != "" {
		p.height += lineSkip
		p.text("m", m.x+m.cell*float64(m.shown)/2, p.height-4, m.ColTitle)
	}
	p.height += m.head
	for j := 0; j < m.shown; j += m.colSkip {
		x := m.x + m.cell*(float64(j)+0.5)
		if m.slanted {
			p.turned("", x+3, p.height-5, -45, m.colNames[j])
		} else {
			p.text("m", x, p.height-5, m.colNames[j])
		}
	}
	top := p.height
	for i := range m.values {
		m.row(p, i, top+m.cell*float64(i))
	}
	p.height += m.cell * float64(len(m.values))
	if m.RowTitle != "" {
		p.turned("m", border+textSize-2, (top+p.height)/2, -90, m.RowTitle)
	}
}

// row draws one row; neighbours of one colour are one box unless they have tips.
func (m *matrix) row(p *page, i int, y float64) {
	if i%m.rowSkip == 0 {
		p.text("e", m.x-6, y+m.cell/2+4, m.rowNames[i])
	}
	row := m.values[i][:min(len(m.values[i]), m.shown)]
	tips := len(m.values)*m.shown <= maxTips
	for j := 0; j < len(row); {
		end, tip := j+1, ""
		class := m.colors.class(row[j])
		if tips {
			tip = fmt.Sprintf("%s, %s: %s", m.full(m.Rows, i), m.full(m.Cols, j), number(row[j]))
		} else {
			for end < len(row) && m.colors.class(row[end]) == class {
				end++
			}
		}
		m.box(p, class, j, end, y, tip)
		if m.Numbers {
			p.text("n m "+class, m.x+m.cell*(float64(j)+0.5), y+m.cell/2+4, m.brief(row[j]))
		}
		j = end
	}
}

// box draws columns j to end, with a gap to the next where cells are large.
func (m *matrix) box(p *page, class string, j, end int, y float64, tip string) {
	gap := 0.0
	if m.cell >= 10 {
		gap = 1
	}
	x := m.x + m.cell*float64(j)
	p.rect(class, x, y, m.cell*float64(end-j)-gap, m.cell-gap, tip)
}

// full is the whole name of a row or column.
func (m *matrix) full(names []string, i int) string {
	if names == nil {
		return strconv.Itoa(i)
	}
	return visible(names[i])
}

// brief is a value in about three digits of the largest one of the scale.
func (m *matrix) brief(v float64) string {
	lo, hi := m.colors.ends()
	most := max(math.Abs(lo), math.Abs(hi), math.Abs(v))
	decimals := 2 - int(math.Floor(math.Log10(most)))
	if m.Scale.Log || decimals > 4 || most >= 1e5 {
		return power(v)
	}
	return strconv.FormatFloat(v, 'f', max(decimals, 0), 64)
}
