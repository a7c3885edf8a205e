package main

import (
	"fmt"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// translateJob is a translator with its pairs, ready to train.
type translateJob struct {
	run         *translateSettings
	model       *models.Translator
	fit, valid  []models.Parallel
	shown, test []datasets.Pair // what validations translate; what the end translates
	task        *models.TranslatorTask
	name        string // of the data
}

// read makes the job of the data.
func (t *translateTraining) read(s streams) (*job, error) {
	fit, valid, test, err := t.split()
	if err != nil {
		return nil, err
	}
	t.run.Digest = digestOfPairs(fit, valid, test)
	name := t.data
	if name == "" {
		name = "generated dates"
	}
	j := &translateJob{run: &t.run, name: name, shown: valid[:min(len(valid), shownPairs)], test: test}
	if len(test) == 0 {
		j.test = valid
	}
	if err := j.make(fit, valid); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	out := j.job()
	out.introduce = func() { j.introduce(s, len(test)) }
	out.conclude = func(report train.Report) error { return t.conclude(s, j, report) }
	return out, nil
}

// shownPairs is how many texts a validation translates.
const shownPairs = 500

// split reads the data and holds back what is asked for.
func (t *translateTraining) split() (fit, valid, test []datasets.Pair, err error) {
	if t.data == "" {
		fit, err = samplePairs()
	} else {
		fit, err = t.pairTable.read(t.data)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	if fit, test, err = holdOutPairs(&t.test, fit, t.run.Seed, t.pairTable.read); err != nil {
		return nil, nil, nil, fmt.Errorf("--test: %w", err)
	}
	if fit, valid, err = holdOutPairs(&t.val, fit, t.run.Seed+1, t.pairTable.read); err != nil {
		return nil, nil, nil, fmt.Errorf("--val: %w", err)
	}
	return fit, valid, test, nil
}

// make makes the model for the pairs to train on, and the task.
func (j *translateJob) make(fit, valid []datasets.Pair) error {
	source, err := j.run.tokenizer(fit, bySource, false)
	if err != nil {
		return err
	}
	target, err := j.run.tokenizer(fit, func(p datasets.Pair) string { return p.Target }, true)
	if err != nil {
		return err
	}
	if err := j.run.affordable(source.Len()+1, target.Len()+1); err != nil {
		return err
	}
	if j.model, err = models.NewTranslator(j.run.Model, source, target, j.run.Seed); err != nil {
		return err
	}
	if j.fit, err = parallelsOf(j.model, fit); err != nil {
		return err
	}
	if j.valid, err = parallelsOf(j.model, valid); err != nil {
		return err
	}
	j.task, err = j.model.Task(j.fit, models.TranslatorTraining{
		Batch: j.run.Batch, Seed: j.run.Seed, Smoothing: j.run.Smoothing, Own: j.run.Own, OwnSteps: j.run.OwnSteps,
	})
	return err
}

// tokenizer is that of one side of the pairs. Words are those between apostrophes
// too (l'eau is three), and what is written has its white space exactly.
func (r *translateSettings) tokenizer(pairs []datasets.Pair, side func(datasets.Pair) string, written bool) (
	datasets.Tokenizer, error,
) {
	texts := make([]string, len(pairs))
	for i, p := range pairs {
		texts[i] = side(p)
	}
	if r.Tokens == "words" {
		opt := datasets.WordsOptions{Max: r.Vocab, MinCount: r.MinCount, Lower: r.Lower, Apostrophes: true, Exact: written}
		return datasets.NewWords(opt, texts...)
	}
	return newTokenizer(r.Tokens, r.Vocab, r.MinCount, texts)
}

// affordable refuses sizes beyond all machines' memory.
func (r *translateSettings) affordable(source, target int) error {
	c := r.Model
	d := c.Recurrent
	d.Bidirectional = false
	d.Hidden, d.Layers = max(d.Hidden, c.DecoderHidden), max(d.Layers, c.DecoderLayers)
	d.Embed += c.Out() + c.Width // what may stand beside the embedding
	enc := network{Recurrent: c.Recurrent, table: source, steps: c.Longest}
	dec := network{Recurrent: d, table: target, answers: target, everyStep: true, steps: c.LongestTarget}
	looks := 3 * float64(c.Longest) * float64(c.LongestTarget)
	if c.Attention == "bahdanau" {
		looks *= float64(max(d.Hidden, c.AttentionWidth))
	}
	return affordable(4*(enc.weights()+dec.weights())+float64(r.Batch)*(enc.values()+dec.values()+looks),
		"--hidden, --embed, --vocab, --batch, --longest or --longest-target")
}

// job is what following the training needs to know.
func (j *translateJob) job() *job {
	out := &job{
		settings: j.run, task: j.task, epoch: j.task.PerEpoch(), unit: "pairs",
		apart: len(j.valid) / j.run.Batch, save: j.model.SaveFile,
	}
	if len(j.valid) > 0 {
		out.validate = func() (float64, error) {
			score, err := j.model.Score(j.valid)
			return score.Nats, err
		}
		out.remark = func() string {
			r, err := translated(j.model, models.Translating{}, j.shown)
			if err != nil {
				return err.Error()
			}
			return fmt.Sprintf("exact %.4f, BLEU %.2f", r.Exact, 100*r.BLEU)
		}
	}
	return out
}

// introduce says what is trained on what.
func (j *translateJob) introduce(s streams, test int) {
	c, m := j.run.Model, j.model
	direction := ""
	if c.Bidirectional {
		direction = ", both directions"
	}
	fmt.Fprintf(s.err, "%s: %d pairs, %d and %d %s; %d layer(s) of %s %d%s, attention %s, %d parameters, %d steps of %d\n",
		j.name, len(j.fit), m.Source.Len(), m.Target.Len(), j.run.Tokens,
		c.Layers, c.Cell, c.Hidden, direction, c.Attention, m.Params.Count(), j.run.Steps, j.run.Batch)
	fmt.Fprintf(s.err, "held back by their sources: %d pairs for validation, %d for the test at the end\n", len(j.valid), test)
}

// conclude measures the model that was kept.
func (t *translateTraining) conclude(s streams, j *translateJob, report train.Report) error {
	m, err := models.LoadTranslatorFile(t.out)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%s: the model after step %d\n", t.out, bestStep(report))
	if len(j.test) > 0 {
		r, err := translated(m, models.Translating{Beam: t.beam, Penalty: t.penalty}, j.test)
		if err != nil {
			return err
		}
		r.print(s.err, 10)
	}
	fmt.Fprintf(s.err, "try: demo translate predict --model %s\n", t.out)
	return nil
}
