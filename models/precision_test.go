package models_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models"
)

var precisions = []models.Precision{models.Float32, models.BFloat16, models.Int8}

func TestPrecisionNames(t *testing.T) {
	for i, name := range []string{"f32", "bf16", "int8"} {
		p, err := models.ParsePrecision(name)
		require.NoError(t, err)
		assert.Equal(t, precisions[i], p)
		assert.Equal(t, name, p.String())
	}
	_, err := models.ParsePrecision("f16")
	assert.EqualError(t, err, `models: precision "f16" is unknown; there are f32, bf16, int8`)
	assert.Equal(t, "Precision(7)", models.Precision(7).String())
	m := newModel(t, variants["gru"], english)
	assert.EqualError(t, m.Narrow(7), "models: Precision(7) is unknown; there are f32, bf16, int8")
}

// Narrow weights change the loss of every kind of model a little, and going back changes it not at all.
func TestNarrowLoss(t *testing.T) {
	for name, c := range variants {
		m := newModel(t, c, english)
		ids := encoded(t, m, english, 300)
		loss := func(p models.Precision) float64 {
			require.NoError(t, m.Narrow(p))
			assert.Equal(t, p, m.Precision())
			s, err := m.Score(ids, 2)
			require.NoError(t, err)
			return s.Nats
		}
		before, err := m.Score(ids, 2)
		require.NoError(t, err)
		for p, bound := range map[models.Precision]float64{models.BFloat16: 0.001, models.Int8: 0.02} {
			got := loss(p)
			assert.NotEqual(t, before.Nats, got, "%s, %v", name, p)
			assert.InDelta(t, before.Nats, got, bound, "%s, %v", name, p)
		}
		assert.Equal(t, before.Nats, loss(models.Float32), name)
	}
}

// What is scored is what generates: the same weights, read for windows of many characters or for one at a time.
func TestNarrowScoreIsOfTheGenerator(t *testing.T) {
	for option, p := range map[graph.Option]models.Precision{graph.BFloat16: models.BFloat16, graph.Int8: models.Int8} {
		m := newModel(t, variants["lstm 2 layers"], english)
		require.NoError(t, m.Narrow(p))
		ids := encoded(t, m, english, 300)
		score, err := m.Score(ids, 1)
		require.NoError(t, err)

		g, err := graph.Build(m.Params, graph.Key{B: 1, T: 1}, m.LM().Score, option)
		require.NoError(t, err)
		require.NoError(t, g.SetFloat64s("weight", []float64{1}))
		nats := 0.0
		for i, id := range ids[:len(ids)-1] {
			require.NoError(t, g.SetIDs("ids", []int{id}))
			require.NoError(t, g.SetIDs("target", ids[i+1:i+2]))
			require.NoError(t, g.Run())
			n, err := g.Scalar("nats")
			require.NoError(t, err)
			nats += n
		}
		assert.InEpsilon(t, nats/float64(len(ids)-1), score.Nats, 1e-6)
	}
}

func TestNarrowGeneratorAllocatesNothing(t *testing.T) {
	for name, c := range variants {
		for _, p := range precisions {
			m := newModel(t, c, english)
			require.NoError(t, m.Narrow(p))
			g, err := m.Generator(models.Sampling{Seed: 1})
			require.NoError(t, err)
			next := func() {
				if _, err := g.Next(); err != nil {
					t.Fatal(err)
				}
			}
			next()
			assert.Zero(t, testing.AllocsPerRun(50, next), "%s, %v", name, p)
		}
	}
}

// Training and files are those of the parameters, whatever reads copies of them.
func TestNarrowLeavesTrainingAlone(t *testing.T) {
	var want map[string]string
	for _, p := range precisions {
		m := newModel(t, variants["lstm 2 layers"], english)
		plain := saved(t, m)
		require.NoError(t, m.Narrow(p))
		assert.Equal(t, plain, saved(t, m))
		task, err := m.Task(encoded(t, m, english, 200), 2, 10)
		require.NoError(t, err)
		for step := range 3 {
			_, err := task.Next(step)
			require.NoError(t, err)
			require.NoError(t, m.Params.Update(func(p *graph.Param) error {
				for i, d := range p.Grad32s() {
					p.Float32s()[i] -= 0.5 * d
				}
				return nil
			}))
			_, err = m.Score(encoded(t, m, english, 50), 1)
			require.NoError(t, err)
		}
		if got := bits(m.Params); want == nil {
			want = got
		} else {
			assert.Equal(t, want, got, p)
		}
	}
}

// A model with a weight that is not finite is refused as integers, by name, and stays what it was.
func TestNarrowNotFinite(t *testing.T) {
	m := newModel(t, variants["gru"], english)
	W := m.Params.Get("out/W").Values()
	W[20] = math.Inf(-1)
	require.NoError(t, m.Params.Set("out/W", W))
	require.NoError(t, m.Narrow(models.BFloat16))
	assert.EqualError(t, m.Narrow(models.Int8),
		`models: weights as int8: graph: parameter "out/W" is -Inf at [1 4]; weights in int8 must be finite`)
	assert.Equal(t, models.BFloat16, m.Precision())
	_, err := m.Score(encoded(t, m, english, 50), 1)
	assert.NoError(t, err)
}
