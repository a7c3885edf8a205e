package graph_test

import (
	"testing"
	"time"

	"github.com/unroll-go/unroll/graph"
)

func BenchmarkT1(b *testing.B) {
	ps := graph.NewParams(1)
	t0 := time.Now()
	p, err := graph.Build(ps, graph.Key{B: 32, T: 64, Train: true}, func(g *graph.Builder) {
		H, V := 128, 65
		E := g.Param("E", graph.Normal(0.5), V, 64)
		Wx := g.Param("Wx", graph.Glorot, 64, 4*H)
		Wh := g.Param("Wh", graph.Orthogonal, H, 4*H)
		b := g.Param("b", graph.Normal(0.1), 4*H)
		Wo := g.Param("Wo", graph.Glorot, H, V)
		bo := g.Param("bo", graph.Zeros, V)
		s := g.Carry("state", []*graph.Node{g.Zeros(g.B, H), g.Zeros(g.B, H)})
		h, c := s[0], s[1]
		var ys []*graph.Node
		for t, x := range g.Unstack(g.Gather(E, g.IDs("ids", g.T, g.B))) {
			g.InStep(t, func() {
				i, f, u, o := g.Chunk4(g.Affine(b, x, Wx, h, Wh))
				i, f, o = g.Sigmoid(i), g.Sigmoid(f), g.Sigmoid(o)
				c = g.Add(g.Mul(f, c), g.Mul(i, g.Tanh(u)))
				h = g.Mul(o, g.Tanh(c))
			})
			ys = append(ys, h)
		}
		g.Next("state", []*graph.Node{h, c})
		g.Minimise("loss", g.CrossEntropy(g.Affine(bo, g.Stack(ys...), Wo), g.IDs("target", g.T, g.B)))
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Log("build", time.Since(t0))
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		if err := p.Run(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(32*64*float64(b.N)/b.Elapsed().Seconds(), "tokens/s")
}
