package plot

import (
	"fmt"
	"io"
	"math"

	"github.com/unroll-go/unroll/internal/svg"
)

const (
	maxBars = 100
	barHigh = 16.0
)

// Bars are horizontal, one below the other, with names at the left and values
// at the right; several series are bars side by side. They begin at 0, or where
// a logarithmic axis begins.
//
// More than 100 names and more than 24 series are left out, at the end, and the
// picture says so.
type Bars struct {
	Title, Note, Lang string
	Labels            []string
	Series            []Series // their Y has one value for each label; X, Lo and Hi are not used
	X                 Axis     // along the bars
	Width             float64  // 0: 720
}

// SVG writes the picture. It is an error if there is no value, a series has not
// one value for each label, or a value cannot be drawn.
func (b Bars) SVG(w io.Writer) error { return named("bars", b.Title, b.draw(w)) }

func (b Bars) draw(w io.Writer) error {
	if b.Width == 0 {
		b.Width = 720
	}
	f, err := b.frame()
	if err != nil {
		return err
	}
	p, err := newPage(b.Title, b.Lang, b.Width)
	if err != nil {
		return err
	}
	labels, series := b.Labels[:min(len(b.Labels), maxBars)], b.Series[:min(len(b.Series), maxSeries)]
	p.barKeys(series)
	p.desc = fmt.Sprintf(p.bars, len(b.Labels)*len(b.Series), f.tell(f.spanX)+".")
	group := barHigh*float64(len(series)) + 8
	names := make([]string, len(labels))
	for i, label := range labels {
		names[i] = svg.Fit(visible(label), 0.4*b.Width, textSize)
	}
	f.left = border + widest(names) + 8
	f.right = b.Width - border - 56 // for the values
	f.top = p.height + 8
	f.bottom = f.top + group*float64(len(labels))
	if f.x, err = f.spanX.scale(0.02, f.left, f.right); err != nil {
		return err
	}
	f.y = &scale{lo: 0, hi: 1, from: f.bottom, to: f.top, Axis: Axis{Ticks: []Tick{}}}
	f.axes(p)
	for i, label := range names {
		y := f.top + group*float64(i) + 4
		p.text("e", f.left-6, y+group/2, label)
		for k := range series {
			f.bar(p, k, y+barHigh*float64(k), labels[i], &series[k], i)
		}
	}
	p.leftOut(p.barsCut, len(labels), len(b.Labels))
	p.leftOut(p.seriesCut, len(series), len(b.Series))
	p.note(b.Note)
	return p.write(w)
}

// barKeys names the colours.
func (p *page) barKeys(series []Series) {
	if len(series) > 1 || series[0].Name != "" {
		p.items(len(series), 18, func(i int) string { return series[i].Name }, func(i int, x, y float64) {
			p.rect(fmt.Sprintf("t%d", i%len(palette)), x, y-6, 12, 12, "")
		})
	}
}

// bar draws value i of series k.
func (f *frame) bar(p *page, k int, y float64, label string, s *Series, i int) {
	v := s.Y[i]
	zero := f.left
	if !f.x.Log {
		zero = min(max(f.x.at(0), f.left), f.right)
	}
	end := min(max(f.x.at(v), f.left), f.right)
	tip := visible(label) + ": " + number(v)
	if s.Name != "" {
		tip = s.Name + ", " + tip
	}
	p.rect(fmt.Sprintf("t%d", k%len(palette)), min(zero, end), y, math.Abs(end-zero), barHigh-2, tip)
	p.text("n o", max(zero, end)+4, y+barHigh-5, number(v))
}

// frame checks all values and gathers their range.
func (b Bars) frame() (*frame, error) {
	f := &frame{spanX: b.X.span("X"), spanY: Axis{}.span("Y")}
	if err := f.checkSpans(b.Width, minSize); err != nil {
		return nil, err
	}
	if len(b.Labels) == 0 || len(b.Series) == 0 {
		return nil, fmt.Errorf("there are no values")
	}
	for i, s := range b.Series {
		if len(s.Y) != len(b.Labels) {
			return nil, fmt.Errorf("series %d, %q: there are %d labels, Y has %d values", i+1, s.Name, len(b.Labels), len(s.Y))
		}
		for k, v := range s.Y {
			if err := f.spanX.add(v); err != nil {
				return nil, fmt.Errorf("series %d, %q: %q: %w", i+1, s.Name, b.Labels[k], err)
			}
		}
	}
	switch {
	case math.IsInf(f.spanX.lo, 1):
		return nil, fmt.Errorf("there are no values")
	case b.X.Log && b.X.Min == 0:
		f.spanX.lo /= 2 // so that the shortest bar is seen
	case !b.X.Log:
		f.spanX.lo, f.spanX.hi = min(f.spanX.lo, 0), max(f.spanX.hi, 0)
	}
	return f, nil
}
