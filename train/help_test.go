package train_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// slope is a task whose gradient the test chooses: a program of Σ w·g, whose
// gradient in w [6] is the input g.
type slope struct {
	program *graph.Program
	grad    func(step int, w, g []float64)
	loss    func(step int) (float64, error)
	pos     int
	g       []float64
}

var _ train.Task = (*slope)(nil)

// newSlope starts at w0 with the gradient cos(3·w_k + k).
func newSlope(t require.TestingT, params *graph.Params, w0 []float64) *slope {
	p, err := graph.Build(params, graph.Key{Train: true}, func(g *graph.Builder) {
		w := g.Param("w", graph.Zeros, len(w0))
		g.Minimise("loss", g.SumAll(g.Mul(w, g.Input("g", len(w0)))))
	})
	require.NoError(t, err)
	require.NoError(t, params.Set("w", w0))
	return &slope{
		program: p, g: make([]float64, len(w0)),
		grad: func(_ int, w, g []float64) {
			for k := range g {
				g[k] = math.Cos(3*w[k] + float64(k))
			}
		},
		loss: func(step int) (float64, error) { return 1 / float64(step+1), nil },
	}
}

func (s *slope) w() []float64          { return s.Params().Get("w").Values() }
func (s *slope) Params() *graph.Params { return s.program.Params() }
func (s *slope) Tokens() int           { return 2 }

func (s *slope) Next(step int) (float64, error) {
	s.pos++
	s.grad(step, s.w(), s.g)
	if err := s.program.SetFloat64s("g", s.g); err != nil {
		return 0, err
	}
	if err := s.program.Run(); err != nil {
		return 0, err
	}
	return s.loss(step)
}

func (s *slope) Position() (int, [][]float64, error) { return s.pos, nil, nil }

func (s *slope) Seek(pos int, _ [][]float64) error { s.pos = pos; return nil }

var start = []float64{0.1, -0.2, 0.3, -0.4, 0.5, -0.6}

// text has two lines of a few letters, again and again.
func text(n int) string {
	const line = "the cat sat on the mat.\nthe dog dug in the den.\n"
	s := ""
	for len(s) < n {
		s += line
	}
	return s[:n]
}

// newModel is a small model with its text, and task its training.
func newModel(t require.TestingT, c models.Config, seed uint64) (*models.CharLM, []int) {
	vocab, err := datasets.NewVocab(datasets.VocabOptions{}, text(200))
	require.NoError(t, err)
	ids, err := vocab.Encode(text(200))
	require.NoError(t, err)
	m, err := models.NewCharLM(c, vocab, seed)
	require.NoError(t, err)
	return m, ids
}

func newTask(t require.TestingT, c models.Config, seed uint64, batch, seq int) (*models.CharLM, *models.Task) {
	m, ids := newModel(t, c, seed)
	task, err := m.Task(ids, batch, seq)
	require.NoError(t, err)
	return m, task
}

// bits are the parameters to the bit.
func bits(ps *graph.Params) map[string][]uint64 {
	all := map[string][]uint64{}
	for _, p := range ps.All() {
		for _, x := range p.Values() {
			all[p.Path()] = append(all[p.Path()], math.Float64bits(x))
		}
	}
	return all
}

// small is a configuration with all that takes part in training.
func small(cell string) models.Config {
	return models.Config{Cell: cell, Embed: 4, Hidden: 5, Layers: 2, Dropout: 0.2}
}

// optimisers are makers, since an optimiser remembers.
func optimisers(t *testing.T) map[string]func() train.Optimiser {
	t.Helper()
	return map[string]func() train.Optimiser{
		"adam":     func() train.Optimiser { return &train.Adam{Rate: 0.01, Decay: 0.01} },
		"sgd":      func() train.Optimiser { return &train.SGD{Rate: 0.1} },
		"nesterov": func() train.Optimiser { return &train.SGD{Rate: 0.1, Momentum: 0.9, Nesterov: true} },
	}
}
