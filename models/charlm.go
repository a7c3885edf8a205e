package models

import (
	"errors"
	"fmt"
	"math"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// CharLM is a language model with its vocabulary and parameters: over characters,
// or over the tokens of any tokenizer, such as words. It belongs to one goroutine.
type CharLM struct {
	Config Config
	Vocab  datasets.Tokenizer // a *datasets.Vocab for characters
	Params *graph.Params

	lm        LM
	score     *graph.Cache
	precision Precision
}

// NewCharLM returns an untrained model; its initial parameters come from seed.
func NewCharLM(c Config, vocab datasets.Tokenizer, seed uint64) (*CharLM, error) {
	return newCharLM(c, vocab, graph.NewParams(seed))
}

func newCharLM(c Config, vocab datasets.Tokenizer, params *graph.Params) (*CharLM, error) {
	if vocab == nil {
		return nil, fmt.Errorf("models: a vocabulary is needed")
	}
	lm, err := c.LM(vocab.Len())
	if err != nil {
		return nil, err
	}
	m := &CharLM{Config: c, Vocab: vocab, Params: params, lm: lm}
	m.score = graph.NewCache(params, 4, lm.Score)
	if err := declare(params, graph.Key{B: 1, T: 1}, lm.Generate); err != nil {
		return nil, err
	}
	return m, nil
}

// LM is the network by itself.
func (m *CharLM) LM() LM { return m.lm }

// Score is how well a model predicts a text.
type Score struct {
	Nats   float64 // mean cross entropy, nats for each predicted token
	Tokens int     // predicted tokens: all but the first
}

// Bits is the mean cross entropy in bits for each token.
func (s Score) Bits() float64 { return s.Nats / math.Ln2 }

// Perplexity is exp(Nats).
func (s Score) Perplexity() float64 { return math.Exp(s.Nats) }

// Score predicts every token of ids but the first from all before it, the state
// carried along. With lanes above 1 the text is cut in as many parts that are
// read at the same time, each from a zero state: faster, and a little
// pessimistic at the parts' beginnings.
func (m *CharLM) Score(ids []int, lanes int) (Score, error) {
	const window = 128
	if len(ids) < 2 {
		return Score{}, fmt.Errorf("models: %d tokens are too few to score; at least 2 are needed", len(ids))
	}
	lanes = max(1, min(lanes, (len(ids)-1)/window))
	windows, err := datasets.EvalWindows(ids, lanes, window)
	if err != nil {
		return Score{}, err
	}
	var sum float64
	var s Score
	for w := range windows {
		nats, err := m.scoreWindow(w, lanes)
		if err != nil {
			return Score{}, err
		}
		sum += nats
		s.Tokens += w.Count
	}
	s.Nats = sum / float64(s.Tokens)
	return s, nil
}

// scoreWindow is the sum of the cross entropies of one window.
func (m *CharLM) scoreWindow(w datasets.Window, lanes int) (float64, error) {
	p, err := m.score.Get(graph.Key{B: lanes, T: len(w.X) / lanes})
	if err != nil {
		return 0, err
	}
	if w.First {
		p.ZeroState()
	}
	if err := p.SetIDs("ids", w.X); err != nil {
		return 0, err
	}
	if err := p.SetIDs("target", w.Y); err != nil {
		return 0, err
	}
	if err := p.SetFloat64s("weight", w.Weight); err != nil {
		return 0, err
	}
	if err := p.Run(); err != nil {
		return 0, err
	}
	return p.Scalar("nats")
}

// Task prepares training on ids: lanes of contiguous text, windows of seq
// tokens, the state carried from window to window and zero where an epoch
// begins.
func (m *CharLM) Task(ids []int, batch, seq int) (*Task, error) {
	stream, err := datasets.NewStream(ids, batch, seq)
	if err != nil {
		return nil, err
	}
	p, err := graph.Build(m.Params, graph.Key{B: batch, T: seq, Train: true}, m.lm.Train)
	if err != nil {
		return nil, err
	}
	return &Task{program: p, stream: stream, tokens: batch * seq}, nil
}

// Task is a language model under training.
type Task struct {
	program *graph.Program
	stream  *datasets.Stream
	tokens  int
}

// Params are the parameters that are trained.
func (t *Task) Params() *graph.Params { return t.program.Params() }

// Next computes the loss, in nats for each token, and the gradients of the next
// window. step numbers the updates; dropout masks depend on it.
func (t *Task) Next(step int) (float64, error) {
	x, y, first := t.stream.Next()
	if first {
		t.program.ZeroState()
	}
	t.program.SetStep(uint64(step))
	if err := t.program.SetIDs("ids", x); err != nil {
		return 0, err
	}
	if err := t.program.SetIDs("target", y); err != nil {
		return 0, err
	}
	if err := t.program.Run(); err != nil {
		return 0, err
	}
	return t.program.Scalar("loss")
}

// Tokens is how many tokens a window predicts.
func (t *Task) Tokens() int { return t.tokens }

// Windows is how many windows make an epoch.
func (t *Task) Windows() int { return t.stream.Windows() }

// Position is the place in the data, in windows from the beginning, and the
// carried state: what, with the parameters and the optimiser, makes training go
// on as if it had never stopped.
func (t *Task) Position() (pos int, state [][]float64, err error) {
	state, err = t.program.State("state")
	return t.stream.Pos(), state, err
}

// Seek goes to a place that Position returned. An error changes nothing.
func (t *Task) Seek(pos int, state [][]float64) error {
	old := t.stream.Pos()
	if err := t.stream.Seek(pos); err != nil {
		return err
	}
	if err := t.program.SetState("state", state); err != nil {
		return errors.Join(err, t.stream.Seek(old))
	}
	return nil
}
