package models

import (
	"fmt"
	"math"
	"slices"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// Caption is what a captioner says of a picture.
type Caption struct {
	Text  string
	IDs   []int
	LogP  float64 // log p of all tokens and of the end, nats
	Score float64 // LogP with the length penalty of the search
	Ended bool    // false: it was as long as allowed
}

// Probability is that of the whole caption.
func (c Caption) Probability() float64 { return math.Exp(c.LogP) }

// captionBatch is how many pictures are looked at side by side, but for large
// ones, wide beams and many tokens.
const captionBatch = 64

// side is how many pictures fit side by side with width rows each.
func (m *Captioner) side(width int) int {
	c, n := m.Config, captionBatch
	if c.Features == 0 {
		n = min(n, maxCells/(c.Height*c.Width*max(c.Channels, c.Blocks[0])))
	}
	return max(1, min(n, maxScores/(width*(m.end()+1))))
}

// Caption describes pictures of any size: for each the best captions that the
// search finds, the best first. The model's own end of a caption and its longest
// are filled in; what the tokenizer does not know is never said.
func (m *Captioner) Caption(s Search, pictures ...datasets.Image) ([][]Caption, error) {
	seen := make([]Pictured, len(pictures))
	for i, p := range pictures {
		var err error
		if seen[i].Image, err = m.Image(p); err != nil {
			return nil, fmt.Errorf("models: picture %d: %w", i, err)
		}
	}
	return m.Describe(s, seen)
}

// CaptionFeatures describes vectors, as Caption does pictures.
func (m *Captioner) CaptionFeatures(s Search, vectors ...[]float32) ([][]Caption, error) {
	seen := make([]Pictured, len(vectors))
	for i, x := range vectors {
		if err := m.checkFeatures(x); err != nil {
			return nil, fmt.Errorf("models: vector %d: %w", i, err)
		}
		seen[i].Features = x
	}
	return m.Describe(s, seen)
}

// Describe is Caption for what Example has made; their own captions are not
// read.
func (m *Captioner) Describe(s Search, seen []Pictured) ([][]Caption, error) {
	s.Start, s.Stop = m.end(), m.end()
	if s.Longest == 0 {
		s.Longest = m.Config.Longest + 1
	}
	if id, ok := unknownOf(m.Tokens); ok {
		s.Ban = append(slices.Clip(s.Ban), id)
	}
	if err := s.Validate(); err != nil {
		return nil, err
	}
	if most := maxScores / (m.end() + 1); s.Width() > most {
		return nil, fmt.Errorf("models: search: beam must be at most %d for %d tokens, got %d", most, m.end()+1, s.Width())
	}
	var all [][]Caption
	size := m.side(s.Width())
	for at := 0; at < len(seen); at += size {
		batch, err := m.describe(s, seen[at:min(at+size, len(seen))])
		if err != nil {
			return nil, err
		}
		all = append(all, batch...)
	}
	return all, nil
}

// describe describes a batch.
func (m *Captioner) describe(s Search, seen []Pictured) ([][]Caption, error) {
	steps, err := m.steps(seen, s.Width())
	if err != nil {
		return nil, err
	}
	found, err := s.Run(steps, len(seen))
	if err != nil {
		return nil, err
	}
	out := make([][]Caption, len(seen))
	for i, best := range found {
		for _, q := range best {
			text, err := m.Tokens.Decode(q.IDs)
			if err != nil {
				return nil, err
			}
			out[i] = append(out[i], Caption{Text: text, IDs: q.IDs, LogP: q.LogP, Score: q.Score, Ended: q.Ended})
		}
	}
	return out, nil
}

// steps sees a batch and returns what writes its captions, width rows for each.
func (m *Captioner) steps(seen []Pictured, width int) (Stepper, error) {
	B, S := len(seen), m.network.Places()
	see, err := m.see.Get(graph.Key{B: B})
	if err != nil {
		return nil, err
	}
	if err := m.show(see, seen, B, changes{}); err != nil {
		return nil, err
	}
	if err := see.Run(); err != nil {
		return nil, err
	}
	write, err := m.write.Get(graph.Key{B: B * width, T: 1, N: max(S, 1)})
	if err != nil {
		return nil, err
	}
	return Written(see, write, "decoder", slices.Repeat([]int{S}, B))
}

// CaptionScore is how likely a model finds captions.
type CaptionScore struct {
	Captions int
	Tokens   int     // of all captions, with their ends
	Nats     float64 // mean of -log p over all tokens
}

// Perplexity is that for each token.
func (s CaptionScore) Perplexity() float64 { return math.Exp(s.Nats) }

// Score is how likely the model finds the captions of examples.
func (m *Captioner) Score(examples []Pictured) (CaptionScore, error) {
	s := CaptionScore{Captions: len(examples)}
	if err := checkPictured(examples...); err != nil {
		return s, err
	}
	a := answering[Pictured]{programs: m.says, length: Pictured.Len, feed: m.ask, output: "nats"}
	err := a.each(examples, m.side(1), 4, func(b datasets.Batch[Pictured], nats []float64) {
		for i, x := range b.Rows {
			s.Tokens += x.Len()
			for t := range x.Len() {
				s.Nats += nats[t*b.Size+i]
			}
		}
	})
	if s.Tokens > 0 {
		s.Nats /= float64(s.Tokens)
	}
	return s, err
}

// ask sets the inputs of a program that scores.
func (m *Captioner) ask(p *graph.Program, b datasets.Batch[Pictured]) error {
	return m.feed(p, b, changes{})
}

// Attention is where the model looks as it says each token of a caption and its
// end: weights [len(IDs)+1][H'·W'], row by row of the maps, which are of the
// size that Maps gives. A model without attention is an error.
func (m *Captioner) Attention(example Pictured) ([][]float64, error) {
	S := m.network.Places()
	if S == 0 {
		return nil, fmt.Errorf("models: the model has no attention")
	}
	if err := checkPictured(example); err != nil {
		return nil, err
	}
	weights := make([][]float64, example.Len())
	a := answering[Pictured]{programs: m.says, length: Pictured.Len, feed: m.ask, output: "decoder/attention"}
	err := a.each([]Pictured{example}, 1, 4, func(_ datasets.Batch[Pictured], y []float64) {
		for t := range weights {
			weights[t] = append([]float64(nil), y[t*S:(t+1)*S]...)
		}
	})
	return weights, err
}

// Maps is the size of the maps that attention chooses places of.
func (m *Captioner) Maps() (rows, cols int) {
	return m.network.Encoder.Size(m.Config.Height, m.Config.Width)
}
