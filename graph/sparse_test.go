package graph

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/gorgonia"
)

// tableLoss looks up a table of 97 rows twice, the second time once per step,
// so that its gradient is a sum of several look-ups; W is dense.
func tableLoss(g *Builder) {
	E := g.Scope("embed").Param("E", Normal(1), 97, 5)
	W := g.Param("W", Glorot, 5, 2)
	a := g.Gather(E, g.IDs("ids", g.T, g.B))
	loss := g.Mean(g.Square(g.Tanh(g.MatMul(a, W))))
	for _, ids := range g.Unstack(g.IDs("again", g.T, g.B)) {
		loss = g.Add(loss, g.Mean(g.Square(g.Gather(E, ids))))
	}
	g.Minimise("loss", loss)
}

// draw sets all ids of a program at random; many are equal, and 0 as padding is
// the most frequent.
func draw(t *testing.T, rng *rand.Rand, V int, ps ...*Program) {
	for _, name := range []string{"ids", "again"} {
		ids := make([]int, size(ps[0].Shape(name)))
		for i := range ids {
			ids[i] = max(0, rng.IntN(V+V/4)-V/4)
		}
		for _, p := range ps {
			require.NoError(t, p.SetIDs(name, ids))
		}
	}
}

// requireListed says whether exactly the listed rows of a gradient may differ
// from 0, in ascending order.
func requireListed(t *testing.T, p *Param) {
	t.Helper()
	rows := p.GradRows()
	require.NotNil(t, rows)
	require.True(t, slices.IsSorted(rows) && len(slices.Compact(slices.Clone(rows))) == len(rows), "%v", rows)
	for i, x := range p.Grads() {
		if x != 0 {
			require.Contains(t, rows, i/p.Cols())
		}
	}
}

// A row-sparse gradient is the dense one to the bit, run after run, and so are
// its bits in memory outside the list.
func TestRowSparseGradientIsTheDenseOne(t *testing.T) {
	for _, makeParams := range []func(uint64) *Params{NewParams, NewParams64} {
		a, b := makeParams(1), makeParams(1)
		sparse, err := Build(a, Key{B: 3, T: 5, Train: true}, tableLoss)
		require.NoError(t, err)
		dense, err := Build(b, Key{B: 3, T: 5, Train: true}, tableLoss, Plain)
		require.NoError(t, err)
		rng := rand.New(rand.NewPCG(1, 2))
		for range 6 {
			draw(t, rng, 97, sparse, dense)
			require.NoError(t, sparse.Run())
			require.NoError(t, dense.Run())
			requireListed(t, a.Get("embed/E"))
			assert.Nil(t, b.Get("embed/E").GradRows())
			assert.Nil(t, a.Get("W").GradRows())
			assert.Equal(t, bitsOf(b.Get("embed/E").Grads()), bitsOf(a.Get("embed/E").Grads()))
			assert.InEpsilon(t, norm(a.Get("embed/E").Grads(), a.Get("W").Grads()), a.GradNorm(), 1e-14)
		}
	}
}

// norm is the Euclidean length of some vectors together.
func norm(xs ...[]float64) float64 {
	sum := 0.0
	for _, x := range xs {
		for _, v := range x {
			sum += v * v
		}
	}
	return math.Sqrt(sum)
}

// The interpreter computes every node by itself, in memory of its own.
func TestRowSparseGradientIsInterpreted(t *testing.T) {
	p := requireInterpreted(t, Key{B: 3, T: 5, Train: true}, tableLoss)
	rng := rand.New(rand.NewPCG(3, 4))
	for range 4 {
		draw(t, rng, 97, p)
		require.NoError(t, runAgainst(p))
	}
}

// Only look-ups of the parameter itself, of fewer ids than it has rows, are
// row-sparse.
func TestWhatStaysDense(t *testing.T) {
	twice := func(g *Builder, E, F *Node) *Node {
		ids := g.IDs("ids", 4)
		return g.Mean(g.Mul(g.Gather(E, ids), g.Gather(F, ids)))
	}
	look := func(g *Builder, E *Node) *Node { return twice(g, E, E) }
	for name, c := range map[string]struct {
		rows int
		f    func(g *Builder, E *Node) *Node
		opts []Option
	}{
		"tied weights":          {9, func(g *Builder, E *Node) *Node { return g.Mean(g.MatMulT(g.Gather(E, g.IDs("ids", 4)), E)) }, nil},
		"decay in the loss":     {9, func(g *Builder, E *Node) *Node { return g.Add(look(g, E), g.Mean(g.Square(E))) }, nil},
		"an alias beside":       {9, func(g *Builder, E *Node) *Node { return twice(g, E, g.Alias(E)) }, nil},
		"a function of a table": {9, func(g *Builder, E *Node) *Node { return look(g, g.Tanh(E)) }, nil},
		"no more rows than ids": {4, look, nil},
		"plain":                 {9, look, []Option{Plain}},
		"no influence":          {9, func(g *Builder, E *Node) *Node { return g.Mean(g.Input("x", 2)) }, nil},
		"exchanged with product": {4, func(g *Builder, E *Node) *Node {
			return g.Mean(g.MatMulT(g.Gather(E, g.IDs("ids", 4)), g.Input("x", 3, 2)))
		}, nil},
	} {
		ps := NewParams64(1)
		p, err := Build(ps, Key{Train: true}, func(g *Builder) {
			g.Minimise("loss", c.f(g, g.Param("E", Normal(1), c.rows, 2)))
		}, c.opts...)
		require.NoError(t, err, name)
		require.NoError(t, p.Run(), name)
		assert.Nil(t, ps.Get("E").GradRows(), name)
	}
}

// Programs of two sizes and a dense one train one table in turn, with failing
// runs in between: each finds the rows that the others have left.
func TestProgramsShareTheList(t *testing.T) {
	ps, alone := NewParams64(1), NewParams64(1)
	build := func(ps *Params, T int, opts ...Option) *Program {
		p, err := Build(ps, Key{B: 3, T: T, Train: true}, tableLoss, opts...)
		require.NoError(t, err)
		return p
	}
	E, want := func() *Param { return ps.Get("embed/E") }, func() *Param { return alone.Get("embed/E") }
	programs := []*Program{build(ps, 5), build(ps, 2), build(ps, 5, Plain)}
	oracles := []*Program{build(alone, 5, Plain), build(alone, 2, Plain), build(alone, 5, Plain)}
	solver := gorgonia.NewVanillaSolver(gorgonia.WithLearnRate(0))
	rng := rand.New(rand.NewPCG(5, 6))
	for n := range 60 {
		i := rng.IntN(len(programs))
		if n%7 == 3 {
			draw(t, rng, 150, programs[i]) // some ids are outside the table
			require.Error(t, programs[i].Run())
		}
		if n%11 == 5 {
			require.NoError(t, ps.StepWith(solver))
			assert.Nil(t, E().GradRows())
			assert.Zero(t, ps.GradNorm())
		}
		draw(t, rng, 97, programs[i], oracles[i])
		require.NoError(t, programs[i].Run())
		require.NoError(t, oracles[i].Run())
		assert.Equal(t, bitsOf(want().Grads()), bitsOf(E().Grads()))
		assert.InEpsilon(t, alone.GradNorm(), ps.GradNorm(), 1e-14)
		if i < 2 {
			requireListed(t, E())
		} else {
			assert.Nil(t, E().GradRows())
		}
	}
}

// Any number of workers lists and adds the same; an id outside the table is an
// error of the run, of a team too, that leaves all rows but the listed 0.
func TestTeamsAddRows(t *testing.T) {
	for _, n := range []int{1, 2, 3, 7} {
		withProcessors(n, func() {
			p := requireInterpreted(t, Key{B: 3, T: 5, Train: true}, tableLoss)
			enlarge(p)
			rng := rand.New(rand.NewPCG(7, 8))
			for range 20 {
				draw(t, rng, 97, p)
				require.NoError(t, runAgainst(p))
				requireListed(t, p.Params().Get("embed/E"))
				draw(t, rng, 110, p)
				if p.Run() != nil {
					requireListed(t, p.Params().Get("embed/E"))
				}
			}
		})
	}
}

// What others write into the gradient is cleared if they say so.
func TestForgetGradRows(t *testing.T) {
	ps := NewParams(1)
	p, err := Build(ps, Key{B: 3, T: 5, Train: true}, tableLoss)
	require.NoError(t, err)
	assert.Nil(t, ps.Get("embed/E").GradRows(), "nothing has run")
	require.NoError(t, p.Run())
	assert.Equal(t, []int{0}, ps.Get("embed/E").GradRows())
	for i := range ps.Get("embed/E").Grad32s() {
		ps.Get("embed/E").Grad32s()[i] = 1
	}
	ps.Get("embed/E").ForgetGradRows()
	assert.Nil(t, ps.Get("embed/E").GradRows())
	assert.Greater(t, ps.GradNorm(), 20.0)
	require.NoError(t, p.Run())
	requireListed(t, ps.Get("embed/E"))
	assert.Len(t, ps.Get("embed/E").GradRows(), 1)
}

// Neither lists nor norms allocate, whatever the ids.
func TestRowSparseGradientsAllocateNothing(t *testing.T) {
	ps := NewParams(1)
	p, err := Build(ps, Key{B: 3, T: 5, Train: true}, tableLoss)
	require.NoError(t, err)
	require.NoError(t, p.Run())
	rng := rand.New(rand.NewPCG(9, 1))
	ids, err := p.Integers("ids")
	require.NoError(t, err)
	assert.Zero(t, testing.AllocsPerRun(50, func() {
		for i := range ids {
			ids[i] = rng.IntN(97)
		}
		if p.Run() != nil || !(ps.GradNorm() > 0) {
			t.Fatal("the run failed")
		}
	}))
}
