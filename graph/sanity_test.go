package graph_test

import (
	"testing"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
)

func lstmFormula(H, V int) func(g *graph.Builder) {
	return func(g *graph.Builder) {
		E := g.Param("E", graph.Normal(0.5), V, 3)
		Wx := g.Param("Wx", graph.Glorot, 3, 4*H)
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
	}
}

func TestSanity(t *testing.T) {
	for _, opts := range [][]graph.Option{nil, {graph.Plain}} {
		for _, V := range []int{5, 50} {
			ps := graph.NewParams64(1)
			set := func(p *graph.Program) error {
				ids := make([]int, 12)
				ts := make([]int, 12)
				for i := range ids {
					ids[i], ts[i] = i*7%V, i*3%V
				}
				if err := p.SetIDs("ids", ids); err != nil {
					return err
				}
				return p.SetIDs("target", ts)
			}
			if err := gradcheck.Check(ps, graph.Key{B: 3, T: 4}, lstmFormula(6, V), gradcheck.Options{Set: set, Build: opts, Each: func(p string, e float64) { t.Log(p, e) }}); err != nil {
				t.Error(err)
			}
		}
	}
}
