package graph

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/internal/kernel"
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

// BenchmarkBatchMatMul is what M queries do with a memory of S steps, for each of
// B rows: scores, means and the gradient of the memory. Beside them stand ordinary
// products of as many operations.
func BenchmarkBatchMatMul(b *testing.B) {
	type size struct{ M, S, D, B int }
	for _, s := range []size{{1, 10, 128, 32}, {1, 30, 128, 32}, {1, 30, 512, 64}, {20, 20, 128, 32}, {30, 30, 512, 64}} {
		mat := func(rows, cols int) kernel.Mat[float32] {
			m := kernel.NewMat[float32](rows, cols)
			for i := range m.Data {
				m.Data[i] = float32(i%7) - 3
			}
			return m
		}
		q, memory, w := mat(s.M*s.B, s.D), mat(s.S*s.B, s.D), mat(s.M*s.B, s.S)
		run := func(name string, f func()) {
			b.Run(fmt.Sprintf("M%d_S%d_D%d_B%d/%s", s.M, s.S, s.D, s.B, name), func(b *testing.B) {
				for b.Loop() {
					f()
				}
				b.ReportMetric(2*float64(s.M*s.B*s.S*s.D)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
			})
		}
		each := func(out, x, y kernel.Mat[float32], tA, tB bool) func() {
			return func() {
				for i := range s.B {
					kernel.MatMul(out.Every(i, s.B), x.Every(i, s.B), y.Every(i, s.B), tA, tB, false)
				}
			}
		}
		run("q·m'", each(w, q, memory, false, true))
		run("α·m", each(q, w, memory, false, false))
		run("α'·dc", each(memory, w, q, true, false))
		left, right := mat(s.D, s.S), mat(s.S, s.D)
		run("MatMul q·W", func() { kernel.MatMul(w, q, left, false, false, false) })
		run("MatMul α·W", func() { kernel.MatMul(q, w, right, false, false, false) })
	}
}
