package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// forecastAnswering is what forecast predict is told.
type forecastAnswering struct {
	seriesTable
	model, data string
	json        bool
}

func forecastPredictCommand(s streams) *cobra.Command {
	var t forecastAnswering
	c := &cobra.Command{
		Use:   "predict",
		Short: "Say what follows a series",
		Long: `Predict reads a series, from a table or, if the model knows one variable, from
standard input, a number a line, and writes a line for each moment that follows:
how far ahead it is, the value, and the ends of the interval, with tabs between.`,
		Example: `  demo forecast predict --model co2.safetensors --data co2.csv
  demo forecast predict --model co2.safetensors --json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := need("model", t.model); err != nil {
				return err
			}
			if err := t.table.check(); err != nil {
				return err
			}
			return t.predict(s)
		},
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as forecast train writes it (needed)")
	f.StringVar(&t.data, "data", "", "table of moments; .gz is read as it is (none: standard input, a number a line)")
	t.table.flags(f)
	f.BoolVar(&t.json, "json", false, "write a JSON object a line")
	return c
}

func (t *forecastAnswering) predict(s streams) error {
	m, err := models.LoadForecasterFile(t.model)
	if err != nil {
		return err
	}
	where := t.data
	var all moments
	if t.data != "" {
		all, err = t.seriesTable.read(t.data, m.Names, m.Config.Log)
	} else {
		where = "standard input"
		all, err = t.listen(s, m)
	}
	if err != nil {
		return err
	}
	f, err := m.Forecast(all.Series)
	if err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	return t.write(s, m, f)
}

// listen reads the series from standard input.
func (t *forecastAnswering) listen(s streams, m *models.Forecaster) (moments, error) {
	if len(m.Names) > 1 {
		return moments{}, fmt.Errorf("%s reads %d variables, %s: --data is needed", t.model, len(m.Names), listed(m.Names))
	}
	file, err := datasets.ReadTable(s.in, "standard input", datasets.TableOptions{NoHeader: true})
	if err != nil {
		return moments{}, err
	}
	all, err := t.seriesTable.readFrom(file, "standard input", []string{"1"}, m.Config.Log)
	if err == nil {
		all.Names = m.Names
	}
	return all, err
}

// write writes a line for each moment ahead.
func (t *forecastAnswering) write(s streams, m *models.Forecaster, f models.Forecast) error {
	for k, x := range f.Values {
		if t.json {
			line := map[string]any{"ahead": k + 1, "value": x}
			for i, q := range m.Config.Quantiles {
				line[fmt.Sprint("q", q)] = f.Quantiles[k][i]
			}
			if err := json.NewEncoder(s.out).Encode(line); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(s.out, "%d\t%.6g", k+1, x)
		for _, q := range f.Quantiles[k] {
			fmt.Fprintf(s.out, "\t%.6g", q)
		}
		fmt.Fprintln(s.out)
	}
	return nil
}
