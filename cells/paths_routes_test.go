package cells_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// oneRoute is an LSTM over T steps without aliases: every step has weights Wh of its own, and
// between step j and the next, the tensor that route[j] names is handed on while the other is an
// input, which holds its value and lets nothing back. route "" hands on both.
func oneRoute(T int, route string) func(g *graph.Builder) {
	const D, H = 2, 3
	return func(g *graph.Builder) {
		Wx, b := g.Param("Wx", graph.Glorot, D, 4*H), g.Param("b", graph.Normal(0.5), 4*H)
		h, c := g.Const(0.3, g.B, H), g.Const(0.6, g.B, H)
		for t, x := range g.Unstack(g.Input("x", T, g.B, D)) {
			Wh := g.Param(fmt.Sprintf("Wh%d", t), graph.Orthogonal, H, 4*H)
			i, f, u, o := g.Chunk4(g.Affine(b, x, Wx, h, Wh))
			c = g.Add(g.Mul(g.Sigmoid(f), c), g.Mul(g.Sigmoid(i), g.Tanh(u)))
			h = g.Mul(g.Sigmoid(o), g.Tanh(c))
			g.Output(fmt.Sprintf("h%d", t), h)
			g.Output(fmt.Sprintf("c%d", t), c)
			if t == T-1 || route == "" {
				continue
			}
			if route[t] == 'h' {
				c = g.Input(fmt.Sprintf("held%d", t), g.B, H)
			} else {
				h = g.Input(fmt.Sprintf("held%d", t), g.B, H)
			}
		}
		g.Minimise("loss", g.SumAll(g.Square(g.AddConst(h, 1))))
	}
}

// gradientsOfRoute are dE/dWh_k for each k along one route.
func gradientsOfRoute(t *testing.T, T int, route string, Wh []float64, states map[string][]float64) [][]float64 {
	t.Helper()
	params := graph.NewParams64(1)
	p, err := graph.Build(params, graph.Key{B: 2, T: T, Train: true}, oneRoute(T, route))
	require.NoError(t, err)
	x := make([]float64, T*2*2)
	for i := range x {
		x[i] = math.Sin(float64(5 * i))
	}
	require.NoError(t, p.SetFloat64s("x", x))
	for k := range T {
		require.NoError(t, params.Set(fmt.Sprintf("Wh%d", k), Wh))
		if k < len(route) {
			held := map[byte]string{'h': "c", 'c': "h"}[route[k]]
			require.NoError(t, p.SetFloat64s(fmt.Sprintf("held%d", k), states[fmt.Sprint(held, k)]))
		}
	}
	require.NoError(t, p.Run())
	for k := range T {
		for _, name := range []string{"h", "c"} {
			states[fmt.Sprint(name, k)] = output(t, p, fmt.Sprint(name, k))
		}
	}
	var grads [][]float64
	for k := range T {
		grads = append(grads, params.Get(fmt.Sprintf("Wh%d", k)).Grads())
	}
	return grads
}

// TestRoutesAreWhatTheySay: the parts of an LSTM's gradient against formulas in which the other
// tensor is held by hand; "mixed" is the sum over all words of h and c but the two pure ones, and
// all 2^(t-k) words together are the gradient of use k.
func TestRoutesAreWhatTheySay(t *testing.T) {
	const T = 4
	Wh := make([]float64, 3*12)
	for i := range Wh {
		Wh[i] = 0.7 * math.Cos(float64(3*i+i*i))
	}
	states := map[string][]float64{}
	whole := gradientsOfRoute(t, T, "", Wh, states)

	// words[k][w] is the gradient of use k along the route w of T-1-k crossings.
	words := make([]map[string][]float64, T)
	for w := range 1 << (T - 1) {
		route := ""
		for j := range T - 1 {
			route += string("hc"[w>>j&1])
		}
		for k, g := range gradientsOfRoute(t, T, route, Wh, states) {
			if words[k] == nil {
				words[k] = map[string][]float64{}
			}
			words[k][route[k:]] = g // the same for every beginning of the word
		}
	}

	params := graph.NewParams64(1)
	paths, err := graph.NewPaths(params, graph.Key{B: 2, T: T}, func(g *graph.Builder) {
		init := cells.State{g.Const(0.3, g.B, 3), g.Const(0.6, g.B, 3)}
		lstm := cells.LSTM{In: 2, Hidden: 3}
		_, final := cells.Unroll(g, lstm.Bind(g), g.Input("x", g.T, g.B, 2), cells.Seq{Init: init})
		g.Output("E", g.SumAll(g.Square(g.AddConst(final[0], 1))))
	}, graph.PathsOf{Loss: "E", Param: "Wh", Routes: true})
	require.NoError(t, err)
	same := graph.NewParams64(1)
	_, err = graph.Build(same, graph.Key{B: 2, T: T, Train: true}, oneRoute(T, ""))
	require.NoError(t, err)
	for _, name := range []string{"Wx", "b"} {
		require.NoError(t, params.Set(name, same.Get(name).Values()))
	}
	require.NoError(t, params.Set("Wh", Wh))
	x := make([]float64, T*2*2)
	for i := range x {
		x[i] = math.Sin(float64(5 * i))
	}
	require.NoError(t, paths.SetFloat64s("x", x))
	r, err := paths.Report()
	require.NoError(t, err)
	require.Equal(t, []graph.StateRef{{Name: "h"}, {Name: "c", Index: 1}}, r.States)

	for k, u := range r.Losses[0].Uses {
		require.Equal(t, k, u.Step)
		assert.LessOrEqual(t, distance(u.Matrix, whole[k]), 1e-13, "use %d", k)
		want := map[string][]float64{}
		for word, g := range words[k] {
			name := "mixed"
			switch {
			case word == "":
				name = "direct"
			case word == "hhh"[:len(word)]:
				name = "only h"
			case word == "ccc"[:len(word)]:
				name = "only c"
			}
			want[name] = plus(want[name], g)
		}
		assert.Len(t, u.Routes, len(want), "use %d", k)
		for _, route := range u.Routes {
			assert.LessOrEqual(t, distance(route.Matrix, want[route.Name]), 1e-12, "use %d, %s", k, route.Name)
		}
	}
}

func plus(a, b []float64) []float64 {
	sum := append([]float64(nil), b...)
	for i := range a {
		sum[i] += a[i]
	}
	return sum
}

// TestJacobiansOfAnRNN: ds_t/ds_k of h_t = tanh(x_t·Wx + h_{t-1}·Wh), whose J_t is diag(1 -
// h_t²)·Wh', multiplied here.
func TestJacobiansOfAnRNN(t *testing.T) {
	const T, H = 6, 3
	params := graph.NewParams64(5)
	rnn := cells.Recurrent{Cell: cells.RNN{In: 2, Hidden: H}}
	f := func(g *graph.Builder) {
		s := g.Carry("state", rnn.Zero(g))
		ys, next := rnn.Bind(g.Scope("rnn"))(g.Input("x", g.T, g.B, 2), cells.Seq{Init: s})
		g.Next("state", next)
		g.Output("y", ys)
	}
	j, err := graph.NewJacobians(params, graph.Key{B: 1, T: T}, f, "rnn")
	require.NoError(t, err)
	x := make([]float64, T*2)
	for i := range x {
		x[i] = math.Cos(float64(3 * i))
	}
	require.NoError(t, j.SetFloat64s("x", x))
	require.NoError(t, j.SetState("state", [][]float64{{0.5, -0.5, 0.1}}))
	m, err := j.Report()
	require.NoError(t, err)
	require.Len(t, m.Of, 1)
	lags := m.Of[0].Lags
	require.Len(t, lags, T+1)
	assert.Equal(t, 1.0, lags[0].Mean)

	require.NoError(t, j.Run())
	h, Wh := output(t, j.Program, "y"), params.Get("rnn/Wh").Values()
	for lag := 1; lag <= T; lag++ {
		mean, frobenius, least := 0.0, 0.0, math.Inf(1)
		for k := -1; k+lag < T; k++ { // k = -1 is the state before the first step
			P := []float64{1, 0, 0, 0, 1, 0, 0, 0, 1} // dh_t/dh_k
			for s := k + 1; s <= k+lag; s++ {
				next := make([]float64, H*H)
				for i := range H {
					for c := range H {
						for n := range H {
							next[i*H+c] += (1 - h[s*H+i]*h[s*H+i]) * Wh[n*H+i] * P[n*H+c]
						}
					}
				}
				P = next
			}
			norm, err := graph.SpectralNorm(P, H, H)
			require.NoError(t, err)
			squares := 0.0
			for _, p := range P {
				squares += p * p
			}
			mean += norm / float64(T-lag+1)
			frobenius += math.Sqrt(squares) / float64(T-lag+1)
			least = min(least, norm)
		}
		assert.Equal(t, T-lag+1, lags[lag].Count)
		assert.InEpsilon(t, mean, lags[lag].Mean, 1e-12, "lag %d", lag)
		assert.InEpsilon(t, frobenius, lags[lag].Frobenius, 1e-12, "lag %d", lag)
		assert.InEpsilon(t, least, lags[lag].Min, 1e-12, "lag %d", lag)
	}
}

// TestJacobiansGiveTheGradients: dE_t/ds_k of Paths is (dE_t/ds_t)·ds_t/ds_k, so its norm is at
// most the spectral norm times that of dE_t/ds_t, for an LSTM in a stack too.
func TestJacobiansGiveTheGradients(t *testing.T) {
	const T = 7
	params := graph.NewParams64(5)
	net := cells.Of(cells.LSTM{In: 2, Hidden: 3}, cells.LSTM{In: 3, Hidden: 3})
	f := func(g *graph.Builder) {
		ys, final := net.Bind(g.Scope("rnn"))(g.Input("x", g.T, g.B, 2), cells.Seq{Init: net.Zero(g)})
		g.Output("y", ys)
		g.Output("E", g.SumAll(g.Square(final[3]))) // of the memory of layer 1 alone
	}
	j, err := graph.NewJacobians(params, graph.Key{B: 1, T: T}, f, "rnn/layer1")
	require.NoError(t, err)
	p, err := graph.NewPaths(params, graph.Key{B: 1, T: T}, f, graph.PathsOf{Loss: "E"})
	require.NoError(t, err)
	for _, s := range []setter{j, p} {
		require.NoError(t, s.SetFloat64s("x", []float64{1, 2, 3, 1, -1, 0, 2, 2, 1, -3, -2, 1, 1, 1}))
	}
	m, err := j.Report()
	require.NoError(t, err)
	require.Len(t, m.Of, 3)
	assert.Equal(t, "all", m.Of[2].Name)
	r, err := p.Report()
	require.NoError(t, err)
	all := func(k int) float64 { // |dE/d(h_k, c_k)| of layer 1
		h, c := r.Losses[0].StateGrads[2][k], r.Losses[0].StateGrads[3][k]
		squares := 0.0
		for _, x := range append(append([]float64{}, h...), c...) { // h of the last step has no way to E
			squares += x * x
		}
		return math.Sqrt(squares)
	}
	for k := range T - 1 {
		assert.LessOrEqual(t, all(k), m.Of[2].Lags[T-1-k].Max*all(T-1)*(1+1e-12), "step %d", k)
	}
	assert.Positive(t, all(0))
}
