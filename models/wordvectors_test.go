package models_test

import (
	"bytes"
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
	"github.com/unroll-go/unroll/models"
)

// TestSkipGramGradients compares with central differences in float64: words that
// come twice, as neighbour and as noise, and a word that is its own neighbour.
func TestSkipGramGradients(t *testing.T) {
	m := models.SkipGram{Vocab: 9, Width: 3, Negatives: 2}
	for name, opts := range map[string][]graph.Option{"": nil, "plain": {graph.Plain}} {
		t.Run(name, func(t *testing.T) {
			params := graph.NewParams64(1)
			p, err := graph.Build(params, graph.Key{B: 4, Train: true}, m.Train)
			require.NoError(t, err)
			require.NoError(t, p.Close())
			for _, path := range []string{"in/E", "out/E"} { // out begins as zeros
				x := params.Get(path).Values()
				for i := range x {
					x[i] = math.Cos(float64(i + len(path)))
				}
				require.NoError(t, params.Set(path, x))
			}
			checked := map[string]bool{}
			require.NoError(t, gradcheck.Check(params, graph.Key{B: 4, Train: true}, m.Train, gradcheck.Options{
				Build: opts, Each: func(path string, _ float64) { checked[path] = true },
				Set: func(p *graph.Program) error {
					return errors.Join(p.SetIDs("center", []int{0, 5, 5, 8}), p.SetIDs("context", []int{1, 5, 0, 2}),
						p.SetIDs("noise", []int{1, 1, 7, 3, 0, 4, 5, 3}))
				},
			}))
			assert.True(t, checked["in/E"] && checked["out/E"])
		})
	}
}

// TestSkipGramLoss: with a table of zeros no word is told from noise, log 2 for
// each; with others the loss is the formula, and very large products are no
// overflow.
func TestSkipGramLoss(t *testing.T) {
	m := models.SkipGram{Vocab: 3, Width: 1, Negatives: 2}
	params := graph.NewParams(1)
	p, err := graph.Build(params, graph.Key{B: 1, Train: true}, m.Train)
	require.NoError(t, err)
	require.NoError(t, errors.Join(p.SetIDs("center", []int{0}), p.SetIDs("context", []int{1}), p.SetIDs("noise", []int{2, 1})))
	loss := func() float64 {
		require.NoError(t, p.Run())
		x, err := p.Scalar("loss")
		require.NoError(t, err)
		return x
	}
	assert.InDelta(t, 3*math.Ln2, loss(), 1e-6)
	require.NoError(t, params.Set("in/E", []float64{2, 0, 0}))
	require.NoError(t, params.Set("out/E", []float64{0, 0.75, -0.5}))
	minus := func(x float64) float64 { return math.Log(1 + math.Exp(-x)) }
	assert.InDelta(t, minus(1.5)+minus(1)+minus(-1.5), loss(), 1e-6)
	require.NoError(t, params.Set("in/E", []float64{-1e4, 0, 0}))
	assert.InEpsilon(t, 7.5e3+5e3, loss(), 1e-3)
	for _, g := range params.Get("in/E").Grads() {
		assert.False(t, math.IsNaN(g) || math.IsInf(g, 0))
	}
}

// vectorsFor are vectors of a few words, by hand.
func vectorsFor(t testing.TB) *models.WordVectors {
	t.Helper()
	words, err := datasets.NewWords(datasets.WordsOptions{Lower: true, Max: 6, NoPunct: true}, "king king king king king queen queen queen queen man man man woman woman 영화 영화 other stuff")
	require.NoError(t, err)
	m, err := models.NewWordVectors(models.WordVectorsConfig{Width: 3}, words, 1)
	require.NoError(t, err)
	require.NoError(t, m.Params.Set("in/E", []float64{1, 1, 0, 1, -1, 0, 0, 2, 0, 0, -2, 0, 0.1, 0.1, 5, 1, 1, 0}))
	return m
}

func TestNeighbours(t *testing.T) {
	m := vectorsFor(t)
	near, err := m.Neighbours("KING", 2)
	require.NoError(t, err)
	require.Len(t, near, 2)
	assert.Equal(t, "man", near[0].Word)
	assert.InDelta(t, math.Sqrt2/2, near[0].Similarity, 1e-6)
	assert.Equal(t, "영화", near[1].Word)
	near, err = m.Neighbours("king", 100)
	require.NoError(t, err)
	assert.Len(t, near, 4, "neither the word nor other, whose row is the nearest")

	near, err = m.Analogy("king", "man", "woman", 1)
	require.NoError(t, err)
	assert.Equal(t, "queen", near[0].Word)

	_, err = m.Neighbours("castle", 1)
	var unknown *models.UnknownWordError
	require.ErrorAs(t, err, &unknown)
	assert.Equal(t, "castle", unknown.Word)
	assert.EqualError(t, err, `models: word "castle" is not in the table`)
	_, err = m.Analogy("king", "man", "castle", 1)
	assert.ErrorAs(t, err, &unknown)
	_, err = m.Neighbours("king", -1)
	assert.ErrorContains(t, err, "-1 neighbours")
	_, err = m.Similarities([]float64{1})
	assert.ErrorContains(t, err, "a vector of 3 numbers wanted, got 1")
	ids, err := m.Sentence("King, castle and 영화!")
	require.NoError(t, err)
	assert.Equal(t, []int{0, 4}, ids)
}

func savedVectors(t testing.TB, m *models.WordVectors) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, m.Save(&b))
	return b.Bytes()
}

func TestWordVectorsSaveLoad(t *testing.T) {
	m := vectorsFor(t)
	data := savedVectors(t, m)
	got, err := models.LoadWordVectors(bytes.NewReader(data))
	require.NoError(t, err)
	assert.Equal(t, m.Words, got.Words)
	assert.Equal(t, bits(m.Params), bits(got.Params))
	assert.Equal(t, data, savedVectors(t, got))
	path := filepath.Join(t.TempDir(), "m.safetensors")
	require.NoError(t, m.SaveFile(path))
	_, err = models.LoadWordVectorsFile(path)
	require.NoError(t, err)

	for name, c := range map[string]struct{ key, value, want string }{
		"a classifier": {"unroll.kind", "classifier/1", `unroll.kind is "classifier/1", "words/1" wanted`},
		"width 0":      {"unroll.config", `{"width":0}`, "width must be in [1, 65536], got 0"},
		"width 2^40":   {"unroll.config", `{"width":1099511627776}`, "width must be in"},
		"other width":  {"unroll.config", `{"width":4}`, "in.weight: shape [6 4] wanted, got [6 3]"},
		"no words":     {"unroll.vocab", `{"kind":"words"}`, "no words"},
		"runes":        {"unroll.vocab", `{"kind":"rune","runes":"abc"}`, `kind`},
	} {
		f := read(t, data)
		f.Metadata[c.key] = c.value
		_, err := models.LoadWordVectors(bytes.NewReader(write(t, f)))
		require.ErrorIs(t, err, models.ErrFormat, name)
		assert.ErrorContains(t, err, c.want, name)
	}
}

// TestWordVectorsText: what is written is read, to the bit.
func TestWordVectorsText(t *testing.T) {
	m := vectorsFor(t)
	var text bytes.Buffer
	require.NoError(t, m.WriteText(&text))
	assert.Equal(t, "5 3\nking 1 1 0\nqueen 1 -1 0\nman 0 2 0\nwoman 0 -2 0\n영화 0.1 0.1 5\n", text.String())
	got, err := models.ReadWordVectors(bytes.NewReader(text.Bytes()))
	require.NoError(t, err)
	var again bytes.Buffer
	require.NoError(t, got.WriteText(&again))
	assert.Equal(t, text.String(), again.String())
	near, err := got.Neighbours("king", 1)
	require.NoError(t, err)
	assert.Equal(t, "man", near[0].Word)

	got, err = models.ReadWordVectors(strings.NewReader("2 2\r\n</s> 1e-3 -2 \r\nof 3\t4")) // word2vec ends lines with a space
	require.NoError(t, err)
	v, err := got.Vector("of")
	require.NoError(t, err)
	assert.Equal(t, []float64{3, 4}, v)
}

func TestReadWordVectorsRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "line 1: not a model file of this kind: unexpected EOF",
		"a b":                              `line 1: not a model file of this kind: the number of words and of numbers wanted, got "a"`,
		"2":                                "line 1: not a model file of this kind: unexpected EOF",
		"0 3\n":                            "1 to 4194304 words wanted, got 0",
		"9999999999 3\n":                   "1 to 4194304 words wanted, got 9999999999",
		"2 0\n":                            "width must be in [1, 65536], got 0",
		"4000000 60000\nthe 1":             "line 2: not a model file of this kind: number 2 of 60000: unexpected EOF",
		"2 2\na 1 2\nb 1\n":                "line 3: not a model file of this kind: number 2 of 2: unexpected EOF",
		"2 2\na 1\nb 1 2\n":                `line 2: not a model file of this kind: number 2 of 2: a finite number wanted, got "b"`,
		"1 1\na NaN":                       `a finite number wanted, got "NaN"`,
		"1 1\na 1e99":                      `a finite number wanted, got "1e99"`,
		"1 1\n\xff 1":                      `"\xff" is not valid UTF-8`,
		"2 1\na 1\na 2":                    `word "a" is entry 0 and entry 1`,
		"1 1\n" + strings.Repeat("a", 2e3): "is longer than 1024 bytes",
	} {
		m, err := models.ReadWordVectors(strings.NewReader(text))
		require.ErrorIs(t, err, models.ErrFormat, "%.40q", text)
		assert.ErrorContains(t, err, want)
		assert.Nil(t, m)
	}
	_, err := models.ReadWordVectors(iotest.ErrReader(errors.New("disk on fire")))
	assert.NotErrorIs(t, err, models.ErrFormat)
	assert.ErrorContains(t, err, "disk on fire")
}

func TestWriteTextRefusesWhiteSpace(t *testing.T) {
	words, err := datasets.NewWords(datasets.WordsOptions{Exact: true}, "a  b a")
	require.NoError(t, err)
	m, err := models.NewWordVectors(models.WordVectorsConfig{Width: 2}, words, 1)
	require.NoError(t, err)
	assert.ErrorContains(t, m.WriteText(&bytes.Buffer{}), `the word "  " has white space`)
}

func TestNewWordVectorsRefuses(t *testing.T) {
	_, err := models.NewWordVectors(models.WordVectorsConfig{Width: 2}, nil, 1)
	assert.ErrorContains(t, err, "a vocabulary of words is needed")
	_, err = models.NewWordVectors(models.WordVectorsConfig{}, vectorsFor(t).Words, 1)
	assert.ErrorContains(t, err, "width must be in [1, 65536], got 0")
}

// Text from anywhere is an error or vectors, which are written and read again as
// themselves.
func FuzzReadWordVectors(f *testing.F) {
	for _, text := range []string{
		"5 3\nking 1 1 0\nqueen 1 -1 0\nman 0 2 0\nwoman 0 -2 0\n영화 0.1 0.1 5\n", "2 2\r\n</s> 1e-3 -2 \r\nof 3\t4", "1 1\na NaN", "4000000 60000\nthe 1", "1 1\n\xff 1", "",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := models.ReadWordVectors(bytes.NewReader(data))
		if err != nil {
			require.Nil(t, m)
			return
		}
		var first, second bytes.Buffer
		if m.WriteText(&first) != nil { // white space beyond ASCII within a word
			return
		}
		again, err := models.ReadWordVectors(bytes.NewReader(first.Bytes()))
		require.NoError(t, err)
		require.NoError(t, again.WriteText(&second))
		require.Equal(t, first.String(), second.String())
	})
}

// A file from anywhere is an error or vectors.
func FuzzLoadWordVectors(f *testing.F) {
	f.Add(savedVectors(f, vectorsFor(f)))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := models.LoadWordVectors(bytes.NewReader(data))
		if err != nil {
			require.Nil(t, m)
			return
		}
		_, err = m.Similarities(make([]float64, m.Config.Width))
		require.NoError(t, err)
	})
}
