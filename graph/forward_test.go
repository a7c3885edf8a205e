package graph_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/graph"
)

// forwardCase is an operation on the inputs below and what it gives, written
// down by hand.
type forwardCase struct {
	name string
	f    func(g *graph.Builder, in given) node
	want []float64
}

// given are the inputs of a case; seq has the numbers of x, weights of col.
type given struct{ x, y, row, col, W, seq, weights, ids node }

func give(g *graph.Builder) given {
	return given{
		x: g.Input("x", 2, 3), y: g.Input("y", 2, 3), row: g.Input("row", 3), col: g.Input("col", 2, 1),
		W: g.Input("W", 3, 2), seq: g.Input("seq", 2, 1, 3), weights: g.Input("weights", 2), ids: g.IDs("ids", 2),
	}
}

var (
	fx  = []float64{1, -2, 3, 0.5, 4, -1}
	fy  = []float64{2, 1, -1, 4, 0.5, 3}
	fr  = []float64{10, 20, 30}
	fc  = []float64{1, 0}
	fW  = []float64{1, 2, 3, 4, 5, 6}
	fid = []int{1, 0}
)

func each(f func(x float64) float64) []float64 {
	out := make([]float64, len(fx))
	for i, x := range fx {
		out[i] = f(x)
	}
	return out
}

func pairs(f func(x, y float64) float64) []float64 {
	out := make([]float64, len(fx))
	for i, x := range fx {
		out[i] = f(x, fy[i])
	}
	return out
}

func softmaxRows(log bool) []float64 {
	var out []float64
	for i := 0; i < len(fx); i += 3 {
		s := math.Exp(fx[i]) + math.Exp(fx[i+1]) + math.Exp(fx[i+2])
		for j := range 3 {
			p := math.Exp(fx[i+j]) / s
			if log {
				p = math.Log(p)
			}
			out = append(out, p)
		}
	}
	return out
}

// additiveScores are the rows of x compared with those of y, twice.
func additiveScores() []float64 {
	var out []float64
	for i := 0; i < len(fx); i += 3 {
		e := 0.0
		for j := range 3 {
			e += fr[j] * math.Tanh(fx[i+j]+fy[i+j])
		}
		out = append(out, e, e)
	}
	return out
}

// layerNormRows is LayerNorm of x with the gain row and a bias of ones.
func layerNormRows(eps float64) []float64 {
	var out []float64
	for i := 0; i < len(fx); i += 3 {
		mean, square := (fx[i]+fx[i+1]+fx[i+2])/3, 0.0
		for j := range 3 {
			square += math.Pow(fx[i+j]-mean, 2) / 3
		}
		for j := range 3 {
			out = append(out, (fx[i+j]-mean)/math.Sqrt(square+eps)*fr[j]+1)
		}
	}
	return out
}

func forwardCases() []forwardCase {
	type b = *graph.Builder
	ce := []float64{-softmaxRows(true)[1], -softmaxRows(true)[3]}
	return []forwardCase{
		{"Input", func(g b, in given) node { return in.x }, fx},
		{"Const", func(g b, in given) node { return g.Const(3, 2, 1) }, []float64{3, 3}},
		{"Zeros", func(g b, in given) node { return g.Zeros(2) }, []float64{0, 0}},
		{"Param", func(g b, in given) node { return g.Param("p", graph.Constant(2), 2) }, []float64{2, 2}},
		{"Sigmoid", func(g b, in given) node { return g.Sigmoid(in.x) }, each(func(x float64) float64 { return 1 / (1 + math.Exp(-x)) })},
		{"Tanh", func(g b, in given) node { return g.Tanh(in.x) }, each(math.Tanh)},
		{"ReLU", func(g b, in given) node { return g.ReLU(in.x) }, each(func(x float64) float64 { return max(x, 0) })},
		{"Exp", func(g b, in given) node { return g.Exp(in.x) }, each(math.Exp)},
		{"Log", func(g b, in given) node { return g.Log(g.Square(in.x)) }, each(func(x float64) float64 { return math.Log(x * x) })},
		{"Sqrt", func(g b, in given) node { return g.Sqrt(g.Abs(in.x)) }, each(func(x float64) float64 { return math.Sqrt(math.Abs(x)) })},
		{"Neg", func(g b, in given) node { return g.Neg(in.x) }, each(func(x float64) float64 { return -x })},
		{"Scale", func(g b, in given) node { return g.Scale(in.x, 3) }, each(func(x float64) float64 { return 3 * x })},
		{"AddConst", func(g b, in given) node { return g.AddConst(in.x, 3) }, each(func(x float64) float64 { return 3 + x })},
		{"Add", func(g b, in given) node { return g.Add(in.x, in.y) }, pairs(func(x, y float64) float64 { return x + y })},
		{"Sub", func(g b, in given) node { return g.Sub(in.x, in.y) }, pairs(func(x, y float64) float64 { return x - y })},
		{"Mul", func(g b, in given) node { return g.Mul(in.x, in.y) }, pairs(func(x, y float64) float64 { return x * y })},
		{"Div", func(g b, in given) node { return g.Div(in.x, in.y) }, pairs(func(x, y float64) float64 { return x / y })},
		{"Sub from a row", func(g b, in given) node { return g.Sub(in.row, in.x) }, []float64{9, 22, 27, 9.5, 16, 31}},
		{"Mul by a column", func(g b, in given) node { return g.Mul(in.x, in.col) }, []float64{1, -2, 3, 0, 0, 0}},
		{"MatMul", func(g b, in given) node { return g.MatMul(in.x, in.W) }, []float64{10, 12, 7.5, 11}},
		{"MatMulT", func(g b, in given) node { return g.MatMulT(in.x, in.y) }, []float64{-3, 12, 6, 1}},
		{"Affine", func(g b, in given) node { return g.Affine(g.Const(1, 2), in.x, in.W, in.y, in.W) }, []float64{11, 15, 29, 40}},
		{"Affine of swept rows", func(g b, in given) node {
			h := g.Const(1, 1, 2)
			for _, s := range g.Unstack(in.seq) {
				h = g.Affine(nil, s, in.W, h, g.Const(1, 2, 2))
			}
			return h
		}, []float64{33.5, 37}},
		{"BatchMatMul", func(g b, in given) node { // rows 0 and 1 of a batch by memories of two steps
			return g.BatchMatMul(g.Cols(in.x, 0, 2), g.Stack(in.x, in.y))
		}, []float64{1 - 4, -2 - 2, 3 + 2, 0.25 + 16, 2 + 2, -0.5 + 12}},
		{"BatchMatMulT", func(g b, in given) node { return g.BatchMatMulT(in.x, g.Stack(in.x, in.y)) }, []float64{14, -3, 17.25, 1}},
		{"BatchMatMul of a sequence", func(g b, in given) node {
			return g.BatchMatMul(g.Stack(g.Cols(in.x, 0, 1), g.Cols(in.x, 1, 2)), g.Stack(in.y))
		}, []float64{2, 1, -1, 2, 0.25, 1.5, -4, -2, 2, 16, 2, 12}},
		{
			"AdditiveScores", func(g b, in given) node { return g.AdditiveScores(in.x, g.Stack(in.y, in.y), in.row) },
			additiveScores(),
		},
		{
			"SwapAxes", func(g b, in given) node { return g.SwapAxes(g.Stack(in.x, in.y)) },
			[]float64{1, -2, 3, 2, 1, -1, 0.5, 4, -1, 4, 0.5, 3},
		},
		{"MaskedSoftmax", func(g b, in given) node { return g.MaskedSoftmax(in.x, g.ArgMax(in.y)) }, // lengths 0 and 0
			[]float64{0, 0, 0, 0, 0, 0}},
		{"MaskedSoftmax of one", func(g b, in given) node { return g.MaskedSoftmax(in.x, in.ids) }, []float64{1, 0, 0, 0, 0, 0}},
		{"Chunk", func(g b, in given) node { return g.Chunk(in.x, 3)[1] }, []float64{-2, 4}},
		{"Cols", func(g b, in given) node { return g.Cols(in.x, 1, 3) }, []float64{-2, 3, 4, -1}},
		{"Concat", func(g b, in given) node { return g.Concat(in.col, in.x) }, []float64{1, 1, -2, 3, 0, 0.5, 4, -1}},
		{"At", func(g b, in given) node { return g.At(in.seq, 1) }, fx[3:]},
		{"Rows", func(g b, in given) node { return g.Rows(in.x, 1, 2) }, fx[3:]},
		{"Stack", func(g b, in given) node { return g.Stack(in.row, g.At(in.x, 0)) }, []float64{10, 20, 30, 1, -2, 3}},
		{"Gather", func(g b, in given) node { return g.Gather(in.W, in.ids) }, []float64{3, 4, 1, 2}},
		{"Gather with a product", func(g b, in given) node { return g.MatMul(g.Gather(in.y, in.ids), in.W) }, []float64{20.5, 28, 0, 2}},
		{"OneHot", func(g b, in given) node { return g.OneHot(in.ids, 3) }, []float64{0, 1, 0, 1, 0, 0}},
		{"ArgMax", func(g b, in given) node { return g.ArgMax(in.x) }, []float64{2, 1}},
		{"At of ids", func(g b, in given) node { return g.At(in.ids, 0) }, []float64{1}},
		{"Rows of ids", func(g b, in given) node { return g.Rows(in.ids, 0, 1) }, []float64{1}},
		{"Stack of ids", func(g b, in given) node { return g.Stack(in.ids, g.ArgMax(in.x)) }, []float64{1, 0, 2, 1}},
		{"Where", func(g b, in given) node { return g.Where(g.ReLU(in.x), in.x, in.y) }, []float64{1, 1, 3, 0.5, 4, 3}},
		{"Where by rows", func(g b, in given) node { return g.Where(in.col, in.x, in.y) }, []float64{1, -2, 3, 4, 0.5, 3}},
		{"LengthMask", func(g b, in given) node { return g.LengthMask(in.ids, 0) }, []float64{1, 0}},
		{"Softmax", func(g b, in given) node { return g.Softmax(in.x) }, softmaxRows(false)},
		{"LogSoftmax", func(g b, in given) node { return g.LogSoftmax(in.x) }, softmaxRows(true)},
		{"CrossEntropies", func(g b, in given) node { return g.CrossEntropies(in.x, in.ids) }, ce},
		{"CrossEntropy", func(g b, in given) node { return g.CrossEntropy(in.x, in.ids) }, []float64{(ce[0] + ce[1]) / 2}},
		{"WeightedCrossEntropy", func(g b, in given) node { return g.WeightedCrossEntropy(in.x, in.ids, in.weights) }, ce[:1]},
		{"LayerNorm", func(g b, in given) node { return g.LayerNorm(in.x, in.row, g.Const(1, 3), 0.5) }, layerNormRows(0.5)},
		{"SumAll", func(g b, in given) node { return g.SumAll(in.x) }, []float64{5.5}},
		{"Mean", func(g b, in given) node { return g.Mean(in.x) }, []float64{5.5 / 6}},
		{"SumRows", func(g b, in given) node { return g.SumRows(in.seq) }, []float64{1.5, 2, 2}},
		{"SumCols", func(g b, in given) node { return g.SumCols(in.x) }, []float64{2, 3.5}},
		{"Sum", func(g b, in given) node { return g.Sum(in.x, in.y, in.y) }, pairs(func(x, y float64) float64 { return x + y + y })},
		{"Alias", func(g b, in given) node { return g.Alias(in.x) }, fx},
		{"Apply", func(g b, in given) node { return g.Apply(cubeOp{}, in.x) }, each(func(x float64) float64 { return x * x * x })},
		{"gradient of Apply", func(g b, in given) node {
			return g.Grad([]node{g.Apply(cubeOp{}, in.x)}, []node{in.y}, []node{in.x})[0]
		}, pairs(func(x, y float64) float64 { return 3 * x * x * y })},
		{"DropMask", func(g b, in given) node {
			m := g.MaskWith(g.Const(1, 2), g.DropMask(0.75, 2)) // 0 or 4, without training 1
			return g.Mul(g.Mul(m, g.AddConst(m, -4)), g.AddConst(m, -1))
		}, []float64{0, 0}},
	}
}

// Each operation gives the numbers that its formula gives by hand, in both
// number types, for training and evaluation, rewritten and plain.
func TestValueOfEachOperation(t *testing.T) {
	for _, c := range forwardCases() {
		t.Run(c.name, func(t *testing.T) {
			for i, ps := range []*graph.Params{graph.NewParams(1), graph.NewParams64(1)} {
				for _, key := range []graph.Key{{}, {Train: true}} {
					for _, opts := range [][]graph.Option{nil, {graph.Plain}} {
						got := runForward(t, ps, key, c.f, opts)
						assert.InDeltaSlice(t, c.want, got, []float64{2e-6, 1e-14}[i]*32, "%+v %v", key, opts)
					}
				}
			}
		})
	}
}

func runForward(t *testing.T, ps *graph.Params, key graph.Key, f func(g *graph.Builder, in given) node, opts []graph.Option) []float64 {
	inputs := map[string][]float64{"x": fx, "y": fy, "row": fr, "col": fc, "W": fW, "seq": fx, "weights": fc}
	p, err := graph.Build(ps, key, func(g *graph.Builder) { g.Output("out", f(g, give(g))) }, opts...)
	require.NoError(t, err)
	for _, name := range p.Names() {
		if v, ok := inputs[name]; ok {
			require.NoError(t, p.SetFloat64s(name, v))
		}
		if name == "ids" {
			require.NoError(t, p.SetIDs(name, fid))
		}
	}
	require.NoError(t, p.Run())
	if ids, err := p.Integers("out"); err == nil {
		got := make([]float64, len(ids))
		for i, n := range ids {
			got[i] = float64(n)
		}
		return got
	}
	got, err := p.Float64s("out")
	require.NoError(t, err)
	return got
}
