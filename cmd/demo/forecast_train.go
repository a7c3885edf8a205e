package main

import (
	"math"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
)

// forecastTraining is what forecast train is told.
type forecastTraining struct {
	training
	seriesTable
	val, test stretch
	picture   string
	run       forecastSettings
}

// forecastSettings decide, with the data, how training goes; a checkpoint holds
// them.
type forecastSettings struct {
	optimisation
	Model    models.ForecasterConfig `json:"model"`
	Value    string                  `json:"value"`
	With     []string                `json:"with"`
	Cat      []string                `json:"cat"`
	Interval float64                 `json:"interval"`
	Stride   int                     `json:"stride"`
	Val      string                  `json:"val"`
	Test     string                  `json:"test"`
	Digest   string                  `json:"data"` // SHA-256 of the series
}

func forecastTrainCommand(s streams) *cobra.Command {
	t := forecastTraining{training: training{out: "forecast.safetensors", epochs: 30}}
	t.run = forecastSettings{
		optimisation: usualOptimisation(),
		Model: models.ForecasterConfig{
			Recurrent: models.Recurrent{Cell: "lstm", Hidden: 32, Layers: 1}, Window: 32, Horizon: 1, Base: "last", Level: true,
		},
		Value: "value", Interval: 0.8,
	}
	t.opt = &t.run.optimisation
	c := &cobra.Command{
		Use:   "train",
		Short: "Train a forecaster on a table of moments",
		Long: `Train reads a table (comma- or tab-separated, .gz as it is) with a row for each
moment, in the order of time, and trains a recurrent network to say the next
values of one column from all that came before, in a window. The last part is held
back: a stretch that chooses the model and corrects the interval, and with --test
another that is not looked at before the end. Missing numbers (NA, or empty cells)
are read as the last known ones and never forecast. Ctrl-C finishes the step at
hand and saves; the same command with --resume goes on from there, exactly as if
it had not stopped. Without --data it trains for a few seconds on
generated sales.`,
		Example: `  demo forecast train
  demo forecast train --data co2.csv --value Average --season 12 --base season --level=false --test 120
  demo forecast train --data pm25.csv.gz --value pm2.5 --with DEWP,TEMP,PRES,Iws --cat cbwd --season 24 --test 0.2
  demo forecast train --data sales.csv --value sold --horizon 7 --season 7 --picture sales.svg --resume`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := t.check(cmd); err != nil {
				return err
			}
			return t.training.run(cmd.Context(), s, func() (*job, error) { return t.read(s) })
		},
	}
	t.flags(c)
	return c
}

func (t *forecastTraining) flags(c *cobra.Command) {
	f, r := c.Flags(), &t.run
	f.StringVar(&t.data, "data", "", "table of moments; .gz is read as it is (none: generated sales)")
	f.StringVar(&r.Value, "value", r.Value, "column to forecast, by name or number")
	f.StringSliceVar(&r.With, "with", nil, "columns of numbers to read beside it, with commas between (none: it alone)")
	f.StringSliceVar(&r.Cat, "cat", nil, "columns of categories to read beside it (none)")
	t.seriesTable.flags(f)
	t.val.flag(f, "val", "0.1", "what chooses the model: a part at the end, a number of moments, or a file (0: none)")
	t.test.flag(f, "test", "0", "what comes after that, for a test at the end, in the same way (0: none)")
	f.IntVar(&r.Model.Window, "window", r.Model.Window, "moments that are read")
	f.IntVar(&r.Model.Horizon, "horizon", r.Model.Horizon, "moments that are forecast")
	f.Float64Var(&r.Interval, "interval", r.Interval, "part of the values that should be in the forecast interval (0: no interval)")
	f.StringVar(&r.Model.Base, "base", r.Model.Base, "what the network corrects: last (value), season (the change of a season ago), none")
	f.IntVar(&r.Model.Season, "season", 0, "moments of a cycle: 12 for months, 24 for hours (0: none, but 7 for the generated sales)")
	f.BoolVar(&r.Model.Level, "level", r.Model.Level, "read the values, not only by how much --base is wrong; =false for what grows")
	f.BoolVar(&r.Model.Log, "log", false, "work on logarithms: for what grows by percents")
	f.BoolVar(&r.Model.EveryStep, "every-step", false, "train on a forecast after each step of a window, not after the last alone")
	f.IntVar(&r.Stride, "stride", 0, "moments from one window to the next in training (0: 1, with --every-step a quarter of --window)")
	f.StringVar(&t.picture, "picture", "", "SVG file for a picture of forecasts and truth (none: no picture)")
	recurrentFlags(f, &r.Model.Recurrent)
	t.training.flags(f, "windows")
}

// check refuses flags that cannot work.
func (t *forecastTraining) check(cmd *cobra.Command) error {
	r := &t.run
	r.Model.Quantiles = nil
	if t.data == "" && !cmd.Flags().Changed("season") {
		r.Model.Season = 7 // of the generated sales
	}
	switch {
	case !(r.Interval >= 0 && r.Interval < 1):
		return usagef("--interval must be in [0, 1), got %v", r.Interval)
	case r.Interval > 0:
		r.Model.Quantiles = []float64{rounded((1 - r.Interval) / 2), rounded((1 + r.Interval) / 2)}
	}
	if err := r.Model.Validate(); err != nil {
		return usagef("--%s", sentence(err)) // they begin with the name of the field
	}
	for _, check := range []func() error{t.val.check, t.test.check, t.table.check} {
		if err := check(); err != nil {
			return err
		}
	}
	switch {
	case r.Stride < 0:
		return usagef("--stride must be at least 0, got %d", r.Stride)
	case t.data == "" && (t.val.file != "" || t.test.file != ""):
		return usagef("--val and --test name files beside --data only")
	case t.val.file != "" && (t.test.part > 0 || t.test.count > 0):
		return usagef("--test must be a file, or 0, where --val is a file, got %s", t.test.value)
	case t.data == "" && (len(r.With) > 0 || len(r.Cat) > 0):
		return usagef("--with and --cat choose columns of --data, which is missing")
	}
	r.Val, r.Test = t.val.value, t.test.value
	return t.training.check(cmd.Flags())
}

// rounded is without the last digits of a float64.
func rounded(x float64) float64 { return math.Round(x*1e9) / 1e9 }
