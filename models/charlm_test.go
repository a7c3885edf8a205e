package models_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
	"github.com/unroll-go/unroll/models"
)

// TestGradients compares every model's gradients with central differences, in
// float64, from a carried state that is not zero.
func TestGradients(t *testing.T) {
	const V, B, T = 6, 2, 4
	ids, target := []int{0, 1, 5, 1, 2, 2, 4, 0}, []int{5, 1, 2, 2, 4, 0, 0, 3} // id 3 is never read
	for name, c := range variants {
		for mode, opts := range map[string][]graph.Option{"": nil, " plain": {graph.Plain}} {
			t.Run(name+mode, func(t *testing.T) {
				lm, err := c.LM(V)
				require.NoError(t, err)
				set := func(p *graph.Program) error {
					state, err := p.State("state")
					if err != nil {
						return err
					}
					for i := range state {
						for k := range state[i] {
							state[i][k] = 0.5 * math.Cos(float64(3*i+k))
						}
					}
					if err := p.SetState("state", state); err != nil {
						return err
					}
					if err := p.SetIDs("ids", ids); err != nil {
						return err
					}
					return p.SetIDs("target", target)
				}
				checked := map[string]bool{}
				require.NoError(t, gradcheck.Check(graph.NewParams64(3), graph.Key{B: B, T: T}, lm.Train, gradcheck.Options{
					Set: set, Build: opts, Each: func(path string, _ float64) { checked[path] = true },
				}))
				assert.Equal(t, c.Embed > 0, checked["embed/E"])
				assert.Equal(t, !c.Tied, checked["out/W"])
				assert.True(t, checked["out/b"] && checked["rnn/layer0/Wx"])
			})
		}
	}
}

// TestLossIsTheScore: without dropout the training program computes what the
// scoring program computes.
func TestLossIsTheScore(t *testing.T) {
	for name, c := range variants {
		c.Dropout = 0
		m := newModel(t, c, english)
		ids := encoded(t, m, english, 41)
		task, err := m.Task(ids, 1, 40)
		require.NoError(t, err)
		assert.Equal(t, 40, task.Tokens())
		assert.Equal(t, 1, task.Windows())
		loss, err := task.Next(0)
		require.NoError(t, err)
		s, err := m.Score(ids, 1)
		require.NoError(t, err)
		assert.InEpsilon(t, s.Nats, loss, 1e-5, name)
	}
}

// TestOneHotIsIdentityTable: a one-hot row is the look-up in the identity.
func TestOneHotIsIdentityTable(t *testing.T) {
	for _, cell := range models.Cells() {
		hot := newModel(t, models.Config{Cell: cell, Hidden: 5, Layers: 2}, english)
		V := hot.Vocab.Len()
		table := newModel(t, models.Config{Cell: cell, Embed: V, Hidden: 5, Layers: 2}, english)
		for _, p := range hot.Params.All() {
			require.NoError(t, table.Params.Set(p.Path(), p.Values()))
		}
		one := make([]float64, V*V)
		for i := range V {
			one[i*V+i] = 1
		}
		require.NoError(t, table.Params.Set("embed/E", one))
		ids := encoded(t, hot, english, 30)
		want, got := stepwise(t, hot, ids), stepwise(t, table, ids)
		for i := range want {
			assert.InDeltaSlice(t, want[i], got[i], 1e-5, "%s, step %d", cell, i)
		}

		var losses [2]float64
		var grads [2][]float64
		for i, m := range []*models.CharLM{hot, table} {
			task, err := m.Task(ids, 2, 14)
			require.NoError(t, err)
			losses[i], err = task.Next(0)
			require.NoError(t, err)
			grads[i] = m.Params.Get("rnn/layer0/Wx").Grads()
		}
		assert.InEpsilon(t, losses[0], losses[1], 1e-6, cell)
		assert.InDeltaSlice(t, grads[0], grads[1], 1e-6, cell)
	}
}

// TestScoreIsStepwise: a text read in windows, its state carried along, scores
// as what the generator's program says one token after the other.
func TestScoreIsStepwise(t *testing.T) {
	for name, c := range variants {
		m := newModel(t, c, english)
		for _, n := range []int{2, 3, 128, 129, 130, 301} { // windows are of 128
			ids := encoded(t, m, english, n)
			s, err := m.Score(ids, 1)
			require.NoError(t, err)
			assert.Equal(t, n-1, s.Tokens)
			assert.InEpsilon(t, byHand(t, m, ids)/float64(n-1), s.Nats, 1e-5, "%s, %d tokens", name, n)
		}
	}
}

// With lanes every part begins from a zero state.
func TestScoreInLanes(t *testing.T) {
	m := newModel(t, variants["lstm"], english)
	ids := encoded(t, m, english, 388)
	parts := byHand(t, m, ids[:130]) + byHand(t, m, ids[129:259]) + byHand(t, m, ids[258:]) // 129 predictions each
	s, err := m.Score(ids, 3)
	require.NoError(t, err)
	assert.Equal(t, 387, s.Tokens)
	assert.InEpsilon(t, parts/387, s.Nats, 1e-5)

	most, err := m.Score(ids, 1000)
	require.NoError(t, err)
	assert.Equal(t, s, most, "no more lanes than there are windows")
	one, err := m.Score(ids, 1)
	require.NoError(t, err)
	none, err := m.Score(ids, -1)
	require.NoError(t, err)
	assert.Equal(t, one, none)
}

// A score begins anew each time and sees new parameters.
func TestScoreAgain(t *testing.T) {
	m := newModel(t, variants["gru"], english)
	ids := encoded(t, m, english, 200)
	first, err := m.Score(ids, 1)
	require.NoError(t, err)
	again, err := m.Score(ids, 1)
	require.NoError(t, err)
	assert.Equal(t, first, again)

	b := make([]float64, m.Vocab.Len())
	b[0] = 5
	require.NoError(t, m.Params.Set("out/b", b))
	E := m.Params.Get("embed/E").Values()
	for i := range E {
		E[i] = -E[i]
	}
	require.NoError(t, m.Params.Set("embed/E", E))
	after, err := m.Score(ids, 1)
	require.NoError(t, err)
	assert.InEpsilon(t, byHand(t, m, ids)/199, after.Nats, 1e-5)
	assert.NotEqual(t, first, after)
}

func TestScoreRefuses(t *testing.T) {
	m := newModel(t, variants["gru"], english)
	for _, ids := range [][]int{nil, {1}} {
		_, err := m.Score(ids, 1)
		assert.ErrorContains(t, err, "are too few to score; at least 2 are needed")
	}
	for _, bad := range []int{-1, m.Vocab.Len(), math.MaxInt} {
		for _, ids := range [][]int{{0, bad}, {bad, 0}} {
			_, err := m.Score(ids, 1)
			assert.Error(t, err)
		}
	}
	_, err := m.Score([]int{0, 1}, 1)
	assert.NoError(t, err, "it works again")
}

func TestUnits(t *testing.T) {
	s := models.Score{Nats: math.Ln2}
	assert.Equal(t, 1.0, s.Bits())
	assert.InDelta(t, 2, s.Perplexity(), 1e-15)
}

// An untrained network is about as good as guessing.
func TestUntrainedIsUniform(t *testing.T) {
	for name, c := range variants {
		m, err := models.NewCharLM(c, vocabOf(t, english), 1)
		require.NoError(t, err)
		s, err := m.Score(encoded(t, m, english, 200), 1)
		require.NoError(t, err)
		assert.InEpsilon(t, float64(m.Vocab.Len()), s.Perplexity(), 0.5, name)
	}
}

func TestSeedDecides(t *testing.T) {
	c := variants["gru 2 layers"]
	make := func(seed uint64) map[string]string {
		m, err := models.NewCharLM(c, vocabOf(t, english), seed)
		require.NoError(t, err)
		return bits(m.Params)
	}
	assert.Equal(t, make(1), make(1))
	assert.NotEqual(t, make(1), make(2))
}

// The state goes from window to window, begins anew with each epoch, and can be
// set back.
func TestTaskPosition(t *testing.T) {
	c := variants["lstm 2 layers"]
	m := newModel(t, c, english)
	ids := encoded(t, m, english, 2*(3*5+1))
	task, err := m.Task(ids, 2, 5)
	require.NoError(t, err)
	require.Equal(t, 3, task.Windows())
	_, zero, err := task.Position()
	require.NoError(t, err)
	require.Len(t, zero, 4)

	var losses []float64
	var states [][][]float64
	for step := range 7 {
		pos, state, err := task.Position()
		require.NoError(t, err)
		assert.Equal(t, step, pos)
		states = append(states, state)
		loss, err := task.Next(0) // the same masks each time
		require.NoError(t, err)
		losses = append(losses, loss)
	}
	assert.Equal(t, losses[:3], losses[3:6], "an epoch repeats: nothing was trained")
	assert.NotEqual(t, zero, states[1])
	assert.Equal(t, states[1], states[4])

	for _, step := range []int{5, 1, 3} {
		require.NoError(t, task.Seek(step, states[step]))
		loss, err := task.Next(0)
		require.NoError(t, err)
		assert.Equal(t, losses[step], loss, "step %d", step)
	}
	require.NoError(t, task.Seek(1, zero))
	loss, err := task.Next(0)
	require.NoError(t, err)
	assert.NotEqual(t, losses[1], loss, "the state matters")
}

func TestTaskSeekRefuses(t *testing.T) {
	m := newModel(t, variants["lstm"], english)
	task, err := m.Task(encoded(t, m, english, 30), 2, 5)
	require.NoError(t, err)
	_, err = task.Next(0)
	require.NoError(t, err)
	pos, state, err := task.Position()
	require.NoError(t, err)
	other := [][]float64{make([]float64, 10), make([]float64, 10)}
	assert.Error(t, task.Seek(-1, other))
	assert.Error(t, task.Seek(0, other[:1]))
	assert.Error(t, task.Seek(0, [][]float64{other[0], other[1][:9]}))
	pos2, state2, err := task.Position()
	require.NoError(t, err)
	assert.Equal(t, pos, pos2)
	assert.Equal(t, state, state2, "a refused place changes nothing")
}

func TestTaskRefuses(t *testing.T) {
	m := newModel(t, variants["lstm"], english)
	for _, size := range [][2]int{{0, 5}, {5, 0}, {-1, 5}, {2, 15}, {1 << 40, 1 << 40}} {
		_, err := m.Task(encoded(t, m, english, 30), size[0], size[1])
		assert.Error(t, err)
	}
	task, err := m.Task([]int{0, 1, 2, m.Vocab.Len(), 0, 1}, 1, 5)
	require.NoError(t, err)
	_, err = task.Next(0)
	assert.ErrorContains(t, err, "outside")
}

// Dropout masks follow the step, and only the step.
func TestTaskDropout(t *testing.T) {
	m := newModel(t, variants["rnn 2 layers"], english)
	task, err := m.Task(encoded(t, m, english, 21), 2, 9)
	require.NoError(t, err)
	loss := map[int]float64{}
	for _, step := range []int{0, 1, 2, 1, 0} {
		got, err := task.Next(step)
		require.NoError(t, err)
		if want, ok := loss[step]; ok {
			assert.Equal(t, want, got)
		}
		loss[step] = got
	}
	assert.NotEqual(t, loss[0], loss[1])
}

func TestConfigRefuses(t *testing.T) {
	good := models.Config{Cell: "gru", Embed: 4, Hidden: 4, Layers: 1}
	require.NoError(t, good.Validate())
	for want, change := range map[string]func(c *models.Config){
		`models: cell "" is unknown; there are rnn, lstm, gru`:         func(c *models.Config) { c.Cell = "" },
		`models: cell "GRU" is unknown; there are rnn, lstm, gru`:      func(c *models.Config) { c.Cell = "GRU" },
		`models: cell "rnn lstm" is unknown; there are rnn, lstm, gru`: func(c *models.Config) { c.Cell = "rnn lstm" },
		`models: cell " " is unknown; there are rnn, lstm, gru`:        func(c *models.Config) { c.Cell = " " },
		"models: embed must be in [0, 65536], got -1":                  func(c *models.Config) { c.Embed = -1 },
		"models: embed must be in [0, 65536], got 65537":               func(c *models.Config) { c.Embed = 65537 },
		"models: hidden must be in [1, 65536], got 0":                  func(c *models.Config) { c.Hidden = 0 },
		"models: hidden must be in [1, 65536], got 1099511627776":      func(c *models.Config) { c.Hidden = 1 << 40 },
		"models: layers must be in [1, 64], got 0":                     func(c *models.Config) { c.Layers = 0 },
		"models: layers must be in [1, 64], got 65":                    func(c *models.Config) { c.Layers = 65 },
		"models: dropout must be in [0, 1), got NaN":                   func(c *models.Config) { c.Dropout = math.NaN() },
		"models: dropout must be in [0, 1), got 1":                     func(c *models.Config) { c.Dropout = 1 },
		"models: dropout must be in [0, 1), got -0.1":                  func(c *models.Config) { c.Dropout = -0.1 },
		"models: tied weights need embed = hidden, got 4 and 5":        func(c *models.Config) { c.Tied = true; c.Hidden = 5 },
		"models: tied weights need embed = hidden, got 0 and 4":        func(c *models.Config) { c.Tied = true; c.Embed = 0 },
	} {
		c := good
		change(&c)
		assert.EqualError(t, c.Validate(), want)
		_, err := models.NewCharLM(c, vocabOf(t, english), 1)
		assert.EqualError(t, err, want)
	}
	_, err := models.NewCharLM(good, nil, 1)
	assert.EqualError(t, err, "models: a vocabulary is needed")
	_, err = models.NewCharLM(good, vocabOf(t, "aaa"), 1)
	assert.EqualError(t, err, "models: a vocabulary of 1 leaves nothing to predict; at least 2 tokens are needed")
}
