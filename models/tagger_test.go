package models_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
	"github.com/unroll-go/unroll/models"
)

// taggerVariants are one configuration for each cell and direction.
func taggerVariants() map[string]models.TaggerConfig {
	all := map[string]models.TaggerConfig{}
	for _, cell := range models.Cells() {
		for _, both := range []bool{false, true} {
			r := models.Recurrent{Cell: cell, Embed: 3, Hidden: 2, Layers: 2, Bidirectional: both}
			if cell == "gru" {
				r.Embed, r.Layers = 0, 1
			}
			all[fmt.Sprintf("%s both=%t", cell, both)] = models.TaggerConfig{Recurrent: r, Unit: "chars", Longest: 8}
		}
	}
	return all
}

// TestTaggerGradients compares a whole tagger's gradients with central
// differences in float64: rows of unequal length, one of them empty.
func TestTaggerGradients(t *testing.T) {
	set := func(p *graph.Program) error {
		if err := p.SetIDs("ids", []int{0, 3, 2, 0, 0, 1, 2, 0, 0, 0, 0, 0}); err != nil { // T 3, B 4
			return err
		}
		if err := p.SetIDs("lens", []int{2, 1, 3, 0}); err != nil {
			return err
		}
		if err := p.SetIDs("target", []int{2, 1, 0, 0, 1, 0, 2, 0, 0, 0, 1, 0}); err != nil {
			return err
		}
		return p.SetFloat64s("weight", datasets.StepWeights([]int{2, 1, 3, 0}, 3))
	}
	for name, c := range taggerVariants() {
		t.Run(name, func(t *testing.T) {
			network, err := c.Network(4, 3)
			require.NoError(t, err)
			checked := map[string]bool{}
			require.NoError(t, gradcheck.Check(graph.NewParams64(3), graph.Key{B: 4, T: 3}, network.Train, gradcheck.Options{
				Set: set, Each: func(path string, _ float64) { checked[path] = true },
			}))
			assert.Equal(t, c.Embed > 0, checked["embed/E"])
			assert.True(t, checked["out/W"] && checked["out/b"])
			assert.Equal(t, c.Bidirectional, checked["rnn/layer0/backward/Wx"])
		})
	}
}

// newTagger is an untrained tagger over a few letters.
func newTagger(t testing.TB, c models.TaggerConfig) *models.Tagger {
	t.Helper()
	tokens, err := datasets.NewCategories(datasets.CategoriesOptions{}, "a", "b", "c", "d")
	require.NoError(t, err)
	m, err := models.NewTagger(c, tokens, []string{"no", "yes", "maybe", "no"}, 7)
	require.NoError(t, err)
	return m
}

// A text's labels do not depend on those beside it, nor on the padding, and what
// comes later matters to a tagger of both directions alone.
func TestTaggerRowsAreApart(t *testing.T) {
	for name, c := range taggerVariants() {
		m := newTagger(t, c)
		var examples []datasets.Tagged
		for _, text := range []string{"abcd", "a", "ab", "zz", "dcbabcd"} {
			e, err := m.Examples(strings.Split(text, ""), nil)
			require.NoError(t, err)
			examples = append(examples, e...)
		}
		all, err := m.Probabilities(examples)
		require.NoError(t, err)
		for i := range examples {
			one, err := m.Probabilities(examples[i : i+1])
			require.NoError(t, err)
			require.Len(t, all[i], examples[i].Len())
			for step, p := range one[0] {
				assert.InDeltaSlice(t, p, all[i][step], 1e-6, name)
				assert.InDelta(t, 1, p[0]+p[1]+p[2], 1e-12)
			}
		}
		if !c.Bidirectional {
			assert.InDeltaSlice(t, all[1][0], all[0][0], 1e-6, "the past decides: %s", name)
		} else {
			assert.NotEqual(t, all[1][0], all[0][0], name)
		}
	}
}

// Long sequences are read in parts, and every token gets a label.
func TestTaggerExamples(t *testing.T) {
	m := newTagger(t, taggerVariants()["lstm both=true"])
	assert.Equal(t, []string{"maybe", "no", "yes"}, m.Labels)
	long := strings.Split(strings.Repeat("ab", 10), "")
	e, err := m.Examples(long, nil)
	require.NoError(t, err)
	require.Len(t, e, 3)
	assert.Equal(t, []int{8, 8, 4}, []int{e[0].Len(), e[1].Len(), e[2].Len()})
	tags, err := m.Tag(long...)
	require.NoError(t, err)
	require.Len(t, tags, 20)
	assert.Equal(t, "b", tags[19].Token)
	assert.Contains(t, m.Labels, tags[19].Label)

	tags, err = m.Tag()
	require.NoError(t, err)
	assert.Empty(t, tags)

	_, err = m.Examples([]string{"a", "b"}, []string{"no"})
	assert.EqualError(t, err, "models: 1 labels for 2 tokens, wanted as many")
	_, err = m.Examples([]string{"a"}, []string{"never"})
	assert.EqualError(t, err, `models: label "never" is not among the 3 of the model: ["maybe" "no" "yes"]`)
	assert.Equal(t, []string{"월", "3"}, m.Config.Cut("월3"))
	words := m.Config
	words.Unit = "words"
	assert.Equal(t, []string{"a", "b"}, words.Cut(" a \t b"))
}

// The score counts steps, and texts that are right throughout.
func TestTaggerScore(t *testing.T) {
	m := newTagger(t, taggerVariants()["rnn both=false"])
	require.NoError(t, m.Params.Set("out/W", make([]float64, 2*3)))
	require.NoError(t, m.Params.Set("out/b", []float64{0, 2, 0})) // always "no"
	var examples []datasets.Tagged
	for _, labels := range []string{"no no", "no yes yes", "maybe"} {
		e, err := m.Examples(make([]string, len(strings.Fields(labels))), strings.Fields(labels))
		require.NoError(t, err)
		examples = append(examples, e...)
	}
	s, err := m.Score(examples)
	require.NoError(t, err)
	assert.Equal(t, 6, s.Steps)
	assert.InDelta(t, 0.5, s.Accuracy, 1e-15)
	assert.InDelta(t, 1./3, s.Whole, 1e-15)
	examples[0].Labels[0] = 3
	_, err = m.Score(examples)
	assert.EqualError(t, err, "models: example 0, step 0: class 3 is outside [0, 3)")
}

func savedTagger(t testing.TB, m *models.Tagger) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, m.Save(&b))
	return b.Bytes()
}

// A tagger read back is the same to the bit, answers the same and is written as
// it was.
func TestTaggerSaveLoad(t *testing.T) {
	for name, c := range taggerVariants() {
		m := newTagger(t, c)
		path := filepath.Join(t.TempDir(), "m.safetensors")
		require.NoError(t, m.SaveFile(path))
		got, err := models.LoadTaggerFile(path)
		require.NoError(t, err)
		assert.Equal(t, m.Config, got.Config)
		assert.Equal(t, m.Labels, got.Labels)
		assert.Equal(t, m.Tokens.Names(), got.Tokens.Names())
		assert.Equal(t, bits(m.Params), bits(got.Params), name)
		assert.Equal(t, savedTagger(t, m), savedTagger(t, got))
		want, err := m.Tag("a", "b", "?")
		require.NoError(t, err)
		tags, err := got.Tag("a", "b", "?")
		require.NoError(t, err)
		assert.Equal(t, want, tags)
	}
}

func TestLoadTaggerRefusesMetadata(t *testing.T) {
	good := savedTagger(t, newTagger(t, taggerVariants()["lstm both=false"]))
	for name, c := range map[string]struct{ key, value, want string }{
		"a classifier":    {"unroll.kind", "classifier/1", `unroll.kind is "classifier/1", "tagger/1" wanted`},
		"no config":       {"unroll.config", "", "unroll.config: unexpected end"},
		"other unit":      {"unroll.config", `{"cell":"lstm","embed":3,"hidden":2,"layers":2,"unit":"pages","longest":8}`, `unit "pages" is unknown`},
		"longest 0":       {"unroll.config", `{"cell":"lstm","embed":3,"hidden":2,"layers":2,"unit":"chars"}`, "longest must be in"},
		"hidden 3":        {"unroll.config", `{"cell":"lstm","embed":3,"hidden":3,"layers":2,"unit":"chars","longest":8}`, "rnn.weight_hh_l0: shape [12 3] wanted"},
		"one label":       {"unroll.labels", `["a"]`, "at least 1 token and 2 labels, got 5 and 1"},
		"labels unsorted": {"unroll.labels", `["b","a","c"]`, `sorted and distinct labels wanted, got "a" after "b"`},
		"token twice":     {"unroll.vocab", `["a","a","b","c"]`, "a name is there twice"},
		"fewer tokens":    {"unroll.vocab", `["a","b"]`, "embed.weight: shape [3 3] wanted, got [5 3]"},
		"null tokens":     {"unroll.vocab", `null`, "embed.weight: shape [1 3] wanted, got [5 3]"},
		"no tokens":       {"unroll.vocab", "", "unroll.vocab: unexpected end"},
	} {
		t.Run(name, func(t *testing.T) {
			f := read(t, good)
			if f.Metadata[c.key] = c.value; c.value == "" {
				delete(f.Metadata, c.key)
			}
			m, err := models.LoadTagger(bytes.NewReader(write(t, f)))
			require.ErrorIs(t, err, models.ErrFormat)
			assert.ErrorContains(t, err, c.want)
			assert.Nil(t, m)
		})
	}
}

// FuzzLoadTagger: any bytes give an error that says so, or a tagger that answers
// and is written as it was read.
func FuzzLoadTagger(f *testing.F) {
	for _, name := range []string{"rnn both=false", "gru both=true"} {
		f.Add(savedTagger(f, newTagger(f, taggerVariants()[name])))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := models.LoadTagger(bytes.NewReader(data))
		if err != nil {
			require.ErrorIs(t, err, models.ErrFormat)
			require.Nil(t, m)
			return
		}
		again, err := models.LoadTagger(bytes.NewReader(savedTagger(t, m)))
		require.NoError(t, err)
		require.Equal(t, bits(m.Params), bits(again.Params))
	})
}
