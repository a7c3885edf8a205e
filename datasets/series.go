package datasets

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Series is D numbers at each of N moments, in the order of time.
type Series struct {
	Names  []string  // [D] what the numbers are
	Values []float64 // [N·D] moment after moment; NaN is a missing value
}

// NewSeries returns a series without moments of the named numbers. It is an error if there are no names.
func NewSeries(names ...string) (*Series, error) {
	if len(names) == 0 {
		return nil, errors.New("datasets: series: no names, wanted at least 1")
	}
	return &Series{Names: slices.Clone(names)}, nil
}

// Add appends a moment, one value for each name; NaN is a missing one, as a table reads it. Another number of
// values and infinite ones are errors, which add nothing.
func (s *Series) Add(values ...float64) error {
	if len(values) != len(s.Names) {
		return fmt.Errorf("datasets: series: %d values for %d numbers", len(values), len(s.Names))
	}
	for d, x := range values {
		if math.IsInf(x, 0) {
			return fmt.Errorf("datasets: series: moment %d: %s: %v, wanted a finite number or NaN for a missing one",
				s.Len(), s.Names[d], x)
		}
	}
	s.Values = append(s.Values, values...)
	return nil
}

// D is how many numbers a moment has.
func (s *Series) D() int { return len(s.Names) }

// Len is N, the moments.
func (s *Series) Len() int {
	if len(s.Names) == 0 {
		return 0
	}
	return len(s.Values) / len(s.Names)
}

// Column returns [N] a copy of number d at every moment; nil if there is no such number.
func (s *Series) Column(d int) []float64 {
	if d < 0 || d >= s.D() {
		return nil
	}
	out := make([]float64, s.Len())
	for t := range out {
		out[t] = s.Values[t*s.D()+d]
	}
	return out
}

// Head returns the first n moments, all if there are fewer: the part that a scaler is fitted on. It shares the memory of s.
func (s *Series) Head(n int) *Series {
	end := min(max(n, 0), s.Len()) * s.D()
	return &Series{Names: s.Names, Values: s.Values[:end:end]}
}

// Scaled returns a copy whose values are scaled. It is an error if the scaler has another number of columns.
func (s *Series) Scaled(by *Scaler) (*Series, error) {
	if by.Columns() != s.D() {
		return nil, fmt.Errorf("datasets: series: a scaler of %d columns for %d numbers", by.Columns(), s.D())
	}
	values, err := by.Transform(s.Values)
	if err != nil {
		return nil, err
	}
	return &Series{Names: s.Names, Values: values}, nil
}

// Filled returns a copy in which a missing value is the last one known before it, so that nothing of the future is used.
// Those before the first known value stay missing; so does what gap, if it is above 0, leaves: of a longer run of
// missing values only the first gap are filled.
func (s *Series) Filled(gap int) *Series {
	out := &Series{Names: s.Names, Values: slices.Clone(s.Values)}
	D := s.D()
	for d := range D {
		run := 0
		for i := D + d; i < len(out.Values); i += D {
			if !math.IsNaN(s.Values[i]) {
				run = 0
				continue
			}
			if run++; gap <= 0 || run <= gap {
				out.Values[i] = out.Values[i-D]
			}
		}
	}
	return out
}

// Missing is the number of missing values.
func (s *Series) Missing() int {
	n := 0
	for _, x := range s.Values {
		if math.IsNaN(x) {
			n++
		}
	}
	return n
}
