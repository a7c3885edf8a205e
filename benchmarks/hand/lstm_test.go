package hand

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models"
)

// The hand-written step computes what the engine computes, or its speed would
// mean nothing.
func TestHandIsTheEngine(t *testing.T) {
	const V, D, H, B, T = 11, 6, 20, 5, 7
	m := New(V, D, H, B, T)
	lm := models.LM{Vocab: V, Embed: D, RNN: cells.Of(cells.LSTM{In: D, Hidden: H})}
	ps := graph.NewParams(1)
	p, err := graph.Build(ps, graph.Key{B: B, T: T, Train: true}, lm.Train)
	require.NoError(t, err)
	at := map[string][2]mat{
		"embed/E": {m.E, m.dE}, "rnn/layer0/Wx": {m.Wx, m.dWx}, "rnn/layer0/Wh": {m.Wh, m.dWh}, "rnn/layer0/b": {m.b, m.db},
		"out/W": {m.Wo, m.dWo}, "out/b": {m.bo, m.dbo},
	}
	for path, pair := range at {
		values := make([]float64, len(pair[0].Data))
		for i, x := range pair[0].Data {
			values[i] = float64(x)
		}
		require.NoError(t, ps.Set(path, values))
	}
	ids, target := make([]int, B*T), make([]int, B*T)
	for i := range ids {
		ids[i], target[i] = i*7%V, i*5%V
	}
	require.NoError(t, p.SetIDs("ids", ids))
	require.NoError(t, p.SetIDs("target", target))
	require.NoError(t, p.Run())
	want, err := p.Scalar("loss")
	require.NoError(t, err)
	assert.InEpsilon(t, want, m.forward(ids, target), 1e-6)
	m.backward(ids, target)
	for path, pair := range at {
		var diff, norm float64
		for i, w := range ps.Get(path).Grads() {
			diff += math.Pow(w-float64(pair[1].Data[i]), 2)
			norm += w * w
		}
		assert.Less(t, math.Sqrt(diff/norm), 1e-5, path)
	}
}

func BenchmarkStep(b *testing.B) {
	m := New(65, 64, 128, 32, 64)
	ids, target := make([]int, 2048), make([]int, 2048)
	for i := range ids {
		ids[i], target[i] = i*7%65, i*5%65
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Step(ids, target); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(2048*float64(b.N)/b.Elapsed().Seconds(), "tokens/s")
}
