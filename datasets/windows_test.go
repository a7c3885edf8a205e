package datasets_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// clock is a series whose d-th number at moment t is 10·t + d, so that every value says where it comes from.
func clock(N, D int) *datasets.Series {
	s := &datasets.Series{Names: make([]string, D)}
	for t := range N {
		for d := range D {
			s.Values = append(s.Values, float64(10*t+d))
		}
	}
	return s
}

func TestWindows(t *testing.T) {
	tests := []struct {
		name string
		s    *datasets.Series
		opt  datasets.WindowOptions
		want []datasets.Numeric
	}{
		{"one variable", clock(4, 1), datasets.WindowOptions{Steps: 2}, []datasets.Numeric{
			{X: []float64{0, 10}, Steps: 2, Y: []float64{20}, At: 1},
			{X: []float64{10, 20}, Steps: 2, Y: []float64{30}, At: 2},
		}},
		{"two variables, a horizon, one target", clock(5, 2), datasets.WindowOptions{Steps: 2, Horizon: 2, Targets: []int{1}}, []datasets.Numeric{
			{X: []float64{0, 1, 10, 11}, Steps: 2, Y: []float64{21, 31}, At: 1},
			{X: []float64{10, 11, 20, 21}, Steps: 2, Y: []float64{31, 41}, At: 2},
		}},
		{"all so far", clock(4, 1), datasets.WindowOptions{}, []datasets.Numeric{
			{X: []float64{0}, Steps: 1, Y: []float64{10}, At: 0},
			{X: []float64{0, 10}, Steps: 2, Y: []float64{20}, At: 1},
			{X: []float64{0, 10, 20}, Steps: 3, Y: []float64{30}, At: 2},
		}},
		{"a part", clock(6, 1), datasets.WindowOptions{Steps: 2, From: 3, To: 5}, []datasets.Numeric{
			{X: []float64{10, 20}, Steps: 2, Y: []float64{30}, At: 2},
			{X: []float64{20, 30}, Steps: 2, Y: []float64{40}, At: 3},
		}},
		{"stride", clock(7, 1), datasets.WindowOptions{Steps: 1, Stride: 3}, []datasets.Numeric{
			{X: []float64{0}, Steps: 1, Y: []float64{10}, At: 0},
			{X: []float64{30}, Steps: 1, Y: []float64{40}, At: 3},
		}},
		{"at every step", clock(5, 1), datasets.WindowOptions{Steps: 2, Horizon: 2, EveryStep: true}, []datasets.Numeric{
			{X: []float64{0, 10}, Steps: 2, Y: []float64{10, 20, 20, 30}, At: 1},
			{X: []float64{10, 20}, Steps: 2, Y: []float64{20, 30, 30, 40}, At: 2},
		}},
		{"missing values are left out", seriesOf(1, 2, nan, 4, 5, 6), datasets.WindowOptions{Steps: 2}, []datasets.Numeric{
			{X: []float64{4, 5}, Steps: 2, Y: []float64{6}, At: 4},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.s.Windows(tt.opt)
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
		})
	}
}

// No window reads what it forecasts or anything after it; none forecasts outside its part; the parts together forecast
// every moment once.
func TestWindowsDoNotLeak(t *testing.T) {
	s := clock(30, 2)
	for _, every := range []bool{false, true} {
		for steps := 1; steps < 6; steps++ {
			for horizon := 1; horizon < 4; horizon++ {
				opt := datasets.WindowOptions{Steps: steps, Horizon: horizon, EveryStep: every}
				fit, test := opt, opt
				fit.To, test.From = 20, 20
				for _, w := range windowsOf(t, s, fit) {
					assert.Less(t, slices.Max(w.Y), 200.0)
				}
				for _, w := range windowsOf(t, s, test) {
					assert.GreaterOrEqual(t, slices.Min(w.Y), 200.0)
				}
				for _, w := range windowsOf(t, s, opt) {
					last := w.Y[len(w.Y)-2*horizon:]
					assert.Equal(t, float64(10*w.At+10), last[0])
					assert.Equal(t, float64(10*w.At+1), w.X[len(w.X)-1])
					assert.Equal(t, w.Len()*2, len(w.X))
				}
			}
		}
	}
}

func windowsOf(t *testing.T, s *datasets.Series, opt datasets.WindowOptions) []datasets.Numeric {
	t.Helper()
	w, err := s.Windows(opt)
	require.NoError(t, err)
	return w
}

func TestWindowsErrors(t *testing.T) {
	tests := []struct {
		name string
		s    *datasets.Series
		opt  datasets.WindowOptions
		want string
	}{
		{"negative", clock(5, 1), datasets.WindowOptions{Steps: -1}, "steps -1, horizon 0, stride 0"},
		{"target", clock(5, 2), datasets.WindowOptions{Targets: []int{2}}, "target 2, wanted 0 to 1"},
		{"every step of all", clock(5, 2), datasets.WindowOptions{EveryStep: true}, "needs windows of a fixed number of steps"},
		{"too short", clock(5, 1), datasets.WindowOptions{Steps: 5}, "moments 0 to 5 of 5 make no window of 5 that forecasts 1: 0 values are missing"},
		{"huge", clock(5, 1), datasets.WindowOptions{Steps: math.MaxInt, Horizon: math.MaxInt, From: math.MaxInt, To: math.MaxInt}, "make no window"},
		{"all missing", seriesOf(nan, nan, nan), datasets.WindowOptions{Steps: 1}, "3 values are missing"},
		{"empty", &datasets.Series{}, datasets.WindowOptions{}, "make no window"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.s.Windows(tt.opt)
			assert.ErrorContains(t, err, tt.want)
		})
	}
}
