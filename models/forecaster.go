package models

import (
	"fmt"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// ForecasterConfig describes a forecaster; it is part of the model's file.
//
// Base names a forecast that needs no learning; the network forecasts what is
// still missing of the truth, and so begins as good as the base:
//
//	none     x̂[t+h] = network
//	last     x̂[t+h] = x[t] + network
//	season   x̂[t+h] = x[t] + x[t+h-k·m] - x[t-k·m] + network      m = Season, see datasets.Naive
//
// With a base the network reads, at each moment, by how much the base's forecast
// of that moment was wrong: for last that is the change of the value. These
// errors stay of one size where the values themselves grow beyond all that was
// trained on.
type ForecasterConfig struct {
	Recurrent           // Embed is 0
	Window    int       `json:"window"`               // moments that are read, fewer where the series has not had so many
	Horizon   int       `json:"horizon"`              // moments that are forecast
	Quantiles []float64 `json:"quantiles,omitempty"`  // ascending, in (0, 1): what so many of the values are below
	Base      string    `json:"base"`                 // none, last or season
	Season    int       `json:"season,omitempty"`     // m, moments of a cycle
	Level     bool      `json:"level,omitempty"`      // with a base: read the values too, not only its errors
	Log       bool      `json:"log,omitempty"`        // all of this on the logarithm of the values: what grows by percents
	EveryStep bool      `json:"every_step,omitempty"` // train on a forecast after each step of a window
}

// Bases lists the names that ForecasterConfig.Base knows.
func Bases() []string { return []string{"none", "last", "season"} }

// The bounds of a forecaster's sizes.
const (
	maxSeason    = 1 << 20
	maxForecast  = 1 << 12 // numbers that are forecast, all quantiles counted
	maxVariables = 1 << 12
)

// Validate names the field that is out of range.
func (c ForecasterConfig) Validate() error {
	if err := c.Recurrent.Validate(); err != nil {
		return err
	}
	switch {
	case c.Embed != 0:
		return fmt.Errorf("models: embed must be 0 where numbers are read, got %d", c.Embed)
	case c.Window < 1 || c.Window > maxLongest:
		return fmt.Errorf("models: window must be in [1, %d], got %d", maxLongest, c.Window)
	case c.Horizon < 1 || c.Horizon > maxForecast/(1+len(c.Quantiles)):
		return fmt.Errorf("models: horizon must be in [1, %d] with %d quantiles, got %d",
			maxForecast/(1+len(c.Quantiles)), len(c.Quantiles), c.Horizon)
	case !slices.Contains(Bases(), c.Base):
		return fmt.Errorf("models: base %q is unknown; there are %s", c.Base, strings.Join(Bases(), ", "))
	case c.Season < 0 || c.Season > maxSeason:
		return fmt.Errorf("models: season must be in [0, %d], got %d", maxSeason, c.Season)
	case c.Base == "season" && c.Season == 0:
		return fmt.Errorf("models: season is needed by the base of that name")
	case c.EveryStep && c.Bidirectional:
		return fmt.Errorf("models: every-step and bidirectional exclude each other: the backward direction reads what is to be forecast")
	}
	for i, q := range c.Quantiles {
		if !(q > 0 && q < 1) || i > 0 && c.Quantiles[i-1] >= q {
			return fmt.Errorf("models: quantiles must be ascending and in (0, 1), got %v", c.Quantiles)
		}
	}
	return nil
}

// naive is the base as datasets has it; none forecasts 0.
func (c ForecasterConfig) naive() datasets.Naive {
	if c.Base == "season" {
		return datasets.Naive{Season: c.Season, Change: true}
	}
	return datasets.Naive{}
}

// inputs is D, how many numbers the network reads of each moment of a series of
// so many variables: the errors of the base, the value, the other variables.
func (c ForecasterConfig) inputs(variables int) int {
	if c.Base != "none" && c.Level {
		return variables + 1
	}
	return variables
}

// Network is the network for series of so many variables.
func (c ForecasterConfig) Network(variables int) (NextValues, error) {
	if err := c.Validate(); err != nil {
		return NextValues{}, err
	}
	if variables < 1 || variables > maxVariables {
		return NextValues{}, fmt.Errorf("models: a forecaster reads 1 to %d variables, got %d", maxVariables, variables)
	}
	D := c.inputs(variables)
	return NextValues{
		In: D, RNN: c.Stack(D), Values: c.Horizon, Quantiles: c.Quantiles, EveryStep: c.EveryStep, Dropout: c.Dropout,
	}, nil
}

// Forecaster forecasts the first variable of a series from what has been of all
// of them: a NextValues network, the scalers of its inputs and answers, and its
// parameters. It belongs to one goroutine.
type Forecaster struct {
	Config ForecasterConfig
	Names  []string // of the variables; the first is forecast
	Params *graph.Params

	// Inputs [D] scales what the network reads, Targets [Horizon] what it
	// forecasts; both are fitted on the part that is trained on, alone.
	Inputs, Targets *datasets.Scaler

	// Shifts [Q·Horizon], in the unit of the scaled targets, are added to the
	// quantiles, those of all horizons for the first, then for the second and so on;
	// Calibrate fits them. 0 at first.
	Shifts []float64

	network NextValues
	answers answering[datasets.Numeric]
}

// NewForecaster returns an untrained forecaster of the first variable of a
// series. Its scalers are fitted on fit, the part that is to be trained on; its
// initial parameters come from seed. It is an error if fit is too short for one
// forecast, or with Log if a value is not above 0.
func NewForecaster(c ForecasterConfig, fit *datasets.Series, seed uint64) (*Forecaster, error) {
	if _, err := c.Network(fit.D()); err != nil {
		return nil, err
	}
	h, err := newHistory(c, fit)
	if err != nil {
		return nil, err
	}
	inputs, err := datasets.FitScaler(datasets.Standard, h.inputs, c.inputs(fit.D()))
	if err != nil {
		return nil, fmt.Errorf("models: the series: %w", err)
	}
	targets, err := datasets.FitScaler(datasets.Standard, h.targets, c.Horizon)
	if err != nil {
		return nil, fmt.Errorf("models: what is to be forecast of %d moments: %w", fit.Len(), err)
	}
	m := &Forecaster{
		Config: c, Names: slices.Clone(fit.Names), Params: graph.NewParams(seed), Inputs: inputs, Targets: targets,
		Shifts: make([]float64, len(c.Quantiles)*c.Horizon),
	}
	return m, m.build()
}

// build makes the network, and declares the parameters.
func (m *Forecaster) build() error {
	var err error
	if m.network, err = m.Config.Network(len(m.Names)); err != nil {
		return err
	}
	m.answers = answering[datasets.Numeric]{
		programs: graph.NewCache(m.Params, 0, m.network.Answer), length: datasets.Numeric.Len, feed: m.network.feed, output: "values",
		name: func(_ int, w datasets.Numeric) string { return fmt.Sprintf("moment %d", w.At+1) },
	}
	return declare(m.Params, graph.Key{B: 1, T: 1}, m.network.Answer)
}

// Network is the network by itself.
func (m *Forecaster) Network() NextValues { return m.network }
