package models_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models"
)

// forms are encoder-decoders of every form: without attention, Luong's with and
// without input feeding, Bahdanau's; cells, layers and directions that differ.
func forms() map[string]models.EncoderDecoder {
	const V, E, H = 7, 3, 4
	gru := func(in, hidden int) cells.Layer { return cells.Of(cells.GRU{In: in, Hidden: hidden}) }
	both := cells.Stack{Layers: []cells.Layer{
		cells.Bidirectional{Forward: cells.GRU{In: E, Hidden: H}, Backward: cells.GRU{In: E, Hidden: H}},
	}}
	m := models.EncoderDecoder{Source: 6, Embed: E, RNN: both, Bridge: true}
	d := models.Decoder{Vocab: V, Embed: E, Memory: 2 * H}
	with := func(change func(m *models.EncoderDecoder, d *models.Decoder)) models.EncoderDecoder {
		m, d := m, d
		change(&m, &d)
		m.Decoder = d
		return m
	}
	return map[string]models.EncoderDecoder{
		"none": with(func(m *models.EncoderDecoder, d *models.Decoder) {
			m.RNN, m.Bridge = gru(E, H), false
			d.RNN = gru(E, H)
		}),
		"none, two layers from one": with(func(_ *models.EncoderDecoder, d *models.Decoder) {
			d.RNN = cells.Of(cells.LSTM{In: E, Hidden: 5}, cells.LSTM{In: 5, Hidden: 3})
		}),
		"dot": with(func(_ *models.EncoderDecoder, d *models.Decoder) {
			d.RNN, d.Attention = gru(E, 2*H), cells.Luong{Query: 2 * H, Memory: 2 * H}
		}),
		"general": with(func(_ *models.EncoderDecoder, d *models.Decoder) {
			d.RNN, d.Attention = gru(E, H), cells.Luong{Query: H, Memory: 2 * H, General: true}
			d.Width = 5
		}),
		"general, fed": with(func(_ *models.EncoderDecoder, d *models.Decoder) {
			d.Attention = cells.Luong{Query: H, Memory: 2 * H, General: true}
			d.Width, d.Feed, d.Tied = E, true, true
			d.RNN = cells.Of(cells.LSTM{In: d.InputWidth(H), Hidden: H}, cells.LSTM{In: H, Hidden: H})
		}),
		"bahdanau": with(func(_ *models.EncoderDecoder, d *models.Decoder) {
			d.Attention, d.First = cells.Bahdanau{Query: H, Memory: 2 * H, Width: 5}, true
			d.RNN = cells.Recurrent{Cell: cells.RNN{In: d.InputWidth(H), Hidden: H}}
		}),
	}
}

// The batch that these tests read: three sources and targets of different
// lengths, the end of a target is id 6.
var (
	seqSource = []int{1, 2, 5, 3, 4, 5, 0, 0, 5, 2, 0, 0} // [4, 3]
	seqLens   = []int{4, 2, 1}
	seqInput  = []int{6, 6, 6, 1, 2, 0, 3, 0, 0} // [3, 3]
	seqTarget = []int{1, 2, 0, 3, 6, 6, 6, 0, 0}
	seqWeight = []float64{1, 1, 1, 1, 1, 1, 1, 0, 0}
	seqKey    = graph.Key{B: 3, T: 3, N: 4}
)

func feedSeq(t testing.TB, p *graph.Program) {
	t.Helper()
	require.NoError(t, p.SetIDs("source", seqSource))
	require.NoError(t, p.SetIDs("lens", seqLens))
	require.NoError(t, p.SetIDs("input", seqInput))
	require.NoError(t, p.SetIDs("target", seqTarget))
	if p.Shape("weight") != nil {
		require.NoError(t, p.SetFloat64s("weight", seqWeight))
	}
}

// What a model says under teacher forcing is what it says step by step.
func TestTeacherForcingIsStepByStep(t *testing.T) {
	for name, m := range forms() {
		t.Run(name, func(t *testing.T) {
			params := graph.NewParams(3)
			score, err := graph.Build(params, seqKey, m.Score)
			require.NoError(t, err)
			feedSeq(t, score)
			require.NoError(t, score.Run())
			nats, err := score.Float64s("nats")
			require.NoError(t, err)

			read, err := graph.Build(params, graph.Key{B: 3, N: 4}, m.Read)
			require.NoError(t, err)
			require.NoError(t, read.SetIDs("source", seqSource))
			require.NoError(t, read.SetIDs("lens", seqLens))
			require.NoError(t, read.Run())
			write, err := graph.Build(params, graph.Key{B: 6, T: 1, N: 4}, m.Write)
			require.NoError(t, err)
			steps, err := models.Written(read, write, "decoder", seqLens)
			require.NoError(t, err)
			for step := range 3 {
				tokens := make([]int, 6)
				for row := range tokens {
					tokens[row] = seqInput[step*3+row/2]
				}
				logp, err := steps.Next(tokens)
				require.NoError(t, err)
				for row := range tokens {
					at := step*3 + row/2
					assert.InDelta(t, -nats[at], logp[row*7+seqTarget[at]], 1e-5, "step %d, row %d", step, row)
				}
			}
			if m.Decoder.Attention == nil {
				return
			}
			alpha, err := score.Float64s("decoder/attention") // [T, B, S]
			require.NoError(t, err)
			for row := range 9 {
				sum := 0.0
				for s, w := range alpha[row*4 : row*4+4] {
					sum += w
					assert.False(t, s >= seqLens[row%3] && w != 0, "beyond the source")
				}
				assert.InDelta(t, 1, sum, 1e-6)
			}
		})
	}
}

// The loss is the mean of the nats that count.
func TestTrainingLossIsTheScore(t *testing.T) {
	for name, m := range forms() {
		t.Run(name, func(t *testing.T) {
			params := graph.NewParams(3)
			score, err := graph.Build(params, seqKey, m.Score)
			require.NoError(t, err)
			feedSeq(t, score)
			require.NoError(t, score.Run())
			nats, err := score.Float64s("nats")
			require.NoError(t, err)
			want := 0.0
			for i, w := range seqWeight {
				want += w * nats[i] / 7
			}
			key := seqKey
			key.Train = true
			p, err := graph.Build(params, key, m.Train)
			require.NoError(t, err)
			feedSeq(t, p)
			require.NoError(t, p.Run())
			loss, err := p.Scalar("loss")
			require.NoError(t, err)
			assert.InDelta(t, want, loss, 1e-5)
			assert.False(t, math.IsNaN(params.GradNorm()))
			for _, par := range params.All() {
				norm := 0.0
				for _, d := range par.Grads() {
					norm += d * d
				}
				assert.Positive(t, norm, par.Path())
			}
		})
	}
}
