package models

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// probeWindow is how many tokens a probe reads at once.
const probeWindow = 128

// Moments is a window of a text, with what the cells computed while they read it. Its slices are
// valid until the next window.
type Moments struct {
	At  int   // place in the text of the first token
	IDs []int // of the tokens

	// Nats is the surprise at each token: its cross entropy given all before it. NaN for the first
	// of a text, which nothing predicts.
	Nats []float64

	names  []string
	values map[string][]float32
}

// Names are those of the values, such as rnn/layer0/f, in alphabetical order: what the cells
// expose (graph.Builder.Expose), an LSTM's i f u o c h, a GRU's r z n h, an RNN's h.
func (m *Moments) Names() []string { return m.names }

// Values are those of a name, [T, H] row by row: row t is after token At + t was read. nil if
// there is no such name.
func (m *Moments) Values(name string) []float32 { return m.values[name] }

// Width is how many units a name has.
func (m *Moments) Width(name string) int { return len(m.values[name]) / max(len(m.IDs), 1) }

// Watch reads a text and shows f what the cells compute, window by window with the state carried,
// so memory does not grow with the text. The program is built for evaluation and gives every
// number that Score would see. An error of f ends it. A text of less than two tokens is an error,
// as is one with a character that the model does not know.
func (m *CharLM) Watch(text string, f func(*Moments) error) error {
	if f == nil {
		return fmt.Errorf("models: probe: there is no function to show the windows, got nil")
	}
	ids, err := m.Vocab.Encode(text)
	if err != nil {
		return fmt.Errorf("models: probe: %w", err)
	}
	return m.watch(ids, f)
}

func (m *CharLM) watch(ids []int, f func(*Moments) error) error {
	windows, err := datasets.EvalWindows(ids, 1, min(probeWindow, max(len(ids)-1, 1)))
	if err != nil {
		return err
	}
	p, err := graph.Build(m.Params, graph.Key{B: 1, T: min(probeWindow, len(ids)-1)}, m.lm.Probe, graph.Exposed)
	if err != nil {
		return err
	}
	defer func() { _ = p.Close() }()
	w := &Moments{values: map[string][]float32{}}
	last := math.NaN()
	for piece := range windows {
		nats, err := w.run(p, piece)
		if err != nil {
			return err
		}
		w.Nats = append(append(w.Nats[:0], last), nats[:piece.Count-1]...)
		last = nats[piece.Count-1]
		if err := f(w); err != nil {
			return err
		}
		w.At += piece.Count
	}
	return nil
}

// run reads one window and returns the surprise at the token after each.
func (w *Moments) run(p *graph.Program, piece datasets.Window) ([]float64, error) {
	if err := p.SetIDs("ids", piece.X); err != nil {
		return nil, err
	}
	if err := p.SetIDs("target", piece.Y); err != nil {
		return nil, err
	}
	if err := p.Run(); err != nil {
		return nil, err
	}
	w.IDs = piece.X[:piece.Count]
	w.names = w.names[:0]
	for _, name := range p.Names() {
		if !strings.HasPrefix(name, "rnn/") {
			continue
		}
		x, err := p.Floats(name)
		if err != nil {
			return nil, err
		}
		w.names = append(w.names, name)
		w.values[name] = x[:len(x)/len(piece.X)*piece.Count]
	}
	return p.Float64s("nats")
}

// Probe is the formula of looking inside: inputs ids and target [T, B], output nats [T, B, 1], the
// cross entropy of each target; the state is carried. Built with graph.Exposed it also gives what
// the cells expose, such as rnn/layer0/f [T, B, H].
func (m LM) Probe(g *graph.Builder) {
	g.Output("nats", g.CrossEntropies(m.unrolled(g), g.IDs("target", g.T, g.B)))
}

// Recording is what a model computed over a text, token by token.
type Recording struct {
	Tokens []string  // the text of each token
	Nats   []float64 // the surprise at each token, NaN for the first

	names  []string
	values map[string][]float32
}

// maxRecord bounds the numbers of a Recording: 256 MB.
const maxRecord = 1 << 26

// Record is Watch for a text that fits into memory: all values of all tokens but the last, which
// nothing is predicted from. A record that would hold more than 2^26 numbers (256 MB) is an error
// that says so; Watch has no such limit.
func (m *CharLM) Record(text string) (*Recording, error) {
	ids, err := m.Vocab.Encode(text)
	if err != nil {
		return nil, fmt.Errorf("models: probe: %w", err)
	}
	r := &Recording{values: map[string][]float32{}}
	err = m.watch(ids, func(w *Moments) error {
		if w.At == 0 {
			if err := affordableRecord(w, len(ids)); err != nil {
				return err
			}
			r.names = slices.Clone(w.names)
		}
		for _, id := range w.IDs {
			r.Tokens = append(r.Tokens, m.token(id))
		}
		r.Nats = append(r.Nats, w.Nats...)
		for _, name := range w.names {
			r.values[name] = append(r.values[name], w.values[name]...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// affordableRecord judges by the first window.
func affordableRecord(w *Moments, tokens int) error {
	each := 0
	for _, name := range w.names {
		each += w.Width(name)
	}
	if all := float64(each) * float64(tokens); all > maxRecord {
		return fmt.Errorf("models: a record of %d tokens with %d values for each takes %.1f GB, %.0f numbers of at most %d: "+
			"use Watch, or a shorter text", tokens, each, 4e-9*all, all, maxRecord)
	}
	return nil
}

// token is the text of one token.
func (m *CharLM) token(id int) string {
	text, err := m.Vocab.Decode([]int{id})
	if err != nil {
		return "\uFFFD"
	}
	return text
}

// Names are those of the values, as those of Moments.
func (r *Recording) Names() []string { return slices.Clone(r.names) }

// Width is how many units a name has, 0 for an unknown name.
func (r *Recording) Width(name string) int { return len(r.values[name]) / max(len(r.Tokens), 1) }

// Unit is one unit of a value, a number for each token.
func (r *Recording) Unit(name string, unit int) ([]float64, error) {
	width := r.Width(name)
	if width == 0 {
		return nil, fmt.Errorf("models: the record has no value %q; it has %q", name, r.names)
	}
	if unit < 0 || unit >= width {
		return nil, fmt.Errorf("models: %s has the units 0 to %d, not %d", name, width-1, unit)
	}
	x := make([]float64, len(r.Tokens))
	for t := range x {
		x[t] = float64(r.values[name][t*width+unit])
	}
	return x, nil
}
