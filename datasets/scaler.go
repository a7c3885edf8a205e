package datasets

import (
	"errors"
	"fmt"
	"math"
)

// ScaleKind says what a [Scaler] makes of a column.
type ScaleKind string

const (
	Standard ScaleKind = "standard" // mean 0, standard deviation 1 (of the population, divided by n)
	MinMax   ScaleKind = "minmax"   // least value 0, greatest 1
)

// Scaler brings columns of numbers to a common size and back:
//
//	y = (x - Shift) / Scale,   x = y·Scale + Shift
//
// It should be fitted on the training part alone: what it knows of the rest leaks into training. Values beyond the
// fitted ones are not clipped. A missing value (NaN) stays one. Its fields are what a model file keeps.
type Scaler struct {
	Kind  ScaleKind `json:"kind"`
	Shift []float64 `json:"shift"` // [D] the mean, or the least value
	Scale []float64 `json:"scale"` // [D] the standard deviation, or greatest minus least; 1 for a constant column
}

// FitScaler fits a scaler to values [N·D], row after row. Missing values are left out of the fit. A constant column
// gets scale 1, so that it becomes 0 and comes back as it was. It is an error if D is below 1 or does not divide the
// values, if a value is infinite or the spread of a column is beyond float64, and if a column has no value at all; the
// column is counted from 0.
func FitScaler(kind ScaleKind, values []float64, D int) (*Scaler, error) {
	if kind != Standard && kind != MinMax {
		return nil, fmt.Errorf("datasets: scaler: kind %q, wanted %q or %q", kind, Standard, MinMax)
	}
	if D < 1 || len(values)%D != 0 {
		return nil, fmt.Errorf("datasets: scaler: %d values do not make rows of %d", len(values), D)
	}
	s := &Scaler{Kind: kind, Shift: make([]float64, D), Scale: make([]float64, D)}
	for d := range D {
		var err error
		if s.Shift[d], s.Scale[d], err = fitColumn(kind, values, d, D); err != nil {
			return nil, fmt.Errorf("datasets: scaler: column %d: %w", d, err)
		}
	}
	return s, nil
}

// fitColumn returns the shift and the scale of column d. The mean and the variance are those of Welford (1962), which
// lose no digits to a large mean.
func fitColumn(kind ScaleKind, values []float64, d, D int) (shift, scale float64, err error) {
	n, mean, squares := 0.0, 0.0, 0.0
	least, greatest := math.Inf(1), math.Inf(-1)
	for i := d; i < len(values); i += D {
		x := values[i]
		if math.IsNaN(x) {
			continue
		}
		if math.IsInf(x, 0) {
			return 0, 0, fmt.Errorf("row %d: %v, wanted a finite number", i/D, x)
		}
		least, greatest = min(least, x), max(greatest, x)
		n++
		delta := x - mean
		mean += delta / n
		squares += delta * (x - mean)
	}
	switch {
	case n == 0:
		return 0, 0, errors.New("no value in it")
	case least == greatest:
		return least, 1, nil
	case kind == MinMax:
		shift, scale = least, greatest-least
	default:
		shift, scale = mean, math.Sqrt(squares/n)
	}
	if scale == 0 || math.IsNaN(scale) || math.IsInf(scale, 0) {
		return 0, 0, fmt.Errorf("values from %v to %v have a spread that float64 cannot hold", least, greatest)
	}
	return shift, scale, nil
}

// Validate is the check for a scaler that was read from a file: a known kind, as many shifts as scales and at least one,
// all finite, no scale 0 or less.
func (s *Scaler) Validate() error {
	if s.Kind != Standard && s.Kind != MinMax {
		return fmt.Errorf("datasets: scaler: kind %q, wanted %q or %q", s.Kind, Standard, MinMax)
	}
	if len(s.Shift) == 0 || len(s.Shift) != len(s.Scale) {
		return fmt.Errorf("datasets: scaler: %d shifts and %d scales, wanted equally many and at least 1",
			len(s.Shift), len(s.Scale))
	}
	for d, scale := range s.Scale {
		if !(scale > 0) || math.IsInf(scale, 0) || math.IsNaN(s.Shift[d]) || math.IsInf(s.Shift[d], 0) {
			return fmt.Errorf("datasets: scaler: column %d: shift %v and scale %v, wanted finite numbers and a scale above 0",
				d, s.Shift[d], scale)
		}
	}
	return nil
}

// Columns is D, the number of columns.
func (s *Scaler) Columns() int { return len(s.Shift) }

// Transform returns values [N·D] scaled, in a new slice. It is an error if D does not divide them.
func (s *Scaler) Transform(values []float64) ([]float64, error) {
	return s.each(values, func(d int, x float64) float64 { return (x - s.Shift[d]) / s.Scale[d] })
}

// Inverse returns scaled values [N·D] as they were, up to rounding, in a new slice. It is an error if D does not divide
// them.
func (s *Scaler) Inverse(values []float64) ([]float64, error) {
	return s.each(values, func(d int, y float64) float64 { return y*s.Scale[d] + s.Shift[d] })
}

func (s *Scaler) each(values []float64, f func(d int, x float64) float64) ([]float64, error) {
	D := s.Columns()
	if D == 0 || len(values)%D != 0 {
		return nil, fmt.Errorf("datasets: scaler: %d values do not make rows of %d", len(values), D)
	}
	out := make([]float64, len(values))
	for i, x := range values {
		out[i] = f(i%D, x)
	}
	return out, nil
}

// Select returns the scaler of some columns, counted from 0, in that order: for the targets among the inputs. A column
// out of range is an error.
func (s *Scaler) Select(columns ...int) (*Scaler, error) {
	out := &Scaler{Kind: s.Kind}
	for _, d := range columns {
		if d < 0 || d >= s.Columns() {
			return nil, fmt.Errorf("datasets: scaler: column %d, wanted 0 to %d", d, s.Columns()-1)
		}
		out.Shift, out.Scale = append(out.Shift, s.Shift[d]), append(out.Scale, s.Scale[d])
	}
	return out, nil
}
