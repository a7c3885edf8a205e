package models

import (
	"fmt"
	"math/rand/v2"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// TranslatorTraining says how a translator is trained; the zero value is plain
// teacher forcing in batches of 32.
type TranslatorTraining struct {
	Batch     int     // pairs of a batch; 0: 32
	Seed      uint64  // of the order of the pairs, and of the choices of scheduled sampling
	Smoothing float64 // part of each target that is spread over all tokens (Szegedy et al. 2016); 0: none

	// Own is scheduled sampling (Bengio et al. 2015): the probability with which
	// the decoder reads its own token instead of the right one, once OwnSteps
	// updates have been taken; until then it rises in a straight line from 0 (the
	// paper's linear decay). 0: teacher forcing.
	Own      float64
	OwnSteps int
}

// validate names the field that is out of range.
func (c TranslatorTraining) validate() error {
	switch {
	case !probability(c.Smoothing):
		return fmt.Errorf("models: smoothing must be in [0, 1), got %v", c.Smoothing)
	case !(c.Own >= 0 && c.Own <= 1):
		return fmt.Errorf("models: own must be in [0, 1], got %v", c.Own)
	case c.OwnSteps < 0:
		return fmt.Errorf("models: own-steps must be at least 0, got %d", c.OwnSteps)
	}
	return nil
}

// own is the probability at a step.
func (c TranslatorTraining) own(step int) float64 {
	if step >= c.OwnSteps {
		return c.Own
	}
	return c.Own * float64(step) / float64(c.OwnSteps)
}

// TranslatorTask is a translator under training. It is a train.Task.
type TranslatorTask struct {
	*BatchTask[Parallel]
	how  TranslatorTraining
	step int
}

// Next computes the loss and the gradients of the next batch. step numbers the
// updates; dropout masks and scheduled sampling depend on it.
func (t *TranslatorTask) Next(step int) (float64, error) {
	t.step = step
	return t.BatchTask.Next(step)
}

// Task prepares training on pairs.
func (m *Translator) Task(pairs []Parallel, how TranslatorTraining) (*TranslatorTask, error) {
	if err := how.validate(); err != nil {
		return nil, err
	}
	if err := checkPairs(pairs); err != nil {
		return nil, err
	}
	sizes := sizesOf(pairs)
	opt := datasets.BatchOptions{Size: how.Batch, Bucket: 1, Shuffle: true, Seed: how.Seed}
	batches, err := datasets.NewBatches(pairs, sizes.order, opt)
	if err != nil {
		return nil, err
	}
	network := m.network
	network.Smoothing, network.Own = how.Smoothing, how.Own > 0
	t := &TranslatorTask{how: how}
	t.BatchTask = &BatchTask[Parallel]{
		params: m.Params, batches: batches, key: sizes.key,
		programs: graph.NewCache(m.Params, targetLengths*sourceLengths, network.Train),
		feed:     func(p *graph.Program, b datasets.Batch[Parallel]) error { return m.feedTraining(p, b, t) },
	}
	return t, t.begin()
}

// checkPairs refuses pairs that Parallel does not make and that no program reads.
func checkPairs(pairs []Parallel) error {
	for i, p := range pairs {
		if s, t := len(p.Source), len(p.Target); min(s, t) < 1 || max(s, t) > maxLongest {
			return fmt.Errorf("models: pair %d: %d and %d tokens of source and target, 1 to %d of each wanted; the end is one",
				i, s, t, maxLongest)
		}
	}
	return nil
}

// sizes says how pairs are put into batches: by the target's length, which costs
// most, then by the source's, each rounded up so that the programs are few.
type sizes struct{ source, target int }

// How many lengths of each side have a program of their own.
const (
	targetLengths = 32
	sourceLengths = 8
)

func sizesOf(pairs []Parallel) sizes {
	var s, t int
	for _, p := range pairs {
		s, t = max(s, len(p.Source)), max(t, len(p.Target))
	}
	return sizes{source: max(1, (s+sourceLengths-1)/sourceLengths), target: max(1, (t+targetLengths-1)/targetLengths)}
}

// order is a number that grows with the target and then with the source.
func (s sizes) order(p Parallel) int {
	return len(p.Target)*(sourceLengths+1) + rounded(len(p.Source), s.source)/s.source
}

// key is the program for a batch.
func (s sizes) key(b datasets.Batch[Parallel]) graph.Key {
	k := graph.Key{B: b.Size, T: 1, N: 1}
	for _, p := range b.Rows {
		k.T, k.N = max(k.T, len(p.Target)), max(k.N, len(p.Source))
	}
	k.T, k.N = rounded(k.T, s.target), rounded(k.N, s.source)
	return k
}

func rounded(n, to int) int { return (n + to - 1) / to * to }

// feedPairs sets the inputs of a program that reads sources and is given targets.
func (m *Translator) feedPairs(p *graph.Program, pairs []Parallel) error {
	k := p.Key()
	if err := m.feedSources(p, pairs); err != nil {
		return err
	}
	end := m.Target.Len()
	inputs, targets := make([][]int, len(pairs)), make([][]int, len(pairs))
	for i, pair := range pairs {
		targets[i] = pair.Target
		inputs[i] = append([]int{end}, pair.Target[:max(len(pair.Target)-1, 0)]...)
	}
	if err := p.SetIDs("input", datasets.Pad(inputs, k.T, k.B, end)); err != nil {
		return err
	}
	return p.SetIDs("target", datasets.Pad(targets, k.T, k.B, end))
}

// feedSources sets the inputs of a program that reads sources.
func (m *Translator) feedSources(p *graph.Program, pairs []Parallel) error {
	k := p.Key()
	rows := make([][]int, len(pairs))
	for i, pair := range pairs {
		rows[i] = pair.Source
	}
	if err := p.SetIDs("source", datasets.Pad(rows, k.N, k.B, m.Source.Len())); err != nil {
		return err
	}
	return p.SetIDs("lens", datasets.Lens(rows, k.B))
}

// feedTraining sets the inputs of a program that is trained.
func (m *Translator) feedTraining(p *graph.Program, b datasets.Batch[Parallel], t *TranslatorTask) error {
	if err := m.feedPairs(p, b.Rows); err != nil {
		return err
	}
	k := p.Key()
	lens := b.Lens(func(pair Parallel) int { return len(pair.Target) })
	if err := p.SetFloat64s("weight", datasets.StepWeights(lens, k.T)); err != nil {
		return err
	}
	if t.how.Own == 0 || k.T == 1 { // the first input is always the right one
		return nil
	}
	rng := rand.New(rand.NewPCG(t.how.Seed, uint64(t.step)))
	probability := t.how.own(t.step)
	own := make([]float64, k.T*k.B)
	for i := range own {
		if rng.Float64() < probability {
			own[i] = 1
		}
	}
	return p.SetFloat64s("own", own)
}

// PairScore is what a translator thinks of given translations.
type PairScore struct {
	Nats   float64 // mean of -log p, nats for each token of the targets, their ends included
	Tokens int
}

// Score is what the model thinks of pairs, under teacher forcing.
func (m *Translator) Score(pairs []Parallel) (PairScore, error) {
	var s PairScore
	err := m.eachTaught(pairs, func(b datasets.Batch[Parallel], p *graph.Program) error {
		nats, err := p.Float64s("nats")
		if err != nil {
			return err
		}
		for i, pair := range b.Rows {
			for t := range pair.Target {
				s.Nats += nats[t*b.Size+i]
			}
			s.Tokens += len(pair.Target)
		}
		return nil
	})
	s.Nats /= float64(max(s.Tokens, 1))
	return s, err
}

// eachTaught runs pairs under teacher forcing, in batches, and hands each over
// with the program of Score.
func (m *Translator) eachTaught(pairs []Parallel, use func(b datasets.Batch[Parallel], p *graph.Program) error) error {
	if len(pairs) == 0 {
		return nil
	}
	if err := checkPairs(pairs); err != nil {
		return err
	}
	sizes := sizesOf(pairs)
	opt := datasets.BatchOptions{Size: min(64, len(pairs)), Bucket: 1, Pool: 1 << 10}
	batches, err := datasets.NewBatches(pairs, sizes.order, opt)
	if err != nil {
		return err
	}
	for b := range batches.Epoch(0) {
		p, err := m.score.Get(sizes.key(b))
		if err != nil {
			return err
		}
		if err := m.feedPairs(p, b.Rows); err != nil {
			return err
		}
		if err := p.Run(); err != nil {
			return err
		}
		if err := use(b, p); err != nil {
			return err
		}
	}
	return nil
}
