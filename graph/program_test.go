package graph

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/gorgonia"
)

// Carried state goes from run to run; Reset, which loops of Gorgonia call after
// each run, leaves it, ZeroState clears it.
func TestCarriedState(t *testing.T) {
	for _, ps := range []*Params{NewParams(1), NewParams64(1)} {
		p, err := Build(ps, Key{B: 2}, func(g *Builder) {
			s := g.Scope("rnn").Carry("s", []*Node{g.Const(0.5, g.B, 2), g.Zeros(1)})
			g.Output("before", s[0])
			g.Scope("rnn").Next("s", []*Node{g.Add(s[0], g.Input("x", g.B, 2)), g.AddConst(s[1], 1)})
		})
		require.NoError(t, err)
		require.NoError(t, p.SetFloats("x", []float32{1, 2, 3, 4}))
		state := func() [][]float64 {
			s, err := p.State("rnn/s")
			require.NoError(t, err)
			return s
		}
		assert.Equal(t, [][]float64{{0.5, 0.5, 0.5, 0.5}, {0}}, state())
		require.NoError(t, p.Run())
		p.Reset()
		require.NoError(t, p.RunAll())
		assert.Equal(t, [][]float64{{2.5, 4.5, 6.5, 8.5}, {2}}, state())
		before, _ := p.Float64s("before")
		assert.Equal(t, []float64{1.5, 2.5, 3.5, 4.5}, before)

		assert.EqualError(t, p.Reorder("rnn/s", []int{1, 1}), `graph: state "rnn/s" has 1 rows, got an order of 2`)
		assert.Equal(t, [][]float64{{2.5, 4.5, 6.5, 8.5}, {2}}, state(), "nothing is done by halves")
		copied := state()
		copied[0][0] = 9
		assert.Equal(t, 2.5, state()[0][0], "State is a copy")
		require.NoError(t, p.SetState("rnn/s", copied))
		assert.Equal(t, copied, state())
		p.ZeroState()
		assert.Equal(t, [][]float64{{0.5, 0.5, 0.5, 0.5}, {0}}, state())

		assert.EqualError(t, p.SetState("rnn/s", copied[:1]), `graph: state "rnn/s" has 2 tensors, got 1`)
		assert.EqualError(t, p.SetState("rnn/s", [][]float64{{1}, {2}}), `graph: state "rnn/s", tensor 0: shape [2 2] wants 4 values, got 1`)
		assert.EqualError(t, p.SetState("s", nil), `graph: the program carries no state "s"`)
		_, err = p.State("s")
		assert.Error(t, err)
		assert.Error(t, p.SetFloats("rnn/s/0", []float32{1, 2, 3, 4}), "state is not an input")
	}
}

func TestReorder(t *testing.T) {
	p, err := Build(NewParams(1), Key{B: 3}, func(g *Builder) {
		s := g.Carry("s", []*Node{g.Zeros(g.B, 2), g.Zeros(g.B, 1)})
		g.Next("s", s)
	})
	require.NoError(t, err)
	require.NoError(t, p.SetState("s", [][]float64{{1, 2, 3, 4, 5, 6}, {7, 8, 9}}))
	require.NoError(t, p.Reorder("s", []int{2, 2, 0}))
	s, _ := p.State("s")
	assert.Equal(t, [][]float64{{5, 6, 5, 6, 1, 2}, {9, 9, 7}}, s)
	assert.EqualError(t, p.Reorder("s", []int{0, 3, 0}), `graph: state "s": row 3 at position 1 is outside [0, 3)`)
	assert.Error(t, p.Reorder("s", []int{0}))
	assert.Error(t, p.Reorder("none", nil))
	require.NoError(t, p.Run())
	after, _ := p.State("s")
	assert.Equal(t, s, after, "a state that becomes itself")
}

// CopyFrom repeats each row as often as the input has room for.
func TestCopyFrom(t *testing.T) {
	copier := func(ps *Params, shape ...int) *Program {
		p, err := Build(ps, Key{}, func(g *Builder) { g.Output("y", g.Scale(g.Input("x", shape...), 2)) })
		require.NoError(t, err)
		return p
	}
	for _, ps := range []*Params{NewParams(1), NewParams64(1)} {
		src, same, tiled := copier(ps, 2, 2), copier(ps, 2, 2), copier(ps, 6, 2)
		require.NoError(t, src.SetFloat64s("x", []float64{1, 2, 3, 4}))
		require.NoError(t, src.Run())
		require.NoError(t, same.CopyFrom("x", src, "y"))
		require.NoError(t, tiled.CopyFrom("x", src, "x"))
		got, _ := same.Float64s("x")
		assert.Equal(t, []float64{2, 4, 6, 8}, got)
		got, _ = tiled.Float64s("x")
		assert.Equal(t, []float64{1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4}, got)
		assert.EqualError(t, src.CopyFrom("x", tiled, "y"), `graph: copy of "y" to "x": shape [6 2] does not go into [2 2]`)
		assert.Error(t, copier(ps, 3, 2).CopyFrom("x", src, "y"))
		assert.Error(t, copier(ps, 2, 3).CopyFrom("x", src, "y"))
		assert.Error(t, same.CopyFrom("y", src, "y"))
		assert.Error(t, same.CopyFrom("x", src, "z"))
		require.NoError(t, src.Close())
		assert.ErrorIs(t, same.CopyFrom("x", src, "y"), ErrClosed)
	}
	assert.Error(t, copier(NewParams(1), 2).CopyFrom("x", copier(NewParams64(1), 2), "y"))
}

// A sequence is repeated row by row within its steps; one of other length does
// not fit, even where the number of rows would.
func TestCopyFromOfASequence(t *testing.T) {
	of := func(shape ...int) *Program {
		p, err := Build(NewParams64(1), Key{}, func(g *Builder) { g.Output("y", g.Scale(g.Input("x", shape...), 2)) })
		require.NoError(t, err)
		return p
	}
	src, beam := of(2, 2, 1), of(2, 4, 1)
	require.NoError(t, src.SetFloat64s("x", []float64{1, 2, 3, 4}))
	require.NoError(t, beam.CopyFrom("x", src, "x"))
	got, _ := beam.Float64s("x")
	assert.Equal(t, []float64{1, 1, 2, 2, 3, 3, 4, 4}, got)
	require.NoError(t, of(1, 3, 1).CopyFrom("x", of(3, 1), "x"))
	assert.EqualError(t, of(4, 2, 1).CopyFrom("x", src, "y"), `graph: copy of "y" to "x": shape [2 2 1] does not go into [4 2 1]`)
	assert.Error(t, of(4, 1).CopyFrom("x", src, "y"))
}

// What is set or copied once stays for every run until it is set again, and
// what a decoder begins with comes from an encoder, repeated for a beam.
func TestInputsPersistAndStatesAreCopied(t *testing.T) {
	for _, ps := range []*Params{NewParams(1), NewParams64(1)} {
		encoder, err := Build(ps, Key{B: 2}, func(g *Builder) {
			x := g.Input("x", g.B, 1)
			g.Output("h", x)
			g.Output("c", g.Scale(g.Concat(x, x), 10))
		})
		require.NoError(t, err)
		decoder, err := Build(ps, Key{B: 4}, func(g *Builder) {
			s := g.Carry("state", []*Node{g.Zeros(g.B, 1), g.Zeros(g.B, 2)})
			g.Next("state", []*Node{g.Add(s[0], g.Input("memory", g.B, 1)), s[1]})
		})
		require.NoError(t, err)
		require.NoError(t, encoder.SetFloat64s("x", []float64{1, 2}))
		require.NoError(t, encoder.Run())
		require.NoError(t, decoder.CopyFrom("memory", encoder, "h"))
		require.NoError(t, decoder.CopyState("state", encoder, "h", "c"))
		for run := range 3 {
			require.NoError(t, decoder.Run())
			s, err := decoder.State("state")
			require.NoError(t, err)
			a, b := float64(2+run), float64(4+2*run)
			assert.Equal(t, [][]float64{{a, a, b, b}, {10, 10, 10, 10, 20, 20, 20, 20}}, s, "after run %d", run)
		}
		for _, tt := range []struct {
			outputs []string
			want    string
		}{
			{[]string{"h"}, `graph: state "state" has 2 tensors, got 1 outputs`},
			{[]string{"h", "h"}, `graph: copy of "h" to "state": shape [2 1] does not go into [4 2]`},
			{[]string{"h", "z"}, `graph: the program has no "z"; it has ["c" "h" "x"]`},
		} {
			before, _ := decoder.State("state")
			assert.EqualError(t, decoder.CopyState("state", encoder, tt.outputs...), tt.want)
			after, _ := decoder.State("state")
			assert.Equal(t, before, after, "a state is copied as a whole or not at all")
		}
		assert.EqualError(t, decoder.CopyState("none", encoder, "h"), `graph: the program carries no state "none"`)
		require.NoError(t, encoder.Close())
		assert.ErrorIs(t, decoder.CopyState("state", encoder, "h", "c"), ErrClosed)
	}
}

// Tap stacks a value per step, whatever the step returns.
func TestTap(t *testing.T) {
	p, err := Build(NewParams64(1), Key{T: 3}, func(g *Builder) {
		h := g.Zeros(2, 1)
		l := g.Scope("layer0")
		for _, x := range g.Unstack(g.Input("x", g.T, 2, 1)) {
			h = g.Add(h, x)
			l.Tap("h", h)
			g.Tap("best", g.ArgMax(g.Concat(h, x)))
		}
		g.Output("last", h)
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"best", "last", "layer0/h", "x"}, p.Names())
	assert.Equal(t, []int{3, 2, 1}, p.Shape("layer0/h"))
	require.NoError(t, p.SetFloat64s("x", []float64{1, 2, 3, 4, 5, 6}))
	require.NoError(t, p.Run())
	h, _ := p.Float64s("layer0/h")
	assert.Equal(t, []float64{1, 2, 4, 6, 9, 12}, h)
	best, err := p.Integers("best")
	require.NoError(t, err)
	assert.Equal(t, []int{0, 0, 0, 0, 0, 0}, best)
}

// Names, shapes and number types of inputs and outputs are checked.
func TestInputsAndOutputs(t *testing.T) {
	f := func(g *Builder) {
		g.Output("y", g.Gather(g.Input("x", 2, 3), g.IDs("i", 2)))
		g.Output("s", g.SumAll(g.Input("unused", 1)))
		g.Output("i2", g.IDs("one"))
	}
	p, err := Build(NewParams(1), Key{}, f)
	require.NoError(t, err)
	assert.EqualError(t, p.SetFloats("z", nil), `graph: the program has no "z"; it has ["i" "i2" "one" "s" "unused" "x" "y"]`)
	assert.EqualError(t, p.SetFloats("y", nil), `graph: "y" is an output and cannot be set`)
	assert.EqualError(t, p.SetFloats("x", make([]float32, 5)), `graph: "x": shape [2 3] wants 6 values, got 5`)
	assert.EqualError(t, p.SetFloats("i", make([]float32, 2)), `graph: "i" holds ids, not floats`)
	assert.EqualError(t, p.SetIDs("x", make([]int, 6)), `graph: "x" holds floats, not ids`)
	assert.EqualError(t, p.SetIDs("i", make([]int, 3)), `graph: "i": shape [2] wants 2 values, got 3`)
	_, err = p.Scalar("y")
	assert.EqualError(t, err, `graph: "y" has shape [2 3], not one element`)
	_, err = p.Integers("y")
	assert.Error(t, err)
	require.NoError(t, p.SetIDs("one", []int{7}))
	require.NoError(t, p.SetFloats("x", []float32{1, 2, 3, 4, 5, 6}))
	require.NoError(t, p.SetIDs("i", []int{1, 0}))
	require.NoError(t, p.Run())
	y, err := p.Floats("y")
	require.NoError(t, err)
	assert.Equal(t, []float32{4, 5, 6, 1, 2, 3}, y)
	i2, err := p.Integers("i2")
	require.NoError(t, err)
	assert.Equal(t, []int{7}, i2)
	assert.Nil(t, p.Shape("s"))

	p64, err := Build(NewParams64(1), Key{}, f)
	require.NoError(t, err)
	_, err = p64.Floats("y")
	assert.EqualError(t, err, `graph: "y" holds float64; use Float64s`)
}

// A closed program says so and does not panic.
func TestClose(t *testing.T) {
	p, err := Build(NewParams(1), Key{B: 2, T: 2, Train: true}, smallLSTM(4, 5, nil))
	require.NoError(t, err)
	var vm gorgonia.VM = p
	require.NoError(t, vm.Close())
	require.NoError(t, vm.Close())
	vm.Reset()
	assert.ErrorIs(t, vm.RunAll(), ErrClosed)
	assert.ErrorIs(t, p.SetIDs("ids", nil), ErrClosed)
	assert.ErrorIs(t, p.SetFloats("ids", nil), ErrClosed)
	assert.ErrorIs(t, p.SetState("state", nil), ErrClosed)
	assert.ErrorIs(t, p.Reorder("state", nil), ErrClosed)
	_, err = p.State("state")
	assert.ErrorIs(t, err, ErrClosed)
	_, err = p.Scalar("loss")
	assert.ErrorIs(t, err, ErrClosed)
	_, err = p.Integers("ids")
	assert.ErrorIs(t, err, ErrClosed)
	assert.ErrorIs(t, p.CopyFrom("x", p, "y"), ErrClosed)
	p.ZeroState()
	p.SetStep(3)
	assert.Nil(t, p.Names())
	assert.Nil(t, p.Shape("loss"))
	assert.Equal(t, 2, p.Key().T)
	assert.NotNil(t, p.Params())
}

// Nodes show their values as Gorgonia's do after a run.
func TestNodesShowValues(t *testing.T) {
	var x, y, W, s *Node
	p, err := Build(NewParams64(1), Key{Train: true}, func(g *Builder) {
		x = g.Input("x", 2)
		W = g.Param("W", Constant(3), 2)
		y = g.Mul(x, W)
		s = g.SumAll(y)
		g.Output("y", y)
		g.Minimise("loss", s)
	})
	require.NoError(t, err)
	require.NoError(t, p.SetFloat64s("x", []float64{1, 2}))
	require.NoError(t, p.Run())
	assert.Equal(t, []float64{1, 2}, x.Value().Data())
	assert.Equal(t, []float64{3, 3}, W.Value().Data())
	assert.Equal(t, []float64{3, 6}, y.Value().Data())
	assert.Equal(t, 9.0, s.Value().Data())
	d, err := W.Grad()
	require.NoError(t, err)
	assert.Equal(t, []float64{1, 2}, d.Data())
}

func cacheFormula(g *Builder) {
	x := g.Input("x", g.B, g.T)
	W := g.Param("W", Constant(2), 1, 3)
	var sums []*Node
	for _, c := range g.Chunk(x, g.T) {
		sums = append(sums, g.Tanh(g.MatMul(c, W)))
	}
	g.Output("y", g.Sum(sums...))
}

// Programs of a cache share an arena: run in turn, with sizes that make it
// grow, each gives what it gives alone.
func TestCacheSharesMemory(t *testing.T) {
	ps := NewParams64(1)
	c := NewCache(ps, 0, cacheFormula)
	keys := []Key{{B: 1, T: 2}, {B: 4, T: 9}, {B: 2, T: 3}, {B: 7, T: 30}}
	for range 2 {
		for _, key := range keys {
			p, err := c.Get(key)
			require.NoError(t, err)
			alone, err := Build(ps, key, cacheFormula)
			require.NoError(t, err)
			for _, q := range []*Program{p, alone} {
				fillInputs(q, uint64(key.B))
				require.NoError(t, q.Run())
			}
			got, _ := p.Float64s("y")
			want, _ := alone.Float64s("y")
			assert.Equal(t, want, got, "%+v", key)
		}
	}
	first, _ := c.Get(keys[0])
	last, _ := c.Get(keys[3])
	assert.Same(t, first.m64.arena, last.m64.arena)
	assert.Equal(t, 4, c.Len())
	require.NoError(t, c.Close())
	assert.Zero(t, c.Len())
	assert.ErrorIs(t, first.Run(), ErrClosed)
	_, err := c.Get(keys[0])
	assert.NoError(t, err, "a closed cache is an empty one")
}

// The least recently used program is dropped, and a closed one built again.
func TestCacheDropsTheLeastRecentlyUsed(t *testing.T) {
	built := 0
	c := NewCache(NewParams(1), 2, func(g *Builder) { built++; cacheFormula(g) })
	get := func(T int) *Program {
		p, err := c.Get(Key{B: 1, T: T})
		require.NoError(t, err)
		return p
	}
	a := get(1)
	get(2)
	assert.Same(t, a, get(1))
	get(3) // drops 2
	assert.Equal(t, 2, c.Len())
	assert.Same(t, a, get(1))
	assert.Equal(t, 3, built)
	get(2)
	assert.Equal(t, 4, built)
	require.NoError(t, get(2).Close())
	assert.NoError(t, get(2).Run())
	assert.Equal(t, 5, built)
	_, err := c.Get(Key{B: -1})
	assert.Error(t, err)
	_, err = c.Get(Key{B: 1})
	assert.ErrorContains(t, err, "every axis must be at least 1")
}
