package datasets

import (
	"fmt"
	"math"
	"slices"
)

// WindowOptions are the choices of [Series.Windows].
type WindowOptions struct {
	Steps   int   // moments that are read. 0: all so far, from the first of the series on
	Horizon int   // moments after them that are forecast. 0: 1
	Targets []int // numbers that are forecast, counted from 0. nil: all
	Stride  int   // moments from one window to the next. 0: 1

	// EveryStep asks for a forecast after each step of the window (many to many), not only after the last.
	EveryStep bool

	// The forecast moments of a window lie in From ≤ t < To; what is read may lie before From. So a test part is
	// forecast from its first moment on, and training with To where the test begins sees nothing of it. To 0: the end.
	From, To int
}

// Windows cuts the series into examples: X [Steps·D] is what was read, Y [Horizon·K] the K targets at the moments
// after it, moment after moment, and At the last moment read. With EveryStep Y is [Steps·Horizon·K], one forecast after
// the other. X shares the memory of the series, which must not change.
//
// A window that would read or forecast a missing value is left out ([Series.Filled] mends the series instead). It is
// an error if an option is negative or a target out of range, and if there is no window at all.
func (s *Series) Windows(opt WindowOptions) ([]Numeric, error) {
	opt, err := opt.checked(s)
	if err != nil {
		return nil, err
	}
	known := s.known()
	var out []Numeric
	for last := opt.firstLast(); last+opt.Horizon < opt.To; last += opt.Stride {
		from := 0
		if opt.Steps > 0 {
			from = last - opt.Steps + 1
		}
		if known[last+1]-known[from] < last+1-from {
			continue
		}
		if y := s.targets(opt, from, last); !slices.ContainsFunc(y, math.IsNaN) {
			x := s.Values[from*s.D() : (last+1)*s.D() : (last+1)*s.D()]
			out = append(out, Numeric{X: x, Steps: last + 1 - from, Y: y, At: last})
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("datasets: series: moments %d to %d of %d make no window of %d that forecasts %d: "+
			"%d values are missing", opt.From, opt.To, s.Len(), opt.Steps, opt.Horizon, s.Missing())
	}
	return out, nil
}

// firstLast is the last moment that the first window reads.
func (o WindowOptions) firstLast() int {
	first := max(o.Steps-1, 0)
	if o.EveryStep && o.Steps > 0 { // its earliest forecast is of moment last-Steps+2
		return max(first, o.From+o.Steps-2)
	}
	return max(first, o.From-1)
}

// targets is Y of the window that reads the moments from to last.
func (s *Series) targets(o WindowOptions, from, last int) []float64 {
	if !o.EveryStep {
		from = last
	}
	y := make([]float64, 0, (last+1-from)*o.Horizon*len(o.Targets))
	for t := from; t <= last; t++ {
		for h := 1; h <= o.Horizon; h++ {
			for _, d := range o.Targets {
				y = append(y, s.Values[(t+h)*s.D()+d])
			}
		}
	}
	return y
}

// known returns [N+1] how many of the first t moments have no missing value.
func (s *Series) known() []int {
	n := make([]int, s.Len()+1)
	for t := range s.Len() {
		n[t+1] = n[t]
		if !slices.ContainsFunc(s.Values[t*s.D():(t+1)*s.D()], math.IsNaN) {
			n[t+1]++
		}
	}
	return n
}

func (o WindowOptions) checked(s *Series) (WindowOptions, error) {
	if min(o.Steps, o.Horizon, o.Stride, o.From, o.To) < 0 {
		return o, fmt.Errorf("datasets: series: windows: steps %d, horizon %d, stride %d, from %d, to %d, wanted 0 or more each",
			o.Steps, o.Horizon, o.Stride, o.From, o.To)
	}
	for _, d := range o.Targets {
		if d < 0 || d >= s.D() {
			return o, fmt.Errorf("datasets: series: windows: target %d, wanted 0 to %d", d, s.D()-1)
		}
	}
	if o.EveryStep && o.Steps == 0 {
		return o, fmt.Errorf("datasets: series: windows: a forecast at every step needs windows of a fixed number of steps")
	}
	if o.Targets == nil {
		for d := range s.D() {
			o.Targets = append(o.Targets, d)
		}
	}
	n := s.Len()
	o.Horizon, o.Stride = max(o.Horizon, 1), max(o.Stride, 1)
	if o.To == 0 || o.To > n {
		o.To = n
	}
	// Beyond the series all sizes mean the same; so small they cannot overflow.
	o.Steps, o.Horizon, o.Stride, o.From = min(o.Steps, n+1), min(o.Horizon, n+1), min(o.Stride, n+1), min(o.From, n)
	return o, nil
}
