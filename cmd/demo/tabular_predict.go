package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
)

// tabularAnswering is what tabular predict is told.
type tabularAnswering struct {
	table
	model, data string
	rows        selection
	json        bool
}

func tabularPredictCommand(s streams) *cobra.Command {
	t := tabularAnswering{rows: selection{flag: "rows"}}
	c := &cobra.Command{
		Use:   "predict",
		Short: "Predict the rows of a table",
		Long: `Predict reads a table with the columns that the model was trained with, from a
file or from standard input, and writes for each row a line: the number, or the
label and its probability.`,
		Example: `  demo tabular predict --model tabular.safetensors --data new.csv
  demo tabular predict --model tabular.safetensors --json`,
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
			return t.predict(s)
		},
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as tabular train writes it (needed)")
	f.StringVar(&t.data, "data", "", "table; .gz is read as it is (none: standard input)")
	f.StringVar(&t.rows.text, "rows", "", "rows that are read: COLUMN=VALUES, such as month=1-9,12 (none: all)")
	t.table.flags(f)
	f.BoolVar(&t.json, "json", false, "write a JSON object a line")
	return c
}

func (t *tabularAnswering) predict(s streams) error {
	m, err := models.LoadTabularFile(t.model)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(s.out)
	r := tabularReader{table: t.table, columns: m.Features.Columns}
	var waiting []models.Record
	use := func(row tabularRow) error {
		if waiting = append(waiting, row.record); len(waiting) < answerBatch {
			return nil
		}
		err := t.answer(m, waiting, out)
		waiting = waiting[:0]
		return err
	}
	if t.data == "" {
		err = r.eachFrom(s.in, &t.rows, use)
	} else {
		err = r.each(t.data, &t.rows, use)
	}
	if err == nil {
		err = t.answer(m, waiting, out)
	}
	return errors.Join(err, out.Flush())
}

// answer writes a line for each record, at once.
func (t *tabularAnswering) answer(m *models.Tabular, records []models.Record, out *bufio.Writer) error {
	answers, err := m.Predict(records...)
	if err != nil {
		return fmt.Errorf("%s: %w", t.model, err)
	}
	for _, a := range answers {
		if err := t.write(m, a, out); err != nil {
			return err
		}
	}
	return out.Flush()
}

// write writes the line of an answer.
func (t *tabularAnswering) write(m *models.Tabular, a models.TabularPrediction, out *bufio.Writer) error {
	switch {
	case !t.json && m.Target.Regress():
		fmt.Fprintf(out, "%.6g\n", a.Number)
	case !t.json:
		fmt.Fprintf(out, "%s\t%.4f\n", a.Label, a.Probabilities[a.Class])
	case m.Target.Regress():
		return json.NewEncoder(out).Encode(map[string]float64{"number": a.Number})
	default:
		all := map[string]float64{}
		for i, p := range a.Probabilities {
			all[m.Target.Labels[i]] = p
		}
		return json.NewEncoder(out).Encode(map[string]any{"label": a.Label, "probabilities": all})
	}
	return nil
}
