package graph

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// count is how many instructions of a kind a run of p executes, those on
// parameters alone not counted.
func count[K kind](p *Program) int {
	n := 0
	for _, in := range p.m64.body {
		if _, ok := in.c.v.kind.(K); ok {
			n++
		}
	}
	return n
}

func buildLSTM(t *testing.T, key Key, V int, opts ...Option) *Program {
	t.Helper()
	p, err := Build(NewParams64(1), key, smallLSTM(4, V, nil), opts...)
	require.NoError(t, err)
	setText(t, p, V)
	return p
}

// An LSTM over T steps makes 2T+6 products: forward one for all inputs, T
// recurrent ones and one for the logits; backward two for the logits, T-1
// through the state, one for all recurrent weights and two for the input.
func TestProductsOfALSTM(t *testing.T) {
	for _, T := range []int{1, 2, 7} {
		assert.Equal(t, 2*T+6, count[matMul](buildLSTM(t, Key{B: 2, T: T, Train: true}, 50)), "T=%d", T)
		assert.Equal(t, 6*T+2, count[matMul](buildLSTM(t, Key{B: 2, T: T, Train: true}, 50, Plain)), "plain, T=%d", T)
	}
}

// Parts written in their places need no copy: one stack of states serves the
// output layer and, one step earlier, the gradient of the recurrent weights.
// Its first row is the carried state, which is copied.
func TestStacksOfALSTMAreViews(t *testing.T) {
	p := buildLSTM(t, Key{B: 2, T: 6, Train: true}, 50)
	assert.Equal(t, 1, count[stack](p))
	assert.Zero(t, count[concat](p))
	assert.Zero(t, count[rows](p)+count[cols](p)+count[cut](p))
}

// A layer above another has its input projection in one product as well.
func TestProductsOfTwoLayers(t *testing.T) {
	const B, H, T = 2, 4, 5
	f := func(g *Builder) {
		xs := g.Input("x", T, B, H)
		for l := range 2 {
			s := g.Scope(fmt.Sprint("layer", l))
			Wx, Wh, b := s.Param("Wx", Glorot, H, H), s.Param("Wh", Orthogonal, H, H), s.Param("b", Zeros, H)
			h := g.Input(fmt.Sprint("h", l), B, H)
			var ys []*Node
			for t, x := range g.Unstack(xs) {
				g.InStep(t, func() { h = g.Tanh(g.Affine(b, x, Wx, h, Wh)) })
				ys = append(ys, h)
			}
			xs = g.Stack(ys...)
		}
		g.Minimise("loss", g.Mean(g.Square(xs)))
	}
	p, err := Build(NewParams64(1), Key{}, f)
	require.NoError(t, err)
	assert.Equal(t, 2*(1+T), count[matMul](p))
	p, err = Build(NewParams64(1), Key{Train: true}, f)
	require.NoError(t, err)
	// backward, each layer: T-1 through the state, one for Wx, one for Wh; one for the upper layer's inputs
	assert.Equal(t, 2*(1+T)+2*(T-1+2)+1, count[matMul](p))
}

// A vector beside the input does not hide that the input is swept.
func TestProductOfJoinedColumns(t *testing.T) {
	p, err := Build(NewParams64(1), Key{}, func(g *Builder) {
		W := g.Param("W", Glorot, 6, 4)
		h := g.Input("h0", 2, 2)
		for _, x := range g.Unstack(g.Input("x", 5, 2, 4)) {
			h = g.Cols(g.Tanh(g.MatMul(g.Concat(h, x), W)), 0, 2)
		}
		g.Output("h", h)
	})
	require.NoError(t, err)
	assert.Equal(t, 1+5, count[matMul](p))
}

// A product is not made for all rows when its weights or its bias belong to
// one step: that would be T products of T rows.
func TestWeightsOfAStepAreNotHoisted(t *testing.T) {
	const T, D = 6, 3
	rowsMultiplied := func(f func(g *Builder, x, W *Node) *Node) int {
		p, err := Build(NewParams64(1), Key{}, func(g *Builder) {
			W := g.Param("W", Glorot, D, D)
			for _, x := range g.Unstack(g.Input("x", T, 1, D)) {
				W = g.Tanh(g.Add(W, g.SumRows(f(g, x, W))))
			}
			g.Output("W", W)
		})
		require.NoError(t, err)
		n := 0
		for _, in := range p.m64.body {
			if k, ok := in.c.v.kind.(matMul); ok {
				a, _ := k.factors(in.c.v.in)
				n += a.rows()
			}
		}
		return n
	}
	// the first step's weights are the parameter still: all T rows, then one for each step
	assert.Equal(t, 2*T-1, rowsMultiplied(func(g *Builder, x, W *Node) *Node { return g.MatMul(x, W) }))
	assert.Equal(t, 2*T-1, rowsMultiplied(func(g *Builder, x, W *Node) *Node {
		return g.Affine(g.SumRows(W), x, g.Param(fmt.Sprint("V", len(g.values)), Glorot, D, D))
	}))
}

// In programs that only evaluate, a table's product is made for looked-up rows
// when it can be kept with the parameters; otherwise the rows are multiplied.
func TestExchangeOfLookups(t *testing.T) {
	const V, D, N = 40, 3, 2
	multiplied := func(key Key, W func(g *Builder) *Node, ids int) []int {
		p, err := Build(NewParams64(1), key, func(g *Builder) {
			E := g.Param("E", Normal(1), V, D)
			g.Output("y", g.MatMul(g.Gather(E, g.IDs("ids", ids)), W(g)))
		})
		require.NoError(t, err)
		n := []int{0, 0}
		for i, list := range [][]instr[float64]{p.m64.derive, p.m64.body} {
			for _, in := range list {
				if _, ok := in.c.v.kind.(matMul); ok {
					n[i] += in.c.v.rows()
				}
			}
		}
		return n
	}
	param := func(g *Builder) *Node { return g.Param("W", Glorot, D, N) }
	input := func(g *Builder) *Node { return g.Input("W", D, N) }
	assert.Equal(t, []int{V, 0}, multiplied(Key{}, param, 5), "kept with the parameters")
	assert.Equal(t, []int{0, 5}, multiplied(Key{}, input, 5), "cannot be kept")
	assert.Equal(t, []int{0, V}, multiplied(Key{}, input, 100), "fewer rows in the table")
	assert.Equal(t, []int{0, 5}, multiplied(Key{Train: true}, param, 5))
	assert.Equal(t, []int{0, V}, multiplied(Key{Train: true}, param, 100))
}

// What depends on parameters alone is computed once for each version of them,
// by whichever program comes first.
func TestDerivedTables(t *testing.T) {
	ps := NewParams64(1)
	f := func(g *Builder) {
		table := g.MatMul(g.Param("E", Normal(1), 5, 3), g.Param("W", Glorot, 3, 2))
		best := g.ArgMax(table) // ids belong to the program
		g.Output("y", g.Gather(table, g.IDs("ids", g.B)))
		g.Output("best", best)
		g.Output("rows", g.Gather(table, best))
	}
	var progs []*Program
	for B := 1; B <= 2; B++ {
		p, err := Build(ps, Key{B: B}, f)
		require.NoError(t, err)
		progs = append(progs, p)
	}
	require.Len(t, ps.derived, 1)
	var table []float64
	for _, d := range ps.derived {
		table = d.f64
	}
	var best [2][]int
	for i, p := range progs {
		require.NoError(t, p.Run())
		best[i], _ = p.Integers("best")
	}
	assert.Equal(t, best[0], best[1])

	table[0] = 7 // nobody computes it again
	for _, p := range progs {
		require.NoError(t, p.Run())
		y, _ := p.Float64s("y")
		assert.Equal(t, 7.0, y[0])
	}
	require.NoError(t, ps.Set("W", make([]float64, 6)))
	for i, p := range progs {
		require.NoError(t, p.Run())
		y, _ := p.Float64s("y")
		assert.Equal(t, []float64{0, 7}[i], y[0])
		table[0] = 7 // the second program finds it fresh
	}
	require.NoError(t, ps.Update(func(p *Param) error {
		for i := range p.f64 {
			p.f64[i] = 1
		}
		return nil
	}))
	require.NoError(t, progs[1].Run())
	y, _ := progs[1].Float64s("y")
	assert.Equal(t, 3.0, y[0])
}

// An expression whose parts are used twice, forty times over, is described by
// its parts and not by its 2^40 paths.
func TestDerivedOfSharedParts(t *testing.T) {
	p, err := Build(NewParams64(1), Key{}, func(g *Builder) {
		x := g.Param("x", Constant(1), 2)
		for range 40 {
			x = g.Scale(g.Add(x, x), 0.5)
		}
		g.Output("y", x)
	})
	require.NoError(t, err)
	require.NoError(t, p.Run())
	y, _ := p.Float64s("y")
	assert.Equal(t, []float64{1, 1}, y)
}

// A sum with zeros keeps the shape of the sum.
func TestSumWithZerosKeepsItsShape(t *testing.T) {
	p, err := Build(NewParams64(1), Key{}, func(g *Builder) {
		row := g.Input("row", 3)
		g.Output("a", g.Add(row, g.Zeros(2, 3)))
		g.Output("b", g.Add(g.Zeros(2, 3), row))
		g.Output("c", g.Mul(g.Zeros(3), g.Const(2, 2, 3)))
		g.Output("d", g.Mul(row, g.Zeros(2, 3)))
		g.Output("e", g.Add(g.Const(2), g.Zeros(2)))
	})
	require.NoError(t, err)
	for name, want := range map[string][]int{"a": {2, 3}, "b": {2, 3}, "c": {2, 3}, "d": {2, 3}, "e": {2}} {
		assert.Equal(t, want, p.Shape(name), name)
	}
}

// A product may not be written over its addend while that is a factor too.
func TestAddendThatIsAFactor(t *testing.T) {
	requireInterpreted(t, Key{B: 3}, func(g *Builder) {
		x := g.Tanh(g.Input("x", g.B, 4))
		g.Output("y", g.Affine(x, x, g.Param("W", Normal(1), 4, 4)))
	})
}

// Neighbours: what is written over one of two views that overlap destroys the
// other.
func TestViewsThatOverlap(t *testing.T) {
	requireInterpreted(t, Key{}, func(g *Builder) {
		x := g.Tanh(g.Input("x", 5, 4))
		g.Output("down", g.Sub(g.Rows(x, 1, 5), g.Rows(x, 0, 4)))
		y := g.Sigmoid(g.Input("y", 5, 4))
		g.Output("right", g.Sub(g.Cols(y, 1, 4), g.Cols(y, 0, 3)))
		z := g.Exp(g.Input("z", 5, 4))
		g.Output("first", g.Sub(z, g.At(z, 0)))
		w := g.Exp(g.Input("w", 5, 4))
		g.Output("column", g.Div(w, g.Cols(w, 0, 1)))
	})
}

// Two states that change places, and one that becomes a part of another.
func TestStatesChangePlaces(t *testing.T) {
	p := requireInterpreted(t, Key{}, func(g *Builder) {
		s := g.Carry("s", []*Node{g.Const(1, 2), g.Const(2, 2), g.Const(3, 2, 2)})
		g.Next("s", []*Node{s[1], g.At(s[2], 1), g.Stack(s[0], g.AddConst(s[1], 10))})
	})
	p.ZeroState()
	require.NoError(t, p.Run())
	got, err := p.State("s")
	require.NoError(t, err)
	assert.Equal(t, [][]float64{{2, 2}, {3, 3}, {1, 1, 12, 12}}, got)
}

// Stacks of elements with no axis to look for.
func TestStackOfWhatComesFromAScalar(t *testing.T) {
	p, err := Build(NewParams64(1), Key{}, func(g *Builder) {
		x := g.column(g.Const(2))
		g.Output("y", g.Stack(x, x))
	})
	require.NoError(t, err)
	require.NoError(t, p.Run())
	y, _ := p.Float64s("y")
	assert.Equal(t, []float64{2, 2}, y)
}
