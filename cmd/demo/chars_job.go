package main

import (
	"fmt"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// counted is how many characters are counted at most for the n-grams: the
// counts of more do not say much else, and would need gigabytes.
const counted = 1 << 22

// charsJob is a character model with its text, ready to train.
type charsJob struct {
	run    *charsSettings
	model  *models.CharLM
	task   *models.Task
	fit    []int
	valid  []int // nil: nothing is held back
	counts float64
	order  int // of the n-gram counts beside which the loss is shown; 0: none
	noun   string
}

func newCharsJob(run *charsSettings, text string) (*charsJob, error) {
	vocab, err := run.tokenizer(text)
	if err != nil {
		return nil, err
	}
	if v, ok := vocab.(*datasets.Vocab); ok && v.Len() < 2 {
		r, _ := v.Rune(0)
		return nil, fmt.Errorf("at least 2 different characters wanted, got only %q", r)
	}
	ids, err := vocab.Encode(text)
	if err != nil {
		return nil, err
	}
	j := &charsJob{run: run, noun: nounOf(vocab)}
	if err := j.split(ids); err != nil {
		return nil, err
	}
	if err := run.affordable(vocab.Len()); err != nil {
		return nil, err
	}
	if j.model, err = models.NewCharLM(run.Model, vocab, run.Seed); err != nil {
		return nil, err
	}
	if j.valid != nil {
		recent := j.fit[max(0, len(j.fit)-counted):]
		if j.order, j.counts, err = datasets.NGramBaseline(recent, j.valid, vocab.Len()); err != nil {
			return nil, err
		}
	}
	j.task, err = j.model.Task(j.fit, run.Batch, run.Seq)
	return j, err
}

// split holds back the end of the text, and refuses too short a text.
func (j *charsJob) split(ids []int) error {
	r := j.run
	k := len(ids)
	if r.Val > 0 {
		k = int((1 - r.Val) * float64(k))
	}
	if need := float64(r.Batch) * (float64(r.Seq) + 1); float64(k) < need {
		return fmt.Errorf("at least %.0f %s to train on wanted, one window of --seq %d for each of --batch %d, got %d",
			need, j.noun, r.Seq, r.Batch, k)
	}
	j.fit = ids[:k]
	if r.Val == 0 {
		return nil
	}
	if j.valid = ids[k:]; len(j.valid) < 2 {
		return fmt.Errorf("at least 2 held-back %s wanted, got %d of %d; choose a larger --val, or 0", j.noun, len(j.valid), len(ids))
	}
	return nil
}

// affordable refuses sizes beyond all machines' memory.
func (r *charsSettings) affordable(vocab int) error {
	c := r.Model
	n := network{
		Recurrent: models.Recurrent{Cell: c.Cell, Embed: c.Embed, Hidden: c.Hidden, Layers: c.Layers},
		table:     vocab, answers: vocab, steps: r.Seq, rows: r.Batch, everyStep: true,
	}
	return n.affordable("--hidden, --layers, --embed, --batch or --seq")
}

// job is what following the training needs to know.
func (j *charsJob) job() *job {
	unit := j.run.Tokens
	if unit == "" {
		unit = charTokens
	}
	out := &job{
		settings: j.run, task: j.task, epoch: j.task.Windows(), unit: unit,
		apart: len(j.valid) / (j.run.Batch * j.run.Seq), save: j.model.SaveFile,
	}
	if j.valid != nil {
		out.validate = func() (float64, error) {
			score, err := j.model.Score(j.valid, min(j.run.Batch, max(1, len(j.valid)/1024)))
			return score.Nats, err
		}
	}
	return out
}

// introduce says what is trained on what.
func (j *charsJob) introduce(s streams, name string) {
	c := j.run.Model
	fmt.Fprintf(s.err, "%s: %d %s, %d distinct; %d layer(s) of %s %d, %d parameters, %d steps of %d x %d\n",
		name, len(j.fit)+len(j.valid), j.noun, j.model.Vocab.Len(), c.Layers, c.Cell, c.Hidden, j.model.Params.Count(),
		j.run.Steps, j.run.Batch, j.run.Seq)
	if j.order > 0 {
		fmt.Fprintf(s.err, "held back: %d %s; %d-gram counts reach %.3f nats there\n", len(j.valid), j.noun, j.order, j.counts)
	}
}
