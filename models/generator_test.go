package models_test

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// writes is n characters of a fresh generator.
func writes(t testing.TB, m *models.CharLM, s models.Sampling, prime string, n int) string {
	t.Helper()
	g, err := m.Generator(s)
	require.NoError(t, err)
	text, err := g.Text(prime, n)
	require.NoError(t, err)
	require.Equal(t, n, utf8.RuneCountInString(text))
	return text
}

func TestGeneratorSeed(t *testing.T) {
	for name, c := range variants {
		m := newModel(t, c, english)
		one := writes(t, m, models.Sampling{Seed: 1}, "the ", 60)
		assert.Equal(t, one, writes(t, m, models.Sampling{Seed: 1}, "the ", 60), name)
		assert.NotEqual(t, one, writes(t, m, models.Sampling{Seed: 2}, "the ", 60), name)
	}
}

// The prime text decides what follows, and is not part of it.
func TestGeneratorPriming(t *testing.T) {
	m := newModel(t, variants["gru"], english)
	s := models.Sampling{Seed: 1, Temperature: 0.1}
	assert.NotEqual(t, writes(t, m, s, "the cat", 60), writes(t, m, s, "the dog", 60))

	g, err := m.Generator(s)
	require.NoError(t, err)
	require.NoError(t, g.Prime("the"))
	require.NoError(t, g.Prime(""))
	require.NoError(t, g.Prime(" cat"))
	text, err := g.Text("", 60)
	require.NoError(t, err)
	assert.Equal(t, writes(t, m, s, "the cat", 60), text, "in pieces")

	assert.Equal(t, writes(t, m, s, "\n", 60), writes(t, m, s, "", 60), "nothing read is a line break")
	flat := newModel(t, variants["gru"], "aaaaab")
	assert.Equal(t, writes(t, flat, s, "a", 60), writes(t, flat, s, "", 60), "or the commonest token")
}

// Two short texts are one long one: no character is drawn and thrown away.
func TestGeneratorTextInPieces(t *testing.T) {
	m := newModel(t, variants["lstm"], english)
	s := models.Sampling{Seed: 3}
	want := writes(t, m, s, "the ", 30)
	g, err := m.Generator(s)
	require.NoError(t, err)
	got, err := g.Text("the ", 10)
	require.NoError(t, err)
	for _, n := range []int{0, -1, 15} {
		more, err := g.Text("", n)
		require.NoError(t, err)
		got += more
	}
	for r, err := range g.Runes() {
		require.NoError(t, err)
		if got += string(r); len(got) == 30 {
			break
		}
	}
	assert.Equal(t, want, got)
}

// Greedy takes what is most probable, step by step.
func TestGeneratorGreedy(t *testing.T) {
	m := newModel(t, variants["rnn 2 layers"], english)
	text := writes(t, m, models.Sampling{Greedy: true}, "the ", 20)
	ids, err := m.Vocab.Encode("the " + text)
	require.NoError(t, err)
	for i, logp := range stepwise(t, m, ids) {
		if i < 3 || i+1 == len(ids) {
			continue
		}
		for id := range logp {
			assert.LessOrEqual(t, logp[id], logp[ids[i+1]], "step %d", i)
		}
	}
}

// The frequencies of the first draw are the probabilities that scoring uses.
func TestGeneratorDrawsWhatIsScored(t *testing.T) {
	m := newModel(t, variants["lstm"], "abcab")
	ids, err := m.Vocab.Encode("abc")
	require.NoError(t, err)
	logp := stepwise(t, m, ids)[2]
	count := make([]float64, len(logp))
	const n = 3000
	for seed := range uint64(n) {
		text := writes(t, m, models.Sampling{Seed: seed}, "abc", 1)
		id, ok := m.Vocab.(*datasets.Vocab).ID([]rune(text)[0])
		require.True(t, ok)
		count[id]++
	}
	for id := range count {
		p := math.Exp(logp[id])
		assert.InDelta(t, p, count[id]/n, 4.5*math.Sqrt(p*(1-p)/n), "id %d", id)
	}
}

func TestGeneratorUnknownRune(t *testing.T) {
	m := newModel(t, variants["gru"], english)
	g, err := m.Generator(models.Sampling{Seed: 1})
	require.NoError(t, err)
	_, err = g.Text("the 고양이", 5)
	var unknown *datasets.UnknownRuneError
	require.ErrorAs(t, err, &unknown)
	assert.Equal(t, '고', unknown.Rune)
	assert.ErrorContains(t, err, "models: prime text: ")
	assert.ErrorContains(t, err, "'고' (U+ACE0) at byte 4")

	text, err := g.Text("the ", 60)
	require.NoError(t, err)
	assert.Equal(t, writes(t, m, models.Sampling{Seed: 1}, "the ", 60), text, "nothing of the refused text was read")
	assert.ErrorContains(t, g.Prime("\xff"), "UTF-8")
}

// With an unknown entry any text primes; the entry itself is never written.
func TestGeneratorUnknownEntry(t *testing.T) {
	vocab, err := datasets.NewVocab(datasets.VocabOptions{MaxSize: 4, Unknown: true}, english)
	require.NoError(t, err)
	m, err := models.NewCharLM(variants["gru"], vocab, 1)
	require.NoError(t, err)
	text := writes(t, m, models.Sampling{Seed: 1}, "고양이", 60)
	assert.True(t, utf8.ValidString(text))
	assert.NotContains(t, text, "\ufffd")
}

func TestGeneratorKorean(t *testing.T) {
	for _, name := range []string{"lstm", "gru tied", "rnn one-hot"} {
		m := newModel(t, variants[name], korean)
		text := writes(t, m, models.Sampling{Seed: 1, Temperature: 2}, "강가", 300)
		assert.True(t, utf8.ValidString(text))
		for _, r := range text {
			assert.True(t, strings.ContainsRune(korean, r), "%q", r)
		}
	}
}

func TestGeneratorRefuses(t *testing.T) {
	m := newModel(t, variants["gru"], english)
	_, err := m.Generator(models.Sampling{TopP: 2})
	assert.ErrorContains(t, err, "top-p 2")

	bias := make([]float64, m.Vocab.Len())
	bias[3] = math.NaN()
	require.NoError(t, m.Params.Set("out/b", bias))
	g, err := m.Generator(models.Sampling{})
	require.NoError(t, err)
	_, err = g.Text("the ", 5)
	assert.ErrorContains(t, err, "logit 3 of 16 is NaN")
	n := 0
	for _, err := range g.Runes() {
		n++
		assert.Error(t, err)
	}
	assert.Equal(t, 1, n, "an error ends the text")
}

// Training goes on while a generator is at work: it follows the parameters.
func TestGeneratorFollowsParameters(t *testing.T) {
	m := newModel(t, variants["lstm"], english)
	g, err := m.Generator(models.Sampling{Greedy: true})
	require.NoError(t, err)
	_, err = g.Text("the ", 3)
	require.NoError(t, err)
	bias := make([]float64, m.Vocab.Len())
	id, _ := m.Vocab.(*datasets.Vocab).ID('z')
	require.Negative(t, id)
	id, _ = m.Vocab.(*datasets.Vocab).ID('c')
	bias[id] = 100
	require.NoError(t, m.Params.Set("out/b", bias))
	E := m.Params.Get("embed/E").Values()
	require.NoError(t, m.Params.Set("embed/E", E))
	text, err := g.Text("t", 4)
	require.NoError(t, err)
	assert.Equal(t, "cccc", text)
}

func TestGeneratorAllocatesNothing(t *testing.T) {
	for name, c := range variants {
		for kind, s := range map[string]models.Sampling{
			"softmax": {Seed: 1}, "greedy": {Greedy: true}, "cut": {Seed: 1, Temperature: 0.8, TopK: 5, TopP: 0.9, MinP: 0.01},
		} {
			g, err := newModel(t, c, english).Generator(s)
			require.NoError(t, err)
			next := func() {
				if _, err := g.Next(); err != nil {
					t.Fatal(err)
				}
			}
			next()
			assert.Zero(t, testing.AllocsPerRun(100, next), "%s, %s", name, kind)
		}
	}
}
