package datasets_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

func ngram(t testing.TB, order int, train []int, vocab int, add float64) *datasets.NGram {
	t.Helper()
	m, err := datasets.NewNGram(order, train, vocab, add)
	require.NoError(t, err)
	return m
}

func TestNGramByHand(t *testing.T) {
	train := []int{0, 1, 0, 1, 0, 0} // bigrams: 01 twice, 10 twice, 00 once
	tests := []struct {
		name  string
		order int
		vocab int
		add   float64
		ids   []int
		want  float64
	}{
		{"unigram", 1, 2, 0, []int{0, 1}, -(math.Log(4./6) + math.Log(2./6)) / 2},
		{"unigram smoothed", 1, 3, 0.5, []int{2}, -math.Log(0.5 / 7.5)},
		{"bigram", 2, 2, 0, []int{1, 0, 1}, -(math.Log(1) + math.Log(2./3)) / 2},
		{"bigram smoothed", 2, 3, 0.1, []int{0, 1}, -math.Log(2.1 / 3.3)},
		{"unseen context is uniform", 2, 3, 0.1, []int{2, 1}, math.Log(3)},
		{"trigram", 3, 2, 0.1, []int{0, 1, 0}, -math.Log(2.1 / 2.2)},
		{"never seen", 2, 2, 0, []int{1, 1}, math.Inf(1)},
		{"unseen context without smoothing", 2, 3, 0, []int{2, 1}, math.Inf(1)},
		{"one token, no surprise", 3, 1, 0, []int{0, 0, 0, 0}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ids := train
			if tt.vocab == 1 {
				ids = make([]int, 5)
			}
			got := ngram(t, tt.order, ids, tt.vocab, tt.add).CrossEntropy(tt.ids)
			if math.IsInf(tt.want, 1) {
				assert.Equal(t, tt.want, got)
				return
			}
			assert.InDelta(t, tt.want, got, 1e-14)
		})
	}
	m := ngram(t, 2, train, 2, 0.1)
	for name, ids := range map[string][]int{"too short": {0}, "empty": nil, "outside": {0, 2}, "negative": {-1, 0}} {
		assert.True(t, math.IsNaN(m.CrossEntropy(ids)), name)
	}
}

// What follows a context is a probability distribution.
func TestNGramSumsToOne(t *testing.T) {
	const V = 4
	train := []int{0, 1, 2, 3, 2, 1, 0, 0, 2, 2, 1, 3, 3, 3, 0}
	for order := 1; order <= 3; order++ {
		m := ngram(t, order, train, V, 0.1)
		for _, context := range [][]int{{0, 0}, {2, 1}, {3, 3}, {1, 1}} {
			sum := 0.0
			for next := range V {
				ids := append(append([]int{}, context[:order-1]...), next)
				sum += math.Exp(-m.CrossEntropy(ids))
			}
			assert.InDelta(t, 1, sum, 1e-14, "order %d after %v", order, context)
		}
	}
}

func TestNGramErrors(t *testing.T) {
	tests := []struct {
		name         string
		order, vocab int
		train        []int
		add          float64
		want         string
	}{
		{"order", 0, 2, []int{0, 1}, 0.1, "order 0, wanted at least 1"},
		{"vocabulary", 1, 0, []int{0, 1}, 0.1, "vocabulary of 0 entries"},
		{"negative add", 1, 2, []int{0, 1}, -1, "add -1"},
		{"add not a number", 1, 2, []int{0, 1}, math.NaN(), "add NaN"},
		{"infinite add", 1, 2, []int{0, 1}, math.Inf(1), "add +Inf"},
		{"id outside", 2, 2, []int{0, 1, 2}, 0.1, "2-gram: position 2: id 2 is outside the vocabulary of 2 entries"},
		{"negative id", 2, 2, []int{-1}, 0.1, "position 0: id -1"},
		{"too short", 3, 2, []int{0, 1}, 0.1, "3-gram: 2 tokens, at least 3 needed"},
		{"keys too long", 65, 2, []int{0, 1}, 0.1, "2^65 reaches 2^64"},
		{"keys far too long", math.MaxInt, 65, []int{0, 1}, 0.1, "reaches 2^64"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := datasets.NewNGram(tt.order, tt.train, tt.vocab, tt.add)
			assert.ErrorContains(t, err, tt.want)
		})
	}
	_, _, err := datasets.NGramBaseline([]int{0}, nil, 1)
	assert.ErrorContains(t, err, "0 tokens of validation")
	_, _, err = datasets.NGramBaseline(nil, []int{0}, 1)
	assert.ErrorContains(t, err, "0 tokens, at least 1 needed")
}

// The published figures for the usual split of this file, and the order a network has to beat.
func TestNGramOnTinyShakespeare(t *testing.T) {
	dir := os.Getenv("UNROLL_DATA")
	if dir == "" {
		t.Log("UNROLL_DATA is not set: without tinyshakespeare.txt only the embedded corpus is checked")
		checkBaseline(t, datasets.English())
		return
	}
	text, err := datasets.LoadText(filepath.Join(dir, "chars", "tinyshakespeare.txt"), "")
	require.NoError(t, err)
	ids, vocab := encoded(t, text)
	require.Equal(t, 65, vocab)
	train, valid, err := datasets.Split(ids, 0.9)
	require.NoError(t, err)
	for i, want := range []float64{3.347, 2.484, 2.046, 1.784} {
		got := ngram(t, i+1, train, vocab, 0.1).CrossEntropy(valid)
		assert.InDelta(t, want, got, 0.0006, "order %d", i+1)
	}
	order, nats, err := datasets.NGramBaseline(train, valid, vocab)
	require.NoError(t, err)
	assert.Equal(t, 4, order)
	assert.InDelta(t, 1.784, nats, 0.0006)
}

func TestNGramOnEmbeddedKorean(t *testing.T) { checkBaseline(t, datasets.Korean()) }

func encoded(t testing.TB, text string) (ids []int, vocab int) {
	t.Helper()
	v := vocabOf(t, datasets.VocabOptions{}, text)
	ids, err := v.Encode(text)
	require.NoError(t, err)
	return ids, v.Len()
}

// checkBaseline holds the best order against a guess and against frequencies alone.
func checkBaseline(t *testing.T, text string) {
	t.Helper()
	ids, vocab := encoded(t, text)
	train, valid, err := datasets.Split(ids, 0.9)
	require.NoError(t, err)
	order, nats, err := datasets.NGramBaseline(train, valid, vocab)
	require.NoError(t, err)
	unigram := ngram(t, 1, train, vocab, 0.1).CrossEntropy(valid)
	t.Logf("%d tokens, V %d: order 1 %.3f nats, best order %d %.3f nats", len(ids), vocab, unigram, order, nats)
	assert.Less(t, unigram, math.Log(float64(vocab)))
	assert.Less(t, nats, unigram)
	assert.Greater(t, order, 1)
}
