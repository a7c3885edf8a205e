package train

import (
	"fmt"
	"math"
)

// Line is a straight line At + Slope·x: what a network that predicts a number
// has to beat.
type Line struct {
	At, Slope float64

	mean float64 // of x
}

// FitLine is the line with the least squared error over points (x, y). Points
// whose x is NaN stand at the mean of x. It is an error if there are no points, or
// not as many x as y, or no x is a number.
func FitLine(x, y []float64) (Line, error) {
	if len(x) != len(y) {
		return Line{}, fmt.Errorf("train: line: %d x and %d y, wanted as many", len(x), len(y))
	}
	n, mx, my := 0.0, 0.0, 0.0
	for i := range x {
		my += (y[i] - my) / float64(i+1)
		if !math.IsNaN(x[i]) {
			n++
			mx += (x[i] - mx) / n
		}
	}
	if n == 0 {
		return Line{}, fmt.Errorf("train: line: no x is a number")
	}
	xx, xy := 0.0, 0.0
	for i := range x {
		if d := x[i] - mx; !math.IsNaN(d) {
			xx += d * d
			xy += d * (y[i] - my)
		}
	}
	l := Line{At: my, mean: mx}
	if xx > 0 {
		l.Slope = xy / xx
	}
	l.At -= l.Slope * mx
	return l, nil
}

// Y is the line's value at x.
func (l Line) Y(x float64) float64 { return l.At + l.Slope*x }

// Over is the line's value at each x. Where x is NaN it is the mean of y.
func (l Line) Over(x []float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		if math.IsNaN(v) {
			v = l.mean
		}
		y[i] = l.Y(v)
	}
	return y
}
