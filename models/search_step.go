package models

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// searching is a search under way.
type searching struct {
	Search
	model    Stepper
	beams    []beam // of each sentence
	tokens   []int  // what each row reads next
	order    []int  // the row that each row continues
	samplers []*Sampler
	best     []candidate // scratch
}

// beam is the state of one sentence.
type beam struct {
	live []beginning // in its first rows
	done []Sequence
}

// beginning is a sequence that has not ended.
type beginning struct {
	ids  []int
	logp float64
}

// candidate is a beginning with one more token.
type candidate struct {
	row   int // among the live ones
	token int
	logp  float64
}

// start is a search before its first step.
func (s Search) start(model Stepper, sentences int) (*searching, error) {
	rows := sentences * s.Width()
	r := &searching{
		Search: s, model: model, beams: make([]beam, sentences), tokens: make([]int, rows), order: make([]int, rows),
	}
	alike := 1 // rows that have read the same and go the same way
	if s.Sampling != nil {
		alike = s.Width()
		for row := range rows {
			own := *s.Sampling
			own.Seed += uint64(row) * 0x9e3779b97f4a7c15 // the golden ratio: seeds far apart
			sampler, err := NewSampler(own)
			if err != nil {
				return nil, err
			}
			r.samplers = append(r.samplers, sampler)
		}
	}
	for i := range r.beams {
		r.beams[i].live = make([]beginning, alike)
	}
	for row := range rows {
		r.tokens[row], r.order[row] = s.Start, row
	}
	return r, nil
}

// open says whether any sentence goes on.
func (r *searching) open() bool {
	return slices.ContainsFunc(r.beams, func(b beam) bool { return len(b.live) > 0 })
}

// step adds token number n to all sentences.
func (r *searching) step(n int) error {
	logp, err := r.model.Next(r.tokens)
	if err != nil {
		return err
	}
	rows := len(r.tokens)
	V := len(logp) / rows
	if V == 0 || len(logp) != rows*V || r.Stop >= V {
		return fmt.Errorf("%d log probabilities for %d rows, as many wanted for each, and one of the stop %d",
			len(logp), rows, r.Stop)
	}
	moved := false
	for i := range r.beams {
		if len(r.beams[i].live) == 0 {
			continue
		}
		first := i * r.Width()
		if err := r.extend(i, logp[first*V:], V); err != nil {
			return fmt.Errorf("sentence %d: %w", i, err)
		}
		moved = r.settle(i, n) || moved
	}
	if !moved || !r.open() {
		return nil
	}
	return r.model.Reorder(r.order)
}

// extend finds the candidates of a sentence, logp being those of its rows, into
// r.best.
func (r *searching) extend(i int, logp []float32, V int) error {
	r.best = r.best[:0]
	b := &r.beams[i]
	for k, h := range b.live {
		row := logp[k*V : (k+1)*V]
		for _, id := range r.Ban {
			if id >= 0 && id < V {
				row[id] = float32(math.Inf(-1))
			}
		}
		var err error
		if r.Sampling != nil {
			err = r.draw(i, k, row)
		} else {
			err = r.choose(k, h.logp, row, r.Width()-len(b.done))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// draw adds the one candidate of a row that is drawn. A row after which nothing
// may follow is a result as it is: the others do not depend on it.
func (r *searching) draw(i, k int, row []float32) error {
	b := &r.beams[i]
	id, err := r.samplers[i*r.Width()+k].Pick(row)
	switch {
	case errors.Is(err, ErrNoChoice):
		r.finish(b, b.live[k:k+1], len(b.live[k].ids))
		return nil
	case err != nil:
		return err
	}
	r.best = append(r.best, candidate{k, id, b.live[k].logp + float64(row[id])})
	return nil
}

// choose adds the candidates of a row that are among the best so many. Of equal
// ones the first stays.
func (r *searching) choose(k int, logp float64, row []float32, room int) error {
	least := r.least(logp, room)
	for id, x := range row {
		if x <= least { // false for NaN
			continue
		}
		if x != x || x > math.MaxFloat32 {
			return fmt.Errorf("the log probability of token %d is %v", id, x)
		}
		c := candidate{k, id, logp + float64(x)}
		at := len(r.best)
		for at > 0 && r.best[at-1].logp < c.logp {
			at--
		}
		if at == room { // rounding of least
			continue
		}
		if r.best = slices.Insert(r.best, at, c); len(r.best) > room {
			r.best = r.best[:room]
		}
		least = r.least(logp, room)
	}
	return nil
}

// least is what the log probability of a token has to exceed after logp.
func (r *searching) least(logp float64, room int) float32 {
	if len(r.best) < room {
		return float32(math.Inf(-1))
	}
	x := r.best[room-1].logp - logp
	return math.Nextafter32(float32(x), float32(math.Inf(-1))) // never too much
}

// settle makes the candidates the live beginnings of a sentence, at length n,
// and says whether rows have moved.
func (r *searching) settle(i, n int) (moved bool) {
	b := &r.beams[i]
	old := b.live
	b.live = nil
	if len(r.best) == 0 { // nothing may follow
		if r.Sampling == nil { // draw has finished them
			r.finish(b, old, n-1)
		}
		return false
	}
	first := i * r.Width()
	for _, c := range r.best {
		ids := old[c.row].ids
		if c.token == r.Stop {
			b.done = append(b.done, Sequence{IDs: slices.Clip(ids), LogP: c.logp, Score: c.logp / r.penalty(n), Ended: true})
			continue
		}
		row := first + len(b.live)
		r.tokens[row], r.order[row] = c.token, first+c.row
		moved = moved || c.row != len(b.live)
		b.live = append(b.live, beginning{append(ids[:len(ids):len(ids)], c.token), c.logp})
	}
	switch {
	case n == r.Longest:
		r.finish(b, b.live, n)
		b.live = nil
	case r.Sampling == nil && r.enough(b):
		b.live = nil
	}
	return moved
}

// finish takes beginnings of n tokens as they are for results.
func (r *searching) finish(b *beam, live []beginning, n int) {
	for _, h := range live {
		b.done = append(b.done, Sequence{IDs: h.ids, LogP: h.logp, Score: h.logp / r.penalty(n)})
	}
}

// enough says whether no live beginning can become one of the best: whatever
// follows, log p only falls, and the penalty is largest for the longest.
func (r *searching) enough(b *beam) bool {
	want := max(r.Best, 1)
	if len(b.done) < want || len(b.live) == 0 {
		return false
	}
	scores := make([]float64, len(b.done))
	for i, s := range b.done {
		scores[i] = s.Score
	}
	slices.Sort(scores)
	bar := scores[len(scores)-want]
	for _, h := range b.live {
		if h.logp/r.penalty(r.Longest) > bar {
			return false
		}
	}
	return true
}
