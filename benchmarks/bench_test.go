package benchmarks_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/benchmarks"
	"github.com/unroll-go/unroll/benchmarks/peers"
)

// BenchmarkUnroll is a step of each task.
func BenchmarkUnroll(b *testing.B) {
	for _, c := range benchmarks.Presets() {
		b.Run(c.Task, func(b *testing.B) {
			work, err := c.Work(0)
			require.NoError(b, err)
			measure(b, c, work)
		})
	}
}

// BenchmarkProduct is a bare product.
func BenchmarkProduct(b *testing.B) {
	for _, p := range benchmarks.Products() {
		b.Run(p.String(), func(b *testing.B) {
			work, err := p.Work()
			require.NoError(b, err)
			run(b, work)
			b.ReportMetric(p.Flops()*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

// BenchmarkGorgonia is a training step of stock Gorgonia with its own BLAS.
func BenchmarkGorgonia(b *testing.B) {
	for _, c := range benchmarks.Presets()[:2] {
		b.Run(c.Task, func(b *testing.B) {
			p, err := peers.NewGorgonia(c, 0)
			require.NoError(b, err)
			measure(b, c, c.Feed(p))
		})
	}
}

func measure(b *testing.B, c benchmarks.Config, work benchmarks.Work) {
	run(b, work)
	b.ReportMetric(float64(c.Tokens())*float64(b.N)/b.Elapsed().Seconds(), "tokens/s")
}

func run(b *testing.B, work benchmarks.Work) {
	_, err := work()
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := work(); err != nil {
			b.Fatal(err)
		}
	}
}
