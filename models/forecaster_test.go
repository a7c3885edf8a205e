package models_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
	"github.com/unroll-go/unroll/models"
)

// forecasterVariants are configurations with each cell and base, many to one
// and many to many.
func forecasterVariants() map[string]models.ForecasterConfig {
	all := map[string]models.ForecasterConfig{}
	for i, cell := range models.Cells() {
		for _, base := range models.Bases() {
			c := models.ForecasterConfig{
				Recurrent: models.Recurrent{Cell: cell, Hidden: 3, Layers: 1 + i%2}, Window: 6, Horizon: 2,
				Base: base, Season: 4, Level: i > 0, Log: i == 2, Quantiles: []float64{0.1, 0.5, 0.9}[:3*(1-i%2)],
			}
			if c.EveryStep = base == "last"; !c.EveryStep {
				c.Bidirectional = cell == "gru"
			}
			all[fmt.Sprintf("%s %s every=%t", cell, base, c.EveryStep)] = c
		}
	}
	return all
}

// wave is a series of two variables, the first above 0, with a season of 4.
func wave(t testing.TB, n int) *datasets.Series {
	t.Helper()
	s, err := datasets.NewSeries("x", "beside")
	require.NoError(t, err)
	for i := range n {
		at := float64(i)
		require.NoError(t, s.Add(10+0.1*at+[]float64{0, 2, 3, 1}[i%4]+math.Sin(at*at), math.Cos(at)))
	}
	return s
}

// newForecaster is an untrained forecaster of a wave whose biases are spread.
func newForecaster(t testing.TB, c models.ForecasterConfig) *models.Forecaster {
	t.Helper()
	m, err := models.NewForecaster(c, wave(t, 40), 7)
	require.NoError(t, err)
	spread(t, m.Params)
	return m
}

// TestForecasterGradients compares a whole forecaster's gradients with central
// differences in float64: rows of unequal length, one of them of weight 0.
func TestForecasterGradients(t *testing.T) {
	for name, c := range forecasterVariants() {
		t.Run(name, func(t *testing.T) {
			network, err := c.Network(2)
			require.NoError(t, err)
			T, B := 3, 4
			rows := B
			if c.EveryStep {
				rows = T * B
			}
			numbers := func(n int, by float64) []float64 {
				x := make([]float64, n)
				for i := range x {
					x[i] = math.Cos(by * float64(i))
				}
				return x
			}
			weight := make([]float64, rows)
			for i := range weight {
				weight[i] = []float64{1, 0.5, 0, 2}[i%B]
			}
			checked := map[string]bool{}
			require.NoError(t, gradcheck.Check(graph.NewParams64(3), graph.Key{B: B, T: T}, network.Train, gradcheck.Options{
				Set: func(p *graph.Program) error {
					if err := p.SetFloat64s("xs", numbers(T*B*network.In, 1.3)); err != nil {
						return err
					}
					if err := p.SetIDs("lens", []int{2, 1, 0, 3}); err != nil {
						return err
					}
					if err := p.SetFloat64s("target", numbers(rows*network.Values, 0.7)); err != nil {
						return err
					}
					return p.SetFloat64s("weight", weight)
				},
				Each: func(path string, _ float64) { checked[path] = true },
			}))
			assert.True(t, checked["out/W"] && checked["out/b"] && len(checked) >= 5)
		})
	}
}

// silence makes a network answer 0.
func silence(t testing.TB, m *models.Forecaster) {
	t.Helper()
	for _, path := range []string{"out/W", "out/b"} {
		require.NoError(t, m.Params.Set(path, make([]float64, len(m.Params.Get(path).Values()))))
	}
}

// Where the network has nothing to add, a forecast is the base's, and the mean of
// what the base lacked while it was fitted.
func TestForecasterBegins(t *testing.T) {
	s := wave(t, 60)
	for _, base := range []string{"last", "season"} {
		c := forecasterVariants()["lstm "+base+fmt.Sprintf(" every=%t", base == "last")]
		m := newForecaster(t, c)
		silence(t, m)
		naive := datasets.Naive{}
		if base == "season" {
			naive = datasets.Naive{Season: 4, Change: true}
		}
		all, err := m.WalkForward(s, 40, 0)
		require.NoError(t, err)
		require.Len(t, all, 60-40-1, "two ahead")
		for i, f := range all {
			assert.Equal(t, 39+i, f.At)
			for k, got := range f.Values {
				want := naive.Forecast(s.Column(0), f.At, k+1) + m.Targets.Shift[k]
				assert.InDelta(t, want, got, 1e-9)
			}
		}
		last, err := m.Forecast(s)
		require.NoError(t, err)
		assert.Equal(t, 59, last.At)
		assert.InDelta(t, naive.Forecast(s.Column(0), 59, 1)+m.Targets.Shift[0], last.Values[0], 1e-9)
	}
}

// The forecast of a window is the same whatever stands beside it, and comes from
// nothing but the past: what is changed later does not change it.
func TestForecasterReadsThePast(t *testing.T) {
	for name, c := range forecasterVariants() {
		m := newForecaster(t, c)
		s := wave(t, 60)
		all, err := m.WalkForward(s, 30, 0)
		require.NoError(t, err, name)
		other := wave(t, 60)
		for i := 2 * 45; i < len(other.Values); i++ {
			other.Values[i] += 7
		}
		changed, err := m.WalkForward(other, 30, 0)
		require.NoError(t, err)
		require.Len(t, changed, len(all))
		differ := 0
		for i, f := range all {
			if f.At < 45 {
				assert.Equal(t, f, changed[i], "%s from %d", name, f.At)
			} else if f.Values[0] != changed[i].Values[0] {
				differ++
			}
			if f.At%10 == 0 {
				alone, err := m.Forecast(s.Head(f.At + 1))
				require.NoError(t, err)
				assert.InDeltaSlice(t, alone.Values, f.Values, 1e-4, name)
			}
		}
		assert.Positive(t, differ, name)
	}
}

// Windows hold what was read and, scaled, what should be said.
func TestForecasterWindows(t *testing.T) {
	c := models.ForecasterConfig{
		Recurrent: models.Recurrent{Cell: "rnn", Hidden: 2, Layers: 1}, Window: 3, Horizon: 2, Base: "last", Level: true,
	}
	s, err := datasets.NewSeries("x")
	require.NoError(t, err)
	for _, x := range []float64{1, 2, 4, 7, math.NaN(), 16, 22, 29, 37} {
		require.NoError(t, s.Add(x))
	}
	m, err := models.NewForecaster(c, s, 1)
	require.NoError(t, err)
	windows, err := m.Windows(s, 0, 0, 1)
	require.NoError(t, err)
	var at []int
	for _, w := range windows {
		at = append(at, w.At)
	}
	assert.Equal(t, []int{1, 5, 6}, at, "moment 4 is missing, moment 0 has no change")
	last := windows[2]
	x, err := m.Inputs.Inverse(last.X)
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{0, 7, 9, 16, 6, 22}, x, 1e-9, "changes and values; the missing one is the last known")
	y, err := m.Targets.Inverse(last.Y)
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{7, 15}, y, 1e-9)

	part, err := m.Windows(s, 7, 9, 1)
	require.NoError(t, err)
	assert.Len(t, part, 1)
	assert.Equal(t, 6, part[0].At)

	c.EveryStep = true
	m, err = models.NewForecaster(c, s, 1)
	require.NoError(t, err)
	windows, err = m.Windows(s, 0, 0, 2)
	require.NoError(t, err)
	assert.Equal(t, 1, windows[0].At)
	assert.Equal(t, 5, windows[1].At)
	assert.Len(t, windows[1].Y, 3*c.Horizon)
	assert.True(t, math.IsNaN(windows[1].Y[0]))
}

// The scalers know the part that is trained on, alone.
func TestForecasterScalesByTheTrainingPart(t *testing.T) {
	c := forecasterVariants()["rnn none every=false"]
	s := wave(t, 80)
	m, err := models.NewForecaster(c, s.Head(40), 1)
	require.NoError(t, err)
	want, err := datasets.FitScaler(datasets.Standard, s.Values[:80], 2)
	require.NoError(t, err)
	assert.Equal(t, want, m.Inputs)
}

// After Calibrate as many values lie in an interval as should.
func TestForecasterCalibrate(t *testing.T) {
	m := newForecaster(t, forecasterVariants()["rnn season every=false"])
	s := wave(t, 540)
	windows, err := m.Windows(s, 40, 0, 1)
	require.NoError(t, err)
	require.NoError(t, m.Calibrate(windows))
	shifts := slices.Clone(m.Shifts)
	require.NoError(t, m.Calibrate(windows))
	assert.InDeltaSlice(t, shifts, m.Shifts, 1e-6, "it is fitted to the network, not to itself")
	all, err := m.WalkForward(s, 40, 0)
	require.NoError(t, err)
	for k := range m.Config.Horizon {
		in := 0
		for _, f := range all {
			if y := s.Values[2*(f.At+1+k)]; f.Quantiles[k][0] <= y && y <= f.Quantiles[k][2] {
				in++
			}
		}
		assert.InDelta(t, 0.8, float64(in)/float64(len(all)), 0.01)
		assert.InDelta(t, 0, m.Shifts[2+k], 0, "the median stays")
	}
	assert.Error(t, m.Calibrate(nil))
}

// What cannot be forecast is an error that says why.
func TestForecasterRefuses(t *testing.T) {
	c := forecasterVariants()["lstm last every=true"]
	m := newForecaster(t, c)
	_, err := m.Forecast(wave(t, 1))
	assert.EqualError(t, err, "models: at least 2 moments wanted to forecast from, all variables known, got 1")
	_, err = m.Windows(wave(t, 3), 3, 0, 1)
	assert.ErrorContains(t, err, "models: moments 4 to 3 of 3 have none to forecast 2 from")
	other, err := datasets.NewSeries("y", "beside")
	require.NoError(t, err)
	_, err = m.WalkForward(other, 0, 0)
	assert.EqualError(t, err, `models: a series of ["x" "beside"] wanted, got ["y" "beside"]`)
	_, err = m.Task(wave(t, 40), models.ForecasterTraining{Stride: -1})
	assert.EqualError(t, err, "models: stride must be at least 0, got -1")
	_, err = models.NewForecaster(c, wave(t, 2), 1)
	assert.ErrorContains(t, err, "models: what is to be forecast of 2 moments")

	c.Log = true
	bad := wave(t, 40)
	bad.Values[10] = -1
	_, err = models.NewForecaster(c, bad, 1)
	assert.EqualError(t, err, "models: x: moment 6: log needs values above 0, got -1")
	c.Horizon = 1 << 11
	_, err = models.NewForecaster(c, wave(t, 1<<16), 1)
	assert.ErrorContains(t, err, "moments wanted for a horizon of 2048, got 65536")
}

func TestForecasterConfigValidate(t *testing.T) {
	for want, change := range map[string]func(c *models.ForecasterConfig){
		"cell":                       func(c *models.ForecasterConfig) { c.Cell = "x" },
		"embed must be 0":            func(c *models.ForecasterConfig) { c.Embed = 3 },
		"window must be":             func(c *models.ForecasterConfig) { c.Window = 1 << 20 },
		"horizon must be":            func(c *models.ForecasterConfig) { c.Horizon = 4096 },
		`base "x" is unknown`:        func(c *models.ForecasterConfig) { c.Base = "x" },
		"season must be":             func(c *models.ForecasterConfig) { c.Season = -1 },
		"season is needed":           func(c *models.ForecasterConfig) { c.Base, c.Season = "season", 0 },
		"quantiles must be":          func(c *models.ForecasterConfig) { c.Quantiles = []float64{0.5, 0.5} },
		"quantiles must":             func(c *models.ForecasterConfig) { c.Quantiles = []float64{math.NaN()} },
		"every-step and bidirection": func(c *models.ForecasterConfig) { c.EveryStep, c.Bidirectional = true, true },
	} {
		c := forecasterVariants()["lstm none every=false"]
		c.Quantiles = []float64{0.1, 0.9}
		require.NoError(t, c.Validate())
		change(&c)
		assert.ErrorContains(t, c.Validate(), "models: "+want)
	}
	_, err := forecasterVariants()["lstm none every=false"].Network(0)
	assert.ErrorContains(t, err, "models: a forecaster reads 1 to 4096 variables, got 0")
}
