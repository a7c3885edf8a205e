package graph

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/gorgonia"
)

// smallLSTM is the LSTM of the tests: embedding, one layer, cross entropy; its
// loss is handed to use.
func smallLSTM(H, V int, use func(g *Builder, loss *Node)) func(g *Builder) {
	return func(g *Builder) {
		E := g.Param("E", Normal(0.5), V, 3)
		Wx := g.Param("Wx", Glorot, 3, 4*H)
		Wh := g.Param("Wh", Orthogonal, H, 4*H)
		b := g.Param("b", Normal(0.1), 4*H)
		Wo := g.Param("Wo", Glorot, H, V)
		bo := g.Param("bo", Zeros, V)
		s := g.Carry("state", []*Node{g.Zeros(g.B, H), g.Zeros(g.B, H)})
		h, c := s[0], s[1]
		var ys []*Node
		for t, x := range g.Unstack(g.Gather(E, g.IDs("ids", g.T, g.B))) {
			g.InStep(t, func() {
				i, f, u, o := g.Chunk4(g.Affine(b, x, Wx, h, Wh))
				i, f, o = g.Sigmoid(i), g.Sigmoid(f), g.Sigmoid(o)
				c = g.Add(g.Mul(f, c), g.Mul(i, g.Tanh(u)))
				h = g.Mul(o, g.Tanh(c))
			})
			ys = append(ys, h)
		}
		g.Next("state", []*Node{h, c})
		loss := g.CrossEntropy(g.Affine(bo, g.Stack(ys...), Wo), g.IDs("target", g.T, g.B))
		if use != nil {
			use(g, loss)
		}
		g.Minimise("loss", loss)
	}
}

// setText gives an LSTM ids and targets below V.
func setText(t testing.TB, p *Program, V int) {
	t.Helper()
	key := p.Key()
	ids := make([]int, key.T*key.B)
	for i := range ids {
		ids[i] = (i*7 + i/3) % V
	}
	require.NoError(t, p.SetIDs("ids", ids))
	if slices.Contains(p.Names(), "target") {
		for i := range ids {
			ids[i] = i * 3 % V
		}
		require.NoError(t, p.SetIDs("target", ids))
	}
}

// bindLeaves gives every leaf of a wired formula its value with gorgonia.Let.
func bindLeaves(t *testing.T, g *Builder, from *Program) (params gorgonia.Nodes) {
	for _, v := range g.values {
		var x gorgonia.Value
		switch k := v.kind.(type) {
		case *parameter:
			x = newTensor(v.shape, slices.Clone(k.p.f64))
			params = append(params, v.node)
		case constant:
			data := make([]float64, size(v.shape))
			for i := range data {
				data[i] = k.x
			}
			x = newTensor(v.shape, data)
		case *input:
			if twin := from.graph.named[v.node.Name()]; v.ids {
				x = newTensor(v.shape, slices.Clone(from.idsOf(twin)))
			} else {
				x = newTensor(v.shape, slices.Clone(from.m64.slot(twin)))
			}
		default:
			continue
		}
		require.NoError(t, gorgonia.Let(v.node, x))
	}
	return params
}

// normed is a small network with layer normalisation; its loss is handed to use.
func normed(V int, use func(g *Builder, loss *Node)) func(g *Builder) {
	return func(g *Builder) {
		x := g.Gather(g.Param("E", Normal(0.5), V, 4), g.IDs("ids", g.T, g.B))
		gain, bias := g.Param("gain", Normal(1), 4), g.Param("bias", Normal(1), 4)
		x = g.LayerNorm(g.Tanh(g.LayerNorm(x, gain, bias, 0.1)), nil, nil, 0.1)
		loss := g.CrossEntropy(g.MatMul(x, g.Param("W", Glorot, 4, V)), g.IDs("target", g.T, g.B))
		if use != nil {
			use(g, loss)
		}
		g.Minimise("loss", loss)
	}
}

// attending is a small network in which each step looks at all, by three kinds of scores; its loss
// is handed to use.
func attending(V int, use func(g *Builder, loss *Node)) func(g *Builder) {
	return func(g *Builder) {
		ids := g.IDs("ids", g.T, g.B)
		memory := g.Tanh(g.Gather(g.Param("E", Normal(0.5), V, 4), ids))
		lens := g.At(ids, 1)
		h, v := g.Param("h", Normal(0.5), g.B, 4), g.Param("v", Normal(0.5), 4)
		for t := range g.T {
			g.InStep(t, func() {
				weights := g.MaskedSoftmax(g.Add(g.BatchMatMulT(h, memory), g.AdditiveScores(h, memory, v)), lens)
				h = g.Tanh(g.Add(h, g.BatchMatMul(weights, memory)))
			})
		}
		all := g.SwapAxes(g.BatchMatMul(g.BatchMatMulT(memory, memory), memory)) // [B, T, 4]
		y := g.Add(g.SwapAxes(all), g.Stack(h, h, h))
		loss := g.CrossEntropy(g.MatMul(y, g.Param("W", Glorot, 4, V)), g.IDs("target", g.T, g.B))
		if use != nil {
			use(g, loss)
		}
		g.Minimise("loss", loss)
	}
}

// Gorgonia's own machine runs a graph of ours, and Gorgonia's own Grad
// differentiates it, to the numbers that our program gives.
func TestGorgoniaAgrees(t *testing.T) {
	for _, opts := range [][]Option{{wired}, {wired, Plain}} {
		for _, V := range []int{4, 30} { // below and above the number of ids: the table's product is exchanged or not
			gorgoniaAgrees(t, V, func(use func(*Builder, *Node)) func(*Builder) { return smallLSTM(4, V, use) }, opts)
		}
		gorgoniaAgrees(t, 5, func(use func(*Builder, *Node)) func(*Builder) { return normed(5, use) }, opts)
		gorgoniaAgrees(t, 5, func(use func(*Builder, *Node)) func(*Builder) { return attending(5, use) }, opts)
	}
}

// gorgoniaAgrees compares both on a formula of V tokens that hands its loss out.
func gorgoniaAgrees(t *testing.T, V int, formula func(use func(*Builder, *Node)) func(*Builder), opts []Option) {
	t.Helper()
	ps := NewParams64(5)
	prog, err := Build(ps, Key{B: 2, T: 3, Train: true}, formula(nil))
	require.NoError(t, err)
	setText(t, prog, V)
	require.NoError(t, prog.Run())
	prog.ZeroState()

	var loss *Node
	g, err := collect(ps, Key{B: 2, T: 3}, formula(func(_ *Builder, l *Node) { loss = l }), opts)
	require.NoError(t, err)
	params := bindLeaves(t, g, prog)
	_, err = gorgonia.Grad(loss, params...)
	require.NoError(t, err)
	bindLeaves(t, g, prog) // Grad has made constants
	vm := gorgonia.NewTapeMachine(g.expr, gorgonia.BindDualValues(params...))
	require.NoError(t, vm.RunAll())

	want, err := prog.Scalar("loss")
	require.NoError(t, err)
	assert.InDelta(t, want, loss.Value().Data(), 1e-12)
	for _, n := range params {
		d, err := n.Grad()
		require.NoError(t, err, n.Name())
		e := distance(d.Data().([]float64), ps.Get(n.Name()).Grads())
		assert.LessOrEqual(t, e, 1e-12, n.Name())
	}
	require.NoError(t, vm.Close())
}
