package cells_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// pathNets are networks with the parameters that their gradient is taken apart by.
var pathNets = map[string]struct {
	net    cells.Layer
	params []string
}{
	"rnn":           {cells.Recurrent{Cell: cells.RNN{In: 3, Hidden: 4}}, []string{"net/Wh", "net/Wx", "net/b"}},
	"rnn, lecture":  {cells.Recurrent{Cell: cells.RNN{In: 3, Hidden: 4, NoBias: true, Output: 2}}, []string{"net/Wh", "net/Why"}},
	"lstm":          {cells.Recurrent{Cell: cells.LSTM{In: 3, Hidden: 4}}, []string{"net/Wh", "net/Wx", "net/b"}},
	"gru":           {cells.Recurrent{Cell: cells.GRU{In: 3, Hidden: 4}}, []string{"net/Wh", "net/bn"}},
	"gru, before":   {cells.Recurrent{Cell: cells.GRU{In: 3, Hidden: 4, ResetBefore: true}}, []string{"net/Wh"}},
	"peephole":      {cells.Recurrent{Cell: peephole{In: 3, Hidden: 4}}, []string{"net/Wh", "net/pf"}},
	"stacked":       {cells.Of(cells.LSTM{In: 3, Hidden: 4}, cells.GRU{In: 4, Hidden: 4}), []string{"net/layer0/Wh", "net/layer1/Wh"}},
	"bidirectional": {cells.Bidirectional{Forward: cells.LSTM{In: 3, Hidden: 4}, Backward: cells.GRU{In: 3, Hidden: 4}}, []string{"net/forward/Wh", "net/backward/Wh"}},
}

// pathFormula has E_t = Σ over the batch and the columns of (y_t + 1)³/3. total is Σ E_t over some
// steps, chosen by an input.
func pathFormula(net cells.Layer, lens bool) func(g *graph.Builder) {
	return func(g *graph.Builder) {
		seq := cells.Seq{}
		for i, z := range net.Zero(g) {
			seq.Init = append(seq.Init, g.AddConst(z, 0.3*float64(i+1)))
		}
		if lens {
			seq.Lens = g.IDs("lens", g.B)
		}
		ys, _ := net.Bind(g.Scope("net"))(g.Input("x", g.T, g.B, 3), seq)
		y := g.AddConst(ys, 1)
		E := g.Scale(g.Mul(y, g.Square(y)), 1.0/3)
		g.Output("E", E)
		g.Minimise("total", g.SumAll(g.Mul(E, g.Input("choice", g.Shape(E)...))))
	}
}

type setter interface {
	SetFloat64s(name string, x []float64) error
	SetIDs(name string, ids []int) error
	Shape(name string) []int
}

func setPaths(t *testing.T, p setter, lens bool, step int) {
	t.Helper()
	x := make([]float64, product(p.Shape("x")))
	for i := range x {
		x[i] = math.Cos(float64(7 * i))
	}
	require.NoError(t, p.SetFloat64s("x", x))
	if lens {
		require.NoError(t, p.SetIDs("lens", []int{5, 3}))
	}
	choice := make([]float64, product(p.Shape("choice")))
	n := len(choice) / p.Shape("choice")[0]
	for i := range choice {
		if i/n == step {
			choice[i] = 1
		}
	}
	require.NoError(t, p.SetFloat64s("choice", choice))
}

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// TestPathsSumToTheGradient: for every cell and every t the terms of dE_t/dW sum to the gradient
// that an ordinary training program computes, and the routes of each use to that use.
func TestPathsSumToTheGradient(t *testing.T) {
	const T, B = 5, 2
	worst := 0.0
	for name, c := range pathNets {
		for _, lens := range []bool{false, true} {
			for _, path := range c.params {
				t.Run(fmt.Sprintf("%s/%s/lens %t", name, path, lens), func(t *testing.T) {
					params := graph.NewParams64(3)
					f := pathFormula(c.net, lens)
					paths, err := graph.NewPaths(params, graph.Key{B: B, T: T}, f,
						graph.PathsOf{Loss: "E", All: true, Param: path, Routes: true})
					require.NoError(t, err)
					setPaths(t, paths, lens, 0)
					r, err := paths.Report()
					require.NoError(t, err)
					require.Len(t, r.Losses, T)

					train, err := graph.Build(params, graph.Key{B: B, T: T, Train: true}, f)
					require.NoError(t, err)
					for i, l := range r.Losses {
						setPaths(t, train, lens, i)
						require.NoError(t, train.Run())
						want := params.Get(path).Grads()
						assert.LessOrEqual(t, distance(l.Sum, want), 1e-12, "E_%d", i)
						assert.LessOrEqual(t, l.Gap, 1e-13, "E_%d", i)
						worst = max(worst, distance(l.Sum, want))
						value, err := train.Scalar("total")
						require.NoError(t, err)
						assert.InEpsilon(t, value, l.Value, 1e-13)
						assertWhole(t, l)
						if strings.Contains(name, "bidirectional") {
							continue
						}
						for _, u := range l.Uses {
							assert.LessOrEqual(t, u.Step, i, "no use is later than the loss")
						}
					}
				})
			}
		}
	}
	t.Logf("the largest difference from autodiff, relative: %.1e", worst)
}

// assertWhole: shares sum to 1 and the routes of a use to its matrix.
func assertWhole(t *testing.T, l graph.LossPaths) {
	t.Helper()
	shares := 0.0
	for _, u := range l.Uses {
		shares += u.Share
		sum := make([]float64, len(u.Matrix))
		of := 0.0
		for _, r := range u.Routes {
			of += r.Share
			for i, x := range r.Matrix {
				sum[i] += x
			}
		}
		assert.InDeltaSlice(t, u.Matrix, sum, 1e-13)
		assert.InDelta(t, u.Share, of, 1e-12)
	}
	assert.InDelta(t, 1, shares, 1e-12)
}

// byHand is the lecture's network of two units over three steps, with a state before the first.
// The inputs are chosen so that every h_t is a fraction: with tanh(ln 2) = 3/5, tanh(ln 3) = 4/5
// and tanh(ln(3)/2) = 1/2,
//
//	x_t = artanh(h_t) - Whh' h_{t-1},   Wxh the identity.
//
// E_t = (y_t - d_t)²/2 with y_t = Why' h_t.
type byHand struct{ weights, inputs map[string][]float64 }

func newByHand() byHand {
	ln2, ln3 := math.Log(2), math.Log(3)
	return byHand{
		weights: map[string][]float64{
			"Wh":  {1.0 / 2, 1, -1, 1.0 / 2},
			"Wx":  {1, 0, 0, 1},
			"Why": {1, 2},
		},
		inputs: map[string][]float64{
			"h0": {1, 1.0 / 2},
			"x":  {ln3 / 2, ln2 - 5.0/4, -ln3/2 + 7.0/20, ln3 - 4.0/5, ln2 + 21.0/20, ln3/2 + 1.0/10},
			"d":  {1, 1, 3.0 / 5},
		},
	}
}

func (byHand) formula(g *graph.Builder) {
	rnn := cells.RNN{In: 2, Hidden: 2, NoBias: true, Output: 1}
	h0 := cells.State{g.Input("h0", g.B, 2)}
	ys, _ := cells.Unroll(g, rnn.Bind(g), g.Input("x", g.T, g.B, 2), cells.Seq{Init: h0})
	g.Output("y", ys)
	g.Output("E", g.Scale(g.Square(g.Sub(ys, g.Input("d", g.T, g.B, 1))), 0.5))
}

func (h byHand) report(of graph.PathsOf) (*graph.Paths, *graph.PathReport, error) {
	params := graph.NewParams64(1)
	paths, err := graph.NewPaths(params, graph.Key{B: 1, T: 3}, h.formula, of)
	if err != nil {
		return nil, nil, err
	}
	for name, w := range h.weights {
		if err := params.Set(name, w); err != nil {
			return nil, nil, err
		}
	}
	for name, x := range h.inputs {
		if err := paths.SetFloat64s(name, x); err != nil {
			return nil, nil, err
		}
	}
	r, err := paths.Report()
	return paths, r, err
}

// TestPathsByHand: the numbers of each path, worked out with fractions.
//
//	h_1 = (1/2, 3/5)     h_2 = (-1/2, 4/5)    h_3 = (3/5, 1/2)
//	y_1 = 17/10          y_2 = 11/10          y_3 = 8/5, so dE_3/dy_3 = 8/5 - 3/5 = 1
//
//	dE_3/dh_3 = Why·1 = (1, 2)                δ_3 = (16/25, 3/4)⊙(1, 2) = (16/25, 3/2)
//	dE_3/dh_2 = Whh δ_3 = (91/50, 11/100)     δ_2 = (3/4, 9/25)⊙.. = (273/200, 99/2500)
//	dE_3/dh_1 = Whh δ_2 = (7221/10000, -3363/2500)
//	                                          δ_1 = (3/4, 16/25)⊙.. = (21663/40000, -13452/15625)
//
// and the term of step k is h_{k-1}'·δ_k.
func TestPathsByHand(t *testing.T) {
	p, r, err := newByHand().report(graph.PathsOf{Loss: "E", Param: "Wh"})
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{17.0 / 10, 11.0 / 10, 8.0 / 5}, output(t, p.Program, "y"), 1e-15)
	require.Len(t, r.States, 1)
	assert.Equal(t, graph.StateRef{Name: "h"}, r.States[0])
	for k, h := range [][]float64{{1.0 / 2, 3.0 / 5}, {-1.0 / 2, 4.0 / 5}, {3.0 / 5, 1.0 / 2}} {
		assert.InDeltaSlice(t, h, r.Values[0][k], 1e-15, "h_%d", k+1)
	}
	l := r.At(2)
	require.NotNil(t, l)
	assert.InDelta(t, 1.0/2, l.Value, 1e-15)
	for k, d := range [][]float64{{7221.0 / 10000, -3363.0 / 2500}, {91.0 / 50, 11.0 / 100}, {1, 2}} {
		assert.InDeltaSlice(t, d, l.StateGrads[0][k], 1e-14, "dE_3/dh_%d", k+1)
		assert.InDelta(t, math.Hypot(d[0], d[1]), r.Triangle(0)[0][k], 1e-14)
	}
	require.Len(t, l.Uses, 3)
	for k, want := range [][]float64{
		{21663.0 / 40000, -13452.0 / 15625, 21663.0 / 80000, -6726.0 / 15625},
		{273.0 / 400, 99.0 / 5000, 819.0 / 1000, 297.0 / 12500},
		{-8.0 / 25, -3.0 / 4, 64.0 / 125, 6.0 / 5},
	} {
		assert.Equal(t, k, l.Uses[k].Step)
		assert.InDeltaSlice(t, want, l.Uses[k].Matrix, 1e-14, "gradient from h_%d", k+1)
	}
	assert.InDeltaSlice(t, []float64{
		21663.0/40000 + 273.0/400 - 8.0/25, -13452.0/15625 + 99.0/5000 - 3.0/4,
		21663.0/80000 + 819.0/1000 + 64.0/125, -6726.0/15625 + 297.0/12500 + 6.0/5,
	}, l.Total, 1e-14)
	assert.Nil(t, r.At(1), "not asked for")
}
