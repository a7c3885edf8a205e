package plot

import (
	"fmt"
	"math"
	"strings"

	"github.com/unroll-go/unroll/internal/svg"
)

// point is a place on the page; NaN in y is a gap.
type point struct{ x, y float64 }

// series draws curve i, and says how many points were thinned out, 0 if none.
func (f *frame) series(p *page, i int, s *Series) (thinned int) {
	color := i % len(palette)
	if s.Lo != nil {
		p.line(`<path class="w t%d" d="%s"/>`, color, band(f.interval(s)))
	}
	thin := f.thins(s)
	if thin {
		thinned = len(s.Y)
	}
	all := f.points(s, thin)
	p.line(`<path class="l s%d"%s d="%s"/>`, color, dash(i), curve(all))
	if s.Marks && !thin {
		for k, v := range s.Y {
			if at := (point{f.x.at(s.x(k)), f.y.at(v)}); !math.IsNaN(at.y) {
				p.mark(i, at.x, at.y, fmt.Sprintf("%s: %s, %s", s.Name, number(s.x(k)), number(v)))
			}
		}
	}
	return thinned
}

// thins says whether a series has more points than pixels can show.
func (f *frame) thins(s *Series) bool { return float64(len(s.Y)) > 4*(f.right-f.left) }

// pixel is the end of the values from i on that share a column of pixels, all
// known or all unknown.
func (f *frame) pixel(s *Series, i int, values []float64) int {
	column, gap := math.Floor(f.x.at(s.x(i))), math.IsNaN(values[i])
	end := i + 1
	for end < len(values) && math.Floor(f.x.at(s.x(end))) == column && math.IsNaN(values[end]) == gap {
		end++
	}
	return end
}

// points are the places of a series; thin keeps the first, lowest, highest and
// last of each pixel.
func (f *frame) points(s *Series, thin bool) (ps []point) {
	at := func(i int) point { return point{f.x.at(s.x(i)), f.y.at(s.Y[i])} }
	for i := 0; i < len(s.Y); {
		ps = append(ps, at(i))
		end := i + 1
		if thin {
			end = f.pixel(s, i, s.Y)
		}
		if end > i+1 {
			low, high := i, i
			for k := i; k < end; k++ {
				if s.Y[k] < s.Y[low] {
					low = k
				}
				if s.Y[k] > s.Y[high] {
					high = k
				}
			}
			ps = append(ps, at(min(low, high)), at(max(low, high)), at(end-1))
		}
		i = end
	}
	return stride(ps)
}

// interval is the lower and the upper ends, the widest of each pixel.
func (f *frame) interval(s *Series) (lo, hi []point) {
	thin := f.thins(s)
	for i := 0; i < len(s.Y); {
		end := i + 1
		if thin {
			end = f.pixel(s, i, s.Lo)
		}
		low, high := s.Lo[i], s.Hi[i]
		for k := i; k < end; k++ {
			low, high = min(low, s.Lo[k]), max(high, s.Hi[k])
		}
		x := f.x.at(s.x(i))
		lo, hi = append(lo, point{x, f.y.at(low)}), append(hi, point{x, f.y.at(high)})
		i = end
	}
	return stride(lo), stride(hi)
}

// stride keeps every so many points if there are still too many, as when a
// curve goes to and fro.
func stride(ps []point) []point {
	k := (len(ps) + maxPoints - 1) / maxPoints
	if k < 2 {
		return ps
	}
	kept := ps[:0]
	for i := 0; i < len(ps); i += k {
		kept = append(kept, ps[i])
	}
	return kept
}

// curve is a path through points, broken at gaps. A point between two gaps is
// a dot.
func curve(ps []point) string {
	var b strings.Builder
	for i, at := range ps {
		switch {
		case math.IsNaN(at.y):
			continue
		case i > 0 && !math.IsNaN(ps[i-1].y):
			fmt.Fprintf(&b, "L%s %s", svg.Px(at.x), svg.Px(at.y))
			continue
		}
		fmt.Fprintf(&b, "M%s %s", svg.Px(at.x), svg.Px(at.y))
		if i+1 == len(ps) || math.IsNaN(ps[i+1].y) {
			b.WriteString("h0.1")
		}
	}
	return b.String()
}

// band is the area between two curves, piece by piece.
func band(lo, hi []point) string {
	var b strings.Builder
	known := func(i int) bool { return !math.IsNaN(hi[i].y) && !math.IsNaN(lo[i].y) }
	n := min(len(lo), len(hi))
	for from := 0; from < n; {
		if !known(from) {
			from++
			continue
		}
		to := from
		for ; to < n && known(to); to++ {
			fmt.Fprintf(&b, "%s%s %s", pen(to > from), svg.Px(hi[to].x), svg.Px(hi[to].y))
		}
		for i := to - 1; i >= from; i-- {
			fmt.Fprintf(&b, "L%s %s", svg.Px(lo[i].x), svg.Px(lo[i].y))
		}
		b.WriteByte('Z')
		from = to
	}
	return b.String()
}

func pen(down bool) string {
	if down {
		return "L"
	}
	return "M"
}

// mark is the sign of series i: a disc, a square, a diamond or a triangle.
func (p *page) mark(i int, x, y float64, tip string) {
	class := fmt.Sprintf(` class="t%d"`, i%len(palette))
	switch i % 4 {
	case 0:
		p.line(`<circle%s cx="%s" cy="%s" r="4"%s`, class, svg.Px(x), svg.Px(y), ending("circle", tip))
	case 1:
		p.line(`<path%s d="M%s %sh7v7h-7Z"%s`, class, svg.Px(x-3.5), svg.Px(y-3.5), ending("path", tip))
	case 2:
		p.line(`<path%s d="M%s %sl5 5l-5 5l-5 -5Z"%s`, class, svg.Px(x), svg.Px(y-5), ending("path", tip))
	default:
		p.line(`<path%s d="M%s %sl5 8.5h-10Z"%s`, class, svg.Px(x), svg.Px(y-5), ending("path", tip))
	}
}
