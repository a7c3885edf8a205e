package plot

import (
	"cmp"
	"fmt"
	"math"

	"github.com/unroll-go/unroll/internal/svg"
)

// frame is the two axes of a chart and what is between them.
type frame struct {
	spanX, spanY             *span
	x, y                     *scale
	left, right, top, bottom float64
}

// Least and most size of a picture.
const minSize, maxSize = 160, 4000

func (f *frame) checkSpans(width, height float64) error {
	if !(width >= minSize && width <= maxSize && height >= minSize && height <= maxSize) {
		return fmt.Errorf("the size is %g x %g, %d to %d wanted", width, height, minSize, maxSize)
	}
	if err := f.spanX.check(); err != nil {
		return err
	}
	return f.spanY.check()
}

// place puts the frame below what is on the page, with room for the names of
// values at its left, so that the picture has a height.
func (f *frame) place(p *page, height float64) error {
	f.top = p.height + 10
	f.bottom = max(height-border-lineSkip, f.top+80)
	if f.spanX.Label != "" {
		f.bottom -= lineSkip
	}
	var err error
	if f.y, err = f.spanY.scale(0.04, f.bottom, f.top); err != nil {
		return err
	}
	wide := 0.0
	for _, t := range f.yTicks() {
		wide = max(wide, svg.Width(t.Label, 11))
	}
	f.left = border + min(wide, 140) + 8
	if f.spanY.Label != "" {
		f.left += lineSkip
	}
	f.right = p.width - border - 6
	f.x, err = f.spanX.scale(0, f.left, f.right)
	return err
}

func (f *frame) yTicks() []Tick { return f.y.ticks(int((f.bottom - f.top) / 45)) }

// extent tells the ranges of both axes in words.
func (f *frame) extent() string { return f.tell(f.spanX) + "; " + f.tell(f.spanY) + "." }

func (f *frame) tell(s *span) string {
	return fmt.Sprintf("%s: %s … %s", cmp.Or(s.Label, s.name), number(s.lo), number(s.hi))
}

// axes draws lines at round values, their names, and the axes' labels.
func (f *frame) axes(p *page) {
	for _, t := range f.yTicks() {
		y := f.y.at(t.At)
		p.line(`<path class="g" d="M%s %sH%s"/>`, svg.Px(f.left), svg.Px(y), svg.Px(f.right))
		p.text("n e", f.left-6, y+4, svg.Fit(t.Label, 140, 11))
	}
	f.xAxis(p, int((f.right-f.left)/80))
	p.line(`<path class="f" d="M%s %sV%sH%s"/>`, svg.Px(f.left), svg.Px(f.top), svg.Px(f.bottom), svg.Px(f.right))
	if s := f.spanY.Label; s != "" {
		p.turned("m", border+textSize-2, (f.top+f.bottom)/2, -90, svg.Fit(s, f.bottom-f.top, textSize))
	}
	p.height = f.bottom + lineSkip
	if s := f.spanX.Label; s != "" {
		p.height += lineSkip
		p.text("m", (f.left+f.right)/2, p.height-2, svg.Fit(s, f.right-f.left, textSize))
	}
}

// xAxis draws the lines of the horizontal axis, and as many names as do not
// meet.
func (f *frame) xAxis(p *page, n int) {
	end := math.Inf(-1)
	for _, t := range f.x.ticks(n) {
		x := f.x.at(t.At)
		p.line(`<path class="g" d="M%s %sV%s"/>`, svg.Px(x), svg.Px(f.top), svg.Px(f.bottom))
		half := svg.Width(t.Label, 11) / 2
		at := min(max(x, border/2+half), p.width-border/2-half)
		if at-half < end {
			continue
		}
		p.text("n m", at, f.bottom+15, t.Label)
		end = at + half + 6
	}
}

// open begins the inside of the frame: what is drawn there is cut at its edges.
// The inner picture keeps the outer's coordinates.
func (f *frame) open(p *page) {
	x, y, w, h := svg.Px(f.left-1), svg.Px(f.top-1), svg.Px(f.right-f.left+7), svg.Px(f.bottom-f.top+2)
	p.line(`<svg x="%[1]s" y="%[2]s" width="%[3]s" height="%[4]s" viewBox="%[1]s %[2]s %[3]s %[4]s">`, x, y, w, h)
}

func (f *frame) close(p *page) { p.line("</svg>") }

// legend names the series, a row after the other.
func (p *page) legend(series []Series) {
	if len(series) == 1 && series[0].Name == "" {
		return
	}
	p.items(len(series), 34, func(i int) string { return series[i].Name },
		func(i int, x, y float64) { p.key(&series[i], i, x, y) })
}

// items writes names in rows, each after a sign of a width.
func (p *page) items(n int, wide float64, name func(int) string, sign func(i int, x, y float64)) {
	x := border
	p.height += lineSkip
	for i := range n {
		s := svg.Fit(name(i), p.width-2*border-wide, textSize)
		w := wide + svg.Width(s, textSize)
		if x > border && x+w > p.width-border {
			x = border
			p.height += lineSkip + 2
		}
		sign(i, x, p.height-8)
		p.text("", x+wide, p.height-4, s)
		x += w + 20
	}
	p.height += 4
}

// key is a short piece of a curve, with its interval and its mark.
func (p *page) key(s *Series, i int, x, y float64) {
	if s.Lo != nil {
		p.rect(fmt.Sprintf("w t%d", i%len(palette)), x, y-6, 26, 12, "")
	}
	p.line(`<path class="l s%d"%s d="M%s %sh26"/>`, i%len(palette), dash(i), svg.Px(x), svg.Px(y))
	if s.Marks {
		p.mark(i, x+13, y, "")
	}
}

// dash is the pattern of series i, as an attribute.
func dash(i int) string {
	if d := dashes[(i+i/len(palette))%len(dashes)]; d != "" {
		return ` stroke-dasharray="` + d + `"`
	}
	return ""
}
