package cells_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// mine is the LSTM's formula under another name.
type mine struct{ in, hidden int }

func (m mine) Bind(g *graph.Builder) cells.Step {
	D, H := m.in, m.hidden
	Wx := g.Param("Wx", graph.Glorot, D, 4*H)
	Wh := g.Param("Wh", graph.Orthogonal, H, 4*H)
	b := g.Param("b", graph.Zeros, 4*H)
	return func(x *graph.Node, s cells.State) (*graph.Node, cells.State) {
		h, c := s[0], s[1]
		i, f, u, o := g.Chunk4(g.Affine(b, x, Wx, h, Wh))
		i, f, o = g.Sigmoid(i), g.Sigmoid(f), g.Sigmoid(o)
		u = g.Tanh(u)
		c = g.Add(g.Mul(f, c), g.Mul(i, u))
		h = g.Mul(o, g.Tanh(c))
		return h, cells.State{h, c}
	}
}

func (m mine) Zero(g *graph.Builder) cells.State {
	return cells.State{g.Zeros(g.B, m.hidden), g.Zeros(g.B, m.hidden)}
}

func (m mine) Out() int { return m.hidden }

// planOf is the plan of training a language model with the cell over T steps.
func planOf(t *testing.T, cell cells.Cell, T int) graph.Plan {
	t.Helper()
	const V = 11
	p, err := graph.Build(graph.NewParams(1), graph.Key{B: 4, T: T, Train: true}, func(g *graph.Builder) {
		look := cells.Embedding{Rows: V, Width: 6}.Bind(g.Scope("embed"))
		run := cells.Of(cell).Bind(g.Scope("rnn"))
		out := cells.Dense{In: 8, Out: V}.Bind(g.Scope("out"))
		s := g.Carry("state", cell.Zero(g))
		ys, next := run(look(g.IDs("ids", g.T, g.B)), cells.Seq{Init: s})
		g.Next("state", next)
		g.Minimise("loss", g.CrossEntropy(out(ys), g.IDs("target", g.T, g.B)))
	})
	require.NoError(t, err)
	return p.Plan()
}

// The plan of an LSTM, pinned: whoever loses an optimisation meets this test.
// Forward a step has one product and one look-up, backward one product; everything else is made once.
func TestPlanOfTheLSTM(t *testing.T) {
	const T = 12
	p := planOf(t, cells.LSTM{In: 6, Hidden: 8}, T)
	assert.Equal(t, 2*T+6, p.Products, "T forward, T backward less one, Wh; E·Wx and its two; out and its two")
	assert.Equal(t, 19, p.Segments, "segments do not grow with T")
	for name, n := range map[string]int{
		"Loop": 2 * T, "CrossEntropyBoth": 1, "Gather": T, "Scatter": 1, "Transpose": 1, "SumRows": 2, "Stack": 1,
	} {
		assert.Equal(t, n, p.ByName[name], name)
	}
	assert.Equal(t, 9*T+12*T+1, p.Fused, "a step's gates are one loop forward, their gradients one backward")
	assert.Equal(t, 11*T+1, p.InPlace, "gates over what they are made from, their gradients over the gates, a state's over another, products over addends")
	assert.Equal(t, T+2, p.Joined, "gate gradients, outputs and their gradients are written where they belong")
	gate := 4 * 4 * 8 // bytes of [B, H]
	for name, n := range map[string]graph.Traffic{
		"Loop": {Read: (5*T + 8*T - 1) * gate, Written: (7*T + 5*T - 1) * gate}, "Gather": {Read: 4*T*gate + 8*4*T, Written: 4 * T * gate},
		"Stack": {Read: gate, Written: gate}, // the state before the first step, put before the others
	} {
		assert.Equal(t, n, p.Moved[name], name)
	}
	assert.Equal(t, graph.Traffic{Read: 99468, Written: 44708}, p.Traffic, "a copy that creeps in, or a loop that falls apart")
	for rule, n := range map[string]int{
		"products of a step made with those of all steps":      T,
		"products with looked-up rows exchanged for a look-up": T,
		"values of all steps made step by step":                1,
		"products of a gradient made as one of stacked rows":   T,
		"products with a transposed copy of weights":           T - 1,
	} {
		assert.Equal(t, n, p.Rules[rule], rule)
	}
}

// myGRU is the GRU's formula under another name.
type myGRU struct{ mine }

func (m myGRU) Bind(g *graph.Builder) cells.Step {
	D, H := m.in, m.hidden
	Wx, Wh := g.Param("Wx", graph.Glorot, D, 3*H), g.Param("Wh", graph.Orthogonal, H, 3*H)
	b, bn := g.Param("b", graph.Zeros, 3*H), g.Param("bn", graph.Zeros, H)
	return func(x *graph.Node, s cells.State) (*graph.Node, cells.State) {
		h := s[0]
		xr, xz, xn := g.Chunk3(g.Affine(b, x, Wx))
		hr, hz, hn := g.Chunk3(g.MatMul(h, Wh))
		r, z := g.Sigmoid(g.Add(xr, hr)), g.Sigmoid(g.Add(xz, hz))
		n := g.Tanh(g.Add(xn, g.Mul(r, g.Add(hn, bn))))
		h = g.Add(n, g.Mul(z, g.Sub(h, n)))
		return h, cells.State{h}
	}
}

func (m myGRU) Zero(g *graph.Builder) cells.State { return cells.State{g.Zeros(g.B, m.hidden)} }

// There is no hidden operation for a built-in cell: its formula under another
// name has the same plan.
func TestPlanOfACopy(t *testing.T) {
	assert.Equal(t, planOf(t, cells.LSTM{In: 6, Hidden: 8}, 9), planOf(t, mine{6, 8}, 9))
	assert.Equal(t, planOf(t, cells.GRU{In: 6, Hidden: 8}, 9), planOf(t, myGRU{mine{6, 8}}, 9))
}

// Operations for each step grow by a constant, whatever the cell.
func TestPlansGrowByTheStep(t *testing.T) {
	for _, tt := range []struct {
		cell     cells.Cell
		products int // for each step
		all      int
		moved    graph.Traffic // bytes for each step
	}{
		{cells.RNN{In: 6, Hidden: 8}, 2, 5, graph.Traffic{Read: 3008, Written: 1152}},
		{cells.LSTM{In: 6, Hidden: 8}, 2, 5, graph.Traffic{Read: 7744, Written: 3200}},
		{cells.GRU{In: 6, Hidden: 8}, 2, 6, graph.Traffic{Read: 6880, Written: 3200}},
		{cells.GRU{In: 6, Hidden: 8, ResetBefore: true}, 4, 12, graph.Traffic{Read: 8128, Written: 3584}},
	} {
		name := fmt.Sprintf("%+v", tt.cell)
		short, long := planOf(t, tt.cell, 10), planOf(t, tt.cell, 20)
		assert.Equal(t, tt.products*10, long.Products-short.Products, name)
		assert.Equal(t, tt.all*10, long.Operations-short.Operations, name)
		assert.Equal(t, 10*tt.moved.Read, long.Traffic.Read-short.Traffic.Read, name)
		assert.Equal(t, 10*tt.moved.Written, long.Traffic.Written-short.Traffic.Written, name)
		assert.Equal(t, short.Segments, long.Segments, name)
	}
}
