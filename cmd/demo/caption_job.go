package main

import (
	"fmt"
	"math"
	"slices"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// The sizes of pictures where no flag says one.
const (
	usualSide   = 32
	largestSide = 256
)

// captionJob is a captioner with its pictures, ready to train.
type captionJob struct {
	run              *captionSettings
	model            *models.Captioner
	fit, valid, test []datasets.Captioned
	examples, held   []models.Pictured // of fit and valid
	task             *models.BatchTask[models.Pictured]
	last             captionScore // of the last validation
	name             string       // of the data
}

// read makes the job of the data.
func (t *captionTraining) read(s streams) (*job, error) {
	c := t.run.Model
	seen := datasets.ImageOptions{Channels: c.Channels, Height: c.Height, Width: c.Width, Fit: c.Fit}
	rest, test, err := t.captioned.read(seen)
	if err != nil {
		return nil, err
	}
	fit, valid := rest, []datasets.Captioned(nil)
	if t.val > 0 {
		if fit, valid, err = datasets.HoldOutBy(rest, t.key, t.val, t.run.Seed+1); err != nil {
			return nil, fmt.Errorf("--val: %w", err)
		}
	}
	t.run.Digest = digestOfPictures(fit, valid, test)
	j, err := newCaptionJob(&t.run, fit, valid, test)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.name(), err)
	}
	j.name = t.name()
	out := j.job()
	out.introduce = func() { j.introduce(s) }
	out.conclude = func(report train.Report) error { return t.conclude(s, j, report) }
	return out, nil
}

// newCaptionJob makes the model for the pictures to train on and encodes what it
// is trained and validated with.
func newCaptionJob(run *captionSettings, fit, valid, test []datasets.Captioned) (*captionJob, error) {
	c := &run.Model
	if c.Height == 0 {
		first := fit[0].Image
		if c.Height, c.Width = first.Height, first.Width; max(c.Height, c.Width) > largestSide {
			return nil, fmt.Errorf("picture %s is %d x %d; --height and --width say to what size pictures are made",
				fit[0].Name, first.Height, first.Width)
		}
	}
	var texts []string
	for _, p := range fit {
		texts = append(texts, p.Captions...)
	}
	tokens, err := captionTokens(run, texts)
	if err != nil {
		return nil, err
	}
	if err := run.affordable(tokens.Len() + 1); err != nil {
		return nil, err
	}
	j := &captionJob{run: run, fit: fit, valid: valid, test: test}
	if j.model, err = models.NewCaptioner(*c, tokens, run.Seed); err != nil {
		return nil, err
	}
	if j.examples, err = examplesOf(j.model, fit); err != nil {
		return nil, err
	}
	if j.held, err = examplesOf(j.model, valid); err != nil {
		return nil, err
	}
	j.task, err = j.model.Task(j.examples, models.CaptionerTraining{
		Batch: run.Batch, Seed: run.Seed, Smoothing: run.Smoothing, Augment: run.Augment,
	})
	return j, err
}

// captionTokens is the tokenizer of captions: words keep their case, for what is
// written is read by people.
func captionTokens(run *captionSettings, texts []string) (datasets.Tokenizer, error) {
	if run.Tokens == "words" {
		return datasets.NewWords(datasets.WordsOptions{Max: run.Vocab, MinCount: run.MinCount, Exact: true}, texts...)
	}
	return newTokenizer(run.Tokens, run.Vocab, run.MinCount, texts)
}

// affordable refuses sizes beyond all machines' memory.
func (r *captionSettings) affordable(tokens int) error {
	c := r.Model
	n := network{Recurrent: c.Recurrent, table: tokens, answers: tokens, everyStep: true, steps: c.Longest, rows: r.Batch}
	maps, h, w := 0, c.Height, c.Width
	for _, F := range c.Blocks {
		maps += 6 * max(c.Convs, 1) * h * w * F
		h, w = max(h/2, 1), max(w/2, 1)
	}
	numbers := 4*n.weights() + float64(n.rows)*(n.values()+float64(maps))
	return affordable(numbers, "--height, --width, --blocks, --hidden, --embed, --batch or --longest")
}

// examplesOf encodes pictures with all their captions.
func examplesOf(m *models.Captioner, pictures []datasets.Captioned) ([]models.Pictured, error) {
	var all []models.Pictured
	for _, p := range pictures {
		for _, text := range p.Captions {
			x, err := m.Example(p.Image, text)
			if err != nil {
				return nil, fmt.Errorf("picture %s: %w", p.Name, err)
			}
			all = append(all, x)
		}
	}
	return all, nil
}

// job is what following the training needs to know.
func (j *captionJob) job() *job {
	out := &job{
		settings: j.run, task: j.task, epoch: j.task.PerEpoch(), unit: "captions",
		apart: len(j.held) / j.run.Batch, save: j.model.SaveFile,
	}
	if len(j.valid) > 0 {
		out.validate = j.validate
		out.remark = func() string { return j.last.short() }
	}
	return out
}

// validate is the score of the pictures held back, lower being better.
func (j *captionJob) validate() (float64, error) {
	score, err := j.model.Score(j.held)
	if err != nil {
		return math.NaN(), err
	}
	j.last, err = written(j.model, j.valid, models.Search{})
	if err != nil {
		return math.NaN(), err
	}
	j.last.nats = score.Nats
	if j.run.Select == "f1" {
		return 1 - j.last.f1, nil
	}
	return score.Nats, nil
}

// introduce says what is trained on what.
func (j *captionJob) introduce(s streams) {
	c, m := j.run.Model, j.model
	sees := fmt.Sprintf("blocks %v, attention %s", c.Blocks, c.Attention)
	if c.Blind {
		sees = "blind"
	}
	fmt.Fprintf(s.err, "%s: %d pictures of %d x %d x %d, %d captions, %d %s; ",
		j.name, len(j.fit), c.Height, c.Width, c.Channels, len(j.examples), m.Tokens.Len(), j.run.Tokens)
	fmt.Fprintf(s.err, "%s, %d layer(s) of %s %d, %d parameters, %d steps of %d\n",
		sees, c.Layers, c.Cell, c.Hidden, m.Params.Count(), j.run.Steps, j.run.Batch)
	if len(j.valid) > 0 {
		fmt.Fprintf(s.err, "held back for validation: %d pictures\n", len(j.valid))
	}
	if len(j.test) > 0 {
		fmt.Fprintf(s.err, "held back for the test at the end: %d pictures\n", len(j.test))
	}
}

// others are the validation's pictures, if they are not those measured: the model
// was chosen by them.
func (j *captionJob) others() []datasets.Captioned {
	if len(j.test) > 0 {
		return j.valid
	}
	return nil
}

// conclude measures the model that was kept.
func (t *captionTraining) conclude(s streams, j *captionJob, report train.Report) error {
	m, err := models.LoadCaptionerFile(t.out)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%s: the model after step %d\n", t.out, bestStep(report))
	held, use := j.test, "test"
	if len(held) == 0 {
		held, use = j.valid, "held back"
	}
	if len(held) > 0 {
		all, err := compared(m, slices.Concat(j.fit, j.others()), held, usualSearch())
		if err != nil {
			return err
		}
		printCaptionScores(s.err, use, all)
		printCaptions(s.err, held, all[0].said)
	}
	fmt.Fprintf(s.err, "try: demo caption predict --model %s --images PICTURES\n", t.out)
	return nil
}
