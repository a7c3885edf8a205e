package main

import (
	"fmt"
	"io"
	"math"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// feedForwardJob is a feed-forward model with its rows, ready to train.
type feedForwardJob struct {
	run              *feedForwardSettings
	name             string // of the data
	model            *models.FeedForward
	fit, valid, test []datasets.Numeric
	task             *models.BatchTask[datasets.Numeric]
	last             feedForwardScore // of the last validation
}

// read makes the job of the data.
func (t *feedForwardTraining) read(s streams) (*job, error) {
	data, name := sampleRings(), "points in rings"
	if t.data != "" {
		var err error
		if data, err = t.numbers.read(t.data, nil); err != nil {
			return nil, err
		}
		name = t.data
	}
	j := &feedForwardJob{run: &t.run, name: name}
	if err := t.split(j, data); err != nil {
		return nil, err
	}
	t.run.Digest = digestOfRows(j.fit, j.valid, j.test)
	if err := j.make(data); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	out := j.job()
	out.introduce = func() { j.introduce(s) }
	out.conclude = func(report train.Report) error { return t.conclude(s, j, report) }
	return out, nil
}

// split holds back what is asked for.
func (t *feedForwardTraining) split(j *feedForwardJob, data questions) (err error) {
	read := func(path string) ([]datasets.Numeric, error) {
		n, err := t.numbers.read(path, &data)
		return n.rows, err
	}
	if j.fit, j.test, err = take(&t.test, data.rows, t.run.Seed, read); err != nil {
		return fmt.Errorf("--test: %w", err)
	}
	if j.fit, j.valid, err = take(&t.val, j.fit, t.run.Seed+1, read); err != nil {
		return fmt.Errorf("--val: %w", err)
	}
	return nil
}

// make makes the model and the task of the rows.
func (j *feedForwardJob) make(data questions) error {
	columns := models.FeedForwardColumns{Inputs: data.inputs, Answer: data.answer, Labels: data.labels}
	var err error
	if columns.Scale, err = scaled(j.fit, func(e datasets.Numeric) []float64 { return e.X }); err != nil {
		return err
	}
	if data.labels == nil {
		if columns.Unit, err = scaled(j.fit, func(e datasets.Numeric) []float64 { return e.Y }); err != nil {
			return err
		}
	}
	if err := j.affordable(len(data.inputs)); err != nil {
		return err
	}
	if j.model, err = models.NewFeedForward(j.run.Model, columns, j.run.Seed); err != nil {
		return err
	}
	j.task, err = j.model.Task(j.fit, models.Training{Batch: j.run.Batch, Seed: j.run.Seed})
	return err
}

// affordable refuses sizes beyond all machines' memory.
func (j *feedForwardJob) affordable(inputs int) error {
	c := j.run.Model
	n := network{
		Recurrent: models.Recurrent{Cell: "rnn", Hidden: c.Hidden, Layers: max(c.Layers, 1)},
		table:     inputs, answers: 1, steps: 1, rows: j.run.Batch,
	}
	return n.affordable("--hidden, --layers or --batch")
}

// job is what following the training needs to know.
func (j *feedForwardJob) job() *job {
	out := &job{
		settings: j.run, task: j.task, epoch: j.task.PerEpoch(), unit: "rows",
		apart: len(j.valid) / (2 * j.run.Batch), save: j.model.SaveFile,
	}
	if len(j.valid) > 0 {
		out.validate = func() (loss float64, err error) {
			j.last, err = scoreFeedForward(j.model, j.valid)
			return j.last.loss(), err
		}
		out.remark = func() string { return j.last.brief() }
	}
	return out
}

// introduce says what is trained on what.
func (j *feedForwardJob) introduce(s streams) {
	c, m := j.run.Model, j.model
	asked := "the number " + m.Columns.Answer
	if m.Columns.Unit == nil {
		asked = fmt.Sprintf("the label %s (%s)", m.Columns.Answer, listed(m.Columns.Labels))
	}
	fmt.Fprintf(s.err, "%s: %d rows, %d numbers to read, asked for %s; %d hidden layer(s) of %d, %s, %d parameters, %d steps of %d\n",
		j.name, len(j.fit), len(m.Columns.Inputs), asked, c.Layers, c.Hidden, c.Activation, m.Params.Count(), j.run.Steps, j.run.Batch)
}

// conclude measures the model that was kept.
func (t *feedForwardTraining) conclude(s streams, j *feedForwardJob, report train.Report) error {
	m, err := models.LoadFeedForwardFile(t.out)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%s: the model after step %d\n", t.out, bestStep(report))
	rows, use := j.test, "test"
	if len(rows) == 0 {
		rows, use = j.valid, "held back"
	}
	if len(rows) > 0 {
		score, err := scoreFeedForward(m, rows)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.err, "%s: ", use)
		score.print(s.err, m)
	}
	if t.data == "" {
		if err := drawRings(s.err, m); err != nil {
			return err
		}
	}
	fmt.Fprintf(s.err, "try: demo feedforward predict --model %s\n", t.out)
	return nil
}

// drawRings draws what the model says of each place of the square.
func drawRings(w io.Writer, m *models.FeedForward) error {
	const height, width = 20, 40
	var rows [][]float64
	for y := range height {
		for x := range width {
			rows = append(rows, []float64{2*float64(x)/(width-1) - 1, 1 - 2*float64(y)/(height-1)})
		}
	}
	answers, err := m.Answers(rows)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "\nwhat it says of each place (o inside, # ring, . outside):")
	for i, p := range answers {
		best, mark := math.Inf(-1), byte(' ')
		for k, label := range m.Columns.Labels {
			if p[k] > best {
				best, mark = p[k], map[string]byte{"inside": 'o', "ring": '#', "outside": '.'}[label]
			}
		}
		fmt.Fprintf(w, "%c", mark)
		if i%width == width-1 {
			fmt.Fprintln(w)
		}
	}
	return nil
}
