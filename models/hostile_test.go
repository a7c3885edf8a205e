package models_test

import (
	"bytes"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/internal/safetensors"
	"github.com/unroll-go/unroll/models"
)

// refused loads data that is no model.
func refused(t testing.TB, data []byte, want string) {
	t.Helper()
	m, err := models.LoadCharLM(bytes.NewReader(data))
	require.ErrorIs(t, err, models.ErrFormat)
	assert.ErrorContains(t, err, want)
	assert.Nil(t, m)
}

// TestLoadListsAllThatIsWrong: one error for all tensors.
func TestLoadListsAllThatIsWrong(t *testing.T) {
	f := read(t, saved(t, newModel(t, variants["rnn"], "abc")))
	f.Tensors = slices.DeleteFunc(f.Tensors, func(x safetensors.Tensor) bool { return x.Name == "out.bias" })
	replace(f, safetensors.FromFloat32s("rnn.weight_hh_l0", []int{4, 5}, make([]float32, 20)))
	replace(f, safetensors.FromFloat32s("embed.weight", []int{4, 3}, make([]float32, 12)))
	replace(f, safetensors.FromFloat64s("rnn.bias_hh_l0", []int{5}, make([]float64, 5)))
	replace(f, safetensors.FromFloat32s("rnn.weight_hh_l1", []int{1}, make([]float32, 1)))
	refused(t, write(t, f), "models: not a model file of this kind: "+
		"embed.weight: shape [3 4] wanted, got [4 3]; "+
		"out.bias [3] is missing; "+
		"rnn.bias_hh_l0: floats of at most 32 bits wanted, got F64; "+
		"rnn.weight_hh_l0: shape [5 5] wanted, got [4 5]; "+
		`tensor "rnn.weight_hh_l1" F32 [1] is unknown`)
}

func TestLoadRefusesTiedThatDiffer(t *testing.T) {
	f := read(t, saved(t, newModel(t, variants["gru tied"], "abc")))
	replace(f, safetensors.FromFloat32s("out.weight", []int{3, 5}, make([]float32, 15)))
	refused(t, write(t, f), "the weights are tied, but embed.weight and out.weight differ")
}

func TestLoadRefusesMetadata(t *testing.T) {
	good := saved(t, newModel(t, variants["rnn"], "abc"))
	for name, c := range map[string]struct{ key, value, want string }{
		"no kind":            {"unroll.kind", "", `unroll.kind is "", "charlm/1" wanted`},
		"a checkpoint":       {"unroll.kind", "checkpoint/1", `unroll.kind is "checkpoint/1", "charlm/1" wanted`},
		"next version":       {"unroll.kind", "charlm/2", `"charlm/1" wanted`},
		"long kind":          {"unroll.kind", strings.Repeat("x", 1e6), `"charlm/1" wanted`},
		"no config":          {"unroll.config", "", "unroll.config: unexpected end"},
		"config is null":     {"unroll.config", "null", `cell "" is unknown`},
		"config is a list":   {"unroll.config", "[]", "unroll.config: "},
		"hidden 0":           {"unroll.config", `{"cell":"rnn","embed":4,"hidden":0,"layers":1}`, "hidden must be in [1, 65536], got 0"},
		"hidden -5":          {"unroll.config", `{"cell":"rnn","embed":4,"hidden":-5,"layers":1}`, "hidden must be in [1, 65536], got -5"},
		"hidden 2^40":        {"unroll.config", `{"cell":"rnn","embed":4,"hidden":1099511627776,"layers":1}`, "hidden must be in"},
		"hidden 2^80":        {"unroll.config", `{"cell":"rnn","embed":4,"hidden":1208925819614629174706176,"layers":1}`, "cannot unmarshal number"},
		"hidden 2^16":        {"unroll.config", `{"cell":"rnn","embed":4,"hidden":65536,"layers":64}`, "rnn.weight_hh_l63 [65536 65536] is missing"},
		"hidden 6":           {"unroll.config", `{"cell":"rnn","embed":4,"hidden":6,"layers":1}`, "rnn.weight_hh_l0: shape [6 6] wanted, got [5 5]"},
		"hidden 5.5":         {"unroll.config", `{"cell":"rnn","embed":4,"hidden":5.5,"layers":1}`, "cannot unmarshal number 5.5"},
		"layers 2^31":        {"unroll.config", `{"cell":"rnn","embed":4,"hidden":5,"layers":2147483648}`, "layers must be in"},
		"dropout NaN":        {"unroll.config", `{"cell":"rnn","embed":4,"hidden":5,"layers":1,"dropout":NaN}`, "invalid character 'N'"},
		"dropout 1":          {"unroll.config", `{"cell":"rnn","embed":4,"hidden":5,"layers":1,"dropout":1}`, "dropout must be in [0, 1), got 1"},
		"dropout 1e999":      {"unroll.config", `{"cell":"rnn","embed":4,"hidden":5,"layers":1,"dropout":1e999}`, "cannot unmarshal number"},
		"unknown cell":       {"unroll.config", `{"cell":"mamba","embed":4,"hidden":5,"layers":1}`, `cell "mamba" is unknown`},
		"two cells":          {"unroll.config", `{"cell":"rnn lstm","embed":4,"hidden":5,"layers":1}`, `cell "rnn lstm" is unknown`},
		"other cell":         {"unroll.config", `{"cell":"gru","embed":4,"hidden":5,"layers":1}`, "rnn.bias_hh_l0: shape [15] wanted, got [5]"},
		"one-hot":            {"unroll.config", `{"cell":"rnn","hidden":5,"layers":1}`, `tensor "embed.weight" F32 [3 4] is unknown`},
		"tied":               {"unroll.config", `{"cell":"rnn","embed":4,"hidden":5,"layers":1,"tied":true}`, "tied weights need embed = hidden"},
		"no vocabulary":      {"unroll.vocab", "", "unroll.vocab: datasets: tokeniser JSON: unexpected end"},
		"larger vocabulary":  {"unroll.vocab", `{"kind":"rune","runes":"abcd"}`, "embed.weight: shape [4 4] wanted, got [3 4]"},
		"unknown entry":      {"unroll.vocab", `{"kind":"rune","runes":"abc","unknown":true}`, "embed.weight: shape [4 4] wanted, got [3 4]"},
		"vocabulary of one":  {"unroll.vocab", `{"kind":"rune","runes":"a"}`, "a vocabulary of 1 leaves nothing to predict"},
		"repeated runes":     {"unroll.vocab", `{"kind":"rune","runes":"aba"}`, "unroll.vocab: "},
		"unknown tokeniser":  {"unroll.vocab", `{"kind":"bpe","runes":"abc"}`, "unroll.vocab: "},
		"vocabulary is null": {"unroll.vocab", "null", "unroll.vocab: "},
	} {
		t.Run(name, func(t *testing.T) {
			f := read(t, good)
			if f.Metadata[c.key] = c.value; c.value == "" {
				delete(f.Metadata, c.key)
			}
			refused(t, write(t, f), c.want)
		})
	}
}

// Sizes of 0 in a file must not reach a division.
func TestLoadRefusesEmptyTensors(t *testing.T) {
	f := read(t, saved(t, newModel(t, variants["rnn"], "abc")))
	f.Metadata["unroll.config"] = `{"cell":"rnn lstm","embed":4,"hidden":5,"layers":1}`
	for name, shape := range map[string][]int{
		"rnn.weight_ih_l0": {0, 4}, "rnn.weight_hh_l0": {0, 5}, "rnn.bias_ih_l0": {0}, "rnn.bias_hh_l0": {0},
	} {
		replace(f, safetensors.FromFloat32s(name, shape, nil))
	}
	refused(t, write(t, f), `cell "rnn lstm" is unknown`)
}

// Cut anywhere, or with any byte changed, a model is refused.
func TestLoadDamaged(t *testing.T) {
	data := saved(t, newModel(t, models.Config{Cell: "gru", Embed: 2, Hidden: 2, Layers: 1}, "강가"))
	check := func(damaged []byte, at int) {
		m, err := models.LoadCharLM(bytes.NewReader(damaged))
		require.ErrorIs(t, err, models.ErrFormat, "at %d of %d", at, len(data))
		require.Nil(t, m)
	}
	for n := range data {
		check(data[:n], n)
	}
	check(append(slices.Clone(data), 0), len(data))
	for _, flip := range []byte{1, 0x20, 0x80, 0xff} {
		for i := range data {
			damaged := slices.Clone(data)
			damaged[i] ^= flip
			check(damaged, i)
		}
	}
}

// What the reader reports is not the file's fault.
func TestLoadReadError(t *testing.T) {
	broken := errors.New("no such luck")
	_, err := models.LoadCharLM(iotest.ErrReader(broken))
	assert.ErrorIs(t, err, broken)
	assert.False(t, errors.Is(err, models.ErrFormat))
}

// What a file claims costs nothing.
func TestLoadAllocatesWhatItReads(t *testing.T) {
	wide := read(t, saved(t, newModel(t, variants["rnn"], "abc")))
	wide.Metadata["unroll.config"] = `{"cell":"lstm","embed":65536,"hidden":65536,"layers":64}`
	claim := []byte(`{"embed.weight":{"dtype":"F32","shape":[1099511627776],"data_offsets":[0,4398046511104]}}`)
	for name, data := range map[string][]byte{
		"header of 2^60 bytes": {0, 0, 0, 0, 0, 0, 0, 0x10, '{', '}'},
		"header of 80 MiB":     {0, 0, 0, 5, 0, 0, 0, 0, '{', '}'},
		"tensor of 4 TiB":      append([]byte{byte(len(claim)), 0, 0, 0, 0, 0, 0, 0}, claim...),
		"widths of 2^16":       write(t, wide),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := models.LoadCharLM(bytes.NewReader(data))
		runtime.ReadMemStats(&after)
		assert.ErrorIs(t, err, models.ErrFormat, name)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(4<<20), name)
	}
}

// FuzzLoadCharLM: any bytes give an error that says so, or a model that works
// and is written as it was read.
func FuzzLoadCharLM(f *testing.F) {
	for _, name := range []string{"rnn", "lstm one-hot", "gru tied"} {
		f.Add(saved(f, newModel(f, variants[name], "강가")))
	}
	small := read(f, saved(f, newModel(f, models.Config{Cell: "rnn", Embed: 1, Hidden: 1, Layers: 1, Tied: true}, "ab")))
	var plain bytes.Buffer
	require.NoError(f, safetensors.WritePlain(&plain, small))
	f.Add(plain.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := models.LoadCharLM(bytes.NewReader(data))
		if err != nil {
			require.ErrorIs(t, err, models.ErrFormat)
			require.Nil(t, m)
			return
		}
		require.NoError(t, m.Config.Validate())
		again, err := models.LoadCharLM(bytes.NewReader(saved(t, m)))
		require.NoError(t, err)
		require.Equal(t, bits(m.Params), bits(again.Params))
		s, err := m.Score([]int{0, 1}, 1)
		require.NoError(t, err)
		require.Equal(t, 1, s.Tokens)
	})
}
