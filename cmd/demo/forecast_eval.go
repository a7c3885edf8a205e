package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
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
