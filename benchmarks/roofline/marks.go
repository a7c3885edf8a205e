package main

import (
	"fmt"
	"math"
	"slices"
	"unicode/utf8"
)

// roof draws the peaks as level lines and each reading as a slope up to the
// highest of them.
func (d *drawing) roof(c chart) {
	readings := slices.Clone(c.readings)
	slices.SortStableFunc(readings, func(a, b limit) int { return byMost(b, a) })
	peak, fastest := c.peak(), readings[0].most
	for _, p := range c.peaks {
		x, y := max(left, d.x.at(p.most/fastest)), d.y.at(p.most)
		d.line(`<path class="p" d="M%.1f %.1fH%v"/>`, x, y, width-right)
		d.text("", width-right-4, y-6, "end", fmt.Sprintf("%s, %s GFLOP/s", p.name, short(p.most)))
		d.taken = append(d.taken, box{width - right - 190, y - 18, 190, 20})
	}
	for i, r := range readings {
		near := i > 0 && readings[i-1].most < 1.6*r.most
		d.slope(r, peak, near)
	}
}

// slope is y = GB/s · x; its name stands above it, or below it where a faster
// one is near.
func (d *drawing) slope(r limit, peak float64, below bool) {
	x0 := max(d.x.lo, d.y.lo/r.most)
	x1 := min(d.x.hi, peak/r.most)
	ax, ay, bx, by := d.x.at(x0), d.y.at(r.most*x0), d.x.at(x1), d.y.at(r.most*x1)
	d.line(`<path class="r" d="M%.1f %.1fL%.1f %.1f"/>`, ax, ay, bx, by)
	angle, away := math.Atan2(by-ay, bx-ax), 5.0
	if below {
		away = -14
	}
	x, y := ax+(bx-ax)*0.06+away*math.Sin(angle), ay+(by-ay)*0.06-away*math.Cos(angle)
	name := fmt.Sprintf("%s, %s GB/s", r.name, short(r.most))
	d.line(`<text class="s" transform="translate(%.1f %.1f) rotate(%.1f)">%s</text>`, x, y, angle*180/math.Pi, escape.Replace(name))
	for i := range utf8.RuneCountInString(name) {
		along := 6.6 * float64(i)
		d.taken = append(d.taken, box{x + along*math.Cos(angle) - 4, y + along*math.Sin(angle) - 12, 12, 14})
	}
}

// short is a figure in three digits.
func short(x float64) string { return fmt.Sprintf("%.3g", x) }

func (d *drawing) legend() {
	d.line(`<circle class="t" cx="%v" cy="22" r="5"/>`, left+6)
	d.text("", left+18, 26, "start", "tasks: operations of the products, bytes of all operations")
	d.line(`<rect class="m" x="%v" y="17" width="10" height="10"/>`, left+400)
	d.text("", left+418, 26, "start", "bare products, m x n x k")
}

// point draws a mark and its name where there is room.
func (d *drawing) point(p point) {
	x, y := d.x.at(p.x), d.y.at(p.y)
	if p.product {
		d.line(`<rect class="m" x="%.1f" y="%.1f" width="9" height="9"/>`, x-4.5, y-4.5)
	} else {
		d.line(`<circle class="t" cx="%.1f" cy="%.1f" r="4.5"/>`, x, y)
	}
	b := d.room(x, y, 7.4*float64(utf8.RuneCountInString(p.name)))
	d.taken = append(d.taken, b)
	d.text("", b.x, b.y+11, "start", p.name)
}

// box is a rectangle, by its upper left corner.
type box struct{ x, y, w, h float64 }

func (a box) meets(b box) bool {
	return a.x < b.x+b.w && b.x < a.x+a.w && a.y < b.y+b.h && b.y < a.y+a.h
}

// room is a place for a name of width w near a point: the first that meets
// nothing, from right over left, above and below to farther ones.
func (d *drawing) room(x, y, w float64) box {
	const h = 14.0
	var first box
	for i, far := range []float64{8, 16, 26, 38} {
		for k, b := range []box{
			{x + far, y - h/2, w, h},
			{x - far - w, y - h/2, w, h},
			{x - w/2, y - far - h, w, h},
			{x - w/2, y + far, w, h},
			{x + far, y - far - h, w, h},
			{x + far, y + far, w, h},
			{x - far - w, y - far - h, w, h},
			{x - far - w, y + far, w, h},
		} {
			if i == 0 && k == 0 {
				first = b
			}
			inside := b.x >= left && b.x+w <= width-right && b.y >= top && b.y+h <= height-bottom
			if inside && !slices.ContainsFunc(d.taken, b.meets) {
				return b
			}
		}
	}
	return first
}
