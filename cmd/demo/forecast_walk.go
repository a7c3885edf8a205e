package main

import (
	"fmt"
	"io"
	"math"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// forecastReport is what eval says as JSON. RMSE and the like are of all
// horizons together.
type forecastReport struct {
	Forecasts      int                `json:"forecasts"`
	Horizon        int                `json:"horizon"`
	RMSE           float64            `json:"rmse"`
	MAE            float64            `json:"mae"`
	Naive          float64            `json:"naive_rmse"`
	Seasonal       *float64           `json:"seasonal_rmse,omitempty"`        // the last season's value
	SeasonalChange *float64           `json:"seasonal_change_rmse,omitempty"` // the last value and the last season's change
	Pinball        map[string]float64 `json:"pinball,omitempty"`              // by quantile
	Interval       float64            `json:"interval,omitempty"`             // part that should be covered
	Coverage       *float64           `json:"coverage,omitempty"`             // part that is; 0 is told, too
	ByHorizon      []horizonReport    `json:"by_horizon"`
}

type horizonReport struct {
	RMSE  float64 `json:"rmse"`
	Naive float64 `json:"naive_rmse"`
}

// walked is a walk through the end of a series.
type walked struct {
	model     *models.Forecaster
	all       moments
	forecasts []models.Forecast
	report    forecastReport
}

// walkForward forecasts a series from a moment on and measures it.
func walkForward(m *models.Forecaster, all moments, from int) (*walked, error) {
	w := &walked{model: m, all: all}
	var err error
	if w.forecasts, err = m.WalkForward(all.Series, from, 0); err != nil {
		return nil, err
	}
	return w, w.measure()
}

// measure compares the forecasts with the truth.
func (w *walked) measure() error {
	r, H := &w.report, w.model.Config.Horizon
	r.Forecasts, r.Horizon = len(w.forecasts), H
	var p, y []float64
	for _, f := range w.forecasts {
		p, y = append(p, f.Values...), append(y, w.truth(f)...)
	}
	var err error
	if r.RMSE, err = train.RMSE(p, y); err != nil {
		return err
	}
	if r.MAE, err = train.MAE(p, y); err != nil {
		return err
	}
	if err := w.measureQuantiles(y); err != nil {
		return err
	}
	return w.measureNaive(p, y)
}

// truth is what came after a forecast.
func (w *walked) truth(f models.Forecast) []float64 {
	y := make([]float64, len(f.Values))
	for k := range y {
		y[k] = w.all.Values[(f.At+1+k)*w.all.D()]
	}
	return y
}

// measureQuantiles is about the quantiles and the interval between the outermost.
func (w *walked) measureQuantiles(y []float64) error {
	r, q := &w.report, w.model.Config.Quantiles
	if len(q) == 0 {
		return nil
	}
	r.Pinball = map[string]float64{}
	var lo, hi []float64
	for i := range q {
		var p []float64
		for _, f := range w.forecasts {
			for k := range f.Quantiles {
				p = append(p, f.Quantiles[k][i])
			}
		}
		loss, err := train.Pinball(p, y, q[i])
		if err != nil {
			return err
		}
		r.Pinball[fmt.Sprint(q[i])] = loss
		if i == 0 {
			lo = p
		}
		hi = p
	}
	in := 0
	for i := range y {
		if lo[i] <= y[i] && y[i] <= hi[i] {
			in++
		}
	}
	covered := float64(in) / float64(len(y))
	r.Interval, r.Coverage = rounded(q[len(q)-1]-q[0]), &covered
	return nil
}

// measureNaive is the forecasts that need no learning, at the same moments, and
// each horizon by itself.
func (w *walked) measureNaive(p, y []float64) error {
	r, H, m := &w.report, w.model.Config.Horizon, w.model.Config.Season
	x := w.all.Filled(0).Column(0)
	naive := w.naive(x, datasets.Naive{})
	var err error
	if r.Naive, err = rmseOf(naive, y); err != nil {
		return err
	}
	if m > 0 {
		for _, way := range []struct {
			change bool
			rmse   **float64
		}{{false, &r.Seasonal}, {true, &r.SeasonalChange}} {
			if e, err := rmseOf(w.naive(x, datasets.Naive{Season: m, Change: way.change}), y); err == nil {
				*way.rmse = &e
			}
		}
	}
	for k := range H {
		var h horizonReport
		if h.RMSE, err = rmseOf(every(p, k, H), every(y, k, H)); err != nil {
			return err
		}
		if h.Naive, err = rmseOf(every(naive, k, H), every(y, k, H)); err != nil {
			return err
		}
		r.ByHorizon = append(r.ByHorizon, h)
	}
	return nil
}

// naive are forecasts that need no learning; NaN where one cannot be made.
func (w *walked) naive(x []float64, n datasets.Naive) []float64 {
	var p []float64
	for _, f := range w.forecasts {
		for k := range f.Values {
			p = append(p, n.Forecast(x, f.At, k+1))
		}
	}
	return p
}

// rmseOf is the RMSE of the predictions that could be made.
func rmseOf(p, y []float64) (float64, error) {
	var made, truth []float64
	for i := range p {
		if !math.IsNaN(p[i]) {
			made, truth = append(made, p[i]), append(truth, y[i])
		}
	}
	return train.RMSE(made, truth)
}

// every is x[k], x[k+n], x[k+2n] and so on.
func every(x []float64, k, n int) []float64 {
	var out []float64
	for ; k < len(x); k += n {
		out = append(out, x[k])
	}
	return out
}

// print writes the scores.
func (w *walked) print(out io.Writer) {
	r := w.report
	fmt.Fprintf(out, "%d forecasts of %s, 1", r.Forecasts, w.model.Names[0])
	if r.Horizon > 1 {
		fmt.Fprintf(out, " to %d", r.Horizon)
	}
	fmt.Fprintf(out, " ahead: RMSE %.4g, MAE %.4g", r.RMSE, r.MAE)
	if r.Interval > 0 {
		fmt.Fprintf(out, "; %.1f %% in the interval for %.0f %%", 100**r.Coverage, 100*r.Interval)
	}
	fmt.Fprintf(out, "\nRMSE of the last value %.4g", r.Naive)
	if r.Seasonal != nil {
		fmt.Fprintf(out, ", of the last season's %.4g", *r.Seasonal)
	}
	if r.SeasonalChange != nil {
		fmt.Fprintf(out, ", of the last season's change %.4g", *r.SeasonalChange)
	}
	fmt.Fprintln(out)
	if r.Horizon > 1 {
		fmt.Fprintln(out, "ahead      RMSE  of the last value")
		for k, h := range r.ByHorizon {
			fmt.Fprintf(out, "%5d %9.4g %9.4g\n", k+1, h.RMSE, h.Naive)
		}
	}
}
