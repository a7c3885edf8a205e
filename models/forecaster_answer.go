package models

import (
	"fmt"
	"math"
	"slices"

	"github.com/unroll-go/unroll/datasets"
)

// scaled are the network's answers to windows, [(1+Q)·Horizon] each, shifted.
func (m *Forecaster) scaled(windows []datasets.Numeric) ([][]float64, error) {
	all, err := m.answers.rows(windows, 64, bucket(m.Config.Window))
	for _, y := range all {
		for j, shift := range m.Shifts {
			y[m.Config.Horizon+j] += shift
		}
	}
	return all, err
}

// Loss is the mean over windows of the loss that training lowers, of their last
// step: the squared error of the mean and the quantile losses, both of scaled
// values. It is what validation compares.
func (m *Forecaster) Loss(windows []datasets.Numeric) (float64, error) {
	all, err := m.scaled(windows)
	if err != nil {
		return 0, err
	}
	H, sum := m.Config.Horizon, 0.0
	for i, w := range windows {
		y := w.Y[len(w.Y)-H:]
		for k := range H {
			d := y[k] - all[i][k]
			sum += d * d
			for j, q := range m.Config.Quantiles {
				d := y[k] - all[i][(1+j)*H+k]
				sum += max(q*d, (q-1)*d)
			}
		}
	}
	return sum / float64(H*max(len(windows), 1)), nil
}

// Calibrate widens the intervals, or narrows them, so that they hold as many of
// windows that were not trained on as they should: networks are too sure of what
// they have learnt by heart. It is the conformal calibration of Romano, Patterson
// and Candès (2019), for each horizon and each pair of quantiles, the outermost
// first: both move apart by the same. The mean and a quantile in the middle stay
// as they are.
func (m *Forecaster) Calibrate(windows []datasets.Numeric) error {
	if len(windows) == 0 {
		return fmt.Errorf("models: calibration needs windows")
	}
	all, err := m.scaled(windows)
	if err != nil {
		return err
	}
	H, q := m.Config.Horizon, m.Config.Quantiles
	outside := make([]float64, len(windows)) // how far the truth is out of the interval, below 0 inside
	for lo, hi := 0, len(q)-1; lo < hi; lo, hi = lo+1, hi-1 {
		for k := range H {
			for i, w := range windows {
				y := w.Y[len(w.Y)-H+k]
				outside[i] = max(all[i][(1+lo)*H+k]-y, y-all[i][(1+hi)*H+k])
			}
			wider := quantileOf(outside, q[hi]-q[lo])
			m.Shifts[lo*H+k] -= wider
			m.Shifts[hi*H+k] += wider
		}
	}
	return nil
}

// quantileOf is the q-quantile of x, which it sorts: between the two nearest.
func quantileOf(x []float64, q float64) float64 {
	slices.Sort(x)
	at := q*float64(len(x)+1) - 1
	at = min(max(at, 0), float64(len(x)-1))
	i := int(at)
	if i+1 == len(x) {
		return x[i]
	}
	return x[i] + (at-float64(i))*(x[i+1]-x[i])
}

// Forecast is what a forecaster says from a moment on, in the unit of the series.
type Forecast struct {
	At        int         // the last moment that was read, counted from 0
	Values    []float64   // [Horizon] the means; with Log the mean of the logarithms, taken back
	Quantiles [][]float64 // [Horizon][Q] ascending
}

// Forecast says what follows the series.
func (m *Forecaster) Forecast(s *datasets.Series) (Forecast, error) {
	h, err := m.history(s)
	if err != nil {
		return Forecast{}, err
	}
	last := s.Len() - 1
	if last < h.first {
		return Forecast{}, fmt.Errorf("models: at least %d moments wanted to forecast from, all variables known, got %d", h.first+1, s.Len())
	}
	all, err := m.forecasts(h, []datasets.Numeric{m.window(h, last)})
	if err != nil {
		return Forecast{}, err
	}
	return all[0], nil
}

// WalkForward forecasts the moments from ≤ t < to (to 0: the end), each from what
// was known before: one forecast for each window of Windows. Parameters and scalers
// stay as they are.
func (m *Forecaster) WalkForward(s *datasets.Series, from, to int) ([]Forecast, error) {
	windows, err := m.Windows(s, from, to, 1)
	if err != nil {
		return nil, err
	}
	h, err := m.history(s)
	if err != nil {
		return nil, err
	}
	return m.forecasts(h, windows)
}

// forecasts takes the answers to windows back to the unit of the series.
func (m *Forecaster) forecasts(h *history, windows []datasets.Numeric) ([]Forecast, error) {
	all, err := m.scaled(windows)
	if err != nil {
		return nil, err
	}
	H := m.Config.Horizon
	out := make([]Forecast, len(windows))
	for i, w := range windows {
		lacks, err := m.Targets.Inverse(all[i])
		if err != nil {
			return nil, err
		}
		for at := range lacks {
			lacks[at] += h.base[w.At*H+at%H]
			if m.Config.Log {
				lacks[at] = math.Exp(lacks[at])
			}
		}
		out[i] = Forecast{At: w.At, Values: lacks[:H:H], Quantiles: make([][]float64, H)}
		for k := range H {
			for at := H + k; at < len(lacks); at += H {
				out[i].Quantiles[k] = append(out[i].Quantiles[k], lacks[at])
			}
			slices.Sort(out[i].Quantiles[k]) // they may cross where little was learnt
		}
	}
	return out, nil
}
