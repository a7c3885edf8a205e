package graph

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/gorgonia"

	"github.com/unroll-go/unroll/internal/kernel"
)

// interpret evaluates every live value of a float64 program one by one, each
// through the node's own Do and in memory of its own: no arena, no views, no
// writing over operands. It must be called before the run it stands for.
func interpret(p *Program) (map[*value]gorgonia.Value, error) {
	vals := map[*value]gorgonia.Value{}
	for _, v := range p.m64.p.order {
		x, err := interpretOne(p, v, vals)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v.kind.name(), err)
		}
		vals[v] = x
	}
	return vals, nil
}

func interpretOne(p *Program, v *value, vals map[*value]gorgonia.Value) (gorgonia.Value, error) {
	switch k := v.kind.(type) {
	case *parameter:
		return newTensor(v.shape, slices.Clone(k.p.f64)), nil
	case *input:
		if v.ids {
			return newTensor(v.shape, slices.Clone(p.idsOf(v))), nil
		}
		return newTensor(v.shape, slices.Clone(p.m64.slot(v))), nil
	case constant:
		x := make([]float64, size(v.shape))
		for i := range x {
			x[i] = k.x
		}
		return newTensor(v.shape, x), nil
	case *dropMask:
		rows, cols := dims(v.shape)
		seed := kernel.Mix(p.params.seed ^ kernel.Mix(p.step))
		c := &call[float64]{out: kernel.NewMat[float64](rows, cols), v: v, seed: &seed}
		k.run64(c)
		return newTensor(v.shape, c.out.Data), nil
	}
	in := make([]gorgonia.Value, len(v.in))
	for i, c := range v.in {
		x, err := gorgonia.CloneValue(vals[c])
		if err != nil {
			return nil, err
		}
		in[i] = x
	}
	return v.node.Op().Do(in...)
}

// bitsOf is a value as bit patterns; all NaN are one.
func bitsOf(x any) []uint64 {
	switch x := x.(type) {
	case []float64:
		out := make([]uint64, len(x))
		for i, f := range x {
			out[i] = math.Float64bits(f)
			if f != f {
				out[i] = math.MaxUint64
			}
		}
		return out
	case float64:
		return bitsOf([]float64{x})
	case []int:
		out := make([]uint64, len(x))
		for i, n := range x {
			out[i] = uint64(n)
		}
		return out
	case int:
		return bitsOf([]int{x})
	}
	return nil
}

// runAgainst runs a program once and says where it differs from the
// interpreter: in an output, a gradient or the next state.
func runAgainst(p *Program) error {
	want, err := interpret(p)
	if err != nil {
		return err
	}
	if err := p.Run(); err != nil {
		return err
	}
	differ := func(what string, v *value, got any) error {
		if !slices.Equal(bitsOf(want[v].Data()), bitsOf(got)) {
			return fmt.Errorf("%s: got %v, want %v", what, got, want[v].Data())
		}
		return nil
	}
	for _, o := range p.graph.outputs {
		var got any = p.idsOf(o.v)
		if !o.v.ids {
			got = p.m64.slot(o.v)
		}
		if err := differ("output "+o.name, o.v, got); err != nil {
			return err
		}
	}
	for _, u := range p.graph.updates {
		if err := differ("gradient "+u.param.path, u.grad, u.param.g64); err != nil {
			return err
		}
	}
	for _, c := range p.graph.carried {
		if err := differ("state "+c.name, c.next, p.m64.slot(c.leaf)); err != nil {
			return err
		}
	}
	return nil
}

// requireInterpreted runs a formula three times beside the interpreter.
func requireInterpreted(t *testing.T, key Key, f func(g *Builder), opts ...Option) *Program {
	t.Helper()
	p, err := Build(NewParams64(7), key, f, opts...)
	require.NoError(t, err)
	fillInputs(p, 1)
	for range 3 {
		require.NoError(t, runAgainst(p))
	}
	return p
}
