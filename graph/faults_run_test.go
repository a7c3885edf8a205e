package graph

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Gorgonia writes results over the value of any operand it needs no more. Where
// that value is the operand's own operand, returned unchanged, the write goes
// through to a tensor of the user. Gorgonia's own Dropout returns its operand
// when there is nothing to drop. Do of ours returns fresh memory, always.
func TestFaultInPlaceWrites(t *testing.T) {
	for name, between := range map[string]func(x *Node) (*Node, error){
		"an operation of the user": func(x *Node) (*Node, error) { return gorgonia.ApplyOp(&stockProbe{arity: 1}, x) },
		"Dropout":                  func(x *Node) (*Node, error) { return gorgonia.Dropout(x, 0) },
	} {
		t.Run("stock, "+name, func(t *testing.T) {
			g := gorgonia.NewGraph()
			x := stockVector(g, "x", 1, 2, 3, 4)
			y := gorgonia.Must(between(x))
			gorgonia.Must(gorgonia.Add(y, y))
			stockRun(t, g)
			assert.Equal(t, []float64{2, 4, 6, 8}, stockFloats(x.Value()), "the user's tensor")
		})
	}
	t.Run("ours, in a program", func(t *testing.T) {
		out := runOurs(t, func(g *Builder) {
			x := g.Input("x", 4)
			y := g.Apply(&stockProbe{arity: 1}, x)
			g.Output("sum", g.Apply(gorgonia.Must(gorgonia.Add(y, y)).Op(), y, g.Alias(y)))
			g.Output("still", g.Alias(x))
		}, map[string][]float64{"x": {1, 2, 3, 4}})
		assert.Equal(t, []float64{2, 4, 6, 8}, out["sum"])
		assert.Equal(t, []float64{1, 2, 3, 4}, out["still"])
	})
	t.Run("ours, on the tape machine", func(t *testing.T) {
		g := newBuilder(NewParams64(1), Key{}, []Option{wired})
		x := g.Input("x", 4)
		require.NoError(t, gorgonia.Let(x, tensor.New(tensor.WithBacking([]float64{1, 2, 3, 4}))))
		y := g.Alias(x)
		gorgonia.Must(gorgonia.Add(y, y))
		stockRun(t, g.expr)
		assert.Equal(t, []float64{1, 2, 3, 4}, stockFloats(x.Value()))
	})
	t.Run("ours, every operation", func(t *testing.T) {
		for _, opts := range [][]Option{nil, {Plain}} {
			p := faultProgram(t, Key{B: 2, T: 3, Train: true}, faultFormula, map[string][]float64{"x": counting(24)}, opts...)
			require.NoError(t, p.SetIDs("lens", []int{3, 2}))
			loss, grads := doAll(t, p)
			require.NoError(t, p.Run())
			got, err := p.Scalar("loss")
			require.NoError(t, err)
			assert.InEpsilon(t, loss, got, 1e-12)
			for _, u := range p.graph.updates {
				assert.InDeltaSlice(t, grads[u.param.path], u.param.Grads(), 1e-12, u.param.path)
			}
		}
	})
}

// doAll computes a program's formula by the operations' Do and checks that
// each leaves its operands alone and returns memory of its own. It returns the
// loss and the gradients.
func doAll(t *testing.T, p *Program) (loss float64, grads map[string][]float64) {
	values := map[*value]gorgonia.Value{}
	for _, v := range p.graph.values {
		if len(v.in) == 0 {
			values[v] = leafOf(p, v)
			continue
		}
		in := make([]gorgonia.Value, len(v.in))
		for i, c := range v.in {
			in[i] = values[c]
		}
		y, err := v.node.Op().Do(in...)
		require.NoError(t, err)
		if x, ok := y.Data().([]float64); ok { // nobody else sees what is written there
			kept := slices.Clone(x)
			for i := range x {
				x[i] = math.NaN()
			}
			for i, c := range in {
				if before, ok := c.Data().([]float64); ok {
					assert.False(t, slices.ContainsFunc(before, math.IsNaN), "%s: operand %d", v.kind.name(), i)
				}
			}
			copy(x, kept)
		}
		values[v] = y
	}
	grads = map[string][]float64{}
	for _, u := range p.graph.updates {
		grads[u.param.path] = stockFloats(values[u.grad])
	}
	for _, o := range p.graph.outputs {
		if o.name == "loss" {
			loss = stockFloats(values[o.v])[0]
		}
	}
	return loss, grads
}

// leafOf is the value of what is not computed.
func leafOf(p *Program, v *value) gorgonia.Value {
	switch k := v.kind.(type) {
	case *parameter:
		return k.p.value
	case constant:
		return constantOf(k, v.shape)
	}
	return p.tensorOf(v)
}

// constantOf is the value of a constant.
func constantOf(k constant, shape []int) gorgonia.Value {
	x := make([]float64, size(shape))
	for i := range x {
		x[i] = k.x
	}
	return newTensor(shape, x)
}

// NewTapeMachine sets the mode of operations that the whole graph shares: making
// a machine for evaluation switches dropout off in the training machine. Our
// programs of one Params are formulas of their own.
func TestFaultEvalMode(t *testing.T) {
	const n = 64
	ones := make([]float64, n)
	for i := range ones {
		ones[i] = 1
	}
	t.Run("stock", func(t *testing.T) {
		g := gorgonia.NewGraph()
		y := gorgonia.Must(gorgonia.Dropout(stockVector(g, "x", slices.Clone(ones)...), 0.5))
		train := gorgonia.NewTapeMachine(g)
		defer train.Close()
		require.NoError(t, train.RunAll())
		assert.Contains(t, stockFloats(y.Value()), 2.0)
		train.Reset()
		eval := gorgonia.NewTapeMachine(g, gorgonia.EvalMode())
		defer eval.Close()
		require.NoError(t, train.RunAll())
		assert.Equal(t, ones, stockFloats(y.Value()), "the training machine drops no more")
	})
	t.Run("ours", func(t *testing.T) {
		ps := NewParams64(1)
		build := func(train bool) *Program {
			p, err := Build(ps, Key{Train: train}, func(g *Builder) { g.Output("y", g.Dropout(g.Input("x", n), 0.5)) })
			require.NoError(t, err)
			require.NoError(t, p.SetFloat64s("x", ones))
			return p
		}
		run := func(p *Program) []float64 {
			require.NoError(t, p.Run())
			y, err := p.Float64s("y")
			require.NoError(t, err)
			return y
		}
		train := build(true)
		assert.Contains(t, run(train), 2.0)
		eval := build(false)
		assert.Equal(t, ones, run(eval))
		assert.Contains(t, run(train), 2.0)
	})
}

// The tape machine allocates the values of a graph anew in every run. A program
// has its memory from the beginning.
func TestFaultAllocations(t *testing.T) {
	t.Run("stock", func(t *testing.T) {
		g := gorgonia.NewGraph()
		gorgonia.Must(gorgonia.Mul(stockMatrix(g, "x", 8, 8), stockMatrix(g, "w", 8, 8)))
		m := gorgonia.NewTapeMachine(g)
		defer m.Close()
		assert.Positive(t, testing.AllocsPerRun(20, func() {
			require.NoError(t, m.RunAll())
			m.Reset()
		}))
	})
	t.Run("ours", func(t *testing.T) {
		p := faultProgram(t, Key{B: 2, T: 3, Train: true}, faultFormula, nil)
		assert.Zero(t, testing.AllocsPerRun(20, func() {
			if err := p.Run(); err != nil {
				t.Error(err)
			}
		}))
	})
}
