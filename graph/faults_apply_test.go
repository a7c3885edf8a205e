package graph

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/gorgonia"
)

// Faults of Gorgonia that could reach through to ours where the user's own names and
// operations meet Gorgonia.

// A parameter and an input of one path and shape are one node of Gorgonia's, and
// so is an input with the name that a constant or a mask has inside.
func TestFaultEqualNamesOfTwoKinds(t *testing.T) {
	for name, second := range map[string]func(*Builder) *Node{
		"x":           func(g *Builder) *Node { return g.Param("x", Constant(3), 2) },
		"const 3 [2]": func(g *Builder) *Node { return g.Const(3, 2) },
		"mask 1":      func(g *Builder) *Node { return g.DropMask(0.5, 2) },
	} {
		for _, inputFirst := range []bool{true, false} {
			t.Run(fmt.Sprint(name, ", input first: ", inputFirst), func(t *testing.T) {
				var a, b *Node
				_, err := Build(NewParams64(1), Key{Train: true}, func(g *Builder) {
					if inputFirst {
						a, b = g.Input(name, 2), second(g)
					} else {
						b, a = second(g), g.Input(name, 2)
					}
					g.Output("sum", g.Add(a, b))
				})
				if err == nil {
					assert.NotSame(t, a, b, "two nodes, or an error")
				}
			})
		}
	}
}

// Operations of Gorgonia that a user mixes in are made by ApplyOp, and merged as
// Gorgonia merges: slices 256 apart are one here too.
func TestFaultApplyMerging(t *testing.T) {
	slice := func(from int) gorgonia.Op {
		x := stockMatrix(gorgonia.NewGraph(), "x", 1, 512)
		return gorgonia.Must(gorgonia.Slice(x, nil, gorgonia.S(from, from+2))).Op()
	}
	out := runOurs(t, func(g *Builder) {
		x := g.Input("x", 1, 512)
		g.Output("near", g.Apply(slice(1), x))
		g.Output("far", g.Apply(slice(257), x))
	}, map[string][]float64{"x": counting(512)})
	assert.Equal(t, []float64{1, 2}, out["near"])
	assert.Equal(t, []float64{257, 258}, out["far"])
}

// A caller that reuses the slice of operands changes the children of a node that
// Apply has made: its value is right, its picture and what SymDiff sees is not.
func TestFaultApplyKeepsSlice(t *testing.T) {
	g := newBuilder(NewParams64(1), Key{}, nil)
	a, b, c := g.Input("a", 2), g.Input("b", 2), g.Input("c", 2)
	buf := []*Node{a, b}
	sum := g.Apply(gorgonia.Must(gorgonia.Add(b, c)).Op(), buf...)
	require.NoError(t, g.Err())
	buf[1] = c
	children := g.expr.From(sum.ID())
	require.True(t, children.Next())
	assert.Same(t, a, children.Node())
	require.True(t, children.Next())
	assert.Same(t, b, children.Node())
}
