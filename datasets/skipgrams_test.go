package datasets_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// countingUp is n sentences that count up, of unequal lengths, over 50 words.
func countingUp(n int) [][]int {
	out := make([][]int, n)
	for i := range out {
		for k := range 2 + i%9 {
			out[i] = append(out[i], (3*i+k)%50)
		}
	}
	return out
}

func skipGrams(t testing.TB, sentences [][]int, opt datasets.SkipGramOptions) *datasets.SkipGrams {
	t.Helper()
	s, err := datasets.NewSkipGrams(sentences, 50, opt)
	require.NoError(t, err)
	return s
}

// cloned is a batch that stays.
func cloned(b datasets.SkipGramBatch) datasets.SkipGramBatch {
	return datasets.SkipGramBatch{Center: slices.Clone(b.Center), Context: slices.Clone(b.Context), Noise: slices.Clone(b.Noise)}
}

// Without a reach beyond 1 and without thinning out, an epoch has each word with
// the one before and the one after it.
func TestSkipGramsOfWindow1(t *testing.T) {
	s := skipGrams(t, [][]int{{1, 2, 3}, {4, 5}, {6}, nil}, datasets.SkipGramOptions{Batch: 6, Window: 1, Negatives: 2, Sample: 1})
	require.Equal(t, 1, s.PerEpoch())
	for range 3 {
		b := s.Next()
		var got [][2]int
		for i := range b.Center {
			got = append(got, [2]int{b.Center[i], b.Context[i]})
		}
		assert.ElementsMatch(t, [][2]int{{1, 2}, {2, 1}, {2, 3}, {3, 2}, {4, 5}, {5, 4}}, got)
		assert.Len(t, b.Noise, 12)
	}
}

// Words of a pair stand at most Window apart, and a nearer neighbour is met more
// often: the reach is drawn for each word.
func TestSkipGramsReach(t *testing.T) {
	s := skipGrams(t, countingUp(4000), datasets.SkipGramOptions{Batch: 64, Window: 3, Negatives: 1, Sample: 1})
	var apart [4]float64
	for range s.PerEpoch() {
		b := s.Next()
		for i := range b.Center {
			d := (b.Center[i] - b.Context[i] + 50) % 50
			d = min(d, 50-d)
			require.LessOrEqual(t, d, 3)
			apart[d]++
		}
	}
	assert.Zero(t, apart[0])
	assert.Greater(t, apart[1], 1.2*apart[2])
	assert.Greater(t, apart[2], 1.5*apart[3])
}

// A batch depends on its number alone: seeking gives what walking does, within an
// epoch and beyond.
func TestSkipGramsSeek(t *testing.T) {
	opt := datasets.SkipGramOptions{Batch: 100, Window: 4, Negatives: 3, Sample: 0.01, Seed: 5}
	walk := skipGrams(t, countingUp(300), opt)
	var all []datasets.SkipGramBatch
	for pos := range 3*walk.PerEpoch() + 2 {
		require.Equal(t, pos, walk.Pos())
		all = append(all, cloned(walk.Next()))
	}
	assert.NotEqual(t, all[0], all[walk.PerEpoch()], "epochs differ")
	for _, pos := range []int{0, len(all) - 1, 1, walk.PerEpoch(), walk.PerEpoch() - 1, 2*walk.PerEpoch() + 1} {
		require.NoError(t, walk.Seek(pos))
		assert.Equal(t, all[pos], cloned(walk.Next()), "batch %d", pos)
		other := skipGrams(t, countingUp(300), opt)
		require.NoError(t, other.Seek(pos))
		assert.Equal(t, all[pos], cloned(other.Next()), "batch %d, anew", pos)
	}
	assert.ErrorContains(t, walk.Seek(-1), "seek to batch -1")
	require.NoError(t, walk.Seek(math.MaxInt/2), "from an untrusted file: no walk through all epochs")
}

// Frequent words are thinned out to √(t/f) of what they were, and noise has them as
// their count^0.75.
func TestSkipGramsFrequencies(t *testing.T) {
	var sentences [][]int
	for i := range 5000 { // word 0 is in every second place
		sentences = append(sentences, []int{0, 1 + i%9, 0, 1 + (i+4)%9})
	}
	s, err := datasets.NewSkipGrams(sentences, 11, datasets.SkipGramOptions{Batch: 100, Window: 1, Negatives: 4, Sample: 0.1})
	require.NoError(t, err)
	var noise [11]float64
	n := 0.0
	for range s.PerEpoch() {
		for _, id := range s.Next().Noise {
			noise[id]++
			n++
		}
	}
	frequent, rare := math.Pow(10000, 0.75), math.Pow(10000.0/9, 0.75)
	total := frequent + 9*rare
	assert.InDelta(t, frequent/total, noise[0]/n, 0.01)
	assert.InDelta(t, rare/total, noise[3]/n, 0.01)
	assert.Zero(t, noise[10], "a word that never occurs")

	all, err := datasets.NewSkipGrams(sentences, 11, datasets.SkipGramOptions{Batch: 100, Window: 1, Negatives: 1, Sample: 1})
	require.NoError(t, err)
	assert.Equal(t, 300, all.PerEpoch())
	// Word 0 stays with p = √(0.1/0.5), all others do. What is left of a sentence makes two pairs less than twice its words.
	p := math.Sqrt(0.1 / 0.5)
	pairs := p*p*6 + 2*p*(1-p)*4 + (1-p)*(1-p)*2
	assert.InEpsilon(t, pairs*5000/100, s.PerEpoch(), 0.03)
}

func TestSkipGramsRefuses(t *testing.T) {
	good := datasets.SkipGramOptions{Batch: 2, Window: 2, Negatives: 2, Sample: 1}
	for want, change := range map[string]func(o *datasets.SkipGramOptions){
		"batch must be in [1, ":                        func(o *datasets.SkipGramOptions) { o.Batch = 0 },
		"for 2 negatives, got 1073741824":              func(o *datasets.SkipGramOptions) { o.Batch = 1 << 30 },
		"window must be in [1, 1024], got 0":           func(o *datasets.SkipGramOptions) { o.Window = 0 },
		"negatives must be in [1, 1024], got 2000":     func(o *datasets.SkipGramOptions) { o.Negatives = 2000 },
		"sample must be above 0 and at most 1, got 0":  func(o *datasets.SkipGramOptions) { o.Sample = 0 },
		"sample must be above 0 and at most 1, got Na": func(o *datasets.SkipGramOptions) { o.Sample = math.NaN() },
		"4 pairs of neighbours in all, at least one batch of 5 wanted": func(o *datasets.SkipGramOptions) {
			o.Batch, o.Window = 5, 1
		},
	} {
		opt := good
		change(&opt)
		_, err := datasets.NewSkipGrams([][]int{{0, 1, 2}}, 3, opt)
		assert.ErrorContains(t, err, want)
	}
	_, err := datasets.NewSkipGrams([][]int{{0, 1}, {1, 3}}, 3, good)
	assert.ErrorContains(t, err, "sentence 1: id 3 at position 1 is outside [0, 3)")
	for _, none := range [][][]int{nil, {{1}}, {{}, {}}} {
		_, err = datasets.NewSkipGrams(none, 3, good)
		assert.ErrorContains(t, err, "0 pairs of neighbours in all")
	}
	_, err = datasets.NewSkipGrams(nil, 0, good)
	assert.ErrorContains(t, err, "0 words, wanted 1 to")
}

// A sentence of any length is cut, not held as pairs all at once.
func TestSkipGramsLongSentence(t *testing.T) {
	long := make([]int, 10_000)
	for i := range long {
		long[i] = i % 50
	}
	s := skipGrams(t, [][]int{long}, datasets.SkipGramOptions{Batch: 1000, Window: 1, Negatives: 1, Sample: 1})
	assert.Equal(t, (10*999*2)/1000, s.PerEpoch())
}

func TestCoOccurrence(t *testing.T) {
	c, err := datasets.NewCoOccurrence([][]int{{0, 1, 2}, {0, 3, 2}, {4}}, 6, 1)
	require.NoError(t, err)
	assert.Equal(t, 6, c.Len())
	got, err := c.Similarities(0) // 0 meets 1 and 3, as 2 does
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{1, 0, 1, 0, 0, 0}, got, 1e-12)
	got, err = c.Similarities(4)
	require.NoError(t, err)
	assert.Equal(t, make([]float64, 6), got, "a word without neighbours")

	wide, err := datasets.NewCoOccurrence([][]int{{0, 1, 2, 0}}, 3, 2) // 0: 1 1 2 2; 1: 0 0 2; 2: 0 0 1
	require.NoError(t, err)
	got, err = wide.Similarities(1)
	require.NoError(t, err)
	assert.InDelta(t, 4.0/5, got[2], 1e-6)

	// Of 8 meetings 1 has 2: p(0,1) = 2/8, p(0) = 4/8, p(1) = 2/8. All others are alike, so all that is 1 before stays so.
	q := c.PPMI()
	got, err = q.Similarities(0)
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{1, 0, 1, 0, 0, 0}, got, 1e-12)
	_, err = q.Similarities(6)
	assert.ErrorContains(t, err, "id 6 is outside [0, 6)")
	_, err = datasets.NewCoOccurrence([][]int{{7}}, 6, 1)
	assert.ErrorContains(t, err, "id 7 at position 0 is outside [0, 6)")
	_, err = datasets.NewCoOccurrence(nil, 6, 0)
	assert.ErrorContains(t, err, "window must be in [1, 1024], got 0")
}

// A word that meets all others by chance says nothing: what is left of it is 0.
func TestPPMIForgetsChance(t *testing.T) {
	var sentences [][]int
	for i := range 60 {
		a := i % 6
		sentences = append(sentences, []int{6, a, 7}, []int{a, 8 + a/3})
	}
	c, err := datasets.NewCoOccurrence(sentences, 10, 1)
	require.NoError(t, err)
	counts, err := c.Similarities(0)
	require.NoError(t, err)
	ppmi, err := c.PPMI().Similarities(0)
	require.NoError(t, err)
	assert.Greater(t, counts[5], 0.5, "both stand between 6 and 7")
	assert.Less(t, ppmi[5], counts[5])
	assert.Greater(t, ppmi[1], ppmi[5], "both stand before 8")
}

// The generated sentences are the same for a seed, and have all words that are to be found.
func TestSentences(t *testing.T) {
	texts := datasets.Sentences(3000, 1)
	assert.Equal(t, texts[:100], datasets.Sentences(100, 1))
	assert.NotEqual(t, texts[:100], datasets.Sentences(100, 2))
	assert.Empty(t, datasets.Sentences(-1, 1))
	words, err := datasets.NewWords(datasets.WordsOptions{NoPunct: true}, texts...)
	require.NoError(t, err)
	for _, pair := range datasets.Relations() {
		for _, word := range pair {
			_, ok := words.ID(word)
			assert.True(t, ok, word)
		}
	}
}
