package plot

import (
	"fmt"
	"io"

	"github.com/unroll-go/unroll/internal/svg"
)

// What a scatter plot shows at most.
const (
	maxDots   = 5000
	maxLabels = 500
)

// Scatter is points in the plane with names: words where an embedding has put
// them. Names stand beside their points and keep clear of each other and of the
// points; those without room are left out and counted below the picture.
//
// Of more than 5000 points every so many are drawn, and of more than 24 series
// the first 24; the picture says so.
type Scatter struct {
	Title, Note, Lang string
	X, Y              Axis
	Series            []Points
	Width, Height     float64 // of the picture; 0: 720 x 560
}

// Points are one colour of a scatter plot.
type Points struct {
	Name   string
	X, Y   []float64 // as many of each
	Labels []string  // as many, or nil
}

// SVG writes the picture. It is an error if there is no point, lengths differ,
// or a value cannot be drawn.
func (s Scatter) SVG(w io.Writer) error { return named("scatter", s.Title, s.draw(w)) }

func (s Scatter) draw(w io.Writer) error {
	if s.Width == 0 {
		s.Width = 720
	}
	if s.Height == 0 {
		s.Height = 560
	}
	f, all, err := s.frame()
	if err != nil {
		return err
	}
	p, err := newPage(s.Title, s.Lang, s.Width)
	if err != nil {
		return err
	}
	p.groups(s.Series[:min(len(s.Series), maxSeries)])
	if err := f.place(p, s.Height); err != nil {
		return err
	}
	if f.x, err = f.spanX.scale(0.04, f.left, f.right); err != nil {
		return err
	}
	p.desc = fmt.Sprintf(p.scatter, all, f.extent())
	f.axes(p)
	dots := s.dots(f, all)
	f.open(p)
	for i := range dots {
		d := &dots[i]
		p.mark(d.series, d.x, d.y, d.tip())
	}
	f.close(p)
	p.labels(dots, area{f.left, f.top, f.right - f.left, f.bottom - f.top})
	if len(dots) < all {
		p.note(fmt.Sprintf(p.pointsCut, len(dots), all))
	}
	p.leftOut(p.seriesCut, min(len(s.Series), maxSeries), len(s.Series))
	p.note(s.Note)
	return p.write(w)
}

// frame checks all values; all is the number of points in the series that are
// shown.
func (s Scatter) frame() (f *frame, all int, err error) {
	f = &frame{spanX: s.X.span("X"), spanY: s.Y.span("Y")}
	if err := f.checkSpans(s.Width, s.Height); err != nil {
		return nil, 0, err
	}
	for i, g := range s.Series {
		fail := func(form string, args ...any) error {
			return fmt.Errorf("series %d, %q: %w", i+1, g.Name, fmt.Errorf(form, args...))
		}
		if len(g.X) != len(g.Y) || (g.Labels != nil && len(g.Labels) != len(g.X)) {
			return nil, 0, fail("X has %d values, Y has %d, and there are %d labels", len(g.X), len(g.Y), len(g.Labels))
		}
		for k := range g.X {
			if err := f.spanX.add(g.X[k]); err != nil {
				return nil, 0, fail("point %d: %w", k, err)
			}
			if err := f.spanY.add(g.Y[k]); err != nil {
				return nil, 0, fail("point %d: %w", k, err)
			}
		}
		if i < maxSeries {
			all += len(g.X)
		}
	}
	if all == 0 {
		return nil, 0, fmt.Errorf("there are no points")
	}
	return f, all, nil
}

// dot is one point on the page.
type dot struct {
	x, y   float64
	series int
	label  string
	value  string // both coordinates
}

func (d *dot) tip() string {
	if d.label == "" {
		return d.value
	}
	return d.label + ": " + d.value
}

// dots are the points that are drawn, all or every so many.
func (s Scatter) dots(f *frame, all int) []dot {
	every := (all + maxDots - 1) / maxDots
	var ds []dot
	n := 0
	for i, g := range s.Series[:min(len(s.Series), maxSeries)] {
		for k := range g.X {
			if n++; (n-1)%every != 0 {
				continue
			}
			d := dot{x: f.x.at(g.X[k]), y: f.y.at(g.Y[k]), series: i, value: number(g.X[k]) + ", " + number(g.Y[k])}
			if g.Labels != nil {
				d.label = visible(g.Labels[k])
			}
			ds = append(ds, d)
		}
	}
	return ds
}

// groups names the colours.
func (p *page) groups(series []Points) {
	if len(series) == 1 && series[0].Name == "" {
		return
	}
	p.items(len(series), 20, func(i int) string { return series[i].Name }, func(i int, x, y float64) { p.mark(i, x+6, y, "") })
}

// labels places names beside points, and says how many have no room.
func (p *page) labels(dots []dot, in area) {
	asked, placed := 0, 0
	taken := newAreas(in)
	for _, d := range dots {
		taken.add(area{d.x - 4, d.y - 4, 8, 8})
	}
	for _, d := range dots {
		if d.label == "" {
			continue
		}
		if asked++; placed >= maxLabels {
			continue
		}
		name := svg.Fit(d.label, 160, 11)
		if at, ok := taken.room(d.x, d.y, svg.Width(name, 11)); ok {
			taken.add(at)
			placed++
			p.text("n o", at.x, at.y+10, name)
		}
	}
	if placed < asked {
		p.note(fmt.Sprintf(p.labelsCut, asked-placed, asked))
	}
}
