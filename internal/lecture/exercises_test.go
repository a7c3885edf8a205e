package lecture

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	pages "github.com/unroll-go/unroll/docs/lecture"
	"github.com/unroll-go/unroll/graph"
)

// answers computes the answer of each chapter's exercise as the page prints it.
func answers() []func(t *testing.T) []string {
	return []func(t *testing.T) []string{
		leastError, swappedInputs, temperature, guess, wholeSentence, countSteps, countPaths, stepsToOnePercent, forgetBias,
		countWeights, oneHotBytes, tableGradient,
	}
}

// answer is the last part of a page, up to the link to the next.
var answer = regexp.MustCompile(`(?s)\*\*(?:Answer\.|답\.)\*\*(.*)\n\n[^\n]+\n$`)

// The numbers of the answers are computed, and every page in each language has them.
func TestAnswers(t *testing.T) {
	for i, compute := range answers() {
		for _, lang := range pages.Languages() {
			page, err := pages.Page(i+1, lang)
			require.NoError(t, err)
			m := answer.FindStringSubmatch(page)
			require.NotNil(t, m, "chapter %d, %s: an answer at the end", i+1, lang)
			for _, number := range compute(t) {
				assert.Contains(t, m[1], "`"+number+"`", "chapter %d, %s", i+1, lang)
			}
		}
	}
}

// leastError is the error of the best answer to each value by itself: the mean
// of what follows it.
func leastError(t *testing.T) []string {
	x, next := waves(1, 12, 0.5)
	sum := 0.0
	for a := range x {
		var follow []float64
		for b := range x {
			if math.Abs(x[a]-x[b]) < 1e-9 {
				follow = append(follow, next[b])
			}
		}
		require.Len(t, follow, 2)
		sum += math.Pow(next[a]-mean(follow), 2)
	}
	return []string{fmt.Sprintf("%.3f", math.Sqrt(sum/12))}
}

// swappedInputs is y_2 of the inputs -1, 1.
func swappedInputs(t *testing.T) []string {
	var out strings.Builder
	require.NoError(t, read(&out, []float64{-1, 1}))
	fields := strings.Fields(out.String())
	return fields[len(fields)-1:]
}

// temperature divides logits by 0.5.
func temperature(t *testing.T) []string {
	p := values(t, graph.Key{B: 1}, func(g *graph.Builder) {
		logits := g.Log(g.Input("p", g.B, 3))
		g.Output("out", g.Softmax(g.Scale(logits, 1/0.5)))
	}, map[string][]float64{"p": {0.7, 0.2, 0.1}})
	return []string{fmt.Sprintf("%.3f", p[0])}
}

// guess is the loss of three equal probabilities.
func guess(t *testing.T) []string {
	nats := values(t, graph.Key{B: 1}, func(g *graph.Builder) {
		g.Output("out", g.CrossEntropies(g.Zeros(g.B, 3), g.IDs("target", g.B)))
	}, nil)
	return []string{fmt.Sprintf("%.4f", nats[0])}
}

// wholeSentence multiplies the probabilities of words, by way of the loss.
func wholeSentence(t *testing.T) []string {
	nats := values(t, graph.Key{T: 4}, func(g *graph.Builder) {
		g.Output("out", g.Neg(g.SumAll(g.Log(g.Input("p", g.T)))))
	}, map[string][]float64{"p": {0.9, 0.8, 0.5, 0.9}})[0]
	return []string{fmt.Sprintf("%.3f", math.Exp(-nats)), fmt.Sprintf("%.3f", nats)}
}

// countSteps counts the uses of recurrent weights by a tagger and a translator.
func countSteps(t *testing.T) []string {
	steps := 0
	count := func(g *graph.Builder, T int) {
		step := func(x *graph.Node, s cells.State) (*graph.Node, cells.State) {
			steps++
			return x, s
		}
		cells.Unroll(g, step, g.Zeros(T, 1, 1), cells.Seq{Init: cells.State{g.Zeros(1, 1)}})
	}
	var out []string
	for _, sequences := range [][]int{{7}, {7 + 1, 5 + 1}} {
		steps = 0
		values(t, graph.Key{B: 1}, func(g *graph.Builder) {
			for _, T := range sequences {
				count(g, T)
			}
			g.Output("out", g.Zeros(1))
		}, nil)
		out = append(out, fmt.Sprint(steps))
	}
	return out
}

// countPaths counts the uses of Whh that reach E1 to E5.
func countPaths(t *testing.T) []string {
	params := graph.NewParams64(1)
	paths, err := graph.NewPaths(params, graph.Key{B: 1, T: 5}, squared, graph.PathsOf{Loss: "E", Param: "Wh", All: true})
	require.NoError(t, err)
	require.NoError(t, set(paths.Program, map[string][]float64{
		"x": {1, -1, 0.5, 1, 2}, "h0": {0.5, -0.5}, "target": {0, 0, 1, 0, 1},
	}))
	report, err := paths.Report()
	require.NoError(t, err)
	n := 0
	for _, E := range report.Losses {
		for _, use := range E.BySteps() {
			if use.Norm > 0 {
				n++
			}
		}
	}
	return []string{fmt.Sprint(n)}
}

// stepsToOnePercent is the memory length of a unit that keeps 0.8 of its state.
func stepsToOnePercent(t *testing.T) []string {
	params := graph.NewParams64(1)
	j, err := graph.NewJacobians(params, graph.Key{B: 1, T: 40}, func(g *graph.Builder) {
		rnn := cells.RNN{In: 1, Hidden: 1, NoBias: true}
		hs, _ := cells.Unroll(g, rnn.Bind(g), g.Input("x", g.T, g.B, 1), cells.Seq{Init: rnn.Zero(g)})
		g.Output("hs", hs)
	}, "")
	require.NoError(t, err)
	require.NoError(t, params.Set("Wh", []float64{0.8}))
	m, err := j.Report()
	require.NoError(t, err)
	return []string{fmt.Sprint(m.Of[0].Length)}
}

// forgetBias searches the bias with which half of c is left after 100 steps.
func forgetBias(t *testing.T) []string {
	low, high := 0.0, 10.0
	for range 50 {
		b := (low + high) / 2
		if math.Pow(1/(1+math.Exp(-b)), 100) < 0.5 {
			low = b
		} else {
			high = b
		}
	}
	return []string{fmt.Sprintf("%.2f", low)}
}

// countWeights counts those of an LSTM and a GRU.
func countWeights(t *testing.T) []string {
	var out []string
	for _, cell := range []cells.Cell{cells.LSTM{In: 64, Hidden: 128}, cells.GRU{In: 64, Hidden: 128}} {
		params := graph.NewParams64(1)
		_, err := graph.Build(params, graph.Key{B: 1, T: 1}, func(g *graph.Builder) {
			y, _ := cell.Bind(g)(g.Input("x", g.B, 64), cell.Zero(g))
			g.Output("y", y)
		})
		require.NoError(t, err)
		out = append(out, fmt.Sprint(params.Count()))
	}
	return out
}

// oneHotBytes is the size of 20 words as one-hot rows and as embedded rows, 4
// bytes a number.
func oneHotBytes(t *testing.T) []string {
	rows := values(t, graph.Key{T: 20}, func(g *graph.Builder) { g.Output("out", g.OneHot(g.IDs("ids", g.T), 50000)) }, nil)
	vectors := values(t, graph.Key{T: 20}, func(g *graph.Builder) {
		g.Output("out", g.Gather(g.Param("E", graph.Zeros, 10, 64), g.IDs("ids", g.T)))
	}, nil)
	return []string{fmt.Sprint(4 * len(rows)), fmt.Sprint(4 * len(vectors))}
}

// tableGradient is that of the sum of looked-up rows, at the row taken twice.
func tableGradient(t *testing.T) []string {
	params := graph.NewParams64(1)
	prog, err := graph.Build(params, graph.Key{T: 3, Train: true}, func(g *graph.Builder) {
		E := cells.Embedding{Rows: 4, Width: 2}.Table(g)
		g.Minimise("loss", g.SumAll(g.Gather(E, g.IDs("ids", g.T))))
	})
	require.NoError(t, err)
	require.NoError(t, prog.SetIDs("ids", []int{2, 0, 2}))
	require.NoError(t, prog.Run())
	grad := params.Get("E").Grads()
	assert.Equal(t, []float64{1, 1, 0, 0, 2, 2, 0, 0}, grad)
	return []string{fmt.Sprint(grad[4])}
}

// values runs a formula and returns its output "out".
func values(t *testing.T, key graph.Key, f func(g *graph.Builder), inputs map[string][]float64) []float64 {
	prog, err := graph.Build(graph.NewParams64(1), key, f)
	require.NoError(t, err)
	require.NoError(t, set(prog, inputs))
	x, err := run(prog, "out")
	require.NoError(t, err)
	return x
}

// The numbers that chapter 2 works out by hand are the network's.
func TestNumbersByHand(t *testing.T) {
	params := graph.NewParams64(1)
	prog, err := graph.Build(params, graph.Key{B: 1, T: 2}, small, graph.Exposed)
	require.NoError(t, err)
	require.NoError(t, smallWeights(params))
	require.NoError(t, prog.SetFloat64s("x", []float64{1, -1}))
	y, err := run(prog, "y")
	require.NoError(t, err)
	h, err := prog.Float64s("h")
	require.NoError(t, err)
	for _, lang := range pages.Languages() {
		page, err := pages.Page(2, lang)
		require.NoError(t, err)
		for step := range 2 {
			a := h[2*step : 2*step+2]
			assert.Contains(t, page, fmt.Sprintf(") = (%7.4f, %7.4f)", a[0], a[1]), "h_%d", step+1)
			assert.Contains(t, page, fmt.Sprintf("y_%d = ", step+1))
			assert.Contains(t, page, fmt.Sprintf(" = %.4f\n", y[step]), "y_%d", step+1)
		}
		assert.Contains(t, page, fmt.Sprintf("tanh(%7.4f  ", math.Atanh(h[2])), "a_2, unit 1")
		assert.Contains(t, page, fmt.Sprintf("%7.4f     ", math.Atanh(h[3])), "a_2, unit 2")
	}
}
