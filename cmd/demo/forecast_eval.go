package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// forecastScoring is what forecast eval is told.
type forecastScoring struct {
	seriesTable
	test                 stretch
	model, data, picture string
	json                 bool
}

func forecastEvalCommand(s streams) *cobra.Command {
	var t forecastScoring
	c := &cobra.Command{
		Use:   "eval",
		Short: "Measure a forecaster beside forecasts that need no learning",
		Long: `Eval walks through the end of a series: at each moment the model forecasts from
what was known by then, and is compared with what came. The root mean squared
error stands beside that of the last value and, if the model was told of a season,
of the last season's value and of its change; all for the same moments. The
interval is measured by the part of the values that is in it, the quantiles by
their pinball loss. Columns are those that the model was trained on.`,
		Example: `  demo forecast eval --model co2.safetensors --data co2.csv --test 120
  demo forecast eval --model pm25.safetensors --data pm25.csv.gz --test 0.2 --json
  demo forecast eval --model co2.safetensors --data co2.csv --test 120 --time Date --picture co2.svg`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := need("model", t.model); err != nil {
				return err
			}
			if err := t.table.check(); err != nil {
				return err
			}
			if err := t.test.check(); err != nil {
				return err
			}
			return t.eval(s)
		},
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as forecast train writes it (needed)")
	f.StringVar(&t.data, "data", "", "table of moments; .gz is read as it is (none: generated sales)")
	t.test.flag(f, "test", "0", "end that is forecast: a part, a number of moments, or a file that follows (0: all)")
	t.seriesTable.flags(f)
	f.StringVar(&t.picture, "picture", "", "SVG file for a picture of forecasts and truth (none: no picture)")
	f.BoolVar(&t.json, "json", false, "print one JSON object")
	return c
}

func (t *forecastScoring) eval(s streams) error {
	m, err := models.LoadForecasterFile(t.model)
	if err != nil {
		return err
	}
	if t.picture != "" {
		if err := writable("--picture", t.picture, t.data); err != nil {
			return err
		}
	}
	all, from, err := t.read(m)
	if err != nil {
		return err
	}
	w, err := walkForward(m, all, from)
	if err != nil {
		return fmt.Errorf("%s: %w", t.data, err)
	}
	if t.picture != "" {
		if err := w.draw(t.picture); err != nil {
			return err
		}
	}
	if t.json {
		return json.NewEncoder(s.out).Encode(w.report)
	}
	w.print(s.out)
	return nil
}

// read reads the series, and says from which moment on it is forecast.
func (t *forecastScoring) read(m *models.Forecaster) (all moments, from int, err error) {
	if t.data == "" {
		all = sampleSales()
	} else if all, err = t.seriesTable.read(t.data, m.Names, m.Config.Log); err != nil {
		return moments{}, 0, err
	}
	if t.test.file != "" {
		more, err := t.seriesTable.read(t.test.file, m.Names, m.Config.Log)
		if err != nil {
			return moments{}, 0, fmt.Errorf("--test: %w", err)
		}
		from = all.Len()
		all.Values, all.times = append(all.Values, more.Values...), append(all.times, more.times...)
		return all, from, nil
	}
	if n := t.test.of(all.Len()); n > 0 {
		from = max(0, all.Len()-n)
	}
	return all, from, nil
}

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
	Coverage       float64            `json:"coverage,omitempty"`             // part that is
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
	r.Interval, r.Coverage = rounded(q[len(q)-1]-q[0]), float64(in)/float64(len(y))
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
		fmt.Fprintf(out, "; %.1f %% in the interval for %.0f %%", 100*r.Coverage, 100*r.Interval)
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
