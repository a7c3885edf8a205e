package datasets_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

var nan = math.NaN()

func TestScalerOfTwoColumns(t *testing.T) {
	values := []float64{
		1, -10,
		3, 10,
		5, nan,
	}
	s, err := datasets.FitScaler(datasets.Standard, values, 2)
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{3, 0}, s.Shift, 1e-15)
	assert.InDeltaSlice(t, []float64{math.Sqrt(8.0 / 3), 10}, s.Scale, 1e-15)

	s, err = datasets.FitScaler(datasets.MinMax, values, 2)
	require.NoError(t, err)
	got, err := s.Transform([]float64{1, 10, 5, nan, 9, 0})
	require.NoError(t, err)
	assert.Equal(t, []float64{0, 1, 1}, got[:3])
	assert.True(t, math.IsNaN(got[3]), "missing stays missing")
	assert.Equal(t, []float64{2, 0.5}, got[4:], "not clipped")
}

// What was fitted has mean 0 and deviation 1, or lies in [0, 1]; the inverse gives back what was there, however large
// the mean is beside the spread.
func TestScalerProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		mean, spread := math.Pow(10, rng.Float64()*18-9), math.Pow(10, rng.Float64()*6-3)
		values := make([]float64, 200)
		for i := range values {
			values[i] = mean * (1 + spread*1e-3*rng.NormFloat64())
		}
		for _, kind := range []datasets.ScaleKind{datasets.Standard, datasets.MinMax} {
			s, err := datasets.FitScaler(kind, values, 1)
			require.NoError(t, err)
			require.NoError(t, s.Validate())
			scaled, err := s.Transform(values)
			require.NoError(t, err)
			sum, squares := 0.0, 0.0
			for _, y := range scaled {
				sum, squares = sum+y, squares+y*y
				require.True(t, kind == datasets.Standard || y >= 0 && y <= 1)
			}
			if kind == datasets.Standard {
				assert.InDelta(t, 0, sum/200, 1e-9)
				assert.InDelta(t, 1, squares/200, 1e-9)
			}
			back, err := s.Inverse(scaled)
			require.NoError(t, err)
			assert.InEpsilonSlice(t, values, back, 1e-12)
		}
	}
}

func TestScalerOfAConstant(t *testing.T) {
	for _, kind := range []datasets.ScaleKind{datasets.Standard, datasets.MinMax} {
		s, err := datasets.FitScaler(kind, []float64{0.1, 0.1, nan, 0.1}, 1)
		require.NoError(t, err)
		got, err := s.Transform([]float64{0.1, 1.1})
		require.NoError(t, err)
		assert.Equal(t, []float64{0, 1}, got)
		back, err := s.Inverse([]float64{0})
		require.NoError(t, err)
		assert.Equal(t, []float64{0.1}, back)
	}
}

func TestScalerThroughJSON(t *testing.T) {
	s, err := datasets.FitScaler(datasets.Standard, []float64{1.0 / 3, 2, 3, 5, 7, 11}, 2)
	require.NoError(t, err)
	data, err := json.Marshal(s)
	require.NoError(t, err)
	var read datasets.Scaler
	require.NoError(t, json.Unmarshal(data, &read))
	assert.Equal(t, s, &read, "to the last bit")

	second, err := s.Select(1)
	require.NoError(t, err)
	assert.Equal(t, []float64{s.Shift[1]}, second.Shift)
	_, err = s.Select(2)
	assert.ErrorContains(t, err, "column 2, wanted 0 to 1")
}

func TestScalerErrors(t *testing.T) {
	tests := []struct {
		name   string
		kind   datasets.ScaleKind
		values []float64
		D      int
		want   string
	}{
		{"kind", "robust", []float64{1}, 1, `kind "robust", wanted "standard" or "minmax"`},
		{"no columns", datasets.Standard, []float64{1}, 0, "1 values do not make rows of 0"},
		{"half a row", datasets.Standard, []float64{1, 2, 3}, 2, "3 values do not make rows of 2"},
		{"no rows", datasets.Standard, nil, 2, "column 0: no value in it"},
		{"all missing", datasets.MinMax, []float64{1, nan, 2, nan}, 2, "column 1: no value in it"},
		{"infinite", datasets.MinMax, []float64{1, 2, 1, math.Inf(-1)}, 2, "column 1: row 1: -Inf, wanted a finite number"},
		{"spread", datasets.MinMax, []float64{-1.7e308, 1.7e308}, 1, "a spread that float64 cannot hold"},
		{"variance", datasets.Standard, []float64{-1e200, 1e200}, 1, "a spread that float64 cannot hold"},
		{"tiny", datasets.Standard, []float64{0, 1e-200}, 1, "a spread that float64 cannot hold"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := datasets.FitScaler(tt.kind, tt.values, tt.D)
			assert.ErrorContains(t, err, "datasets: scaler: ")
			assert.ErrorContains(t, err, tt.want)
		})
	}
	s := &datasets.Scaler{Kind: datasets.Standard, Shift: []float64{0, 0}, Scale: []float64{1, 1}}
	_, err := s.Transform([]float64{1})
	assert.ErrorContains(t, err, "1 values do not make rows of 2")
	_, err = (&datasets.Scaler{}).Inverse(nil)
	assert.ErrorContains(t, err, "rows of 0")
}

func TestScalerValidate(t *testing.T) {
	for want, s := range map[string]datasets.Scaler{
		`kind ""`:                {},
		"0 shifts and 0 scales":  {Kind: datasets.Standard},
		"1 shifts and 2 scales":  {Kind: datasets.Standard, Shift: []float64{0}, Scale: []float64{1, 1}},
		"shift 0 and scale 0":    {Kind: datasets.MinMax, Shift: []float64{0}, Scale: []float64{0}},
		"shift NaN and scale 1":  {Kind: datasets.MinMax, Shift: []float64{nan}, Scale: []float64{1}},
		"shift 0 and scale NaN":  {Kind: datasets.MinMax, Shift: []float64{0}, Scale: []float64{nan}},
		"shift 0 and scale +Inf": {Kind: datasets.MinMax, Shift: []float64{0}, Scale: []float64{math.Inf(1)}},
	} {
		assert.ErrorContains(t, s.Validate(), want)
	}
}
