package graph

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// faultFormula is a formula of many operations: an LSTM over vectors and looked-up
// ids, with masks, and a loss.
func faultFormula(g *Builder) {
	const D, H, V = 4, 3, 5
	E := g.Param("E", Normal(0.5), V, D)
	Wx, Wh := g.Param("Wx", Glorot, 2*D, 4*H), g.Param("Wh", Orthogonal, H, 4*H)
	b, Wo := g.Param("b", Normal(0.1), 4*H), g.Param("Wo", Glorot, H, V)
	lens := g.IDs("lens", g.B)
	x := g.Concat(g.Input("x", g.T, g.B, D), g.Gather(E, g.IDs("ids", g.T, g.B))) // [T, B, 2D]
	s := g.Carry("state", []*Node{g.Zeros(g.B, H), g.Zeros(g.B, H)})
	h, c := s[0], s[1]
	var ys []*Node
	for t, x := range g.Unstack(x) {
		g.InStep(t, func() {
			i, f, u, o := g.Chunk4(g.Affine(b, x, Wx, g.Alias(h), Wh))
			next := g.Add(g.Mul(g.Sigmoid(f), c), g.Mul(g.Sigmoid(i), g.Tanh(u)))
			c = g.Where(g.LengthMask(lens, t), next, c)
			h = g.Mul(g.Sigmoid(o), g.Tanh(c))
		})
		ys = append(ys, h)
	}
	g.Next("state", []*Node{h, c})
	logits := g.MatMul(g.Stack(ys...), Wo) // [T, B, V]
	g.Output("best", g.OneHot(g.ArgMax(logits), V))
	g.Output("odds", g.Div(g.Exp(g.Softmax(logits)), g.AddConst(g.Square(logits), 1)))
	drift := g.Mean(g.Abs(g.Sub(g.At(x, 0), g.At(x, 1))))
	g.Minimise("loss", g.Add(g.CrossEntropy(logits, g.IDs("target", g.T, g.B)), drift))
}

// Gorgonia's Grad skips what an earlier Grad has differentiated: the gradient of
// a second loss is that of the first, or lacks terms, without an error.
func TestFaultSecondGrad(t *testing.T) {
	x := []float64{0.5, 1}
	slope := func(f func(h, dh float64) float64) []float64 {
		d := make([]float64, len(x))
		for i := range x {
			h := math.Tanh(x[i])
			d[i] = f(h, 1-h*h)
		}
		return d
	}
	first := slope(func(_, dh float64) float64 { return dh })          // of Σ tanh(x)
	second := slope(func(h, dh float64) float64 { return 2 * h * dh }) // of Σ tanh(x)²
	t.Run("stock", func(t *testing.T) {
		g := gorgonia.NewGraph()
		xs := stockVector(g, "x", x...)
		h := gorgonia.Must(gorgonia.Tanh(xs))
		loss1, loss2 := gorgonia.Must(gorgonia.Sum(h)), gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.Square(h))))
		d1, err := gorgonia.Grad(loss1, xs)
		require.NoError(t, err)
		d2, err := gorgonia.Grad(loss2, xs)
		require.NoError(t, err)
		stockRun(t, g)
		assert.InDeltaSlice(t, first, stockFloats(d1[0].Value()), 1e-12)
		assert.InDeltaSlice(t, first, stockFloats(d2[0].Value()), 1e-12, "the first gradient again")
	})
	for _, opt := range []Option{0, Plain, wired} {
		t.Run("ours", func(t *testing.T) {
			out := runOurs(t, func(g *Builder) {
				xs := g.Input("x", 2)
				h := g.Tanh(xs)
				loss1, loss2 := g.SumAll(h), g.SumAll(g.Square(h))
				wrt := []*Node{xs}
				g.Output("d1", g.Grad([]*Node{loss1}, nil, wrt)[0])
				g.Output("d2", g.Grad([]*Node{loss2}, nil, wrt)[0])
				g.Output("both", g.Grad([]*Node{loss1, loss2}, nil, wrt)[0])
			}, map[string][]float64{"x": x}, opt)
			assert.InDeltaSlice(t, first, out["d1"], 1e-12)
			assert.InDeltaSlice(t, second, out["d2"], 1e-12)
			sum := []float64{first[0] + second[0], first[1] + second[1]}
			assert.InDeltaSlice(t, sum, out["both"], 1e-12)
		})
	}
}

// The LispMachine differentiates only operations that implement ADOp. One with a
// symbolic derivative, as Grad uses it, gets the gradient 0 without an error. We
// use Gorgonia's machines in tests alone, and there the tape machine.
func TestFaultLispMachine(t *testing.T) {
	t.Run("stock", func(t *testing.T) {
		g := newBuilder(NewParams64(1), Key{}, []Option{wired})
		x := g.Input("x", 3)
		square := g.Square(x)
		require.NoError(t, gorgonia.Let(x, tensor.New(tensor.WithBacking([]float64{1, 2, 3}))))
		loss := gorgonia.Must(gorgonia.Sum(square))
		require.Implements(t, (*gorgonia.SDOp)(nil), square.Op())
		m := gorgonia.NewLispMachine(g.expr)
		defer m.Close()
		require.NoError(t, m.RunAll())
		assert.Equal(t, []float64{14}, stockFloats(loss.Value()), "the value is right")
		grad, err := x.Grad()
		require.NoError(t, err)
		assert.Equal(t, []float64{0, 0, 0}, stockFloats(grad), "the gradient is not")
	})
	t.Run("ours", func(t *testing.T) {
		out := runOurs(t, func(g *Builder) {
			x := g.Input("x", 3)
			g.Output("d", g.Grad([]*Node{g.SumAll(g.Square(x))}, nil, []*Node{x})[0])
		}, map[string][]float64{"x": {1, 2, 3}})
		assert.Equal(t, []float64{2, 4, 6}, out["d"])
	})
}

// An operation without DiffWRT makes Grad fail even where no loss depends on it,
// with a message that speaks of an unreachable portion of the graph; one without
// operands makes it call the variables not differentiable. Ours leaves aside what
// the loss does not need, and where it does need it, names it.
func TestFaultDeadEnd(t *testing.T) {
	t.Run("stock", func(t *testing.T) {
		g := gorgonia.NewGraph()
		x := stockVector(g, "x", 1, 2)
		gorgonia.Must(gorgonia.ApplyOp(&stockProbe{arity: 1}, gorgonia.Must(gorgonia.Tanh(x))))
		_, err := gorgonia.Grad(gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.Square(x)))), x)
		assert.ErrorContains(t, err, "would leave a portion of the graph unreachable")
	})
	t.Run("stock, an orphan", func(t *testing.T) {
		g := gorgonia.NewGraph()
		x := stockVector(g, "x", 1, 2)
		orphan := &stockProbe{}
		gorgonia.NewUniqueNode(gorgonia.In(g), gorgonia.WithOp(orphan), gorgonia.WithType(orphan.Type()), gorgonia.WithShape(2))
		_, err := gorgonia.Grad(gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.Square(x)))), x)
		assert.ErrorContains(t, err, "Non Differentiable WRTs")
	})
	t.Run("ours", func(t *testing.T) {
		out := runOurs(t, func(g *Builder) {
			x := g.Input("x", 2)
			g.Zeros(3) // an orphan
			g.ArgMax(g.Tanh(x))
			g.Apply(&stockProbe{arity: 1}, g.Tanh(x))
			g.Output("d", g.Grad([]*Node{g.SumAll(g.Square(x))}, nil, []*Node{x})[0])
		}, map[string][]float64{"x": {1, 2}})
		assert.Equal(t, []float64{2, 4}, out["d"])
	})
	t.Run("ours, needed", func(t *testing.T) {
		_, err := Build(NewParams64(1), Key{}, func(g *Builder) {
			x := g.Input("x", 2)
			g.Output("d", g.Grad([]*Node{g.SumAll(g.Apply(&stockProbe{arity: 1}, x))}, nil, []*Node{x})[0])
		})
		assert.EqualError(t, err, "graph: Grad: probe has no symbolic derivative")
	})
}

// Each look-up with ByIndices has a gradient of the size of the whole table:
// five look-ups make five tables and four more for their sums. Gather looks all
// ids up at once, and its gradient is one table however many there are.
func TestFaultDenseLookupGradient(t *testing.T) {
	const V, D, T, B = 100, 4, 5, 2
	t.Run("stock", func(t *testing.T) {
		g := gorgonia.NewGraph()
		table := stockMatrix(g, "E", V, D)
		var loss *Node
		for step := range T {
			ids := gorgonia.NewVector(g, tensor.Int, gorgonia.WithName(string(rune('a'+step))), gorgonia.WithShape(B))
			sum := gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.ByIndices(table, ids, 0))))
			if loss == nil {
				loss = sum
			} else {
				loss = gorgonia.Must(gorgonia.Add(loss, sum))
			}
		}
		_, err := gorgonia.Grad(loss, table)
		require.NoError(t, err)
		tables := 0
		for _, n := range g.AllNodes() {
			if n != table && n.Shape().Eq(tensor.Shape{V, D}) {
				tables++
			}
		}
		assert.Equal(t, 2*T-1, tables)
	})
	t.Run("ours", func(t *testing.T) {
		p := faultProgram(t, Key{Train: true}, func(g *Builder) {
			rows := g.Gather(g.Param("E", Normal(1), V, D), g.IDs("ids", T, B)) // [T, B, D]
			g.Minimise("loss", g.SumAll(g.Mul(rows, g.Input("w", T, B, D))))
		}, map[string][]float64{"w": counting(T * B * D)})
		ids := []int{7, 1, 7, 99, 0, 7, 1, 1, 50, 7}
		require.NoError(t, p.SetIDs("ids", ids))
		require.NoError(t, p.Run())
		tables := 0
		for _, v := range p.graph.values {
			if len(v.in) > 0 && sameShape(v.shape, []int{V, D}) {
				tables++
			}
		}
		assert.Equal(t, 1, tables)
		want := make([]float64, V*D)
		for k, id := range ids {
			for j := range D {
				want[id*D+j] += float64(k*D + j)
			}
		}
		assert.Equal(t, want, p.params.Get("E").Grads())
	})
}
