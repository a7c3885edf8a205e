package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// job is what following the training needs to know.
func (j *tabularJob) job() *job {
	out := &job{
		settings: j.run, task: j.task, epoch: j.task.PerEpoch(), unit: "rows",
		apart: len(j.valid) / (2 * j.run.Batch), save: j.model.SaveFile,
	}
	if len(j.valid) == 0 {
		return out
	}
	out.validate = func() (loss float64, err error) {
		j.last, err = j.model.Score(j.valid)
		if !j.run.Regress {
			return j.last.Nats, err
		}
		scaled := j.last.RMSE / j.model.Target.Scaler.Scale[0] // beside the training loss
		return scaled * scaled, err
	}
	out.remark = func() string {
		if j.run.Regress {
			return fmt.Sprintf("RMSE %.4g", j.last.RMSE)
		}
		return fmt.Sprintf("accuracy %.4f", j.last.Accuracy)
	}
	return out
}

// introduce says what is trained on what.
func (j *tabularJob) introduce(s streams) {
	what := fmt.Sprintf("a label (%s)", listed(j.model.Target.Labels))
	if j.run.Regress {
		scaler := j.model.Target.Scaler
		what = fmt.Sprintf("a number (mean %.4g, deviation %.4g)", scaler.Shift[0], scaler.Scale[0])
	}
	fmt.Fprintf(s.err, "%s: %d rows, %s is %s; %d hidden layer(s), %d parameters, %d steps of %d\n",
		j.name, len(j.fit), j.run.Label, what, len(j.run.Model.Body), j.model.Params.Count(), j.run.Steps, j.run.Batch)
	fmt.Fprintf(s.err, "read: %s\n", describe(j.model.Features))
	if j.left > 0 {
		fmt.Fprintf(s.err, "left out, as there is nothing in column %s: %d rows\n", j.run.Label, j.left)
	}
	fmt.Fprintf(s.err, "held back for validation: %d rows, for the test at the end: %d\n", len(j.valid), len(j.test))
}

// describe says what is read of each column.
func describe(f *models.Features) string {
	var parts []string
	cats, nums := 0, 0
	for _, c := range f.Columns {
		part := c.Name
		switch c.Kind {
		case models.CatColumn:
			part += fmt.Sprintf(" (%d categories and other, width %d)", f.Categories[cats].Len()-1, c.Width)
			cats++
		case models.OneHotColumn:
			part += fmt.Sprintf(" (%d categories, one-hot)", f.Categories[cats].Len()-1)
			cats++
		case models.NumColumn:
			if f.Missing[nums] {
				part += " (some missing)"
			}
			nums++
		case models.TextColumn:
			part += fmt.Sprintf(" (text, %d tokens)", f.Tokens.Len())
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

// conclude measures the model that was kept.
func (t *tabularTraining) conclude(s streams, j *tabularJob, test []tabularRow, report train.Report) error {
	m, err := models.LoadTabularFile(t.out)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%s: the model after step %d\n", t.out, bestStep(report))
	if len(j.valid) > 0 {
		fmt.Fprint(s.err, "held back: ")
		if err := printTabular(s.err, m, j.valid); err != nil {
			return err
		}
	}
	if len(j.test) > 0 {
		fmt.Fprint(s.err, "test: ")
		if err := printTabular(s.err, m, j.test); err != nil {
			return err
		}
		if err := j.printLine(s, test); err != nil {
			return err
		}
	}
	if t.data == "" {
		if err := showRents(s.err, m); err != nil {
			return err
		}
	}
	fmt.Fprintf(s.err, "try: demo tabular predict --model %s --data FILE\n", t.out)
	return nil
}

// printLine shows what a straight line reaches on the test rows: the one in the
// column of numbers in which it fits the rows that were trained on best.
func (j *tabularJob) printLine(s streams, test []tabularRow) error {
	if !j.run.Regress {
		return nil
	}
	y, best, name, at := targetsOf(j.rows), math.Inf(1), "", 0
	var line train.Line
	for i, c := range j.run.Columns {
		if c.Kind != models.NumColumn {
			continue
		}
		l, err := train.FitLine(columnOf(j.rows, i), y)
		if err != nil {
			return err
		}
		rmse, err := train.RMSE(l.Over(columnOf(j.rows, i)), y)
		if err != nil {
			return err
		}
		if rmse < best {
			best, line, name, at = rmse, l, c.Name, i
		}
	}
	if name == "" {
		return nil
	}
	rmse, err := train.RMSE(line.Over(columnOf(test, at)), targetsOf(test))
	fmt.Fprintf(s.err, "test: a straight line in %s, %.4g %+.4g·x, fitted on the same rows: RMSE %.4f\n", name, line.At, line.Slope, rmse)
	return err
}

// columnOf is a column of numbers.
func columnOf(rows []tabularRow, i int) []float64 {
	x := make([]float64, len(rows))
	for k, r := range rows {
		x[k] = r.record[i].Number
	}
	return x
}
