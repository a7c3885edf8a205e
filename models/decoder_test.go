package models_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
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

// The gradients of whole networks are those of central differences, with smoothed
// labels, under teacher forcing and with scheduled sampling.
func TestEncoderDecoderGradients(t *testing.T) {
	for name, m := range forms() {
		for _, own := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, own=%t", name, own), func(t *testing.T) {
				m.Smoothing, m.Own = 0.1, own
				require.NoError(t, gradcheck.Check(graph.NewParams64(2), seqKey, m.Train, gradcheck.Options{
					Set: func(p *graph.Program) error {
						feedSeq(t, p)
						if own {
							return p.SetFloat64s("own", []float64{1, 1, 1, 1, 0, 1, 0, 1, 1})
						}
						return nil
					},
				}))
			})
		}
	}
}

// Scheduled sampling that never takes the decoder's own token is teacher forcing;
// that always takes it reads what a greedy search writes.
func TestScheduledSampling(t *testing.T) {
	for name, m := range forms() {
		t.Run(name, func(t *testing.T) {
			params := graph.NewParams64(5)
			loss := func(own float64, input, target []int) float64 {
				key := seqKey
				key.Train = true
				n := m
				n.Own = own >= 0
				p, err := graph.Build(params, key, n.Train)
				require.NoError(t, err)
				feedSeq(t, p)
				require.NoError(t, p.SetIDs("input", append([]int{6, 6, 6}, input[:6]...)))
				require.NoError(t, p.SetIDs("target", target))
				if n.Own {
					require.NoError(t, p.SetFloat64s("own", slices.Repeat([]float64{own}, 9)))
				}
				require.NoError(t, p.Run())
				x, err := p.Scalar("loss")
				require.NoError(t, err)
				return x
			}
			assert.InDelta(t, loss(-1, seqTarget, seqTarget), loss(0, seqTarget, seqTarget), 1e-12)
			greedy := make([]int, 9) // fed back until nothing changes
			for range 3 {
				q, err := graph.Build(params, seqKey, m.Score)
				require.NoError(t, err)
				for step := range 3 {
					for row := range 3 {
						greedy[step*3+row] = likeliest(t, q, greedy, step, row)
					}
				}
			}
			others := make([]int, 9) // inputs that nobody reads
			for i, id := range greedy {
				others[i] = (id + 1) % 7
			}
			assert.InDelta(t, loss(-1, greedy, greedy), loss(1, others, greedy), 1e-12)
			assert.Greater(t, math.Abs(loss(-1, greedy, greedy)-loss(0, others, greedy)), 1e-6)
		})
	}
}

// likeliest is the id of least nats at a step when a target is given up to it.
func likeliest(t *testing.T, p *graph.Program, target []int, step, row int) int {
	t.Helper()
	best, least := 0, math.Inf(1)
	for id := range 7 {
		try := slices.Clone(target)
		try[step*3+row] = id
		feedSeq(t, p)
		require.NoError(t, p.SetIDs("input", append([]int{6, 6, 6}, try[:6]...)))
		require.NoError(t, p.SetIDs("target", try))
		require.NoError(t, p.Run())
		nats, err := p.Float64s("nats")
		require.NoError(t, err)
		if nats[step*3+row] < least {
			best, least = id, nats[step*3+row]
		}
	}
	return best
}

// What cannot be built is an error that says why.
func TestDecoderErrors(t *testing.T) {
	for name, c := range map[string]struct {
		form   string
		change func(m *models.EncoderDecoder)
		want   string
	}{
		"states differ": {
			"none, two layers from one", func(m *models.EncoderDecoder) { m.Bridge = false },
			"bridge: the encoder's last state has 2 tensors, the decoder's first 4; a bridge makes one of the other",
		},
		"widths differ": {
			"none", func(m *models.EncoderDecoder) { m.Decoder.RNN = cells.Of(cells.GRU{In: 3, Hidden: 9}) },
			"tensor 0 of the encoder's last state is [3 4], of the decoder's first [3 9]",
		},
		"dot":  {"dot", func(m *models.EncoderDecoder) { m.Decoder.Attention = cells.Luong{Query: 8, Memory: 3} }, "Luong: the dot"},
		"tied": {"general", func(m *models.EncoderDecoder) { m.Decoder.Tied = true }, "tied weights need outputs as wide as the embedding, got 5 and 3"},
		"both directions": {"none", func(m *models.EncoderDecoder) {
			one := cells.GRU{In: 3, Hidden: 2}
			m.Decoder.RNN, m.Bridge = cells.Bidirectional{Forward: one, Backward: one}, true
		}, "decoder: a decoder cannot read its future"},
	} {
		t.Run(name, func(t *testing.T) {
			m := forms()[c.form]
			c.change(&m)
			_, err := graph.Build(graph.NewParams(1), seqKey, m.Score)
			require.ErrorContains(t, err, c.want)
		})
	}
}
