package plot

import (
	"fmt"
	"math"
)

// Axis is one side of a chart. The zero value is a linear axis over all values.
type Axis struct {
	Label string
	Log   bool // powers of ten are at equal distances

	// The ends, where both are not 0. On a logarithmic axis each alone may be
	// given; 0 is from the values. What is outside is cut at the frame. A value
	// of 0 is an error on a logarithmic axis without Min, and below one with it.
	Min, Max float64

	Ticks []Tick // instead of round values
}

// Tick is a named place on an axis.
type Tick struct {
	At    float64
	Label string
}

// span gathers the values along an axis.
type span struct {
	Axis
	name   string // in errors: "X", "Y"
	lo, hi float64
}

func (a Axis) span(name string) *span {
	return &span{Axis: a, name: name, lo: math.Inf(1), hi: math.Inf(-1)}
}

// check refuses ends that leave nothing between them.
func (s *span) check() error {
	switch {
	case !finite(s.Min) || !finite(s.Max):
		return fmt.Errorf("%s.Min and %s.Max are %g and %g", s.name, s.name, s.Min, s.Max)
	case s.Log && (s.Min < 0 || s.Max < 0):
		return fmt.Errorf("%s is logarithmic, from %g to %g cannot be drawn", s.name, s.Min, s.Max)
	case s.Min >= s.Max && !(s.Min == 0 && s.Max == 0) && !(s.Log && s.Max == 0):
		return fmt.Errorf("%s.Min is %g, not below %s.Max, %g", s.name, s.Min, s.name, s.Max)
	}
	for _, t := range s.Ticks {
		if !finite(t.At) || (s.Log && t.At <= 0) {
			return fmt.Errorf("%s: the tick %q is at %g", s.name, t.Label, t.At)
		}
	}
	return nil
}

// add makes room for a value, and says why it cannot be drawn.
func (s *span) add(v float64) error {
	switch {
	case !finite(v):
		return fmt.Errorf("%s is %g", s.name, v)
	case s.Log && (v < 0 || (v == 0 && s.Min == 0)):
		return fmt.Errorf("%s is %g, and its axis is logarithmic", s.name, v)
	case v == 0 && s.Log:
		v = s.Min // where it is cut
	}
	s.lo, s.hi = min(s.lo, v), max(s.hi, v)
	return nil
}

// scale maps values to pixels.
type scale struct {
	Axis
	lo, hi   float64 // their logarithms where Log
	from, to float64
}

// scale ends the gathering; air is the part that stays free at both ends
// unless these were given.
func (s *span) scale(air, from, to float64) (*scale, error) {
	lo, hi := s.lo, s.hi
	if s.fixed() || s.Min != 0 {
		lo = s.Min
	}
	if s.fixed() || s.Max != 0 {
		hi = s.Max
	}
	if s.Log && s.Min == 0 {
		lo = min(s.lo, hi)
	}
	lo, hi = min(lo, hi), max(lo, hi) // all values are beyond the one end that was given
	c := &scale{Axis: s.Axis, lo: lo, hi: hi, from: from, to: to}
	if s.Log {
		c.lo, c.hi = math.Log10(lo), math.Log10(hi)
	}
	if c.hi-c.lo > 1e300 {
		return nil, fmt.Errorf("%s goes from %g to %g, too far", s.name, lo, hi)
	}
	c.widen()
	if d := air * (c.hi - c.lo); !s.fixed() {
		if s.Min == 0 || !s.Log {
			c.lo -= d
		}
		if s.Max == 0 || !s.Log {
			c.hi += d
		}
	}
	return c, nil
}

// fixed says whether both ends of a linear axis are given.
func (s *span) fixed() bool { return !s.Log && (s.Min != 0 || s.Max != 0) }

// widen makes room where all values are nearly one.
func (c *scale) widen() {
	size := max(math.Abs(c.lo), math.Abs(c.hi))
	if c.Log {
		size = max(size, 1) // the values themselves are nearly one where their logarithms are near 0 too
	}
	if c.hi-c.lo > 1e-9*size && c.hi-c.lo > 1e-300 {
		return
	}
	d := 0.05 * size
	if d < 1e-290 {
		d = 1
	}
	if c.Log {
		d = 0.5
	}
	c.lo, c.hi = c.lo-d, c.hi+d
}

// at is the place of a value; what is not above 0 is far below a logarithmic
// axis.
func (c *scale) at(v float64) float64 {
	if c.Log {
		v = math.Log10(max(v, 5e-324))
	}
	at := (v - c.lo) / (c.hi - c.lo)
	return c.from + (c.to-c.from)*min(max(at, -20), 20) // no end of a line is so far away that renderers fail
}

// ticks are about n places along the axis.
func (c *scale) ticks(n int) []Tick {
	switch {
	case c.Ticks != nil:
		var in []Tick
		for _, t := range c.Ticks {
			if at := c.at(t.At); at >= min(c.from, c.to)-0.5 && at <= max(c.from, c.to)+0.5 {
				in = append(in, t)
			}
		}
		return in
	case c.Log && c.hi-c.lo < 0.8:
		return c.linearLog(n)
	case c.Log:
		return c.decades(n)
	}
	step := roundStep((c.hi - c.lo) / float64(max(n, 2)))
	var ts []Tick
	for i := math.Ceil(c.lo/step - 1e-9); i*step <= c.hi+1e-9*step; i++ {
		ts = append(ts, Tick{i * step, number(i*step + 0)})
	}
	return ts
}

// decades are powers of ten, and 2 and 5 of each where there is room.
func (c *scale) decades(n int) []Tick {
	skip := math.Ceil((c.hi - c.lo) / float64(max(n, 2)))
	times := []float64{1}
	if c.hi-c.lo < float64(n)/3 {
		times = []float64{1, 2, 5}
	}
	var ts []Tick
	for e := math.Floor(c.lo); e <= c.hi; e++ {
		if math.Mod(e, skip) != 0 {
			continue
		}
		for _, t := range times {
			v := t * math.Pow(10, e)
			if l := math.Log10(v); l >= c.lo-1e-9 && l <= c.hi+1e-9 && finite(v) {
				ts = append(ts, Tick{v, number(v)})
			}
		}
	}
	return ts
}

// linearLog are round values of a logarithmic axis within one decade.
func (c *scale) linearLog(n int) []Tick {
	lo, hi := math.Pow(10, c.lo), math.Pow(10, c.hi)
	line := scale{lo: lo, hi: hi}
	return line.ticks(n)
}

// roundStep is the 1, 2 or 5 with zeros that is next above x.
func roundStep(x float64) float64 {
	ten := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 5} {
		if m*ten >= x*(1-1e-9) {
			return m * ten
		}
	}
	return 10 * ten
}
