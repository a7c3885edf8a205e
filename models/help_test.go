package models_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models"
)

// english and korean are short texts, repeated.
const (
	english = "the cat sat on the mat.\nthe dog dug in the den.\n"
	korean  = "강가의 마을에 작은 배가 있었다.\n배는 강을 건넜다.\n"
)

// variants are a configuration of each kind: cells, one-hot, tied, two layers, dropout.
var variants = map[string]models.Config{
	"rnn":           {Cell: "rnn", Embed: 4, Hidden: 5, Layers: 1},
	"lstm":          {Cell: "lstm", Embed: 4, Hidden: 5, Layers: 1},
	"gru":           {Cell: "gru", Embed: 4, Hidden: 5, Layers: 1},
	"rnn one-hot":   {Cell: "rnn", Hidden: 5, Layers: 1},
	"lstm one-hot":  {Cell: "lstm", Hidden: 5, Layers: 2},
	"gru one-hot":   {Cell: "gru", Hidden: 5, Layers: 1},
	"rnn tied":      {Cell: "rnn", Embed: 5, Hidden: 5, Layers: 2, Tied: true},
	"lstm tied":     {Cell: "lstm", Embed: 5, Hidden: 5, Layers: 1, Tied: true},
	"gru tied":      {Cell: "gru", Embed: 5, Hidden: 5, Layers: 1, Tied: true, Dropout: 0.3},
	"rnn 2 layers":  {Cell: "rnn", Embed: 4, Hidden: 5, Layers: 2, Dropout: 0.3},
	"lstm 2 layers": {Cell: "lstm", Embed: 4, Hidden: 5, Layers: 2, Dropout: 0.3},
	"gru 2 layers":  {Cell: "gru", Embed: 6, Hidden: 5, Layers: 2, Dropout: 0.3},
}

func vocabOf(t testing.TB, text string) *datasets.Vocab {
	t.Helper()
	v, err := datasets.NewVocab(datasets.VocabOptions{}, text)
	require.NoError(t, err)
	return v
}

// spread moves the biases, zero at first.
func spread(t testing.TB, ps *graph.Params) {
	t.Helper()
	for _, p := range ps.All() {
		if len(p.Shape()) == 1 {
			x := p.Values()
			for k := range x {
				x[k] += 0.3 * math.Cos(float64(k+len(p.Path())))
			}
			require.NoError(t, ps.Set(p.Path(), x))
		}
	}
}

// newModel is an untrained model whose biases, zero at first, are spread too.
func newModel(t testing.TB, c models.Config, text string) *models.CharLM {
	t.Helper()
	m, err := models.NewCharLM(c, vocabOf(t, text), 7)
	require.NoError(t, err)
	spread(t, m.Params)
	return m
}

// encoded is the first n ids of a text, repeated.
func encoded(t testing.TB, m *models.CharLM, text string, n int) []int {
	t.Helper()
	ids, err := m.Vocab.Encode(strings.Repeat(text, n/len([]rune(text))+1))
	require.NoError(t, err)
	return ids[:n]
}

func saved(t testing.TB, m *models.CharLM) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, m.Save(&b))
	return b.Bytes()
}

// bits are the parameters to the bit.
func bits(ps *graph.Params) map[string]string {
	all := map[string]string{}
	for _, p := range ps.All() {
		for _, x := range p.Float32s() {
			all[p.Path()] += fmt.Sprintf("%08x ", math.Float32bits(x))
		}
	}
	return all
}

// stepwise is what the model says after each of ids, from a zero state, one at a
// time: log softmax of its logits, in float64.
func stepwise(t testing.TB, m *models.CharLM, ids []int) [][]float64 {
	t.Helper()
	p, err := graph.Build(m.Params, graph.Key{B: 1, T: 1}, m.LM().Generate)
	require.NoError(t, err)
	var out [][]float64
	for _, id := range ids {
		require.NoError(t, p.SetIDs("ids", []int{id}))
		require.NoError(t, p.Run())
		logits, err := p.Float64s("logits")
		require.NoError(t, err)
		sum := 0.0
		for _, x := range logits {
			sum += math.Exp(x)
		}
		for i := range logits {
			logits[i] -= math.Log(sum)
		}
		out = append(out, logits)
	}
	return out
}

// byHand is the sum of the cross entropies of all of ids but the first.
func byHand(t testing.TB, m *models.CharLM, ids []int) float64 {
	t.Helper()
	nats := 0.0
	for i, logp := range stepwise(t, m, ids[:len(ids)-1]) {
		nats -= logp[ids[i+1]]
	}
	return nats
}

// learn takes steps of gradient descent with momentum, the whole gradient no
// longer than 5, and returns the last loss; package train, which has better, is
// above this one.
func learn(t testing.TB, task learner, steps int, rate float64) (loss float64) {
	t.Helper()
	speed := map[string][]float64{}
	for step := range steps {
		var err error
		loss, err = task.Next(step)
		require.NoError(t, err)
		clip := min(1, 5/task.Params().GradNorm())
		require.NoError(t, task.Params().Update(func(p *graph.Param) error {
			v := speed[p.Path()]
			if v == nil {
				v = make([]float64, len(p.Values()))
				speed[p.Path()] = v
			}
			for i, d := range p.Grads() {
				v[i] = 0.9*v[i] - rate*clip*d
				p.Float32s()[i] += float32(v[i])
			}
			return nil
		}))
	}
	return loss
}
