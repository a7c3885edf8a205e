package graph

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"
)

// Memory is how far back a state is felt.
type Memory struct {
	Scope string
	Of    []StateMemory // for each state tensor; with several, last for all of them together
}

// StateMemory is ds_t/ds_{t-lag} of one state tensor: its own block of the Jacobian, the others
// held at t-lag and followed after it.
type StateMemory struct {
	Name string
	Lags []Lag // lag 0, the identity, first

	// Length is the effective memory length: the first lag whose mean spectral norm is below 1 %
	// of that of lag 0, which is 1; -1 where no lag of the sequence is.
	Length int

	// Rate is the factor for each step, exp of the slope of the straight line through (lag, log of
	// the mean spectral norm), lags from 1 on, least squares; 0 if it vanishes.
	Rate float64

	block [2]int // columns and rows of the Jacobian
}

// Lag is the Jacobians of one distance in time.
type Lag struct {
	Lag, Count     int     // steps apart; pairs (t, t-lag)
	Mean, Min, Max float64 // of the spectral norms, the largest singular values
	Frobenius      float64 // mean of the Frobenius norms
}

// Report runs the formula once, for all rows, and multiplies. A Jacobian that is not finite is an
// error that names the step.
func (j *Jacobians) Report() (*Memory, error) {
	if err := j.fill(); err != nil {
		return nil, err
	}
	if err := j.wide.Run(); err != nil {
		return nil, err
	}
	steps := j.read()
	for k, J := range steps {
		if !finite(J.RawMatrix().Data) {
			return nil, fmt.Errorf("graph: Jacobians: that of step %d is not finite; are weights and inputs?", k)
		}
	}
	m := &Memory{Scope: j.states[0].Path}
	at := 0
	for i, w := range j.widths {
		m.Of = append(m.Of, newStateMemory(j.states[i].Name, len(steps), at, w))
		at += w
	}
	if len(j.widths) > 1 {
		m.Of = append(m.Of, newStateMemory("all", len(steps), 0, at))
	}
	product, next := mat.NewDense(at, at, nil), mat.NewDense(at, at, nil)
	for k := range steps {
		product.Copy(steps[k])
		for t := k; t < len(steps); t++ {
			if t > k {
				next.Mul(steps[t], product)
				product, next = next, product
			}
			for i := range m.Of {
				m.Of[i].take(t-k+1, product)
			}
		}
	}
	for i := range m.Of {
		m.Of[i].finish()
	}
	return m, nil
}

// read is J_t for each step.
func (j *Jacobians) read() []*mat.Dense {
	S := j.width()
	var all []*mat.Dense
	for _, parts := range j.parts {
		J := mat.NewDense(S, S, nil)
		at := 0
		for i, w := range j.widths {
			for n, x := range j.wide.numbers(parts[i]) {
				J.Set(n/w, at+n%w, x)
			}
			at += w
		}
		all = append(all, J)
	}
	return all
}

// newStateMemory begins with lag 0.
func newStateMemory(name string, steps, at, width int) StateMemory {
	m := StateMemory{Name: name, Lags: make([]Lag, steps+1)}
	for lag := range m.Lags {
		m.Lags[lag] = Lag{Lag: lag, Min: math.Inf(1)}
	}
	m.Lags[0] = Lag{Count: steps + 1, Mean: 1, Min: 1, Max: 1, Frobenius: math.Sqrt(float64(width))}
	m.block = [2]int{at, at + width}
	return m
}

// take adds one Jacobian to those of its lag. One that has overflowed is of infinite size.
func (m *StateMemory) take(lag int, product *mat.Dense) {
	lo, hi := m.block[0], m.block[1]
	part := mat.DenseCopyOf(product.Slice(lo, hi, lo, hi))
	s, f := math.Inf(1), math.Inf(1)
	if finite(part.RawMatrix().Data) {
		s, f = spectralNorm(part), mat.Norm(part, 2)
	}
	l := &m.Lags[lag]
	l.Count++
	l.Mean += s
	l.Min, l.Max = min(l.Min, s), max(l.Max, s)
	l.Frobenius += f
}

// finish makes means of sums and reads the length and the rate from them.
func (m *StateMemory) finish() {
	m.Length = -1
	n, sx, sy, sxx, sxy := 0.0, 0.0, 0.0, 0.0, 0.0
	for i := 1; i < len(m.Lags); i++ {
		l := &m.Lags[i]
		l.Mean /= float64(l.Count)
		l.Frobenius /= float64(l.Count)
		if m.Length < 0 && l.Mean < 0.01 {
			m.Length = i
		}
		if x, y := float64(i), math.Log(l.Mean); !math.IsInf(y, 0) && !math.IsNaN(y) {
			n, sx, sy, sxx, sxy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y
		}
	}
	switch d := n*sxx - sx*sx; {
	case d > 0:
		m.Rate = math.Exp((n*sxy - sx*sy) / d)
	case n == 1:
		m.Rate = math.Exp(sy / sx)
	}
}

// String is a table of some lags.
func (m *Memory) String() string {
	var b strings.Builder
	for _, s := range m.Of {
		length := fmt.Sprint(s.Length)
		if s.Length < 0 {
			length = fmt.Sprintf("more than %d", len(s.Lags)-1)
		}
		fmt.Fprintf(&b, "%s %s: a factor of %.4f for each step, memory length %s\n", m.Scope, s.Name, s.Rate, length)
		for _, l := range s.Lags {
			if l.Lag < 4 || l.Lag&(l.Lag-1) == 0 || l.Lag == len(s.Lags)-1 {
				fmt.Fprintf(&b, "  lag %-5d mean %-11.4g min %-11.4g max %-11.4g\n", l.Lag, l.Mean, l.Min, l.Max)
			}
		}
	}
	return b.String()
}

// fill gives the wide program the data of the program of one row.
func (j *Jacobians) fill() error {
	for _, name := range j.Names() {
		v := j.input(name)
		if v == nil {
			continue
		}
		var err error
		if v.ids {
			err = j.wide.SetIDs(name, widened(j.idsOf(v), v.shape, j.wide.Shape(name)))
		} else {
			x, _ := j.Float64s(name)
			err = j.wide.SetFloat64s(name, widened(x, v.shape, j.wide.Shape(name)))
		}
		if err != nil {
			return fmt.Errorf("graph: Jacobians: %w", err)
		}
	}
	for _, c := range j.graph.carried {
		state, err := j.State(c.name)
		if err != nil {
			return err
		}
		wide := make([][]float64, len(state))
		i := 0
		for _, d := range j.graph.carried {
			if d.name == c.name {
				wide[i] = slices.Repeat(state[i], j.width())
				i++
			}
		}
		if err := j.wide.SetState(c.name, wide); err != nil {
			return err
		}
	}
	ids := make([]int, j.width())
	for i := range ids {
		ids[i] = i
	}
	return j.wide.SetIDs(jacobianRows, ids)
}

// input is the value that a user sets under a name, nil for an output.
func (p *Program) input(name string) *value {
	for _, ids := range []bool{false, true} {
		if v, err := p.find(name, ids, true); err == nil {
			return v
		}
	}
	return nil
}

// widened repeats x, of shape from, along the one axis where to is longer.
func widened[E any](x []E, from, to []int) []E {
	if len(from) != len(to) {
		return x
	}
	for axis, n := range from {
		if to[axis] == n {
			continue
		}
		inner := size(from[axis:])
		var out []E
		for i := 0; i < len(x); i += inner {
			out = append(out, slices.Repeat(x[i:i+inner], to[axis]/n)...)
		}
		return out
	}
	return x
}
