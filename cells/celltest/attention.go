package celltest

import (
	"slices"
	"strings"
	"testing"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
)

// attentionLaw is one thing that holds for every attention.
type attentionLaw struct {
	name  string
	says  string
	check func(t *testing.T, a attention)
}

var attentionLaws = []attentionLaw{
	{"shapes", "Keys are [S, B, KeyWidth]; a query [B, Q] gives the context [B, M] and the weights [B, S], queries " +
		"[T, B, Q] give [T, B, M] and [T, B, S].", readShapes},
	{"weights", "Weights are positive within a row's length and 0 past it, they sum to 1, and the context is the mean " +
		"of the memory by them; a row of length 0 has zeros, a length beyond the memory is all of it.", weigh},
	{"full", "No lengths are lengths of all steps.", full},
	{"beyond", "What stands past a row's length changes nothing.", beyond},
	{"permuting", "Permuting the memory permutes the weights and leaves the context.", permuting},
	{"batch", "The rows of a batch are independent: changing one leaves the bits of the others alone, and a row by " +
		"itself gives what it gives in company.", batchRows},
	{"at once", "Many queries at once are what they are one after the other.", atOnce},
	{"keys", "Keys that are handed over from another program give what keys made on the spot give.", keysHanded},
	{"gradients", "The gradients of all parameters, queries and memory are the derivatives of the loss, one query after the " +
		"other and all at once.", readGradients},
	{"rewriting", "What the engine takes off the formula does not change contexts or weights.", readPlain},
	{"wrong width", "A query or a memory of the wrong width is an error that names the path.", readWrong},
}

// RunAttention checks the laws of every attention, for queries [.., query] and
// memories [.., memory], each in a subtest.
func RunAttention(t *testing.T, a cells.Attention, query, memory int) {
	t.Helper()
	for _, l := range attentionLaws {
		t.Run(l.name, func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Logf("the law of %q: %s", l.name, l.says)
				}
			}()
			l.check(t, attention{a, query, memory})
		})
	}
}

// attention is the subject of its laws.
type attention struct {
	cells.Attention
	query, memory int
}

// look is some queries and a memory; lens nil: without lengths.
type look struct {
	T, B, S         int
	queries, memory []float64
	lens            []int
	atOnce, handed  bool // keys come from another program
	opts            []graph.Option
}

// looks is a look of which row b has the length lens[b].
func (a attention) looks(lens ...int) look {
	l := look{T: 3, B: len(lens), S: 5, lens: lens}
	l.queries, l.memory = draw("queries", l.T*l.B*a.query), draw("memory", l.S*l.B*a.memory)
	return l
}

// bind declares the inputs and returns the read and the queries.
func (a attention) bind(g *graph.Builder, l look) (cells.Read, *graph.Node) {
	attend := a.Bind(g.Scope(scope))
	memory := g.Input("memory", l.S, l.B, a.memory)
	var lens *graph.Node
	if l.lens != nil {
		lens = g.IDs("lens", l.B)
	}
	queries := g.Input("queries", l.T, l.B, a.query)
	if l.handed {
		return attend.With(memory, g.Input("keys", l.S, l.B, a.KeyWidth()), lens), queries
	}
	g.Output("keys", attend.Keys(memory))
	return attend.To(memory, lens), queries
}

// read reads all queries at once or one after the other.
func read(g *graph.Builder, r cells.Read, queries *graph.Node, atOnce bool) (contexts, weights *graph.Node) {
	if atOnce {
		return r(queries)
	}
	var cs, ws []*graph.Node
	for t, q := range g.Unstack(queries) {
		g.InStep(t, func() {
			c, w := r(q)
			cs, ws = append(cs, c), append(ws, w)
		})
	}
	return g.Stack(cs...), g.Stack(ws...)
}

// build is a program for a look with its inputs set.
func (a attention) build(t *testing.T, params *graph.Params, l look) *graph.Program {
	t.Helper()
	prog, err := graph.Build(params, graph.Key{B: l.B, T: l.T, N: l.S}, func(g *graph.Builder) {
		r, queries := a.bind(g, l)
		context, weights := read(g, r, queries, l.atOnce)
		g.Output("context", context)
		g.Output("weights", weights)
	}, l.opts...)
	if err == nil {
		err = prog.SetFloat64s("queries", l.queries)
	}
	if err == nil {
		err = prog.SetFloat64s("memory", l.memory)
	}
	if err == nil && l.lens != nil {
		err = prog.SetIDs("lens", l.lens)
	}
	if err != nil {
		t.Fatal(err)
	}
	return prog
}

// reads runs a look.
func (a attention) reads(t *testing.T, p precision, l look) (contexts, weights []float64) {
	t.Helper()
	prog := a.build(t, p.params(1), l)
	move(t, prog.Params())
	if l.handed {
		first := l
		first.handed = false
		from := a.build(t, prog.Params(), first)
		if err := from.Run(); err != nil {
			t.Fatal(err)
		}
		if err := prog.CopyFrom("keys", from, "keys"); err != nil {
			t.Fatal(err)
		}
	}
	if err := prog.Run(); err != nil {
		t.Fatal(err)
	}
	return floats(t, prog, "context"), floats(t, prog, "weights")
}

func readShapes(t *testing.T, a attention) {
	for _, atOnce := range []bool{false, true} {
		l := a.looks(5, 2)
		l.atOnce = atOnce
		prog := a.build(t, graph.NewParams(1), l)
		for name, want := range map[string][]int{
			"keys": {l.S, l.B, a.KeyWidth()}, "context": {l.T, l.B, a.memory}, "weights": {l.T, l.B, l.S},
		} {
			if got := prog.Shape(name); !slices.Equal(got, want) {
				t.Errorf("%s: shape %v, wanted %v", name, got, want)
			}
		}
	}
}

func readWrong(t *testing.T, a attention) {
	for _, b := range []attention{{a.Attention, a.query + 1, a.memory}, {a.Attention, a.query, a.memory + 1}} {
		l := b.looks(5)
		_, err := graph.Build(graph.NewParams(1), graph.Key{B: l.B, T: l.T, N: l.S}, func(g *graph.Builder) {
			r, queries := b.bind(g, l)
			context, _ := read(g, r, queries, false)
			g.Output("context", context)
		})
		if err == nil || !strings.Contains(err.Error(), scope) {
			t.Errorf("query of %d, memory of %d: an error with %q is wanted, got %v", b.query, b.memory, scope, err)
		}
	}
}

func readGradients(t *testing.T, a attention) {
	for _, atOnce := range []bool{false, true} {
		l := a.looks(5, 0, 3)
		err := gradcheck.Check(graph.NewParams64(1), graph.Key{B: l.B, T: l.T, N: l.S}, func(g *graph.Builder) {
			r := a.Bind(g.Scope(scope)).To(g.Param("memory", graph.Normal(1), l.S, l.B, a.memory), g.IDs("lens", l.B))
			context, weights := read(g, r, g.Param("queries", graph.Normal(1), l.T, l.B, a.query), atOnce)
			g.Minimise("loss", g.Add(g.SumAll(g.Mul(context, g.Input("by", l.T, l.B, a.memory))),
				g.SumAll(g.Mul(weights, g.Input("and", l.T, l.B, l.S)))))
		}, gradcheck.Options{Set: func(p *graph.Program) error {
			if err := p.SetIDs("lens", l.lens); err != nil {
				return err
			}
			if err := p.SetFloat64s("by", draw("by", l.T*l.B*a.memory)); err != nil {
				return err
			}
			return p.SetFloat64s("and", draw("and", l.T*l.B*l.S))
		}})
		if err != nil {
			t.Errorf("at once %v: %v", atOnce, err)
		}
	}
}
