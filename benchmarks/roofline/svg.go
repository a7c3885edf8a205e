package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// The picture in pixels: the plot lies between the margins.
const (
	width, height            = 760.0, 470.0
	left, right, top, bottom = 62.0, 20.0, 46.0, 54.0
)

// style follows the reader's light or dark scheme.
const style = `text{font:12px system-ui,sans-serif;fill:#1f2328}.s{fill:#59636e}.bg{fill:#fff}.g{stroke:#d8dee4}` +
	`.r{stroke:#59636e;stroke-width:1.5;fill:none}.p{stroke:#1f2328;stroke-width:2;fill:none}.t{fill:#0969da}.m{fill:#bc4c00}` +
	`@media(prefers-color-scheme:dark){text{fill:#e6edf3}.s{fill:#9198a1}.bg{fill:#0d1117}.g{stroke:#30363d}` +
	`.r{stroke:#9198a1}.p{stroke:#e6edf3}.t{fill:#4493f8}.m{fill:#f0883e}}`

// drawing is the picture as it grows. Both axes are logarithmic.
type drawing struct {
	strings.Builder
	x, y  axis
	taken []box // where labels and points are
}

// axis maps [lo, hi] to pixels.
type axis struct{ lo, hi, from, to float64 }

func (a axis) at(v float64) float64 {
	return a.from + (a.to-a.from)*math.Log(v/a.lo)/math.Log(a.hi/a.lo)
}

// svg is the whole picture.
func (c chart) svg() string {
	d := &drawing{x: c.xAxis(), y: c.yAxis()}
	d.line(`<svg xmlns="http://www.w3.org/2000/svg" width="%[1]v" height="%[2]v" viewBox="0 0 %[1]v %[2]v" role="img"`+
		` aria-labelledby="title">`, width, height)
	d.line(`<title id="title">Roofline: GFLOP/s over floating-point operations for each byte moved</title>`)
	d.line(`<style>%s</style><rect class="bg" width="%v" height="%v"/>`, style, width, height)
	d.grid()
	d.roof(c)
	d.legend()
	for _, p := range c.points {
		x, y := d.x.at(p.x), d.y.at(p.y)
		d.taken = append(d.taken, box{x - 4, y - 4, 8, 8})
	}
	for _, p := range c.points {
		d.point(p)
	}
	d.line("</svg>")
	return d.String()
}

func (d *drawing) line(format string, args ...any) { fmt.Fprintf(d, format+"\n", args...) }

// text writes s; anchor is start, middle or end.
func (d *drawing) text(class string, x, y float64, anchor, s string) {
	d.line(`<text class="%s" x="%.1f" y="%.1f" text-anchor="%s">%s</text>`, class, x, y, anchor, escape.Replace(s))
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// xAxis has room for all points and for the knee of the slowest reading.
func (c chart) xAxis() axis {
	lo, hi := 1.0, c.peak()/c.slowest()
	for _, p := range c.points {
		lo, hi = min(lo, p.x), max(hi, p.x)
	}
	return axis{lo / 1.6, hi * 2.5, left, width - right}
}

// yAxis has room for all points and the peak.
func (c chart) yAxis() axis {
	lo, hi := c.peak()/20, c.peak()
	for _, p := range c.points {
		lo, hi = min(lo, p.y), max(hi, p.y)
	}
	return axis{lo / 1.6, hi * 1.6, height - bottom, top}
}

func (c chart) peak() float64    { return slices.MaxFunc(c.peaks, byMost).most }
func (c chart) slowest() float64 { return slices.MinFunc(c.readings, byMost).most }

func byMost(a, b limit) int { return int(math.Copysign(1, a.most-b.most)) }

// grid draws lines at 1, 2 and 5 of each power of ten.
func (d *drawing) grid() {
	for _, v := range ticks(d.x) {
		x := d.x.at(v)
		d.line(`<path class="g" d="M%.1f %vV%v"/>`, x, top, height-bottom)
		d.text("s", x, height-bottom+18, "middle", fmt.Sprint(v))
	}
	for _, v := range ticks(d.y) {
		y := d.y.at(v)
		d.line(`<path class="g" d="M%v %.1fH%v"/>`, left, y, width-right)
		d.text("s", left-8, y+4, "end", fmt.Sprint(v))
	}
	d.text("", (left+width-right)/2, height-12, "middle", "floating-point operations for each byte moved")
	d.line(`<text x="16" y="%[1]v" text-anchor="middle" transform="rotate(-90 16 %[1]v)">GFLOP/s</text>`, (top+height-bottom)/2)
}

// ticks are the round values of an axis, fewer where it is long.
func ticks(a axis) []float64 {
	steps := []float64{1, 2, 5}
	if a.hi/a.lo > 1e4 {
		steps = steps[:1]
	}
	var vs []float64
	for e := math.Floor(math.Log10(a.lo)); e <= math.Log10(a.hi); e++ {
		for _, s := range steps {
			v := s * math.Pow(10, e)
			if e < 0 {
				v = s / math.Pow(10, -e)
			}
			if v >= a.lo && v <= a.hi {
				vs = append(vs, v)
			}
		}
	}
	return vs
}
