package models_test

import (
	"bytes"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/internal/safetensors"
	"github.com/unroll-go/unroll/models"
)

func savedTranslator(t testing.TB, m *models.Translator) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, m.Save(&b))
	return b.Bytes()
}

// A translator read back is the same to the bit, writes the same and is written
// as it was.
func TestTranslatorSaveLoad(t *testing.T) {
	for name, c := range translatorVariants() {
		m := newTranslator(t, c)
		data := savedTranslator(t, m)
		got, err := models.LoadTranslator(bytes.NewReader(data))
		require.NoError(t, err, name)
		assert.Equal(t, m.Config, got.Config)
		assert.Equal(t, []datasets.Tokenizer{m.Source, m.Target}, []datasets.Tokenizer{got.Source, got.Target})
		assert.Equal(t, bits(m.Params), bits(got.Params), name)
		assert.Equal(t, data, savedTranslator(t, got))
		want, err := m.Translate(models.Translating{Beam: 2, Best: 2}, "abc", "")
		require.NoError(t, err)
		found, err := got.Translate(models.Translating{Beam: 2, Best: 2}, "abc", "")
		require.NoError(t, err)
		assert.Equal(t, want, found)
	}
}

// Every tokenizer may be on either side.
func TestTranslatorSaveLoadTokenizers(t *testing.T) {
	words, err := datasets.NewWords(datasets.WordsOptions{Apostrophes: true, Exact: true}, "l'eau coule !")
	require.NoError(t, err)
	jamo, err := datasets.NewJamo(datasets.VocabOptions{Unknown: true}, "영화가 좋다")
	require.NoError(t, err)
	for _, tokens := range [][2]datasets.Tokenizer{{words, jamo}, {jamo, datasets.Bytes{}}, {datasets.Bytes{}, words}} {
		m, err := models.NewTranslator(translatorVariants()["bahdanau"], tokens[0], tokens[1], 1)
		require.NoError(t, err)
		got, err := models.LoadTranslator(bytes.NewReader(savedTranslator(t, m)))
		require.NoError(t, err)
		assert.Equal(t, tokens, [2]datasets.Tokenizer{got.Source, got.Target})
	}
}

// The file's names and shapes are those of PyTorch modules.
func TestTranslatorFileIsPyTorchs(t *testing.T) {
	names := func(form string) map[string][]int {
		got := map[string][]int{}
		for _, x := range read(t, savedTranslator(t, newTranslator(t, translatorVariants()[form]))).Tensors {
			got[x.Name] = x.Shape
		}
		return got
	}
	cell := func(want map[string][]int, name string, gates, in int) map[string][]int {
		want[name+".rnn.weight_ih_l0"], want[name+".rnn.weight_hh_l0"] = []int{gates * 4, in}, []int{gates * 4, 4}
		want[name+".rnn.bias_ih_l0"], want[name+".rnn.bias_hh_l0"] = []int{gates * 4}, []int{gates * 4}
		return want
	}
	want := map[string][]int{
		"encoder.embed.weight": {6, 3}, "decoder.embed.weight": {5, 3}, "decoder.out.weight": {5, 4}, "decoder.out.bias": {5},
	}
	assert.Equal(t, cell(cell(want, "encoder", 3, 3), "decoder", 3, 3), names("none"))
	additive := names("bahdanau")
	for name, shape := range map[string][]int{
		"decoder.attention.query.weight": {7, 4}, "decoder.attention.memory.weight": {7, 4}, "decoder.attention.memory.bias": {7},
		"decoder.attention.score.weight": {1, 7}, "bridge.1.weight": {4, 4}, "bridge.1.bias": {4}, "decoder.rnn.weight_ih_l0": {12, 7},
	} {
		assert.Equal(t, shape, additive[name], name)
	}
	fed := names("fed")
	for name, shape := range map[string][]int{
		"decoder.attention.general.weight": {6, 8}, "decoder.mix.weight": {3, 14}, "decoder.out.weight": {5, 3},
		"decoder.rnn.weight_ih_l0": {24, 6}, "encoder.rnn.weight_hh_l0_reverse": {16, 4}, "bridge.0.weight": {6, 8},
	} {
		assert.Equal(t, shape, fed[name], name)
	}
}

// What a file says is checked before anything is made of it.
func TestLoadTranslatorRefuses(t *testing.T) {
	good := savedTranslator(t, newTranslator(t, translatorVariants()["dot"]))
	config := func(more string) string {
		return `{"cell":"rnn","embed":3,"hidden":4,"layers":2,"attention":"dot","longest":6,"longest_target":5` + more + `}`
	}
	for name, c := range map[string]struct{ key, value, want string }{
		"a classifier":    {"unroll.kind", "classifier/1", `unroll.kind is "classifier/1", "translator/1" wanted`},
		"no config":       {"unroll.config", "", "unroll.config: unexpected end"},
		"null":            {"unroll.config", "null", `cell "" is unknown`},
		"attention":       {"unroll.config", config(`,"attention":"self"`), `attention "self" is unknown`},
		"bahdanau":        {"unroll.config", config(`,"attention":"bahdanau"`), "decoder.attention.memory.bias [4] is missing"},
		"widths":          {"unroll.config", config(`,"decoder_hidden":5`), "attention dot needs a decoder as wide as the encoder's output, got 5 and 4"},
		"width":           {"unroll.config", config(`,"width":3`), "decoder.mix.weight [3 8] is missing"},
		"width 2^40":      {"unroll.config", config(`,"width":1099511627776`), "width must be in [0, 65536]"},
		"attention width": {"unroll.config", config(`,"attention_width":-1`), "attention-width must be in [0, 65536]"},
		"tied":            {"unroll.config", config(`,"tied":true`), "tied weights need an output as wide as the embedding, got 8 and 3"},
		"fed":             {"unroll.config", config(`,"feed":true`), "decoder.rnn.weight_ih_l0: shape [4 11] wanted, got [4 3]"},
		"one-hot":         {"unroll.config", config(`,"embed":0`), "a translator needs an embedding"},
		"layers":          {"unroll.config", config(`,"decoder_layers":65`), "decoder-layers must be in [1, 64], got 65"},
		"hidden 2^16":     {"unroll.config", config(`,"hidden":65536,"decoder_hidden":65536,"layers":64`), "decoder.rnn.weight_hh_l63 [65536 65536] is missing"},
		"longest":         {"unroll.config", config(`,"longest":16384`), "longest must be in [1, 16383], got 16384"},
		"longest target":  {"unroll.config", config(`,"longest_target":0`), "longest-target must be in [1, 16383], got 0"},
		"no source":       {"unroll.vocab", "", "unroll.vocab: "},
		"no target":       {"unroll.target_vocab", "", "unroll.target_vocab: "},
		"other target":    {"unroll.target_vocab", `{"kind":"rune","runes":"xyzw","unknown":true}`, "decoder.embed.weight: shape [6 3] wanted, got [5 3]"},
	} {
		t.Run(name, func(t *testing.T) {
			f := read(t, good)
			if f.Metadata[c.key] = c.value; c.value == "" {
				delete(f.Metadata, c.key)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			m, err := models.LoadTranslator(bytes.NewReader(write(t, f)))
			runtime.ReadMemStats(&after)
			require.ErrorIs(t, err, models.ErrFormat)
			assert.ErrorContains(t, err, c.want)
			assert.Nil(t, m)
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20))
		})
	}
}

// Cut anywhere, or with a byte changed, a translator is refused.
func TestLoadTranslatorDamaged(t *testing.T) {
	data := savedTranslator(t, newTranslator(t, translatorVariants()["none"]))
	for i := 0; i < len(data); i += 3 {
		damaged := slices.Clone(data)
		damaged[i] ^= 0x20
		for _, d := range [][]byte{data[:i], damaged} {
			m, err := models.LoadTranslator(bytes.NewReader(d))
			require.ErrorIs(t, err, models.ErrFormat, "at %d of %d", i, len(data))
			require.Nil(t, m)
		}
	}
}

func TestTranslatorSaveFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.safetensors")
	m := newTranslator(t, translatorVariants()["general"])
	require.NoError(t, m.SaveFile(path))
	got, err := models.LoadTranslatorFile(path)
	require.NoError(t, err)
	assert.Equal(t, bits(m.Params), bits(got.Params))
}

// FuzzLoadTranslator: any bytes give an error that says so, or a translator that
// writes and is written as it was read.
func FuzzLoadTranslator(f *testing.F) {
	for _, name := range []string{"none", "fed", "bahdanau"} {
		data := savedTranslator(f, newTranslator(f, translatorVariants()[name]))
		f.Add(data)
		var plain bytes.Buffer // without a checksum, so that changes get further
		require.NoError(f, safetensors.WritePlain(&plain, read(f, data)))
		f.Add(plain.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := models.LoadTranslator(bytes.NewReader(data))
		if err != nil {
			require.ErrorIs(t, err, models.ErrFormat)
			require.Nil(t, m)
			return
		}
		require.NoError(t, m.Config.Validate())
		again, err := models.LoadTranslator(bytes.NewReader(savedTranslator(t, m)))
		require.NoError(t, err)
		require.Equal(t, bits(m.Params), bits(again.Params))
		if found, err := m.Translate(models.Translating{Longest: 2}, ""); err == nil { // parameters may be NaN
			require.Len(t, found, 1)
		}
	})
}
