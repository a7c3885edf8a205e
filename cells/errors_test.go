package cells_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// returns is a cell of one state tensor whose step gives back n.
type returns struct{ n int }

func (r returns) Bind(g *graph.Builder) cells.Step {
	return func(x *graph.Node, s cells.State) (*graph.Node, cells.State) {
		next := make(cells.State, r.n)
		for i := range next {
			next[i] = s[0]
		}
		return x, next
	}
}
func (r returns) Zero(g *graph.Builder) cells.State { return cells.State{g.Zeros(g.B, 2)} }
func (r returns) Out() int                          { return 2 }

// TestErrors: what is built wrongly is an error with its path, never a panic.
func TestErrors(t *testing.T) {
	lstm, rnn := cells.LSTM{In: 2, Hidden: 2}, cells.RNN{In: 2, Hidden: 2}
	both := cells.Bidirectional{Forward: lstm, Backward: rnn}
	half := cells.Bidirectional{Forward: lstm}
	hole := cells.Stack{Layers: []cells.Layer{cells.Recurrent{Cell: rnn}, nil}}
	type seq = cells.Seq

	// walk binds a layer in the scope net and gives it a state.
	walk := func(l cells.Layer, init func(g *graph.Builder) cells.State, lens bool) func(g *graph.Builder) *graph.Node {
		return func(g *graph.Builder) *graph.Node {
			s := seq{}
			run := l.Bind(g.Scope("net"))
			if init != nil {
				s.Init = init(g)
			}
			if lens {
				s.Lens = g.IDs("lens", g.B)
			}
			ys, _ := run(g.Input("x", g.T, g.B, 2), s)
			return ys
		}
	}
	sized := func(c cells.Cell) func(g *graph.Builder) *graph.Node {
		l := cells.Recurrent{Cell: c}
		return walk(l, l.Zero, false)
	}
	tensors := func(n int) func(g *graph.Builder) cells.State {
		return func(g *graph.Builder) (s cells.State) {
			for range n {
				s = append(s, g.Zeros(g.B, 2))
			}
			return s
		}
	}
	dense := func(d cells.Dense) func(g *graph.Builder) *graph.Node {
		return func(g *graph.Builder) *graph.Node { return d.Bind(g.Scope("net"))(g.Input("x", g.B, 2)) }
	}
	embed := func(e cells.Embedding) func(g *graph.Builder) *graph.Node {
		return func(g *graph.Builder) *graph.Node { return e.Bind(g.Scope("net"))(g.IDs("ids", g.B)) }
	}
	table := map[string]struct {
		f    func(g *graph.Builder) *graph.Node
		want string
	}{
		"no initial state":        {walk(cells.Recurrent{Cell: rnn}, nil, false), "graph: net: unroll: an initial state is needed; Zero gives one"},
		"too many states":         {sized(returns{2}), "graph: net/step 0: unroll: the step returned 2 state tensors, it got 1"},
		"no states":               {sized(returns{0}), "graph: net/step 0: unroll: the step returned 0 state tensors, it got 1"},
		"too many states, masked": {walk(cells.Recurrent{Cell: returns{2}}, returns{}.Zero, true), "unroll: the step returned 2 state tensors, it got 1"},
		"no states, masked":       {walk(cells.Recurrent{Cell: returns{0}}, returns{}.Zero, true), "unroll: the step returned 0 state tensors, it got 1"},

		"a state too long for the cell":  {walk(cells.Recurrent{Cell: rnn}, tensors(2), false), "graph: net: recurrent: a state of 1 tensors is needed, got 2"},
		"a state too short for the cell": {walk(cells.Recurrent{Cell: lstm}, tensors(1), false), "graph: net: recurrent: a state of 2 tensors is needed, got 1"},
		"recurrent without a cell":       {walk(cells.Recurrent{}, cells.Recurrent{}.Zero, false), "graph: net: recurrent: the cell is nil"},
		"without a backward cell":        {walk(half, half.Zero, false), "graph: net/backward: recurrent: the cell is nil"},
		"stack with a layer of nothing":  {walk(hole, hole.Zero, false), "graph: net/layer1: stack: the layer is nil"},
		"a state of a layer of nothing":  {func(g *graph.Builder) *graph.Node { return hole.Zero(g)[0] }, "graph: stack: layer 1 is nil"},
		"stack without layers":           {walk(cells.Stack{}, cells.Stack{}.Zero, false), "graph: net: stack: no layers"},
		"stack without state":            {walk(cells.Of(rnn, lstm), nil, false), "graph: net: stack: a state of 3 tensors is needed, got 0"},
		"stack, state too long":          {walk(cells.Of(rnn, lstm), tensors(4), false), "graph: net: stack: a state of 3 tensors is needed, got 4"},
		"bidirectional, state too short": {walk(both, tensors(2), false), "graph: net: bidirectional: a state of 3 tensors is needed, got 2"},
		"bidirectional, state too long":  {walk(both, tensors(4), false), "graph: net: bidirectional: a state of 3 tensors is needed, got 4"},
		"bidirectional without state":    {walk(both, nil, true), "graph: net: bidirectional: a state of 3 tensors is needed, got 0"},
		"bidirectional in a stack":       {walk(cells.Stack{Layers: []cells.Layer{both}}, tensors(2), false), "graph: net: stack: a state of 3 tensors is needed, got 2"},

		"state of the wrong width": {walk(cells.Recurrent{Cell: rnn}, func(g *graph.Builder) cells.State {
			return cells.State{g.Const(1, g.B, 5)}
		}, false), "graph: net/step 0: MatMul: shapes [3 5] and [2 2] do not agree: 5 != 2"},
		"layers that do not fit": {
			walk(cells.Of(rnn, cells.RNN{In: 3, Hidden: 2}), tensors(2), false),
			"graph: net/layer1/step 0: MatMul: shapes [3 2] and [3 2] do not agree: 2 != 3",
		},
		"dropout of 1": {
			walk(cells.Stack{Layers: cells.Of(rnn, rnn).Layers, Dropout: 1}, tensors(2), false),
			"graph: net/layer1: Dropout: the probability must be in [0, 1), got 1",
		},
		"one mask, dropout below 0": {
			walk(cells.Stack{Layers: cells.Of(rnn, rnn).Layers, Dropout: -1, OneMask: true}, tensors(2), false),
			"graph: net/layer1: Dropout: the probability must be in [0, 1), got -1",
		},

		"RNN, In 0":          {sized(cells.RNN{Hidden: 2}), `graph: net: parameter "net/Wx": shape [0 2]: every axis must be at least 1`},
		"RNN, Hidden 0":      {sized(cells.RNN{In: 2}), `parameter "net/Wx": shape [2 0]`},
		"RNN, Hidden -1":     {sized(cells.RNN{In: 2, Hidden: -1}), `parameter "net/Wx": shape [2 -1]`},
		"RNN, Output -1":     {sized(cells.RNN{In: 2, Hidden: 2, Output: -1}), `parameter "net/Why": shape [2 -1]`},
		"LSTM, In -1":        {sized(cells.LSTM{In: -1, Hidden: 2}), `parameter "net/Wx": shape [-1 8]`},
		"LSTM, Hidden 0":     {sized(cells.LSTM{In: 2}), `parameter "net/Wx": shape [2 0]`},
		"LSTM, Hidden -1":    {sized(cells.LSTM{In: 2, Hidden: -1}), `parameter "net/Wx": shape [2 -4]`},
		"GRU, Hidden 0":      {sized(cells.GRU{In: 2}), `parameter "net/Wx": shape [2 0]`},
		"GRU, Hidden -1":     {sized(cells.GRU{In: 2, Hidden: -1, ResetBefore: true}), `parameter "net/Wx": shape [2 -3]`},
		"dense, In 0":        {dense(cells.Dense{Out: 2}), `parameter "net/W": shape [0 2]`},
		"dense, Out -1":      {dense(cells.Dense{In: 2, Out: -1}), `parameter "net/W": shape [2 -1]`},
		"dense, wrong width": {dense(cells.Dense{In: 7, Out: 1}), "graph: net: MatMul: shapes [3 2] and [7 1] do not agree: 2 != 7"},
		"embedding, Rows 0":  {embed(cells.Embedding{Width: 2}), `parameter "net/E": shape [0 2]`},
		"embedding, Width 0": {embed(cells.Embedding{Rows: 2}), `parameter "net/E": shape [2 0]`},
		"embedding, -1":      {embed(cells.Embedding{Rows: 2, Width: -1}), `parameter "net/E": shape [2 -1]`},
	}
	for name, c := range table {
		for mode, opts := range modes {
			t.Run(name+"/"+mode, func(t *testing.T) {
				_, err := graph.Build(graph.NewParams(1), graph.Key{B: 3, T: 2, Train: true}, func(g *graph.Builder) {
					g.Output("y", c.f(g))
				}, opts...)
				assert.ErrorContains(t, err, c.want)
				if err != nil {
					assert.NotContains(t, err.Error(), "runtime error")
				}
			})
		}
	}
}
