package graph

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// twoLayers is a formula with a look-up and a projection of all steps, which
// each step may make for itself.
func twoLayers(V, H int, look func(g *Builder, xs *Node)) func(g *Builder) {
	return func(g *Builder) {
		E := g.Param("E", Glorot, V, H)
		ids := g.IDs("ids", g.T, g.B)
		xs := g.MatMul(g.Gather(E, ids), g.Param("Wx", Glorot, H, H))
		if look != nil {
			look(g, xs)
		}
		for layer, scope := range []string{"layer0", "layer1"} {
			s := g.Scope(scope)
			Wx, Wh, b := s.Param("Wx", Glorot, H, H), s.Param("Wh", Orthogonal, H, H), s.Param("b", Zeros, H)
			var ys []*Node
			Wy := s.Param("Wy", Glorot, H, H)
			if layer > 0 {
				ys = g.Unstack(g.Tanh(xs)) // a second input: its projection is added to that of the first
			}
			h := g.Carry(scope, []*Node{g.Zeros(g.B, H)})[0]
			var hs []*Node
			for t, x := range g.Unstack(xs) {
				g.InStep(t, func() {
					if layer > 0 {
						h = g.Tanh(g.Affine(b, x, Wx, ys[t], Wy, h, Wh))
					} else {
						h = g.Tanh(g.Affine(b, x, Wx, h, Wh))
					}
					hs = append(hs, h)
				})
			}
			g.Next(scope, []*Node{h})
			xs = g.Stack(hs...)
		}
		g.Minimise("loss", g.CrossEntropy(xs, g.IDs("target", g.T, g.B)))
	}
}

func lateRules(t *testing.T, key Key, f func(*Builder), opts ...Option) int {
	t.Helper()
	p, err := Build(NewParams(1), key, f, opts...)
	require.NoError(t, err)
	return p.Plan().Rules[ruleNames[ruleLate]]
}

// What only steps read is made by the steps: look-ups always, products from so
// many rows on and as long as their weights are few.
func TestStepsMakeTheirRows(t *testing.T) {
	wide := Key{B: lateRows, T: 4, Train: true}
	few := Key{B: lateRows - 1, T: 4, Train: true}
	assert.Equal(t, 2, lateRules(t, wide, twoLayers(11, 8, nil)), "the look-up and the projections of layer 1")
	assert.Equal(t, 1, lateRules(t, few, twoLayers(11, 8, nil)), "few rows: the look-up alone")
	assert.Equal(t, 1, lateRules(t, wide, twoLayers(11, 260, nil)), "many weights: the look-up alone")
	assert.Equal(t, 0, lateRules(t, wide, twoLayers(11, 8, nil), Plain))
}

// A value that somebody else reads is made once for all.
func TestWhatOthersReadIsMadeOnce(t *testing.T) {
	f := func(g *Builder) {
		all := g.Gather(g.Param("E", Glorot, 5, 3), g.IDs("ids", g.T, g.B))
		g.Output("all", all)
		for _, x := range g.Unstack(all) {
			g.Tap("tanh", g.Tanh(x))
		}
	}
	assert.Zero(t, lateRules(t, Key{B: 2, T: 3}, f))
}

// Steps that make their rows give the bits of the whole, for any number of
// workers.
func TestLateRowsHaveTheSameBits(t *testing.T) {
	const V, B, T = 24, 20, 5
	run := func(f func(*Builder)) (float64, [][]float32) {
		ps := NewParams(1)
		p, err := Build(ps, Key{B: B, T: T, Train: true}, f)
		require.NoError(t, err)
		enlarge(p)
		ids, target := make([]int, T*B), make([]int, T*B)
		for i := range ids {
			ids[i], target[i] = i*7%V, i*5%V
		}
		require.NoError(t, p.SetIDs("ids", ids))
		require.NoError(t, p.SetIDs("target", target))
		for range 2 {
			require.NoError(t, p.Run())
		}
		loss, err := p.Scalar("loss")
		require.NoError(t, err)
		var grads [][]float32
		for _, q := range ps.All() {
			grads = append(grads, q.Grad32s())
		}
		return loss, grads
	}
	keep := func(g *Builder, xs *Node) { g.Output("xs", g.SumAll(xs)) } // reads all of it
	for _, n := range []int{1, 2, 3} {
		withProcessors(n, func() {
			loss, grads := run(twoLayers(V, V, nil))
			want, all := run(twoLayers(V, V, keep))
			assert.Equal(t, want, loss, "%d workers", n)
			assert.Equal(t, all, grads, "%d workers", n)
		})
	}
}

// An id outside the table is named with its place in all ids.
func TestLateIDOutside(t *testing.T) {
	p, err := Build(NewParams(1), Key{B: 2, T: 3, Train: true}, twoLayers(4, 4, nil))
	require.NoError(t, err)
	require.NoError(t, p.SetIDs("ids", []int{0, 1, 2, 3, 0, 4}))
	assert.EqualError(t, p.Run(), "graph: step 2: Gather: id 4 at position [2 1] is outside [0, 4)")
}
