package train_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/train"
)

// lookups is a program of Σ E[ids]·g, whose gradient in row id of the table is
// the sum of the rows of g at its positions. Under graph.Plain it is dense.
type lookups struct {
	*graph.Program
	n int // ids
}

func newLookups(t *testing.T, params *graph.Params, V, D, n int, opts ...graph.Option) lookups {
	t.Helper()
	p, err := graph.Build(params, graph.Key{Train: true}, func(g *graph.Builder) {
		E := g.Param("E", graph.Normal(0.5), V, D)
		g.Minimise("loss", g.SumAll(g.Mul(g.Gather(E, g.IDs("ids", n)), g.Input("g", n, D))))
	}, opts...)
	require.NoError(t, err)
	return lookups{p, n}
}

func (l lookups) table() *graph.Param { return l.Params().Get("E") }

// run looks ids up with the gradient cos(3·E[id_i]_j + i + j).
func (l lookups) run(t *testing.T, ids []int) {
	t.Helper()
	require.NoError(t, l.SetIDs("ids", ids))
	w, D := l.table().Values(), l.table().Cols()
	g := make([]float64, len(ids)*D)
	for k := range g {
		i, j := k/D, k%D
		g[k] = math.Cos(3*w[ids[i]*D+j] + float64(i+j))
	}
	require.NoError(t, l.SetFloat64s("g", g))
	require.NoError(t, l.Run())
}

// TestLazyAdamIsSparseAdam compares with testdata/sparse.json, which sparse.py
// beside it makes with PyTorch and describes. SparseAdam adds eps to √v before the
// correction of its bias, Adam after.
func TestLazyAdamIsSparseAdam(t *testing.T) {
	data, err := os.ReadFile("testdata/sparse.json")
	require.NoError(t, err)
	var all struct {
		V, D  int
		Cases []struct {
			Name     string
			LR, Eps  float64
			Betas    [2]float64
			W0, M, V []float64
			Steps    []struct {
				IDs []int
				W   []float64
			}
		}
	}
	require.NoError(t, json.Unmarshal(data, &all))
	require.Len(t, all.Cases, 3)
	for _, p := range []struct {
		params    func(uint64) *graph.Params
		tolerance float64
	}{{graph.NewParams64, 1e-12}, {graph.NewParams, 1e-5}} {
		for _, c := range all.Cases {
			l := newLookups(t, p.params(1), all.V, all.D, 4)
			require.NoError(t, l.Params().Set("E", c.W0))
			o := &train.Adam{Rate: c.LR, Beta1: c.Betas[0], Beta2: c.Betas[1]}
			for n, s := range c.Steps {
				l.run(t, s.IDs)
				require.NotNil(t, l.table().GradRows())
				o.Eps = c.Eps / math.Sqrt(1-math.Pow(c.Betas[1], float64(n+1)))
				require.NoError(t, o.Step(l.Params(), 1, 1))
				near(t, p.tolerance, s.W, l.table().Values(), "%s: w %d", c.Name, n)
			}
			near(t, p.tolerance, c.M, memoryOf(o, "m"), "%s: m", c.Name)
			near(t, p.tolerance, c.V, memoryOf(o, "v"), "%s: v", c.Name)
		}
	}
}

// memoryOf is a tensor that an optimiser has for the table.
func memoryOf(o train.Optimiser, name string) []float64 {
	m := o.Memory().Tensors[train.Slot{Name: name, Path: "E"}]
	if m == nil {
		return nil
	}
	x := append([]float64(nil), m.F64...)
	for _, v := range m.F32 {
		x = append(x, float64(v))
	}
	return x
}

// pair trains a table by its row-sparse gradient and by the dense one.
type pair struct {
	o   [2]train.Optimiser
	l   [2]lookups
	rng *rand.Rand
}

const tableRows, tableCols = 40, 3

func newPair(t *testing.T, params func(uint64) *graph.Params, sparse, dense train.Optimiser) *pair {
	return &pair{
		o: [2]train.Optimiser{sparse, dense}, rng: rand.New(rand.NewPCG(1, 1)),
		l: [2]lookups{
			newLookups(t, params(1), tableRows, tableCols, 6),
			newLookups(t, params(1), tableRows, tableCols, 6, graph.Plain),
		},
	}
}

// step returns the tables after one step.
func (p *pair) step(t *testing.T) (sparse, dense []float64) {
	ids := make([]int, 6)
	for i := range ids {
		ids[i] = p.rng.IntN(tableRows - 10) // some are in no batch
	}
	for i, l := range p.l {
		l.run(t, ids)
		require.NoError(t, p.o[i].Step(l.Params(), 0.5, 0.25))
	}
	return p.l[0].table().Values(), p.l[1].table().Values()
}

// What a row-sparse gradient loses nothing by, and what Dense asks for, is the
// dense step to the bit.
func TestSparseStepsThatAreDense(t *testing.T) {
	for _, params := range []func(uint64) *graph.Params{graph.NewParams, graph.NewParams64} {
		for name, o := range map[string]func() train.Optimiser{
			"sgd":           func() train.Optimiser { return &train.SGD{Rate: 0.3} },
			"sgd, dense":    func() train.Optimiser { return &train.SGD{Rate: 0.3, Dense: true} },
			"momentum":      func() train.Optimiser { return &train.SGD{Rate: 0.3, Momentum: 0.9, Dense: true} },
			"nesterov":      func() train.Optimiser { return &train.SGD{Rate: 0.3, Momentum: 0.9, Nesterov: true, Dense: true} },
			"sgd and decay": func() train.Optimiser { return &train.SGD{Rate: 0.3, Decay: 0.1, Dense: true} },
			"adam":          func() train.Optimiser { return &train.Adam{Rate: 0.3, Dense: true} },
			"adamw":         func() train.Optimiser { return &train.Adam{Rate: 0.3, Decay: 0.1, Dense: true} },
		} {
			p := newPair(t, params, o(), o())
			for range 8 {
				sparse, dense := p.step(t)
				require.NotNil(t, p.l[0].table().GradRows())
				require.Nil(t, p.l[1].table().GradRows())
				assert.Equal(t, dense, sparse, name)
			}
		}
	}
}

// Lazy steps leave rows alone that the batch has not touched, with all that is
// remembered of them, and move the others as a dense step would from there.
func TestLazyStepsMoveTouchedRows(t *testing.T) {
	for name, o := range map[string]func(dense bool) train.Optimiser{
		"momentum":      func(d bool) train.Optimiser { return &train.SGD{Rate: 0.3, Momentum: 0.9, Dense: d} },
		"sgd and decay": func(d bool) train.Optimiser { return &train.SGD{Rate: 0.3, Decay: 0.1, Dense: d} },
		"adamw":         func(d bool) train.Optimiser { return &train.Adam{Rate: 0.3, Decay: 0.1, Dense: d} },
	} {
		p := newPair(t, graph.NewParams64, o(false), o(true))
		for range 8 {
			before := state(p, 0)
			require.NoError(t, p.l[1].Params().Set("E", p.l[0].table().Values()))
			for slot, x := range p.o[0].Memory().Tensors {
				copy(p.o[1].Memory().Tensors[slot].F64, x.F64)
			}
			p.step(t)
			lazy, dense := state(p, 0), state(p, 1)
			rows := p.l[0].table().GradRows()
			for what := range lazy {
				for k, x := range lazy[what] {
					want := before[what]
					if slices.Contains(rows, k/tableCols) {
						want = dense[what]
					}
					if want == nil { // a moment before the first step
						want = make([]float64, len(lazy[what]))
					}
					require.Equal(t, want[k], x, "%s, %s %d", name, what, k)
				}
			}
		}
		_, dense := p.step(t)
		assert.NotEqual(t, p.l[0].table().Values(), dense, "%s: Dense makes a difference", name)
	}
}

// state is the table and what its optimiser remembers.
func state(p *pair, i int) map[string][]float64 {
	return map[string][]float64{"w": p.l[i].table().Values(), "m": memoryOf(p.o[i], "m"), "v": memoryOf(p.o[i], "v")}
}
