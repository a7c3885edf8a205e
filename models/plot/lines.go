package plot

import (
	"fmt"
	"io"
	"math"
	"strings"
)

// What a chart of lines shows at most.
const (
	maxSeries = 24
	maxPoints = 10_000 // of one series, after thinning
)

// Lines are curves over a common axis: losses over steps, norms of gradients
// over lags.
//
// More than 24 series are left out, at the end, and the picture says so. Of a
// series with more points than the picture has pixels, each pixel shows the
// range, so that no peak is lost.
type Lines struct {
	Title, Note, Lang string
	X, Y              Axis
	Series            []Series
	Width, Height     float64 // of the picture; 0: 720 x 400
}

// Series is one curve, or one set of bars.
type Series struct {
	Name   string
	X, Y   []float64 // as many of each; X nil: 0, 1, 2, ...
	Lo, Hi []float64 // the ends of an interval around Y; nil: none
	Gaps   bool      // NaN in Y, Lo and Hi breaks the curve; else it is an error
	Marks  bool      // a mark at each point
}

// SVG writes the picture. It is an error if there is no value, lengths differ,
// or a value cannot be drawn.
func (c Lines) SVG(w io.Writer) error { return named("lines", c.Title, c.draw(w)) }

func (c Lines) draw(w io.Writer) error {
	if c.Width == 0 {
		c.Width = 720
	}
	if c.Height == 0 {
		c.Height = 400
	}
	f, err := c.frame()
	if err != nil {
		return err
	}
	p, err := newPage(c.Title, c.Lang, c.Width)
	if err != nil {
		return err
	}
	shown := c.Series[:min(len(c.Series), maxSeries)]
	p.legend(shown)
	if err := f.place(p, c.Height); err != nil {
		return err
	}
	p.desc = fmt.Sprintf(p.lines, names(shown), f.extent())
	f.axes(p)
	thinned := 0
	f.open(p)
	for i := range shown {
		thinned += f.series(p, i, &shown[i])
	}
	f.close(p)
	if thinned > 0 {
		p.note(fmt.Sprintf(p.thinned, thinned))
	}
	p.leftOut(p.seriesCut, len(shown), len(c.Series))
	p.note(c.Note)
	return p.write(w)
}

// frame checks all values and gathers their range.
func (c Lines) frame() (*frame, error) {
	f := &frame{spanX: c.X.span("X"), spanY: c.Y.span("Y")}
	if err := f.checkSpans(c.Width, c.Height); err != nil {
		return nil, err
	}
	points := 0
	for i, s := range c.Series {
		if err := f.gather(&s); err != nil {
			return nil, fmt.Errorf("series %d, %q: %w", i+1, s.Name, err)
		}
		points += len(s.Y)
	}
	if points == 0 || math.IsInf(f.spanX.lo, 1) || math.IsInf(f.spanY.lo, 1) {
		return nil, fmt.Errorf("there are no values")
	}
	return f, nil
}

// gather checks one series.
func (f *frame) gather(s *Series) error {
	for _, part := range []struct {
		name   string
		values []float64
	}{{"X", s.X}, {"Lo", s.Lo}, {"Hi", s.Hi}} {
		if part.values != nil && len(part.values) != len(s.Y) {
			return fmt.Errorf("%s has %d values, Y has %d", part.name, len(part.values), len(s.Y))
		}
	}
	if (s.Lo == nil) != (s.Hi == nil) {
		return fmt.Errorf("an interval needs both Lo and Hi")
	}
	for i := range s.Y {
		if err := f.spanX.add(s.x(i)); err != nil {
			return fmt.Errorf("point %d: %w", i, err)
		}
		for _, v := range []([]float64){s.Y, s.Lo, s.Hi} {
			if v == nil || (s.Gaps && math.IsNaN(v[i])) {
				continue
			}
			if err := f.spanY.add(v[i]); err != nil {
				return fmt.Errorf("point %d: %w", i, err)
			}
		}
	}
	return nil
}

func (s *Series) x(i int) float64 {
	if s.X == nil {
		return float64(i)
	}
	return s.X[i]
}

func names(series []Series) string {
	var all []string
	for _, s := range series {
		all = append(all, s.Name)
	}
	return strings.Join(all, ", ")
}
