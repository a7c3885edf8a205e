package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// tabularScoring is what tabular eval is told.
type tabularScoring struct {
	table
	model, data, label string
	rows               selection
	json               bool
}

func tabularEvalCommand(s streams) *cobra.Command {
	t := tabularScoring{rows: selection{flag: "rows"}}
	c := &cobra.Command{
		Use:   "eval",
		Short: "Measure how well a tabular model predicts the rows of a table",
		Long: `Eval predicts the rows of a table and compares. Of numbers: the root of the mean
squared error, the mean absolute error, and the part of the variance that is
explained; beside them what the mean of the rows trained on would reach. Of labels:
accuracy, macro-F1, the confusion matrix and the calibration error. The columns are
those that the model was trained with.`,
		Example: `  demo tabular eval --model tabular.safetensors --data more.csv.gz
  demo tabular eval --model tabular.safetensors --data flights.csv.gz --rows month=11 --json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := need("model", t.model); err != nil {
				return err
			}
			for _, check := range []func() error{t.table.check, t.rows.check} {
				if err := check(); err != nil {
					return err
				}
			}
			return t.eval(s)
		},
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as tabular train writes it (needed)")
	f.StringVar(&t.data, "data", "", "table; .gz is read as it is (none: other generated rents)")
	f.StringVar(&t.label, "label", "", "column of what is predicted (none: that of the training)")
	f.StringVar(&t.rows.text, "rows", "", "rows that are read: COLUMN=VALUES, such as month=1-9,12 (none: all)")
	t.table.flags(f)
	f.BoolVar(&t.json, "json", false, "print one JSON object")
	return c
}

func (t *tabularScoring) eval(s streams) error {
	m, err := models.LoadTabularFile(t.model)
	if err != nil {
		return err
	}
	rows, err := t.read(m)
	if err != nil {
		return err
	}
	examples, err := tabularExamples(m, rows)
	if err != nil {
		return fmt.Errorf("%s: %w", t.data, err)
	}
	if !t.json {
		return printTabular(s.out, m, examples)
	}
	report, err := tabularReport(m, examples)
	if err != nil {
		return fmt.Errorf("%s: %w", t.model, err)
	}
	return json.NewEncoder(s.out).Encode(report)
}

// read reads the rows with what a model was trained to predict.
func (t *tabularScoring) read(m *models.Tabular) ([]tabularRow, error) {
	if t.data == "" {
		return sampleRents(2000, 2)
	}
	r := tabularReader{
		table: t.table, columns: m.Features.Columns, target: t.label, regress: m.Target.Regress(), known: m.Target.Labels,
	}
	if r.target == "" {
		r.target = m.Target.Name
	}
	if r.target == "" {
		return nil, usagef("--label is needed: the model does not say what it predicts")
	}
	return r.read(t.data, &t.rows)
}

// numberReport is what eval says of numbers as JSON.
type numberReport struct {
	Rows      int     `json:"rows"`
	RMSE      float64 `json:"rmse"`
	MAE       float64 `json:"mae"`
	Explained float64 `json:"explained"` // 1 - (RMSE/MeanRMSE)²
	MeanRMSE  float64 `json:"mean_rmse"` // of the mean of the rows trained on
}

// tabularReport is what eval says as JSON.
func tabularReport(m *models.Tabular, examples []models.TabularExample) (any, error) {
	if m.Target.Regress() {
		return numbersReport(m, examples)
	}
	c, err := tabularClasses(m, examples)
	if err != nil {
		return nil, err
	}
	return struct {
		Rows      int      `json:"rows"`
		Accuracy  float64  `json:"accuracy"`
		MacroF1   float64  `json:"macro_f1"`
		Nats      float64  `json:"loss_nats"`
		ECE       float64  `json:"ece"`
		Labels    []string `json:"labels"`
		Confusion [][]int  `json:"confusion"` // rows the true labels
	}{c.Rows(), c.Accuracy(), c.MacroF1(), c.Nats(), c.CalibrationError(), m.Target.Labels, c.Confusion()}, nil
}

func numbersReport(m *models.Tabular, examples []models.TabularExample) (numberReport, error) {
	r := numberReport{Rows: len(examples)}
	all, err := m.Answers(examples)
	if err != nil {
		return r, err
	}
	p, y, mean := make([]float64, len(all)), make([]float64, len(all)), make([]float64, len(all))
	for i, e := range examples {
		p[i], y[i], mean[i] = all[i][0], e.Y, m.Target.Scaler.Shift[0]
	}
	if r.RMSE, err = train.RMSE(p, y); err != nil {
		return r, err
	}
	if r.MAE, err = train.MAE(p, y); err != nil {
		return r, err
	}
	if r.MeanRMSE, err = train.RMSE(mean, y); err != nil {
		return r, err
	}
	if r.MeanRMSE > 0 {
		r.Explained = 1 - (r.RMSE/r.MeanRMSE)*(r.RMSE/r.MeanRMSE)
	}
	return r, nil
}

// tabularClasses compares a model's labels with those of examples.
func tabularClasses(m *models.Tabular, examples []models.TabularExample) (*train.Classification, error) {
	all, err := m.Answers(examples)
	if err != nil {
		return nil, err
	}
	c, err := train.NewClassification(len(m.Target.Labels), confidenceBins)
	if err != nil {
		return nil, err
	}
	for i, p := range all {
		if err := c.Add(p, examples[i].Class); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// printTabular writes the scores.
func printTabular(w io.Writer, m *models.Tabular, examples []models.TabularExample) error {
	if m.Target.Regress() {
		r, err := numbersReport(m, examples)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%d rows: RMSE %.4f, MAE %.4f, %.1f %% of the variance explained; always the mean: RMSE %.4f\n",
			r.Rows, r.RMSE, r.MAE, 100*r.Explained, r.MeanRMSE)
		return nil
	}
	c, err := tabularClasses(m, examples)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d rows: accuracy %.4f, macro-F1 %.4f, %.4f nats; calibration error %.4f\n",
		c.Rows(), c.Accuracy(), c.MacroF1(), c.Nats(), c.CalibrationError())
	printConfusion(w, m.Target.Labels, c)
	return nil
}
