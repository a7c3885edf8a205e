package main

import (
	"fmt"
	"slices"

	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// classifyJob is a classifier with its texts, ready to train.
type classifyJob struct {
	run              *classifySettings
	model            *models.Classifier
	fit, valid, test []models.Document
	task             *models.BatchTask[models.Document]
	last             models.ClassifierScore // of the last validation
	name             string                 // of the data
}

// read makes the job of the data.
func (t *classifyTraining) read(s streams) (*job, error) {
	fit, valid, test, err := t.split()
	if err != nil {
		return nil, err
	}
	t.run.Digest = digestOf(fit, valid, test)
	name := t.data
	if name == "" {
		name = "generated reviews"
	}
	c, err := newClassifyJob(&t.run, name, fit, valid, test)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	j := c.job()
	j.introduce = func() { c.introduce(s) }
	j.conclude = func(report train.Report) error { return t.conclude(s, c, report) }
	return j, nil
}

// split reads the data and holds back what is asked for.
func (t *classifyTraining) split() (fit, valid, test []labelled, err error) {
	if t.data == "" {
		fit = sampleReviews()
	} else if fit, err = t.labelledTable.read(t.data, nil); err != nil {
		return nil, nil, nil, err
	}
	labels, err := labelsOf(fit)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("%s: %w", t.data, err)
	}
	read := func(path string) ([]labelled, error) { return t.labelledTable.read(path, labels) }
	if fit, test, err = take(&t.test, fit, t.run.Seed, read); err != nil {
		return nil, nil, nil, fmt.Errorf("--test: %w", err)
	}
	if fit, valid, err = take(&t.val, fit, t.run.Seed+1, read); err != nil {
		return nil, nil, nil, fmt.Errorf("--val: %w", err)
	}
	return fit, valid, test, nil
}

// newClassifyJob makes the model for the rows to train on and encodes all rows.
func newClassifyJob(run *classifySettings, name string, fit, valid, test []labelled) (*classifyJob, error) {
	labels, err := labelsOf(slices.Concat(fit, valid, test))
	if err != nil {
		return nil, err
	}
	from, err := run.start()
	if err != nil {
		return nil, err
	}
	tokens, err := run.tokenizer(from, fit)
	if err != nil {
		return nil, err
	}
	if err := run.affordable(tokens.Len()+1, len(labels)); err != nil {
		return nil, err
	}
	j := &classifyJob{run: run, name: name}
	if j.model, err = models.NewClassifier(run.Model, tokens, labels, run.Seed); err != nil {
		return nil, err
	}
	if from != nil {
		if err := j.model.StartFrom(from); err != nil {
			return nil, err
		}
	}
	return j, j.encode(fit, valid, test)
}

// encode makes documents of the rows and the task of them.
func (j *classifyJob) encode(fit, valid, test []labelled) (err error) {
	for _, part := range []struct {
		rows []labelled
		docs *[]models.Document
	}{{fit, &j.fit}, {valid, &j.valid}, {test, &j.test}} {
		if *part.docs, err = documentsOf(j.model, part.rows); err != nil {
			return err
		}
	}
	how := models.ClassifierTraining{Batch: j.run.Batch, Seed: j.run.Seed, Smoothing: j.run.Smoothing}
	if j.run.Balance {
		how.Weights = models.Balanced(j.fit, len(j.model.Labels))
	}
	j.task, err = j.model.Task(j.fit, how)
	return err
}

// job is what following the training needs to know.
func (j *classifyJob) job() *job {
	out := &job{
		settings: j.run, task: j.task, epoch: j.task.PerEpoch(), unit: "texts",
		apart: len(j.valid) / (2 * j.run.Batch), save: j.model.SaveFile,
	}
	if len(j.valid) > 0 {
		out.validate = func() (nats float64, err error) {
			j.last, err = j.model.Calibrate(j.valid)
			return j.last.Nats, err
		}
		out.remark = func() string { return fmt.Sprintf("accuracy %.4f", j.last.Accuracy) }
	}
	return out
}

// introduce says what is trained on what.
func (j *classifyJob) introduce(s streams) {
	c, m := j.run.Model, j.model
	direction := ""
	if c.Bidirectional {
		direction = ", both directions"
	}
	tokens := j.run.Tokens
	if j.run.From != "" {
		tokens = "tokens of " + j.run.From
	}
	fmt.Fprintf(s.err, "%s: %d texts, %d labels (%s), %d %s; %d layer(s) of %s %d%s, pool %s, %d parameters, %d steps of %d\n",
		j.name, len(j.fit), len(m.Labels), listed(m.Labels), m.Tokens.Len(), tokens,
		c.Layers, c.Cell, c.Hidden, direction, c.Pool, m.Params.Count(), j.run.Steps, j.run.Batch)
	for _, held := range []struct {
		docs []models.Document
		use  string
	}{{j.valid, "validation"}, {j.test, "the test at the end"}} {
		if len(held.docs) > 0 {
			fmt.Fprintf(s.err, "held back for %s: %d texts; always the commonest label: accuracy %.4f\n",
				held.use, len(held.docs), commonest(held.docs, len(m.Labels)))
		}
	}
}

// commonest is the part of the documents that have the commonest class.
func commonest(docs []models.Document, classes int) float64 {
	counts := make([]int, classes)
	for _, d := range docs {
		counts[d.Class]++
	}
	return float64(slices.Max(counts)) / float64(len(docs))
}

// conclude measures the model that was kept.
func (t *classifyTraining) conclude(s streams, j *classifyJob, report train.Report) error {
	m, err := models.LoadClassifierFile(t.out)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%s: the model after step %d\n", t.out, bestStep(report))
	docs, use := j.test, "test"
	if len(docs) == 0 {
		docs, use = j.valid, "held back"
	}
	if len(docs) > 0 {
		c, err := classified(m, docs)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.err, "%s: ", use)
		printClassification(s.err, m, c)
	}
	if t.data == "" {
		if err := samplePredictions(s.err, m); err != nil {
			return err
		}
	}
	fmt.Fprintf(s.err, "try: demo classify predict --model %s\n", t.out)
	return nil
}
