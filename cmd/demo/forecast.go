package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/datasets"
)

// forecastCommand holds the commands of the forecaster.
func forecastCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "forecast",
		Short: "Learn to say the next values of a series of numbers",
		Long: `Forecast reads a series of numbers, one row of a table for each moment, and says
what comes next, with an interval. It is measured beside forecasts that need no
learning: the last value, and the last season's. Without --data it learns from
generated daily sales.`,
		Example: `  demo forecast train
  demo forecast train --data co2.csv --value Average --season 12 --base season --out co2.safetensors
  demo forecast eval --model co2.safetensors --data co2.csv --test 120 --picture co2.svg
  demo forecast predict --model co2.safetensors --data co2.csv`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(forecastTrainCommand(s), forecastEvalCommand(s), forecastPredictCommand(s))
	return c
}

// seriesTable is how the flags say that a table of moments is read.
type seriesTable struct {
	table
	time string // column of what the moments are called; "": they have numbers
}

func (t *seriesTable) flags(f *pflag.FlagSet) {
	f.StringVar(&t.time, "time", "", "column of the moments' names, for the picture (none: their numbers)")
	t.table.flags(f)
}

// moments is a series, and what its moments are called, if they have names.
type moments struct {
	*datasets.Series
	times []string
}

// variable is a column that is read as a number, or as 1 where its cell is a
// category and 0 elsewhere.
type variable struct {
	column   int
	category string
	number   bool
}

// variableOf finds the column of a name: of a column, or "column=category".
func variableOf(file *datasets.Table, name string) (variable, error) {
	column, err := file.Column(name)
	if err == nil {
		return variable{column: column, number: true}, nil
	}
	if at := strings.LastIndexByte(name, '='); at > 0 {
		if column, err := file.Column(name[:at]); err == nil {
			return variable{column: column, category: name[at+1:]}, nil
		}
	}
	return variable{}, err
}

// value is the variable in a row.
func (v variable) value(file *datasets.Table, row datasets.Row) (float64, error) {
	switch {
	case v.number:
		return file.Number(row, v.column)
	case row.Cells[v.column] == v.category:
		return 1, nil
	}
	return 0, nil
}

// read reads the variables of those names; the first is forecast, and must be
// above 0 if positive is set.
func (t *seriesTable) read(path string, names []string, positive bool) (moments, error) {
	file, err := t.open(path)
	if err != nil {
		return moments{}, err
	}
	defer file.Close()
	return t.readFrom(file, path, names, positive)
}

func (t *seriesTable) readFrom(file *datasets.Table, path string, names []string, positive bool) (moments, error) {
	variables, time, err := t.columns(file, names)
	if err != nil {
		return moments{}, err
	}
	s, err := datasets.NewSeries(names...)
	if err != nil {
		return moments{}, err
	}
	m := moments{Series: s}
	values := make([]float64, len(names))
	for row, err := range file.Rows() {
		if err != nil {
			return moments{}, err
		}
		for i, v := range variables {
			if values[i], err = v.value(file, row); err != nil {
				return moments{}, err
			}
		}
		if positive && values[0] <= 0 {
			return moments{}, file.Wrong(row, variables[0].column, "a number above 0, as --log needs")
		}
		if err := s.Add(values...); err != nil {
			return moments{}, fmt.Errorf("%s: line %d: %w", path, row.Line, err)
		}
		if time >= 0 {
			m.times = append(m.times, strings.Clone(row.Cells[time]))
		}
	}
	return m, known(path, s)
}

// columns finds the variables and the column of the time, -1 if there is none.
func (t *seriesTable) columns(file *datasets.Table, names []string) ([]variable, int, error) {
	variables := make([]variable, len(names))
	for i, name := range names {
		var err error
		if variables[i], err = variableOf(file, name); err != nil {
			return nil, 0, err
		}
	}
	if t.time == "" {
		return variables, -1, nil
	}
	time, err := file.Column(t.time)
	if err != nil {
		return nil, 0, fmt.Errorf("%w (--time chooses it)", err)
	}
	return variables, time, nil
}

// known refuses a series without moments, and one with a variable that is always
// missing.
func known(path string, s *datasets.Series) error {
	if s.Len() == 0 {
		return fmt.Errorf("%s: %w: at least 1 row wanted", path, datasets.ErrEmpty)
	}
	for d, name := range s.Names {
		if !slices.ContainsFunc(s.Column(d), func(x float64) bool { return !math.IsNaN(x) }) {
			return fmt.Errorf("%s: column %q: at least 1 number wanted, got %d missing ones", path, name, s.Len())
		}
	}
	return nil
}

// maxCategories bounds the different cells of a column of categories.
const maxCategories = 200

// categories are the variables "column=category" of columns of categories, in
// the order of the columns and of their sorted cells.
func (t *seriesTable) categories(path string, columns []string) ([]string, error) {
	if len(columns) == 0 {
		return nil, nil
	}
	file, err := t.open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	at := make([]int, len(columns))
	seen := make([]map[string]bool, len(columns))
	for i, name := range columns {
		if at[i], err = file.Column(name); err != nil {
			return nil, fmt.Errorf("%w (--cat chooses it)", err)
		}
		seen[i] = map[string]bool{}
	}
	for row, err := range file.Rows() {
		if err != nil {
			return nil, err
		}
		for i, column := range at {
			cell := row.Cells[column]
			if seen[i][cell] {
				continue
			}
			if len(seen[i]) == maxCategories || len(cell) > maxLabel {
				return nil, file.Wrong(row, column, fmt.Sprintf("at most %d different categories of at most %d bytes", maxCategories, maxLabel))
			}
			seen[i][strings.Clone(cell)] = true
		}
	}
	return names(columns, seen), nil
}

// names are those of the variables of categories.
func names(columns []string, seen []map[string]bool) []string {
	var all []string
	for i, column := range columns {
		var cells []string
		for cell := range seen[i] {
			cells = append(cells, column+"="+cell)
		}
		slices.Sort(cells)
		all = append(all, cells...)
	}
	return all
}
