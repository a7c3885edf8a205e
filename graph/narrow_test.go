package graph

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// products is a formula with every way that weights come into a product: as they are, with an addend, transposed, in
// part, computed of parameters, and for all steps at once.
func products(g *Builder) {
	const D, H, V = 7, 40, 33
	x := g.Input("x", g.T, g.B, D)
	W, U, b := g.Param("W", Normal(1), D, H), g.Param("U", Normal(1), H, H), g.Param("b", Normal(1), H)
	E := g.Param("E", Normal(1), V, H)
	y := g.Affine(b, x, W)
	g.Output("affine", y)
	g.Output("tied", g.MatMulT(y, E))
	g.Output("part", g.MatMul(x, g.Rows(U, 3, 3+D)))
	g.Output("cols", g.MatMul(y, g.Cols(U, 5, 26)))
	g.Output("computed", g.MatMul(x, g.MatMul(W, U)))
	var steps []*Node
	for _, x := range g.Unstack(x) {
		steps = append(steps, g.Tanh(g.Affine(b, x, W)))
	}
	g.Output("steps", g.Stack(steps...))
}

var productNames = []string{"affine", "tied", "part", "cols", "computed", "steps"}

// outcome runs a formula once on a fixed x and returns its outputs.
func outcome(t *testing.T, ps *Params, key Key, opts ...Option) map[string][]float32 {
	t.Helper()
	p, err := Build(ps, key, products, opts...)
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(5, 5))
	x := make([]float32, size(p.Shape("x")))
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	require.NoError(t, p.SetFloats("x", x))
	require.NoError(t, p.Run())
	out := map[string][]float32{}
	for _, name := range productNames {
		y, err := p.Floats(name)
		require.NoError(t, err)
		out[name] = append([]float32(nil), y...)
	}
	return out
}

// rewrite replaces every parameter's values.
func rewrite(t *testing.T, ps *Params, f func(p *Param, k int, x float32) float32) {
	t.Helper()
	require.NoError(t, ps.Update(func(p *Param) error {
		w := p.Float32s()
		for k := range w {
			w[k] = f(p, k, w[k])
		}
		return nil
	}))
}

// Weights that are bfloat16 already, or small whole numbers, change nothing; others a little.
func TestNarrowProducts(t *testing.T) {
	key := Key{B: 3, T: 2}
	ps := NewParams(1)
	want := outcome(t, ps, key)
	for _, kind := range []Option{BFloat16, Int8} {
		got := outcome(t, ps, key, kind)
		for _, name := range productNames {
			assert.NotEqual(t, want[name], got[name], "%v: %s", kind, name)
			norm, off := 0.0, 0.0
			for i, w := range want[name] {
				norm += float64(w) * float64(w)
				off += math.Pow(float64(got[name][i]-w), 2)
			}
			assert.Less(t, math.Sqrt(off/norm), 0.02, "%v: %s", kind, name)
		}
	}
	rewrite(t, ps, func(p *Param, k int, x float32) float32 {
		return math.Float32frombits(math.Float32bits(x) &^ 0xffff)
	})
	want, got := outcome(t, ps, key), outcome(t, ps, key, BFloat16)
	for _, name := range []string{"affine", "tied", "part", "cols", "steps"} {
		assert.Equal(t, want[name], got[name], name)
	}
	rewrite(t, ps, func(p *Param, k int, _ float32) float32 {
		if len(p.Shape()) == 1 {
			return 0
		}
		return float32((k*37)%255-127) / 64
	})
	rewrite(t, ps, func(p *Param, k int, x float32) float32 { // 127 in each column and row
		if n := p.Shape()[len(p.Shape())-1]; len(p.Shape()) == 2 && (k/n == 5 || k%n == 6) {
			return 127. / 64
		}
		return x
	})
	want, got = outcome(t, ps, key), outcome(t, ps, key, Int8)
	assert.InDeltaSlice(t, want["affine"], got["affine"], 2e-5)
	assert.Equal(t, want["part"], got["part"])
}

// The numbers of a program do not depend on its sizes: few rows or many, one step or all.
func TestNarrowNumbersDoNotDependOnSizes(t *testing.T) {
	ps := NewParams(1)
	for _, kind := range []Option{BFloat16, Int8} {
		all := outcome(t, ps, Key{B: 11, T: 9}, kind)
		for _, key := range []Key{{B: 1, T: 1}, {B: 11, T: 1}, {B: 1, T: 40}} {
			for name, y := range outcome(t, ps, key, kind) {
				assert.Equal(t, all[name][:len(y)], y, "%v: %s of %+v", kind, name, key)
			}
		}
	}
}

// One version of the parameters has one copy of each weight, whichever programs read it; other programs are as before.
func TestNarrowCopiesAreShared(t *testing.T) {
	ps := NewParams(1)
	exact := outcome(t, ps, Key{B: 2, T: 2})
	wide := len(ps.derived)
	first := outcome(t, ps, Key{B: 2, T: 2}, BFloat16)
	all := len(ps.derived)
	assert.Equal(t, wide+5, all, "W, E', two parts of U, W·U")
	outcome(t, ps, Key{B: 1, T: 1}, BFloat16)
	outcome(t, ps, Key{B: 64, T: 3}, BFloat16)
	assert.Len(t, ps.derived, all)

	p, err := Build(ps, Key{B: 1, T: 1}, products, BFloat16)
	require.NoError(t, err)
	made := 0
	for i := range p.m32.derive {
		if in := &p.m32.derive[i]; in.d.narrow != nil {
			run := in.run
			in.run = func(c *call[float32]) { made++; run(c) }
		}
	}
	for range 3 {
		require.NoError(t, p.Run())
	}
	assert.Zero(t, made, "another program has made them")
	rewrite(t, ps, func(_ *Param, _ int, x float32) float32 { return 2 * x })
	for range 3 {
		require.NoError(t, p.Run())
	}
	assert.Equal(t, 5, made, "once for each version")
	for name, y := range outcome(t, ps, Key{B: 2, T: 2}, BFloat16) {
		assert.NotEqual(t, first[name], y, name)
	}
	rewrite(t, ps, func(_ *Param, _ int, x float32) float32 { return x / 2 })
	assert.Equal(t, first, outcome(t, ps, Key{B: 2, T: 2}, BFloat16))
	assert.Equal(t, exact, outcome(t, ps, Key{B: 2, T: 2}))
}

func TestNarrowRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		ps   *Params
		key  Key
		opts []Option
		want string
	}{
		"training": {NewParams(1), Key{B: 1, T: 1, Train: true}, []Option{Int8}, "graph: Int8 weights are for programs that only evaluate: a gradient step is lost in their rounding; build without Key.Train"},
		"float64":  {NewParams64(1), Key{B: 1, T: 1}, []Option{BFloat16}, "graph: BFloat16 weights are made of float32 parameters, these are float64"},
		"both":     {NewParams(1), Key{B: 1, T: 1}, []Option{BFloat16, Int8}, "graph: BFloat16 and Int8 exclude each other"},
		"plain":    {NewParams(1), Key{B: 1, T: 1}, []Option{Plain, Int8}, "graph: Plain leaves every operation as the formula has it, Int8 weights do not"},
	} {
		_, err := Build(c.ps, c.key, products, c.opts...)
		assert.EqualError(t, err, c.want, name)
		assert.Zero(t, c.ps.Count(), name)
	}
	_, err := Build(NewParams(1), Key{B: 1, T: 1}, products, Int8, Int8)
	assert.NoError(t, err)
}

// A weight that is not finite has no place in int8: the run says which, and works again when it is mended. In bfloat16
// it stays what it is.
func TestNarrowNotFinite(t *testing.T) {
	for path, want := range map[string]string{
		"W": `graph: parameter "W" is NaN at [2 4]; weights in int8 must be finite`,
		"U": `graph: parameter "U" is NaN at [4 3]; weights in int8 must be finite`, // read in part
	} {
		ps := NewParams(1)
		p, err := Build(ps, Key{B: 1, T: 1}, products, Int8)
		require.NoError(t, err)
		require.NoError(t, p.Run())
		good := ps.Get(path).Values()
		bad := append([]float64(nil), good...)
		bad[map[string]int{"W": 2*40 + 4, "U": 4*40 + 3}[path]] = math.NaN()
		require.NoError(t, ps.Set(path, bad))
		assert.EqualError(t, p.Run(), want)
		assert.EqualError(t, p.Run(), want)
		for _, x := range outcome(t, ps, Key{B: 1, T: 1}, BFloat16)["computed"][:1] {
			assert.True(t, path == "U" || x != x)
		}
		require.NoError(t, ps.Set(path, good))
		assert.NoError(t, p.Run())
	}
	ps := NewParams(1)
	_, err := Build(ps, Key{B: 1, T: 1}, products)
	require.NoError(t, err)
	rewrite(t, ps, func(p *Param, _ int, x float32) float32 { return 1e25 * x })
	p, err := Build(ps, Key{B: 1, T: 1}, products, Int8)
	require.NoError(t, err)
	assert.ErrorContains(t, p.Run(), "graph: what is computed of the parameters W, U is ")
}

// The step of a generator with narrow weights allocates nothing, also when the parameters have changed in between.
func TestNarrowRunsAllocateNothing(t *testing.T) {
	for _, kind := range []Option{BFloat16, Int8} {
		ps := NewParams(1)
		p, err := Build(ps, Key{B: 1, T: 1}, products, kind)
		require.NoError(t, err)
		require.NoError(t, p.Run())
		for _, more := range []uint64{0, 1} {
			assert.Zero(t, testing.AllocsPerRun(20, func() {
				ps.version += more
				if err := p.Run(); err != nil {
					t.Error(err)
				}
			}))
		}
	}
}

// The bits are the same for any number of processors, whether they share rows or, of a single one, columns.
func TestNarrowSameBits(t *testing.T) {
	wide := func(g *Builder) {
		x := g.Input("x", g.T, g.B, 500)
		y := g.Affine(g.Param("b", Normal(1), 1100), x, g.Param("W", Normal(1), 500, 1100))
		y = g.Tanh(g.MatMul(y, g.Param("U", Normal(1), 1100, 1100)))
		g.Output("y", g.MatMulT(y, g.Param("E", Normal(1), 1040, 1100)))
	}
	for _, kind := range []Option{BFloat16, Int8} {
		for _, key := range []Key{{B: 1, T: 1}, {B: 3, T: 1}, {B: 20, T: 2}} {
			ps := NewParams(1)
			var want []float32
			for _, n := range []int{1, 2, 3} {
				old := runtime.GOMAXPROCS(n)
				p, err := Build(ps, key, wide, kind)
				require.NoError(t, err)
				x, err := p.Floats("x")
				require.NoError(t, err)
				for i := range x {
					x[i] = float32(math.Cos(float64(i)))
				}
				require.NoError(t, p.Run())
				y, err := p.Floats("y")
				require.NoError(t, err)
				assert.Equal(t, n > 1, p.m32.team != nil, "%d processors share the work of %+v", n, key)
				runtime.GOMAXPROCS(old)
				if want == nil {
					want = y
				}
				assert.Equal(t, want, y)
			}
		}
	}
}
