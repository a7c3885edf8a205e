package graph_test

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/graph"
)

func pictureRNN(D, H, V int) func(g *graph.Builder) {
	return func(g *graph.Builder) {
		x := g.Input("x", g.T, g.B, D)
		s := g.Scope("rnn")
		Wx := s.Param("Wx", graph.Glorot, D, H)
		Wh := s.Param("Wh", graph.Orthogonal, H, H)
		b := s.Param("b", graph.Zeros, H)
		h := g.Carry("state", []*graph.Node{g.Zeros(g.B, H)})[0]
		var hs []*graph.Node
		for t, xt := range g.Unstack(x) {
			s.InStep(t, func() {
				h = s.Tanh(s.Affine(b, xt, Wx, h, Wh))
				hs = append(hs, h)
			})
		}
		g.Next("state", []*graph.Node{h})
		o := g.Scope("out")
		logits := o.Affine(o.Param("b", graph.Zeros, V), o.Stack(hs...), o.Param("W", graph.Glorot, H, V))
		g.Output("logits", logits)
		g.Minimise("loss", g.CrossEntropy(logits, g.IDs("정답", g.T, g.B)))
	}
}

func TestTmp2(t *testing.T) {
	for _, c := range []struct {
		name string
		T    int
		opts []graph.Option
	}{{"lstm", 3, nil}, {"plain", 2, []graph.Option{graph.Plain}}, {"long", 20, nil}, {"max", 50, nil}} {
		p, err := graph.Build(graph.NewParams(1), graph.Key{B: 2, T: c.T, Train: true}, lstmFormula(6, 50), c.opts...)
		require.NoError(t, err)
		var b bytes.Buffer
		start := time.Now()
		err = p.SVG(&b)
		t.Log(c.name, time.Since(start), err, b.Len())
		os.WriteFile("/tmp/pic/"+c.name+".svg", b.Bytes(), 0o644)
	}
}

func TestTmp(t *testing.T) {
	for _, train := range []bool{false, true} {
		p, err := graph.Build(graph.NewParams(1), graph.Key{B: 2, T: 3, Train: train}, pictureRNN(4, 5, 6))
		require.NoError(t, err)
		name := "/tmp/pic/eval"
		if train {
			name = "/tmp/pic/train"
		}
		var b bytes.Buffer
		require.NoError(t, p.SVG(&b))
		os.WriteFile(name+".svg", b.Bytes(), 0o644)
		b.Reset()
		require.NoError(t, p.DOT(&b))
		os.WriteFile(name+".dot", b.Bytes(), 0o644)
	}
}
