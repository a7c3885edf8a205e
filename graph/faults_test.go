package graph

// The tests named TestFault show faults of Gorgonia v0.9.18, each beside what
// this package does instead. The half called stock asserts the fault itself:
// where it fails after an upgrade, Gorgonia has been mended and the way around
// it may go. docs/gorgonia.md says the same in prose.

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// stockVector is a Gorgonia input with a value.
func stockVector(g *gorgonia.ExprGraph, name string, x ...float64) *Node {
	return gorgonia.NewVector(g, gorgonia.Float64, gorgonia.WithName(name), gorgonia.WithShape(len(x)),
		gorgonia.WithValue(tensor.New(tensor.WithShape(len(x)), tensor.WithBacking(x))))
}

// stockMatrix is a Gorgonia input whose value counts from 0, row by row.
func stockMatrix(g *gorgonia.ExprGraph, name string, rows, cols int) *Node {
	return gorgonia.NewMatrix(g, gorgonia.Float64, gorgonia.WithName(name), gorgonia.WithShape(rows, cols),
		gorgonia.WithValue(tensor.New(tensor.WithShape(rows, cols), tensor.WithBacking(counting(rows*cols)))))
}

// counting is 0, 1, .. n-1.
func counting(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i)
	}
	return x
}

// stockFloats is a copy of a Gorgonia value.
func stockFloats(v gorgonia.Value) []float64 {
	switch x := v.Data().(type) {
	case float64:
		return []float64{x}
	case []float64:
		return append([]float64(nil), x...)
	}
	panic(fmt.Sprintf("internal error: not float64: %v", v))
}

// stockRun runs a graph on Gorgonia's tape machine.
func stockRun(t *testing.T, g *gorgonia.ExprGraph, opts ...gorgonia.VMOpt) {
	t.Helper()
	m := gorgonia.NewTapeMachine(g, opts...)
	defer m.Close()
	require.NoError(t, m.RunAll())
}

// faultProgram builds f in float64 and sets its inputs.
func faultProgram(t *testing.T, key Key, f func(*Builder), in map[string][]float64, opts ...Option) *Program {
	t.Helper()
	p, err := Build(NewParams64(1), key, f, opts...)
	require.NoError(t, err)
	for name, x := range in {
		require.NoError(t, p.SetFloat64s(name, x))
	}
	return p
}

// runOurs builds f, runs it once and returns its outputs.
func runOurs(t *testing.T, f func(*Builder), in map[string][]float64, opts ...Option) map[string][]float64 {
	t.Helper()
	p := faultProgram(t, Key{}, f, in, opts...)
	require.NoError(t, p.Run())
	out := map[string][]float64{}
	for _, o := range p.graph.outputs {
		x, err := p.Float64s(o.name)
		require.NoError(t, err)
		out[o.name] = x
	}
	return out
}

// Gorgonia hashes the start and the end of a slice as one byte each, and takes
// nodes of one hash for one node: slices that lie 256 apart are one. An LSTM of
// 128 units with its four gates in one product reads gate i where it means g; a
// batch of 32 repeats every eighth time step.
func TestFaultSliceMerging(t *testing.T) {
	t.Run("stock", func(t *testing.T) {
		g := gorgonia.NewGraph()
		x := stockMatrix(g, "x", 1, 512)
		i := gorgonia.Must(gorgonia.Slice(x, nil, gorgonia.S(0, 128)))
		u := gorgonia.Must(gorgonia.Slice(x, nil, gorgonia.S(256, 384)))
		assert.Same(t, i, u, "gate g is gate i")
		y := stockMatrix(g, "y", 300, 2)
		early := gorgonia.Must(gorgonia.Slice(y, gorgonia.S(0, 32)))
		late := gorgonia.Must(gorgonia.Slice(y, gorgonia.S(256, 288)))
		assert.Same(t, early, late, "step 8 is step 0")
	})
	in := map[string][]float64{"x": counting(512), "y": counting(600), "z": counting(600)}
	want := map[string][]float64{
		"gate0": counting(512)[:128], "gate1": counting(512)[128:256],
		"gate2": counting(512)[256:384], "gate3": counting(512)[384:],
		"cols1": {1, 2}, "cols257": {257, 258},
		"at3": {6, 7}, "at259": {518, 519}, "rows3": {6, 7, 8, 9}, "rows259": {518, 519, 520, 521},
	}
	formula := func(g *Builder) {
		i, f, u, o := g.Chunk4(g.Input("x", 1, 512))
		for k, gate := range []*Node{i, f, u, o} {
			g.Output(fmt.Sprint("gate", k), gate)
		}
		y, z := g.Input("y", 300, 2), g.Input("z", 1, 600)
		for _, at := range []int{1, 257} {
			g.Output(fmt.Sprint("cols", at), g.Cols(z, at, at+2))
		}
		for _, at := range []int{3, 259} {
			g.Output(fmt.Sprint("at", at), g.At(y, at))
			g.Output(fmt.Sprint("rows", at), g.Rows(y, at, at+2))
		}
	}
	t.Run("ours", func(t *testing.T) {
		assert.Equal(t, want, runOurs(t, formula, in))
		assert.Equal(t, want, runOurs(t, formula, in, Plain))
	})
	t.Run("ours, on the tape machine", func(t *testing.T) {
		p := faultProgram(t, Key{}, formula, in, wired)
		for _, o := range p.graph.outputs { // clear what shows the program's values
			require.NoError(t, gorgonia.UnsafeLet(o.v.node, tensor.New(tensor.WithShape(o.v.shape...), tensor.Of(tensor.Float64))))
		}
		stockRun(t, p.graph.expr)
		for _, o := range p.graph.outputs {
			assert.Equal(t, want[o.name], stockFloats(o.v.node.Value()), o.name)
		}
	})
	t.Run("ours, ids", func(t *testing.T) {
		ids := make([]int, 600)
		for i := range ids {
			ids[i] = i
		}
		p, err := Build(NewParams64(1), Key{}, func(g *Builder) { g.Output("step", g.At(g.IDs("ids", 300, 2), 259)) }, wired)
		require.NoError(t, err)
		require.NoError(t, p.SetIDs("ids", ids))
		require.NoError(t, p.Run())
		got, err := p.Integers("step")
		require.NoError(t, err)
		assert.Equal(t, []int{518, 519}, got)
		stockRun(t, p.graph.expr)
		assert.Equal(t, []int{518, 519}, p.graph.outputs[0].v.node.Value().Data())
	})
}

// Nodes of one 32-bit hash are one node when operation, number of operands, type
// and shape agree: which operands they have is not compared. The hashes of the
// two names below collide, so the square of the second input is that of the
// first. In a graph of 47,000 like nodes such an accident has odds of one in four.
func TestFaultHashMerging(t *testing.T) {
	const a, b = "x139599", "x322382"
	t.Run("stock", func(t *testing.T) {
		g := gorgonia.NewGraph()
		leaf := func(name string) *Node {
			return gorgonia.NewVector(g, gorgonia.Float32, gorgonia.WithName(name), gorgonia.WithShape(2))
		}
		x, y := leaf(a), leaf(b)
		require.Equal(t, x.Hashcode(), y.Hashcode(), "the names were chosen for this")
		require.NotSame(t, x, y)
		assert.Same(t, gorgonia.Must(gorgonia.Square(x)), gorgonia.Must(gorgonia.Square(y)))
	})
	t.Run("ours", func(t *testing.T) {
		p, err := Build(NewParams(1), Key{}, func(g *Builder) {
			g.Output("xx", g.Square(g.Input(a, 2)))
			g.Output("yy", g.Square(g.Input(b, 2)))
		}, wired)
		require.NoError(t, err)
		require.NoError(t, p.SetFloats(a, []float32{2, 3}))
		require.NoError(t, p.SetFloats(b, []float32{5, 7}))
		require.NoError(t, p.Run())
		yy, err := p.Floats("yy")
		require.NoError(t, err)
		assert.Equal(t, []float32{25, 49}, yy)
	})
	t.Run("ours, serial numbers", func(t *testing.T) {
		const n = 1 << 18 // more operations than a graph will have
		seen := make(map[uint32]struct{}, n)
		for serial := range uint32(n) {
			seen[(&symbol{serial: serial}).Hashcode()] = struct{}{}
		}
		assert.Len(t, seen, n, "no two serial numbers have one hash")

		p := faultProgram(t, Key{B: 2, T: 3, Train: true}, faultFormula, nil, wired)
		serials, nodes := map[uint32]bool{}, map[*Node]bool{}
		for _, v := range p.graph.values {
			assert.False(t, nodes[v.node], "%s: a node of its own", v.kind.name())
			nodes[v.node] = true
			if s, ok := v.node.Op().(*symbol); ok {
				assert.False(t, serials[s.serial], "%s: a number of its own", v.kind.name())
				serials[s.serial] = true
			}
		}
	})
}

// Two inputs of one name, type and shape are one node: whoever sets the second
// overwrites the first. The builder refuses a name that is taken, and says which.
func TestFaultEqualNames(t *testing.T) {
	t.Run("stock", func(t *testing.T) {
		g := gorgonia.NewGraph()
		x, y := stockVector(g, "x", 1, 2), stockVector(g, "x", 10, 20)
		assert.Same(t, x, y)
	})
	pair := func(a, b func(*Builder)) func(*Builder) {
		return func(g *Builder) { a(g); b(g.Scope("")); g.Output("out", g.Zeros(1)) }
	}
	input := func(g *Builder) { g.Input("x", 2) }
	param := func(g *Builder) { g.Param("x", Zeros, 2) }
	carry := func(g *Builder) { g.Carry("s", []*Node{g.Zeros(2)}) }
	for _, c := range []struct {
		name string
		f    func(*Builder)
		want string
	}{
		{"inputs", pair(input, input), `graph: the name "x" is taken`},
		{"ids", pair(input, func(g *Builder) { g.IDs("x", 2) }), `graph: the name "x" is taken`},
		{"parameters", pair(param, param), `graph: parameter "x" is bound twice; call the same step twice to share it`},
		{"states", pair(carry, carry), `graph: the name "s/0" is taken`},
		{"scopes", func(g *Builder) { input(g.Scope("a")); input(g.Scope("a")) }, `graph: a: the name "a/x" is taken`},
	} {
		t.Run("ours, "+c.name, func(t *testing.T) {
			_, err := Build(NewParams(1), Key{}, c.f)
			assert.EqualError(t, err, c.want)
		})
	}
	t.Run("ours, one name in two scopes", func(t *testing.T) {
		out := runOurs(t, func(g *Builder) {
			g.Output("out", g.Sub(g.Scope("a").Input("x", 2), g.Scope("b").Input("x", 2)))
		}, map[string][]float64{"a/x": {1, 2}, "b/x": {10, 20}})
		assert.Equal(t, []float64{-9, -18}, out["out"])
	})
}
