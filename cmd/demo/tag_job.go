package main

import (
	"fmt"
	"slices"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// tagJob is a tagger with its texts, ready to train.
type tagJob struct {
	run              *tagSettings
	model            *models.Tagger
	fit, valid, test []datasets.Tagged
	task             *models.BatchTask[datasets.Tagged]
	last             models.TaggerScore // of the last validation
	name             string             // of the data
}

// read makes the job of the data.
func (t *tagTraining) read(s streams) (*job, error) {
	fit, valid, test, err := t.split()
	if err != nil {
		return nil, err
	}
	t.run.Digest = tagDigest(fit, valid, test)
	c := &tagJob{run: &t.run, name: t.data}
	if c.name == "" {
		c.name = "generated " + t.run.Sample
	}
	if err := c.prepare(fit, valid, test); err != nil {
		return nil, fmt.Errorf("%s: %w", c.name, err)
	}
	j := c.job()
	j.introduce = func() { c.introduce(s) }
	j.conclude = func(report train.Report) error { return t.conclude(s, c, report) }
	return j, nil
}

// split reads the data and holds back what is asked for.
func (t *tagTraining) split() (fit, valid, test []datasets.Sentence, err error) {
	if t.data == "" {
		fit, err = sampleTagged(t.run.Sample, 3000, 1)
	} else {
		fit, err = t.tagReader.read(t.data, t.run.Model, nil)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	labels, err := tagLabels(fit)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("%s: %w", t.data, err)
	}
	read := func(path string) ([]datasets.Sentence, error) { return t.tagReader.read(path, t.run.Model, labels) }
	if fit, test, err = take(&t.test, fit, t.run.Seed, read); err != nil {
		return nil, nil, nil, fmt.Errorf("--test: %w", err)
	}
	if fit, valid, err = take(&t.val, fit, t.run.Seed+1, read); err != nil {
		return nil, nil, nil, fmt.Errorf("--val: %w", err)
	}
	return fit, valid, test, nil
}

// prepare makes the model for the texts to train on and encodes all texts.
func (j *tagJob) prepare(fit, valid, test []datasets.Sentence) error {
	labels, err := tagLabels(slices.Concat(fit, valid, test))
	if err != nil {
		return err
	}
	var all []string
	for _, s := range fit {
		all = append(all, s.Tokens...)
	}
	tokens, err := datasets.NewCategories(datasets.CategoriesOptions{Max: j.run.Vocab, MinCount: j.run.MinCount}, all...)
	if err != nil {
		return err
	}
	n := network{
		Recurrent: j.run.Model.Recurrent, table: tokens.Len(), answers: len(labels), everyStep: true,
		steps: j.run.Model.Longest, rows: j.run.Batch,
	}
	if err := n.affordable("--hidden, --layers, --embed, --batch or --longest"); err != nil {
		return err
	}
	if j.model, err = models.NewTagger(j.run.Model, tokens, labels, j.run.Seed); err != nil {
		return err
	}
	for _, part := range []struct {
		texts    []datasets.Sentence
		examples *[]datasets.Tagged
	}{{fit, &j.fit}, {valid, &j.valid}, {test, &j.test}} {
		if *part.examples, err = taggedOf(j.model, part.texts); err != nil {
			return err
		}
	}
	j.task, err = j.model.Task(j.fit, models.Training{Batch: j.run.Batch, Seed: j.run.Seed})
	return err
}

// job is what following the training needs to know.
func (j *tagJob) job() *job {
	out := &job{
		settings: j.run, task: j.task, epoch: j.task.PerEpoch(), unit: "texts",
		apart: len(j.valid) / (2 * j.run.Batch), save: j.model.SaveFile,
	}
	if len(j.valid) > 0 {
		out.validate = func() (nats float64, err error) {
			j.last, err = j.model.Score(j.valid)
			return j.last.Nats, err
		}
		out.remark = func() string { return fmt.Sprintf("accuracy %.4f", j.last.Accuracy) }
	}
	return out
}

// introduce says what is trained on what.
func (j *tagJob) introduce(s streams) {
	c, m := j.run.Model, j.model
	direction := ""
	if c.Bidirectional {
		direction = ", both directions"
	}
	fmt.Fprintf(s.err, "%s: %d texts, %d labels (%s), %d %s and other; %d layer(s) of %s %d%s, %d parameters, %d steps of %d\n",
		j.name, len(j.fit), len(m.Labels), listed(m.Labels), m.Tokens.Len()-1, c.Unit,
		c.Layers, c.Cell, c.Hidden, direction, m.Params.Count(), j.run.Steps, j.run.Batch)
	for _, held := range []struct {
		examples []datasets.Tagged
		use      string
	}{{j.valid, "validation"}, {j.test, "the test at the end"}} {
		if len(held.examples) > 0 {
			fmt.Fprintf(s.err, "held back for %s: %d texts; each of the %s with its commonest label, without its neighbours: accuracy %.4f\n",
				held.use, len(held.examples), c.Unit, datasets.TokenBaseline(j.fit, held.examples))
		}
	}
}

// conclude measures the model that was kept.
func (t *tagTraining) conclude(s streams, j *tagJob, report train.Report) error {
	m, err := models.LoadTaggerFile(t.out)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%s: the model after step %d\n", t.out, bestStep(report))
	examples, use := j.test, "test"
	if len(examples) == 0 {
		examples, use = j.valid, "held back"
	}
	if len(examples) > 0 {
		c, err := tagScores(m, examples)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.err, "%s: ", use)
		c.print(s.err, m)
	}
	if t.data == "" {
		if err := showTags(s.err, m, t.run.Sample); err != nil {
			return err
		}
	}
	fmt.Fprintf(s.err, "try: demo tag predict --model %s\n", t.out)
	return nil
}
