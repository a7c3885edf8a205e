package models_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/internal/safetensors"
	"github.com/unroll-go/unroll/models"
)

func savedClassifier(t testing.TB, m *models.Classifier) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, m.Save(&b))
	return b.Bytes()
}

// A classifier read back is the same to the bit, answers the same and is written
// as it was.
func TestClassifierSaveLoad(t *testing.T) {
	for name, c := range classifierVariants() {
		m := newClassifier(t, c)
		m.Temperature = 1.37
		data := savedClassifier(t, m)
		got, err := models.LoadClassifier(bytes.NewReader(data))
		require.NoError(t, err)
		assert.Equal(t, m.Config, got.Config)
		assert.Equal(t, m.Labels, got.Labels)
		assert.Equal(t, m.Tokens, got.Tokens)
		assert.Equal(t, bits(m.Params), bits(got.Params), name)
		assert.Equal(t, data, savedClassifier(t, got))
		want, err := m.Predict("abc", "", "dddd")
		require.NoError(t, err)
		answers, err := got.Predict("abc", "", "dddd")
		require.NoError(t, err)
		assert.Equal(t, want, answers)
	}
}

// Every tokenizer is part of the file.
func TestClassifierSaveLoadTokenizers(t *testing.T) {
	words, err := datasets.NewWords(datasets.WordsOptions{}, "a film, a song")
	require.NoError(t, err)
	jamo, err := datasets.NewJamo(datasets.VocabOptions{Unknown: true}, "영화가 좋다")
	require.NoError(t, err)
	for _, tokens := range []datasets.Tokenizer{words, jamo, datasets.Bytes{}} {
		m, err := models.NewClassifier(classifierVariants()["rnn mean both=true"], tokens, []string{"a", "b"}, 1)
		require.NoError(t, err)
		got, err := models.LoadClassifier(bytes.NewReader(savedClassifier(t, m)))
		require.NoError(t, err)
		assert.Equal(t, tokens, got.Tokens)
	}
}

// TestClassifierFileIsPyTorchs: names and shapes are those of a module with
// embed, rnn (both directions), pool and out.
func TestClassifierFileIsPyTorchs(t *testing.T) {
	f := read(t, savedClassifier(t, newClassifier(t, classifierVariants()["lstm attention both=true"])))
	got := map[string][]int{}
	for _, x := range f.Tensors {
		got[x.Name] = x.Shape
	}
	want := map[string][]int{
		"embed.weight": {6, 3}, "out.weight": {3, 4}, "out.bias": {3}, // 4 letters, other, the end
		"pool.proj.weight": {4, 4}, "pool.proj.bias": {4}, "pool.query.weight": {1, 4},
	}
	for _, end := range []string{"", "_reverse"} {
		want["rnn.weight_ih_l0"+end], want["rnn.weight_ih_l1"+end] = []int{8, 3}, []int{8, 4}
		for _, layer := range []string{"_l0", "_l1"} {
			want["rnn.weight_hh"+layer+end] = []int{8, 2}
			want["rnn.bias_ih"+layer+end], want["rnn.bias_hh"+layer+end] = []int{8}, []int{8}
		}
	}
	assert.Equal(t, want, got)
	keys := []string{"format", "unroll.config", "unroll.kind", "unroll.labels", "unroll.temperature", "unroll.vocab"}
	assert.Equal(t, keys, slices.Sorted(maps.Keys(f.Metadata)))
	var config map[string]any
	require.NoError(t, json.Unmarshal([]byte(f.Metadata["unroll.config"]), &config))
	assert.Equal(t, map[string]any{
		"cell": "lstm", "embed": 3.0, "hidden": 2.0, "layers": 2.0, "bidirectional": true, "pool": "attention", "longest": 8.0,
	}, config)
}

func TestLoadClassifierRefusesMetadata(t *testing.T) {
	good := savedClassifier(t, newClassifier(t, classifierVariants()["lstm last both=false"]))
	for name, c := range map[string]struct{ key, value, want string }{
		"a character model": {"unroll.kind", "charlm/1", `unroll.kind is "charlm/1", "classifier/1" wanted`},
		"no config":         {"unroll.config", "", "unroll.config: unexpected end"},
		"other pool":        {"unroll.config", `{"cell":"lstm","embed":3,"hidden":2,"layers":2,"pool":"max","longest":8}`, `pool "max" is unknown`},
		"attention":         {"unroll.config", `{"cell":"lstm","embed":3,"hidden":2,"layers":2,"pool":"attention","longest":8}`, "pool.proj.bias [2] is missing"},
		"both directions": {
			"unroll.config", `{"cell":"lstm","embed":3,"hidden":2,"layers":2,"bidirectional":true,"pool":"last","longest":8}`,
			"rnn.bias_hh_l0_reverse [8] is missing",
		},
		"grams 4":          {"unroll.config", `{"cell":"lstm","embed":3,"hidden":2,"layers":2,"grams":4,"buckets":9,"pool":"last","longest":8}`, "grams must be 0, 2 or 3"},
		"no buckets":       {"unroll.config", `{"cell":"lstm","embed":3,"hidden":2,"layers":2,"grams":2,"pool":"last","longest":8}`, "buckets must be in"},
		"buckets 2^40":     {"unroll.config", `{"cell":"lstm","embed":3,"hidden":2,"layers":2,"grams":2,"buckets":1099511627776,"pool":"last","longest":8}`, "buckets must be in"},
		"grams, one-hot":   {"unroll.config", `{"cell":"lstm","embed":0,"hidden":2,"layers":2,"grams":2,"buckets":9,"pool":"last","longest":8}`, "grams need an embedding"},
		"grams":            {"unroll.config", `{"cell":"lstm","embed":3,"hidden":2,"layers":2,"grams":2,"buckets":9,"pool":"last","longest":8}`, "grams.weight [9 3] is missing"},
		"longest 2^40":     {"unroll.config", `{"cell":"lstm","embed":3,"hidden":2,"layers":2,"pool":"last","longest":1099511627776}`, "longest must be in"},
		"no labels":        {"unroll.labels", "", "unroll.labels: unexpected end"},
		"one label":        {"unroll.labels", `["a"]`, "at least 1 token and 2 classes, got 5 and 1"},
		"four labels":      {"unroll.labels", `["a","b","c","d"]`, "out.weight: shape [4 2] wanted, got [3 2]"},
		"labels unsorted":  {"unroll.labels", `["b","a","c"]`, `sorted and distinct labels wanted, got "a" after "b"`},
		"labels repeated":  {"unroll.labels", `["a","a","c"]`, `sorted and distinct labels wanted, got "a" after "a"`},
		"long label":       {"unroll.labels", `["a","b` + strings.Repeat("x", 1<<12) + `"]`, "has 4097 bytes, at most 4096 wanted"},
		"no tokenizer":     {"unroll.vocab", "", "unroll.vocab: "},
		"temperature 0":    {"unroll.temperature", "0", "unroll.temperature: 0 is outside"},
		"temperature 1e9":  {"unroll.temperature", "1e9", "unroll.temperature: 1e+09 is outside"},
		"temperature text": {"unroll.temperature", `"hot"`, "unroll.temperature: "},
	} {
		t.Run(name, func(t *testing.T) {
			f := read(t, good)
			if f.Metadata[c.key] = c.value; c.value == "" {
				delete(f.Metadata, c.key)
			}
			m, err := models.LoadClassifier(bytes.NewReader(write(t, f)))
			require.ErrorIs(t, err, models.ErrFormat)
			assert.ErrorContains(t, err, c.want)
			assert.Nil(t, m)
		})
	}
}

func TestClassifierSaveFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.safetensors")
	m := newClassifier(t, classifierVariants()["gru mean both=false"])
	require.NoError(t, m.SaveFile(path))
	got, err := models.LoadClassifierFile(path)
	require.NoError(t, err)
	assert.Equal(t, bits(m.Params), bits(got.Params))
	_, err = models.LoadCharLMFile(path)
	assert.ErrorContains(t, err, path+`: models: not a model file of this kind: unroll.kind is "classifier/1", "charlm/1" wanted`)
}

// FuzzLoadClassifier: any bytes give an error that says so, or a classifier that
// answers and is written as it was read.
func FuzzLoadClassifier(f *testing.F) {
	for _, name := range []string{"rnn last both=false", "gru attention both=true"} {
		f.Add(savedClassifier(f, newClassifier(f, classifierVariants()[name])))
	}
	var plain bytes.Buffer
	require.NoError(f, safetensors.WritePlain(&plain, read(f, savedClassifier(f, newClassifier(f, models.ClassifierConfig{
		Recurrent: models.Recurrent{Cell: "rnn", Embed: 1, Hidden: 1, Layers: 1}, Pool: "mean", Longest: 1,
	})))))
	f.Add(plain.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := models.LoadClassifier(bytes.NewReader(data))
		if err != nil {
			require.ErrorIs(t, err, models.ErrFormat)
			require.Nil(t, m)
			return
		}
		require.NoError(t, m.Config.Validate())
		again, err := models.LoadClassifier(bytes.NewReader(savedClassifier(t, m)))
		require.NoError(t, err)
		require.Equal(t, bits(m.Params), bits(again.Params))
		answers, err := m.Predict("")
		require.NoError(t, err)
		require.Len(t, answers[0].Probabilities, len(m.Labels))
	})
}
