package datasets_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

func TestSeriesAdd(t *testing.T) {
	s, err := datasets.NewSeries("pm2.5", "temp")
	require.NoError(t, err)
	require.NoError(t, s.Add(129, -4))
	require.NoError(t, s.Add(nan, -5))
	assert.EqualError(t, s.Add(1, math.Inf(1)),
		"datasets: series: moment 2: temp: +Inf, wanted a finite number or NaN for a missing one")
	assert.EqualError(t, s.Add(1), "datasets: series: 1 values for 2 numbers")
	assert.Equal(t, []int{2, 2, 1}, []int{s.Len(), s.D(), s.Missing()})
	assert.Equal(t, []float64{-4, -5}, s.Column(1))
	assert.Nil(t, s.Column(2))
	assert.Equal(t, 1, s.Head(1).Len())
	assert.Equal(t, 2, s.Head(9).Len())
	assert.Equal(t, 0, s.Head(-1).Len())
	_, err = datasets.NewSeries()
	assert.Error(t, err)
	assert.Zero(t, (&datasets.Series{}).Len())
}

func TestSeriesFilled(t *testing.T) {
	s := seriesOf(nan, 1, nan, nan, nan, 2)
	got := s.Filled(0).Values
	assert.True(t, math.IsNaN(got[0]), "nothing is known before it")
	assert.Equal(t, []float64{1, 1, 1, 1, 2}, got[1:])
	assert.Equal(t, 4, s.Missing(), "the series itself is as it was")
	assert.Equal(t, 2, s.Filled(2).Missing())
}

func TestSeriesScaled(t *testing.T) {
	s := seriesOf(1, 2, 3)
	by, err := datasets.FitScaler(datasets.MinMax, s.Head(2).Values, 1)
	require.NoError(t, err)
	got, err := s.Scaled(by)
	require.NoError(t, err)
	assert.Equal(t, []float64{0, 1, 2}, got.Values, "fitted on the first two alone")
	_, err = s.Scaled(&datasets.Scaler{Shift: make([]float64, 2)})
	assert.ErrorContains(t, err, "a scaler of 2 columns for 1 numbers")
}

// seriesOf is a series of one variable.
func seriesOf(values ...float64) *datasets.Series {
	return &datasets.Series{Names: []string{"x"}, Values: values}
}
