package cells_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// fading is how the Jacobians of one untrained cell fade over T steps of noise.
type fading struct {
	cell   cells.Cell
	change func(t *testing.T, ps *graph.Params) // of the initial values
	size   float64                              // of the inputs
}

const (
	fadeT = 50
	fadeH = 32
)

// measure gives the Jacobians, and the mean of 1 - h² over time and units.
func (f fading) measure(t *testing.T) (*graph.Memory, float64, *graph.Params) {
	t.Helper()
	params := graph.NewParams64(11)
	layer := cells.Recurrent{Cell: f.cell}
	j, err := graph.NewJacobians(params, graph.Key{B: 1, T: fadeT}, func(g *graph.Builder) {
		ys, _ := layer.Bind(g.Scope("net"))(g.Input("x", g.T, g.B, 8), cells.Seq{Init: layer.Zero(g)})
		g.Output("y", ys)
	}, "net")
	require.NoError(t, err)
	if f.change != nil {
		f.change(t, params)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	x := make([]float64, fadeT*8)
	for i := range x {
		x[i] = f.size * rng.NormFloat64()
	}
	require.NoError(t, j.SetFloat64s("x", x))
	m, err := j.Report()
	require.NoError(t, err)
	require.NoError(t, j.Run())
	slope := 0.0
	h := output(t, j.Program, "y")
	for _, v := range h {
		slope += (1 - v*v) / float64(len(h))
	}
	return m, slope, params
}

// scaled multiplies the recurrent weights.
func scaled(k float64) func(*testing.T, *graph.Params) {
	return func(t *testing.T, ps *graph.Params) {
		w := ps.Get("net/Wh").Values()
		for i := range w {
			w[i] *= k
		}
		require.NoError(t, ps.Set("net/Wh", w))
	}
}

// biased sets one block of H of the bias.
func biased(block int, b float64) func(*testing.T, *graph.Params) {
	return func(t *testing.T, ps *graph.Params) {
		w := ps.Get("net/b").Values()
		for i := range fadeH {
			w[block*fadeH+i] = b
		}
		require.NoError(t, ps.Set("net/b", w))
	}
}

// TestRNNFades: the norms of dh_t/dh_k of a tanh RNN fall, or grow, by a constant factor for each
// step, near the spectral radius of Wh times the mean of tanh' = 1 - h².
func TestRNNFades(t *testing.T) {
	rnn := cells.RNN{In: 8, Hidden: fadeH}
	for _, c := range []struct{ gain, size float64 }{{0.5, 0.3}, {0.9, 0.3}, {1, 0.3}, {1, 1}, {1.2, 0.01}, {1.5, 1e-9}} {
		m, slope, params := fading{rnn, scaled(c.gain), c.size}.measure(t)
		radius, err := graph.SpectralRadius(params.Get("net/Wh").Values(), fadeH)
		require.NoError(t, err)
		h := m.Of[0]
		want := radius[0] * slope
		t.Logf("gain %.1f, inputs %g: radius %.3f x mean tanh' %.3f = %.4f, factor %.4f, lag 10 %.2e, lag 50 %.2e, memory %d",
			c.gain, c.size, radius[0], slope, want, h.Rate, h.Lags[10].Mean, h.Lags[fadeT].Mean, h.Length)
		assert.InEpsilon(t, want, h.Rate, 0.15, "near: units are unlike, and the norm of a product is led by those with the largest slope")
		for lag := 10; lag < fadeT; lag += 10 { // a straight line on a logarithmic scale
			step := math.Pow(h.Lags[lag].Mean/h.Lags[lag-5].Mean, 1.0/5)
			assert.InEpsilon(t, h.Rate, step, 0.15, "lag %d", lag)
		}
	}
}

// TestGatesHold: what an LSTM and a GRU of the same width hold over the same noise, by the bias of
// the gate that keeps the state.
func TestGatesHold(t *testing.T) {
	lstm, gru := cells.LSTM{In: 8, Hidden: fadeH}, cells.GRU{In: 8, Hidden: fadeH}
	m, _, _ := fading{cells.RNN{In: 8, Hidden: fadeH}, nil, 1}.measure(t)
	rnn := m.Of[0]
	last := 0.0
	for _, b := range []float64{0, 1, 2, 4} {
		m, _, _ := fading{lstm, biased(1, b), 1}.measure(t)
		h, c, all := m.Of[0], m.Of[1], m.Of[2]
		t.Logf("LSTM, forget bias %g: σ %.3f, factor of c %.4f (h %.4f, all %.4f), lag 10 %.2e, lag 50 %.2e, memory %d",
			b, 1/(1+math.Exp(-b)), c.Rate, h.Rate, all.Rate, c.Lags[10].Mean, c.Lags[fadeT].Mean, c.Length)
		assert.Greater(t, c.Lags[fadeT].Mean, last, "the more it keeps, the longer it is felt")
		last = c.Lags[fadeT].Mean
	}
	last = 0
	for _, b := range []float64{0, 1, 2, 4} {
		m, _, _ := fading{gru, biased(1, b), 1}.measure(t)
		h := m.Of[0]
		t.Logf("GRU, update bias %g: σ %.3f, factor %.4f, lag 10 %.2e, lag 50 %.2e, memory %d",
			b, 1/(1+math.Exp(-b)), h.Rate, h.Lags[10].Mean, h.Lags[fadeT].Mean, h.Length)
		assert.Greater(t, h.Lags[fadeT].Mean, last)
		last = h.Lags[fadeT].Mean
	}
	assert.Greater(t, last, 1e6*rnn.Lags[fadeT].Mean, "a GRU that keeps its state feels it where the RNN feels nothing")
	t.Logf("RNN: factor %.4f, lag 10 %.2e, lag 50 %.2e, memory %d", rnn.Rate, rnn.Lags[10].Mean, rnn.Lags[fadeT].Mean, rnn.Length)
}
