package graph

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkTrainLSTM is a training step of one LSTM layer of width 128 on 32
// rows of 64 characters; BenchmarkGenerateLSTM one character of one row.
func BenchmarkTrainLSTM(b *testing.B) { benchmarkLSTM(b, Key{B: 32, T: 64, Train: true}) }

func BenchmarkGenerateLSTM(b *testing.B) { benchmarkLSTM(b, Key{B: 1, T: 1}) }

func benchmarkLSTM(b *testing.B, key Key) {
	const V = 65
	p, err := Build(NewParams(1), key, smallLSTM(128, V, nil))
	require.NoError(b, err)
	setText(b, p, V)
	b.ReportAllocs()
	for b.Loop() {
		if err := p.Run(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(key.B*key.T*b.N)/b.Elapsed().Seconds(), "tokens/s")
}

// BenchmarkBuild is the building of two layers over a thousand steps.
func BenchmarkBuild(b *testing.B) {
	ps := NewParams(1)
	for b.Loop() {
		_, err := Build(ps, Key{B: 4, T: 1000, Train: true}, longLSTM(128))
		require.NoError(b, err)
	}
}
