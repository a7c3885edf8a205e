package plot

import (
	"fmt"
	"math"

	"github.com/unroll-go/unroll/internal/svg"
)

// Scale gives values their colours. The zero value goes from the lowest to the
// highest of them, pale to strong.
type Scale struct {
	Label    string  // what the values are, at the bar of colours
	Min, Max float64 // as in Axis; what is outside has the colour of the end
	Log      bool

	// Diverging has two hues, for values of both signs: the middle is 0, and both
	// ends are equally far from it. It excludes Log.
	Diverging bool
}

// colors is a scale that knows its values.
type colors struct {
	Scale
	*scale
}

// colors gathers the values of a scale; where says which one is wrong.
func (s Scale) colors(n int, value func(i int) (v float64, where string)) (*colors, error) {
	if s.Log && s.Diverging {
		return nil, fmt.Errorf("Scale is Log and Diverging at the same time")
	}
	sp := Axis{Log: s.Log, Min: s.Min, Max: s.Max}.span("Scale")
	if err := sp.check(); err != nil {
		return nil, err
	}
	sp.name = "the value"
	for i := range n {
		v, where := value(i)
		if err := sp.add(v); err != nil {
			return nil, fmt.Errorf("%s: %w", where, err)
		}
	}
	if s.Diverging {
		lo, hi := sp.lo, sp.hi
		if sp.fixed() {
			lo, hi = sp.Min, sp.Max
		}
		sp.hi = max(math.Abs(lo), math.Abs(hi))
		if sp.hi == 0 {
			sp.hi = 1
		}
		sp.lo, sp.Min, sp.Max = -sp.hi, 0, 0
	}
	c, err := sp.scale(0, 0, levels-1)
	return &colors{s, c}, err
}

// ramp is 0 for colours of one sign and 1 for those of two.
func (c *colors) ramp() int {
	if c.Diverging {
		return 1
	}
	return 0
}

// class is that of the colour of a value.
func (c *colors) class(v float64) string {
	level := int(math.Round(min(max(c.at(v), 0), levels-1)))
	return fmt.Sprint(rampClasses[c.ramp()], level)
}

// ends are the values of the first and the last colour.
func (c *colors) ends() (lo, hi float64) {
	if c.scale.Log {
		return max(math.Pow(10, c.lo), math.SmallestNonzeroFloat64), min(math.Pow(10, c.hi), math.MaxFloat64)
	}
	return c.lo, c.hi
}

// bar draws the colours of a scale from x on, below what is drawn so far.
func (p *page) bar(c *colors, x float64) {
	const wide, high = 6.0, 12.0
	p.ramps[c.ramp()] = true
	p.height += 12
	y := p.height
	for i := range levels {
		w := wide + 0.5 // no gaps where pixels are not whole
		if i == levels-1 {
			w = wide
		}
		p.rect(fmt.Sprint(rampClasses[c.ramp()], i), x+float64(i)*wide, y, w, high, "")
	}
	p.rect("f", x, y, levels*wide, high, "")
	at := scale{Axis: c.Axis, lo: c.lo, hi: c.hi, from: x, to: x + levels*wide}
	for _, t := range at.ticks(4) {
		p.text("n m", at.at(t.At), y+high+13, t.Label)
	}
	if c.Label != "" {
		p.text("n", x+levels*wide+12, y+10, c.Label)
		p.width = max(p.width, x+levels*wide+12+svg.Width(c.Label, 11)+border)
	}
	p.height += high + 16
}
