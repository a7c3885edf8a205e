package models

import (
	"fmt"
	"slices"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// Translating says how translations are looked for. The zero value is the greedy
// search.
type Translating struct {
	Beam     int       // beginnings that are kept; 0: 1, greedy. See Search
	Best     int       // translations of each text, at most Beam; 0: 1
	Penalty  float64   // α of the length penalty; see Search
	Longest  int       // most tokens of a translation, its end included; 0: LongestTarget and the end
	Sampling *Sampling // draws Beam translations instead; nil: the likeliest

	// Copy puts, in place of a word that the target's vocabulary does not have, the
	// word of the source at which the decoder has looked most (Luong et al. 2015,
	// "Addressing the rare word problem", in its simplest form): names and numbers
	// are often the same. It needs attention.
	Copy bool

	// Looks asks for the weights of the attention.
	Looks bool
}

// Translation is a text that a translator has written.
type Translation struct {
	Text  string
	IDs   []int   // its tokens, without the end
	LogP  float64 // log p of the tokens and, if it has ended, of the end, nats
	Score float64 // LogP with the length penalty
	Ended bool    // false: it is as long as allowed

	// With Looks: row t is how much the decoder has looked at each token of the
	// source when it wrote token t of the translation. The last column is the end of
	// the source; the last row that of the translation if it has ended.
	Looks      [][]float64
	SourceText []string // of the source's tokens, the end as "". With Looks or Copy
	TargetText []string // of the translation's tokens, likewise
}

// search is the search for a model.
func (h Translating) search(m *Translator) (Search, error) {
	end := m.Target.Len()
	s := Search{
		Start: end, Stop: end, Longest: h.Longest, Beam: h.Beam, Best: h.Best, Penalty: h.Penalty, Sampling: h.Sampling,
	}
	switch {
	case h.Longest < 0 || h.Longest > maxLongest:
		return s, fmt.Errorf("models: translate: longest must be in [0, %d], got %d", maxLongest, h.Longest)
	case h.Longest == 0:
		s.Longest = m.Config.LongestTarget + 1
	}
	switch {
	case (h.Copy || h.Looks) && m.network.Decoder.Attention == nil:
		return s, fmt.Errorf("models: translate: a model without attention has looked nowhere: no Looks, no Copy")
	case s.Width() > maxScores/(end+1):
		return s, fmt.Errorf("models: translate: beam must be at most %d for %d tokens, got %d", maxScores/(end+1), end+1, h.Beam)
	}
	return s, s.Validate()
}

// maxScores bounds the log probabilities of one step of all rows of a batch.
const maxScores = 1 << 26

// Translate writes a translation of each text, or Best of them, the best first.
// Texts are read in batches of about the same length: many at once take much less
// time than one after the other.
func (m *Translator) Translate(how Translating, texts ...string) ([][]Translation, error) {
	s, err := how.search(m)
	if err != nil || len(texts) == 0 {
		return nil, err
	}
	sources := make([]Parallel, len(texts))
	for i, text := range texts {
		if sources[i].Source, err = m.source(text); err != nil {
			return nil, fmt.Errorf("models: text %d: %w", i, err)
		}
	}
	found, err := m.search(s, sources)
	if err != nil {
		return nil, err
	}
	out := make([][]Translation, len(texts))
	for i, results := range found {
		for _, r := range results {
			text, err := m.Target.Decode(r.IDs)
			if err != nil {
				return nil, fmt.Errorf("models: text %d: %w", i, err)
			}
			out[i] = append(out[i], Translation{Text: text, IDs: r.IDs, LogP: r.LogP, Score: r.Score, Ended: r.Ended})
		}
	}
	if how.Copy || how.Looks {
		return out, m.look(how, texts, sources, out)
	}
	return out, nil
}

// search finds sequences for sources, in batches.
func (m *Translator) search(s Search, sources []Parallel) ([][]Sequence, error) {
	rows := min(64, len(sources), max(1, maxScores/(s.Width()*(m.Target.Len()+1))))
	opt := datasets.BatchOptions{Size: rows, Bucket: 4, Pool: 1 << 10}
	if s.Sampling != nil {
		opt.Pool = 1 // what is drawn depends on the place in the batch
	}
	batches, err := datasets.NewBatches(sources, func(p Parallel) int { return len(p.Source) }, opt)
	if err != nil {
		return nil, err
	}
	out := make([][]Sequence, len(sources))
	for b := range batches.Epoch(0) {
		steps, err := m.steps(b, s.Width())
		if err != nil {
			return nil, err
		}
		found, err := s.Run(steps, len(b.Rows))
		if err != nil {
			return nil, err
		}
		for i, at := range b.Index {
			out[at] = found[i]
		}
	}
	return out, nil
}

// steps reads the sources of a batch and returns what writes their translations,
// width rows for each.
func (m *Translator) steps(b datasets.Batch[Parallel], width int) (Stepper, error) {
	read, err := m.read.Get(graph.Key{B: len(b.Rows), N: b.T})
	if err != nil {
		return nil, err
	}
	if err := m.feedSources(read, b.Rows); err != nil {
		return nil, err
	}
	if err := read.Run(); err != nil {
		return nil, err
	}
	write, err := m.write.Get(graph.Key{B: len(b.Rows) * width, T: 1, N: b.T})
	if err != nil {
		return nil, err
	}
	lens := make([]int, len(b.Rows))
	for i, p := range b.Rows {
		lens[i] = len(p.Source)
	}
	return Written(read, write, "decoder", lens)
}

// look finds where the decoder has looked when it wrote translations, under
// teacher forcing, and copies what is to be copied.
func (m *Translator) look(how Translating, texts []string, sources []Parallel, out [][]Translation) error {
	var pairs []Parallel
	var of []*Translation
	for i := range out {
		for k := range out[i] {
			t := &out[i][k]
			t.SourceText = piecesOf(m.Source, texts[i], sources[i].Source)
			t.TargetText = textsOf(m.Target, t.IDs)
			target := slices.Clip(t.IDs)
			if t.Ended || len(target) == 0 {
				target = append(target, m.Target.Len())
			}
			pairs, of = append(pairs, Parallel{sources[i].Source, target}), append(of, t)
		}
	}
	err := m.eachTaught(pairs, func(b datasets.Batch[Parallel], p *graph.Program) error {
		weights, err := p.Float64s("decoder/attention") // [T, B, S]
		if err != nil {
			return err
		}
		S := p.Key().N
		for i, pair := range b.Rows {
			t := of[b.Index[i]]
			for step := range pair.Target {
				at := (step*b.Size + i) * S
				t.Looks = append(t.Looks, weights[at:at+len(pair.Source):at+len(pair.Source)])
			}
		}
		return nil
	})
	if err != nil || !how.Copy {
		return err
	}
	for _, t := range of {
		if err := m.copyUnknown(t); err != nil {
			return err
		}
	}
	return nil
}
