package train_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/train"
)

func ExampleBLEU() {
	var b train.BLEU
	err := b.Add(strings.Fields("the cat sat on the mat"),
		strings.Fields("the cat sat on a mat"), strings.Fields("a cat was sitting on the mat"))
	s := b.Score()
	fmt.Printf("%.4f: %.3f, brevity %.3f of %d and %d words %v\n",
		s.BLEU, s.Precisions, s.Brevity, s.Candidate, s.Reference, err)
	// Output: 0.6756: [0.833 1.000 0.750 0.333], brevity 1.000 of 6 and 6 words <nil>
}

func ExampleExactMatch() {
	fmt.Println(train.ExactMatch([]string{"91", "660"}, []string{"91", "659"}))
	// Output: 0.5 <nil>
}

func ExampleWordF1() {
	fmt.Printf("%.2f\n", train.WordF1(strings.Fields("a small red car"), strings.Fields("a red bus")))
	// Output: 0.57
}

func ExamplePerplexity() {
	fmt.Printf("%.1f\n", train.Perplexity(math.Log(65)))
	// Output: 65.0
}

// Papineni et al. (2002), examples 1 and 2, with the counts that their section 2.1 gives.
func TestBLEUPaper(t *testing.T) {
	references := [][]string{
		strings.Fields("it is a guide to action that ensures that the military will forever heed party commands"),
		strings.Fields("it is the guiding principle which guarantees the military forces always being under the command of the party"),
		strings.Fields("it is the practical guide for the army always to heed the directions of the party"),
	}
	cat := [][]string{strings.Fields("the cat is on the mat"), strings.Fields("there is a cat on the mat")}
	tests := []struct {
		candidate  string
		references [][]string
		want       [4]float64
		bleu       float64
	}{
		{
			"it is a guide to action which ensures that the military always obeys the commands of the party",
			references,
			[4]float64{17.0 / 18, 10.0 / 17, 7.0 / 16, 4.0 / 15},
			0.5045666840058485, // and as NLTK has it
		},
		{
			"it is to insure the troops forever hearing the activity guidebook that party direct",
			references,
			[4]float64{8.0 / 14, 1.0 / 13},
			0,
		},
		{"the the the the the the the", cat, [4]float64{2.0 / 7}, 0},
	}
	for _, tt := range tests {
		var b train.BLEU
		require.NoError(t, b.Add(strings.Fields(tt.candidate), tt.references...))
		s := b.Score()
		assert.InDeltaSlice(t, tt.want[:], s.Precisions[:], 1e-15)
		assert.InDelta(t, tt.bleu, s.BLEU, 1e-15)
	}
}

// The paper's section 2.2.2: of references of 12, 15 and 17 words, a candidate of 12 is not punished.
func TestBLEUBrevity(t *testing.T) {
	words := func(n int) []string { return strings.Fields(strings.Repeat("w ", n)) }
	tests := []struct {
		candidate  int
		references []int
		want       float64
		length     int
	}{
		{12, []int{15, 12, 17}, 1, 12},
		{10, []int{15, 12, 17}, math.Exp(1 - 12.0/10), 12},
		{16, []int{17, 15}, 1, 15}, // equally near: the shorter
		{16, []int{15, 17}, 1, 15},
		{20, []int{12}, 1, 12},
		{5, []int{10}, math.Exp(-1), 10},
	}
	for _, tt := range tests {
		var b train.BLEU
		references := make([][]string, len(tt.references))
		for i, n := range tt.references {
			references[i] = words(n)
		}
		require.NoError(t, b.Add(words(tt.candidate), references...))
		s := b.Score()
		assert.Equal(t, tt.length, s.Reference)
		assert.Equal(t, tt.candidate, s.Candidate)
		assert.InDelta(t, tt.want, s.Brevity, 1e-15)
	}
}

// Counts of a corpus are added up before they are divided. Two sentences, by hand:
//
//	a b c d e / a b c d x     4/5  3/4  2/3  1/2
//	a b / a b c               2/2  1/1  -    -
//	together                  6/7  4/5  2/3  1/2, c = 7, r = 8
func TestBLEUCorpus(t *testing.T) {
	var b train.BLEU
	require.NoError(t, b.Add(strings.Fields("a b c d e"), strings.Fields("a b c d x")))
	require.NoError(t, b.Add(strings.Fields("a b"), strings.Fields("a b c")))
	s := b.Score()
	assert.Equal(t, 2, b.Sentences())
	assert.InDeltaSlice(t, []float64{6.0 / 7, 4.0 / 5, 2.0 / 3, 1.0 / 2}, s.Precisions[:], 1e-15)
	want := math.Exp(1-8.0/7) * math.Pow(6.0/7*4/5*2/3/2, 0.25)
	assert.InDelta(t, want, s.BLEU, 1e-15)
}

// One added to both counts of orders 2 to 4: "a b c" of "a b d" is 2/3, (1+1)/(2+1), (0+1)/(1+1), (0+1)/(0+1).
func TestBLEUAddOne(t *testing.T) {
	b := train.BLEU{Smooth: train.AddOne}
	require.NoError(t, b.Add(strings.Fields("a b c"), strings.Fields("a b d")))
	s := b.Score()
	assert.InDeltaSlice(t, []float64{2.0 / 3, 2.0 / 3, 1.0 / 2, 1}, s.Precisions[:], 1e-15)
	assert.InDelta(t, math.Pow(2.0/9, 0.25), s.BLEU, 1e-15)

	plain := train.BLEU{}
	require.NoError(t, plain.Add(strings.Fields("a b c"), strings.Fields("a b d")))
	assert.Zero(t, plain.Score().BLEU)
}

func TestBLEUEdges(t *testing.T) {
	var b train.BLEU
	assert.Equal(t, train.BLEUScore{}, b.Score(), "nothing entered")
	assert.EqualError(t, b.Add([]string{"a"}), "train: BLEU: a translation without a reference")
	assert.Zero(t, b.Sentences())
	require.NoError(t, b.Add(nil, []string{"a"}))
	assert.Equal(t, train.BLEUScore{Reference: 1}, b.Score(), "an empty translation")
	require.NoError(t, b.Add(strings.Fields("a b c d"), strings.Fields("a b c d")))
	assert.InDelta(t, math.Exp(1-5.0/4), b.Score().BLEU, 1e-15)

	var same train.BLEU // words that are empty or hold spaces are words like others
	require.NoError(t, same.Add([]string{"", "a b", "c", "d"}, []string{"a", "b", "c", "d"}))
	assert.InDelta(t, 0.5, same.Score().Precisions[0], 1e-15)
}

func TestExactMatch(t *testing.T) {
	got, err := train.ExactMatch([]string{"a", "b ", "c"}, []string{"a", "b", "C"})
	require.NoError(t, err)
	assert.InDelta(t, 1.0/3, got, 1e-15)
	_, err = train.ExactMatch([]string{"a"}, nil)
	assert.EqualError(t, err, "train: exact match: 1 texts for 0, wanted as many and at least 1")
	_, err = train.ExactMatch(nil, nil)
	assert.Error(t, err)
}

func TestWordF1(t *testing.T) {
	f := strings.Fields
	assert.InDelta(t, 4.0/7, train.WordF1(f("a small red car"), f("a red bus")), 1e-15)
	assert.InDelta(t, 2.0/4, train.WordF1(f("a a a"), f("a")), 1e-15, "a word counts as often as both have it")
	assert.InDelta(t, 1, train.WordF1(f("b a"), f("c"), f("a b")), 0, "the best reference")
	assert.InDelta(t, 1, train.WordF1(f("a b"), f("a b"), f("c")), 0, "the best reference")
	assert.Zero(t, train.WordF1(nil, f("a")))
	assert.InDelta(t, 1, train.WordF1(nil, nil), 0)
	assert.True(t, math.IsNaN(train.WordF1(f("a"))))
	assert.InDelta(t, math.E, train.Perplexity(1), 1e-15)
}
