package cells_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// golden is testdata/golden.json, what PyTorch computes; testdata/golden.py
// makes it and describes it.
type golden struct {
	Numbers map[string]int
	Cases   []goldenCase
}

type goldenCase struct {
	Name, Cell          string
	T, B, D, H, V       int
	Layers, Directions  int
	Bias, State, Packed bool
	Lens                []int
	IDs, Targets        [][]int
	Weights             [][]float64
	Shapes              map[string][]int
	F64, F32            goldenResult
	number              map[string]int
}

type goldenResult struct {
	Y      []float64
	HN     []float64 `json:"h_n"`
	CN     []float64 `json:"c_n"`
	Logits []float64
	Losses []float64
	Loss   float64
	Grad   map[string][]float64
}

// precision is a number type with the tolerance it is held to, relative to the
// norm of a tensor.
type precision struct {
	name      string
	params    func(seed uint64) *graph.Params
	tolerance float64
	of        func(c goldenCase) goldenResult
}

var precisions = []precision{
	{"float64", graph.NewParams64, 1e-12, func(c goldenCase) goldenResult { return c.F64 }},
	{"float32", graph.NewParams, 1e-5, func(c goldenCase) goldenResult { return c.F32 }},
}

var modes = map[string][]graph.Option{"rewritten": nil, "plain": {graph.Plain}}

func readGolden(t *testing.T) golden {
	t.Helper()
	text, err := os.ReadFile("testdata/golden.json")
	require.NoError(t, err)
	var all golden
	require.NoError(t, json.Unmarshal(text, &all))
	require.Len(t, all.Cases, 69)
	for i := range all.Cases {
		all.Cases[i].number = all.Numbers
	}
	return all
}

// fill is the tensor of that name by the formula that both sides use.
func (c goldenCase) fill(name string) []float64 {
	size := 1
	for _, d := range c.Shapes[name] {
		size *= d
	}
	n, ok := c.number[name]
	if !ok || size == 1 {
		panic("internal error: no tensor " + name)
	}
	x := make([]float64, size)
	for k := range x {
		x[k] = 0.5 * math.Cos(float64(388*n+130*k+7*k*k)/100)
	}
	return x
}

// weight is the tensor by which the loss weights the output of that name.
func (c goldenCase) weight(of string) []float64 {
	c.Shapes = map[string][]int{map[string]string{"y": "wy", "h_n": "wh", "c_n": "wc"}[of]: c.Shapes[of]}
	for name := range c.Shapes {
		return c.fill(name)
	}
	return nil
}

// TestGoldenRecurrent compares stacks of cells in one and two directions with
// PyTorch: outputs, final states and the gradient of every input and parameter.
func TestGoldenRecurrent(t *testing.T) {
	worst := worsts{}
	for _, c := range readGolden(t).Cases {
		if c.Cell == "" {
			continue
		}
		for _, p := range precisions {
			for mode, opts := range modes {
				t.Run(fmt.Sprintf("%s/%s/%s", c.Name, p.name, mode), func(t *testing.T) {
					c.compare(t, p, worst, opts)
				})
			}
		}
	}
	worst.log(t)
}

func (c goldenCase) compare(t *testing.T, p precision, worst worsts, opts []graph.Option) {
	params := p.params(1)
	prog, err := graph.Build(params, graph.Key{B: c.B, T: c.T, Train: true}, c.formula, opts...)
	require.NoError(t, err)
	c.set(t, prog)
	require.NoError(t, prog.Run())

	want := p.of(c)
	near := func(name string, got, want []float64) { worst.near(t, p, name, got, want) }
	near("y", output(t, prog, "y"), want.Y)
	near("h_n", output(t, prog, "h_n"), want.HN)
	if c.Cell == "lstm" {
		near("c_n", output(t, prog, "c_n"), want.CN)
	}
	near("loss", output(t, prog, "loss"), []float64{want.Loss})

	got := c.grads(params)
	assert.Len(t, got, len(want.Grad))
	for name := range want.Grad {
		near("gradient of "+name, got[name], want.Grad[name])
	}

	// A program that only evaluates takes other ways to the same numbers.
	eval, err := graph.Build(params, graph.Key{B: c.B, T: c.T}, c.formula, opts...)
	require.NoError(t, err)
	c.set(t, eval)
	require.NoError(t, eval.Run())
	near("y evaluated", output(t, eval, "y"), want.Y)
	near("h_n evaluated", output(t, eval, "h_n"), want.HN)
}

// formula is the case in our terms. The input and the initial state are
// parameters, so that their gradients are computed too.
func (c goldenCase) formula(g *graph.Builder) {
	net := c.stack()
	init := net.Zero(g)
	if c.State {
		h0 := g.Param("h0", graph.Zeros, c.Shapes["h0"]...)
		var c0 *graph.Node
		if c.Cell == "lstm" {
			c0 = g.Param("c0", graph.Zeros, c.Shapes["c0"]...)
		}
		init = nil
		for i := range c.Layers * c.Directions {
			init = append(init, g.At(h0, i))
			if c0 != nil {
				init = append(init, g.At(c0, i))
			}
		}
	}
	seq := cells.Seq{Init: init}
	if c.Packed {
		seq.Lens = g.IDs("lens", g.B)
	}
	ys, final := net.Bind(g.Scope("rnn"))(g.Param("x", graph.Zeros, g.T, g.B, c.D), seq)

	out := map[string]*graph.Node{"y": ys}
	if c.Cell == "lstm" {
		var hs, cs []*graph.Node
		for i := 0; i < len(final); i += 2 {
			hs, cs = append(hs, final[i]), append(cs, final[i+1])
		}
		out["h_n"], out["c_n"] = g.Stack(hs...), g.Stack(cs...)
	} else {
		out["h_n"] = g.Stack(final...)
	}
	var loss *graph.Node
	for _, name := range []string{"y", "h_n", "c_n"} {
		if out[name] == nil {
			continue
		}
		g.Output(name, out[name])
		part := g.SumAll(g.Mul(out[name], g.Input("weight of "+name, c.Shapes[name]...)))
		if loss != nil {
			part = g.Add(loss, part)
		}
		loss = part
	}
	g.Minimise("loss", loss)
}

func (c goldenCase) stack() cells.Stack {
	var s cells.Stack
	in := c.D
	for range c.Layers {
		if c.Directions == 2 {
			s.Layers = append(s.Layers, cells.Bidirectional{Forward: c.one(in), Backward: c.one(in)})
		} else {
			s.Layers = append(s.Layers, cells.Recurrent{Cell: c.one(in)})
		}
		in = c.Directions * c.H
	}
	return s
}

func (c goldenCase) one(in int) cells.Cell {
	switch c.Cell {
	case "lstm":
		return cells.LSTM{In: in, Hidden: c.H}
	case "gru":
		return cells.GRU{In: in, Hidden: c.H}
	}
	return cells.RNN{In: in, Hidden: c.H, ReLU: c.Cell == "rnn_relu", NoBias: !c.Bias}
}

// set gives the program and its parameters PyTorch's values.
func (c goldenCase) set(t *testing.T, prog *graph.Program) {
	ps := prog.Params()
	require.NoError(t, ps.Set("x", c.fill("x")))
	for _, name := range []string{"h0", "c0"} {
		if ps.Get(name) != nil {
			require.NoError(t, ps.Set(name, c.fill(name)))
		}
	}
	for prefix, torch := range c.scopes() {
		wx, wh := c.Shapes["weight_ih"+torch], c.Shapes["weight_hh"+torch]
		require.NoError(t, ps.Set(prefix+"Wx", transposed(c.fill("weight_ih"+torch), wx)))
		require.NoError(t, ps.Set(prefix+"Wh", transposed(c.fill("weight_hh"+torch), wh)))
		if !c.Bias {
			assert.Nil(t, ps.Get(prefix+"b"))
			continue
		}
		b, bhh := c.fill("bias_ih"+torch), c.fill("bias_hh"+torch)
		shared := len(b) // how many elements of both biases are added
		if c.Cell == "gru" {
			shared = 2 * c.H
			require.NoError(t, ps.Set(prefix+"bn", bhh[shared:]))
		}
		for i := range shared {
			b[i] += bhh[i]
		}
		require.NoError(t, ps.Set(prefix+"b", b))
	}
	if c.Packed {
		require.NoError(t, prog.SetIDs("lens", c.Lens))
	}
	for _, name := range []string{"y", "h_n", "c_n"} {
		if c.Shapes[name] != nil {
			require.NoError(t, prog.SetFloat64s("weight of "+name, c.weight(name)))
		}
	}
}

// grads are our gradients under PyTorch's names and in its layout.
func (c goldenCase) grads(ps *graph.Params) map[string][]float64 {
	out := map[string][]float64{}
	for _, name := range []string{"x", "h0", "c0"} {
		if p := ps.Get(name); p != nil {
			out[name] = p.Grads()
		}
	}
	for prefix, torch := range c.scopes() {
		for ours, theirs := range map[string]string{"Wx": "weight_ih", "Wh": "weight_hh"} {
			p := ps.Get(prefix + ours)
			out[theirs+torch] = transposed(p.Grads(), p.Shape())
		}
		if !c.Bias {
			continue
		}
		db := ps.Get(prefix + "b").Grads()
		out["bias_ih"+torch], out["bias_hh"+torch] = db, db
		if c.Cell == "gru" {
			dn := ps.Get(prefix + "bn").Grads()
			out["bias_hh"+torch] = append(append([]float64{}, db[:2*c.H]...), dn...)
		}
	}
	return out
}

// scopes maps the scope of each cell to the suffix of PyTorch's names.
func (c goldenCase) scopes() map[string]string {
	m := map[string]string{}
	for l := range c.Layers {
		if c.Directions == 1 {
			m[fmt.Sprintf("rnn/layer%d/", l)] = fmt.Sprintf("_l%d", l)
			continue
		}
		m[fmt.Sprintf("rnn/layer%d/forward/", l)] = fmt.Sprintf("_l%d", l)
		m[fmt.Sprintf("rnn/layer%d/backward/", l)] = fmt.Sprintf("_l%d_reverse", l)
	}
	return m
}

// TestGoldenEmbedding compares an embedding, a dense layer and the weighted
// cross entropy with PyTorch.
func TestGoldenEmbedding(t *testing.T) {
	all := readGolden(t).Cases
	c := all[len(all)-1]
	require.Equal(t, "embedding", c.Name)
	worst := worsts{}
	for _, p := range precisions {
		for mode, opts := range modes {
			t.Run(p.name+"/"+mode, func(t *testing.T) { c.compareEmbedding(t, p, worst, opts) })
		}
	}
	worst.log(t)
}

func (c goldenCase) compareEmbedding(t *testing.T, p precision, worst worsts, opts []graph.Option) {
	params := p.params(1)
	prog, err := graph.Build(params, graph.Key{B: c.B, T: c.T, Train: true}, func(g *graph.Builder) {
		embed := cells.Embedding{Rows: c.V, Width: c.D}.Bind(g.Scope("embed"))
		out := cells.Dense{In: c.D, Out: c.V}.Bind(g.Scope("out"))
		logits := g.Add(out(embed(g.IDs("ids", g.T, g.B))), g.Param("move", graph.Zeros, g.T, g.B, c.V))
		target := g.IDs("target", g.T, g.B)
		g.Output("logits", logits)
		g.Output("losses", g.CrossEntropies(logits, target))
		g.Minimise("loss", g.WeightedCrossEntropy(logits, target, g.Input("weights", g.T, g.B)))
	}, opts...)
	require.NoError(t, err)
	require.NoError(t, params.Set("embed/E", c.fill("table")))
	require.NoError(t, params.Set("out/W", transposed(c.fill("weight"), c.Shapes["weight"])))
	require.NoError(t, params.Set("out/b", c.fill("bias")))
	require.NoError(t, prog.SetIDs("ids", flat(c.IDs)))
	require.NoError(t, prog.SetIDs("target", flat(c.Targets)))
	require.NoError(t, prog.SetFloat64s("weights", flat(c.Weights)))
	require.NoError(t, prog.Run())

	want := p.of(c)
	near := func(name string, got, want []float64) { worst.near(t, p, name, got, want) }
	near("logits", output(t, prog, "logits"), want.Logits)
	near("losses", output(t, prog, "losses"), want.Losses)
	near("loss", output(t, prog, "loss"), []float64{want.Loss})
	near("gradient of table", params.Get("embed/E").Grads(), want.Grad["table"])
	W := params.Get("out/W")
	near("gradient of weight", transposed(W.Grads(), W.Shape()), want.Grad["weight"])
	near("gradient of bias", params.Get("out/b").Grads(), want.Grad["bias"])
	near("gradient of logits", params.Get("move").Grads(), want.Grad["logits"])
}

// worsts are the largest relative errors met, by number type.
type worsts map[string]struct {
	err  float64
	what string
}

// near asserts that got is want, relative to the norm of want.
func (w worsts) near(t *testing.T, p precision, name string, got, want []float64) {
	t.Helper()
	e := distance(got, want)
	assert.LessOrEqual(t, e, p.tolerance, "%s: got %v, want %v", name, got, want)
	if e > w[p.name].err {
		w[p.name] = struct {
			err  float64
			what string
		}{e, t.Name() + ": " + name}
	}
}

func (w worsts) log(t *testing.T) {
	for name, x := range w {
		t.Logf("%s: worst relative error %.2g, %s", name, x.err, strings.TrimPrefix(x.what, t.Name()+"/"))
	}
}

// distance is |got - want| / |want|, infinite where the lengths differ or
// something is not a number.
func distance(got, want []float64) float64 {
	if len(got) != len(want) || len(want) == 0 {
		return math.Inf(1)
	}
	d, n := 0.0, 0.0
	for i := range want {
		d += (got[i] - want[i]) * (got[i] - want[i])
		n += want[i] * want[i]
	}
	if math.IsNaN(d) {
		return math.Inf(1)
	}
	if d == 0 {
		return 0
	}
	return math.Sqrt(d / n)
}

// transposed turns a matrix of the given shape.
func transposed(x []float64, shape []int) []float64 {
	rows, cols := shape[0], shape[1]
	y := make([]float64, len(x))
	for i := range rows {
		for j := range cols {
			y[j*rows+i] = x[i*cols+j]
		}
	}
	return y
}

func output(t *testing.T, prog *graph.Program, name string) []float64 {
	t.Helper()
	x, err := prog.Float64s(name)
	require.NoError(t, err)
	return x
}

func flat[E any](rows [][]E) []E {
	var all []E
	for _, r := range rows {
		all = append(all, r...)
	}
	return all
}
