package main

import (
	"fmt"
	"slices"

	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// tabularJob is a tabular model with its rows, ready to train.
type tabularJob struct {
	run              *tabularSettings
	model            *models.Tabular
	fit, valid, test []models.TabularExample
	rows             []tabularRow // that are trained on
	task             *models.BatchTask[models.TabularExample]
	last             models.TabularScore // of the last validation
	left             int                 // rows without a target
	name             string              // of the data
}

// read makes the job of the data.
func (t *tabularTraining) read(s streams) (*job, error) {
	c := &tabularJob{run: &t.run, name: t.data}
	fit, valid, test, err := t.split(c)
	if err != nil {
		return nil, err
	}
	t.run.Digest = tabularDigest(fit, valid, test)
	if c.name == "" {
		c.name = "generated rents"
	}
	if err := c.prepare(fit, valid, test); err != nil {
		return nil, fmt.Errorf("%s: %w", c.name, err)
	}
	j := c.job()
	j.introduce = func() { c.introduce(s) }
	j.conclude = func(report train.Report) error { return t.conclude(s, c, test, report) }
	return j, nil
}

// split reads the data and holds back what is asked for.
func (t *tabularTraining) split(c *tabularJob) (fit, valid, test []tabularRow, err error) {
	r := tabularReader{table: t.table, columns: t.run.Columns, target: t.run.Label, regress: t.run.Regress}
	if t.data == "" {
		fit, err = sampleRents(6000, 1)
	} else {
		fit, err = r.read(t.data, &t.rows)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	if !t.run.Regress {
		if r.known, err = tabularLabels(fit); err != nil {
			return nil, nil, nil, fmt.Errorf("%s: %w", t.data, err)
		}
	}
	c.left = r.left
	whole := func(path string) ([]tabularRow, error) { return r.read(path, &selection{}) }
	if t.testRows.text != "" {
		test, err = r.read(t.data, &t.testRows)
	} else {
		fit, test, err = take(&t.test, fit, t.run.Seed, whole)
	}
	if err != nil {
		return nil, nil, nil, fmt.Errorf("--test: %w", err)
	}
	if fit, valid, err = take(&t.val, fit, t.run.Seed+1, whole); err != nil {
		return nil, nil, nil, fmt.Errorf("--val: %w", err)
	}
	return fit, valid, test, nil
}

// tabularLabels are the distinct labels, sorted.
func tabularLabels(rows []tabularRow) ([]string, error) {
	seen := map[string]bool{}
	var all []labelled
	for _, r := range rows {
		if !seen[r.label] {
			seen[r.label] = true
			all = append(all, labelled{label: r.label})
		}
	}
	return labelsOf(all)
}

// prepare makes the model for the rows to train on and encodes all rows.
func (j *tabularJob) prepare(fit, valid, test []tabularRow) error {
	features, err := j.features(fit)
	if err != nil {
		return err
	}
	target, err := j.target(fit, valid, test)
	if err != nil {
		return err
	}
	if err := j.affordable(features, target); err != nil {
		return err
	}
	if j.model, err = models.NewTabular(j.run.Model, features, target, j.run.Seed); err != nil {
		return err
	}
	j.rows = fit
	for _, part := range []struct {
		rows     []tabularRow
		examples *[]models.TabularExample
	}{{fit, &j.fit}, {valid, &j.valid}, {test, &j.test}} {
		if *part.examples, err = tabularExamples(j.model, part.rows); err != nil {
			return err
		}
	}
	j.task, err = j.model.Task(j.fit, models.Training{Batch: j.run.Batch, Seed: j.run.Seed})
	return err
}

// features fits the columns to the rows to train on.
func (j *tabularJob) features(fit []tabularRow) (*models.Features, error) {
	records := make([]models.Record, len(fit))
	for i, r := range fit {
		records[i] = r.record
	}
	text := slices.IndexFunc(j.run.Columns, func(c models.Column) bool { return c.Kind == models.TextColumn })
	if text < 0 {
		return j.run.Columns.Fit(records, nil)
	}
	texts := make([]string, len(records))
	for i, r := range records {
		texts[i] = r[text].Text
	}
	tokens, err := newTokenizer(j.run.Tokens, j.run.Vocab, j.run.MinCount, texts)
	if err != nil {
		return nil, err
	}
	return j.run.Columns.Fit(records, tokens)
}

// target is fitted to the rows to train on; labels are those of all rows.
func (j *tabularJob) target(fit, valid, test []tabularRow) (t models.Target, err error) {
	if j.run.Regress {
		t, err = models.NumberTarget(targetsOf(fit))
	} else {
		var labels []string
		labels, err = tabularLabels(slices.Concat(fit, valid, test))
		t = models.LabelTarget(labels)
	}
	t.Name = j.run.Label
	return t, err
}

func targetsOf(rows []tabularRow) []float64 {
	y := make([]float64, len(rows))
	for i, r := range rows {
		y[i] = r.y
	}
	return y
}

// affordable refuses sizes beyond all machines' memory.
func (j *tabularJob) affordable(f *models.Features, t models.Target) error {
	weights, in, k := 0.0, 64.0, 0
	for _, c := range f.Columns {
		switch c.Kind {
		case models.CatColumn:
			weights += float64(f.Categories[k].Len()) * float64(c.Width)
			in += float64(c.Width)
			k++
		case models.OneHotColumn:
			in += float64(f.Categories[k].Len())
			k++
		default:
			in += 2
		}
	}
	values := in
	if text := j.run.Model.Text; text != nil {
		n := network{Recurrent: text.Recurrent, table: f.Tokens.Len() + 1, steps: text.Longest}
		weights, values, in = weights+n.weights(), values+n.values(), in+float64(text.Out())
	}
	for _, width := range append(slices.Clone(j.run.Model.Body), max(len(t.Labels), 1)) {
		weights, values, in = weights+in*float64(width), values+3*float64(width), float64(width)
	}
	return affordable(4*weights+float64(j.run.Batch)*values, "--body, --cat, --hidden, --layers, --embed, --batch or --longest")
}

// tabularExamples encodes rows for a model.
func tabularExamples(m *models.Tabular, rows []tabularRow) ([]models.TabularExample, error) {
	examples := make([]models.TabularExample, len(rows))
	for i, r := range rows {
		e, err := m.Example(r.record)
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", i+1, err)
		}
		if e.Y = r.y; !m.Target.Regress() {
			if e.Class, err = m.Target.Class(r.label); err != nil {
				return nil, fmt.Errorf("row %d: %w", i+1, err)
			}
		}
		examples[i] = e
	}
	return examples, nil
}
