package models_test

import (
	"bytes"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/internal/safetensors"
	"github.com/unroll-go/unroll/models"
)

// TestSaveLoad: a model read back is the same to the bit, and so is its file.
func TestSaveLoad(t *testing.T) {
	for name, c := range variants {
		for script, text := range map[string]string{"english": english, "korean": korean} {
			t.Run(name+"/"+script, func(t *testing.T) {
				m := newModel(t, c, text)
				b := m.Params.Get("out/b").Values()
				b[0] = math.Copysign(0, -1)
				require.NoError(t, m.Params.Set("out/b", b))
				data := saved(t, m)
				got, err := models.LoadCharLM(bytes.NewReader(data))
				require.NoError(t, err)
				assert.Equal(t, c, got.Config)
				assert.Equal(t, m.Vocab, got.Vocab)
				assert.Equal(t, bits(m.Params), bits(got.Params))
				assert.Equal(t, data, saved(t, got))

				ids := encoded(t, m, text, 40)
				want, err := m.Score(ids, 1)
				require.NoError(t, err)
				s, err := got.Score(ids, 1)
				require.NoError(t, err)
				assert.Equal(t, want, s)
			})
		}
	}
}

// A bias of -0 stays one: x + 0 would make it 0.
func TestSaveLoadNegativeZero(t *testing.T) {
	for _, cell := range models.Cells() {
		m := newModel(t, variants[cell], english)
		b := m.Params.Get("rnn/layer0/b").Values()
		for i := range b {
			b[i] = math.Copysign(0, -1)
		}
		require.NoError(t, m.Params.Set("rnn/layer0/b", b))
		got, err := models.LoadCharLM(bytes.NewReader(saved(t, m)))
		require.NoError(t, err)
		assert.Equal(t, bits(m.Params), bits(got.Params))
	}
}

// The unknown entry is part of the vocabulary.
func TestSaveLoadUnknown(t *testing.T) {
	vocab, err := datasets.NewVocab(datasets.VocabOptions{MaxSize: 6, Unknown: true}, english)
	require.NoError(t, err)
	m, err := models.NewCharLM(variants["gru"], vocab, 1)
	require.NoError(t, err)
	got, err := models.LoadCharLM(bytes.NewReader(saved(t, m)))
	require.NoError(t, err)
	assert.Equal(t, vocab, got.Vocab)
}

// TestFileIsPyTorchs: names, shapes and types are those of a module with embed,
// rnn and out; see testdata/torch_check.py, where PyTorch takes them.
func TestFileIsPyTorchs(t *testing.T) {
	V := vocabOf(t, english).Len()
	gates := map[string]int{"rnn": 5, "gru": 15, "lstm": 20}
	for name, c := range variants {
		want := map[string][]int{"out.weight": {V, 5}, "out.bias": {V}}
		in := V
		if c.Embed > 0 {
			in = c.Embed
			want["embed.weight"] = []int{V, in}
		}
		G := gates[c.Cell]
		for _, layer := range []string{"l0", "l1"}[:c.Layers] {
			want["rnn.weight_ih_"+layer], want["rnn.weight_hh_"+layer] = []int{G, in}, []int{G, 5}
			want["rnn.bias_ih_"+layer], want["rnn.bias_hh_"+layer] = []int{G}, []int{G}
			in = 5
		}
		f := read(t, saved(t, newModel(t, c, english)))
		got := map[string][]int{}
		for _, x := range f.Tensors {
			got[x.Name] = x.Shape
			assert.Equal(t, safetensors.F32, x.DType)
		}
		assert.Equal(t, want, got, name)
		assert.Equal(t, []string{"format", "unroll.config", "unroll.kind", "unroll.vocab"}, slices.Sorted(maps.Keys(f.Metadata)))
		assert.Equal(t, "pt", f.Metadata["format"])
		assert.NotEmpty(t, f.Checksum)
	}
}

func read(t testing.TB, data []byte) *safetensors.File {
	t.Helper()
	f, err := safetensors.Read(bytes.NewReader(data), 0)
	require.NoError(t, err)
	return f
}

func write(t testing.TB, f *safetensors.File) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, safetensors.Write(&b, f))
	return b.Bytes()
}

// replace puts a tensor in the place of the one of its name, or adds it.
func replace(f *safetensors.File, x safetensors.Tensor) {
	f.Tensors = slices.DeleteFunc(f.Tensors, func(y safetensors.Tensor) bool { return y.Name == x.Name })
	f.Tensors = append(f.Tensors, x)
}

// TestLoadAddsBiases: a file of PyTorch has two biases, we have their sum, but
// for the GRU's candidate, where the second stands inside the reset.
func TestLoadAddsBiases(t *testing.T) {
	for _, cell := range models.Cells() {
		m := newModel(t, variants[cell], english)
		b := m.Params.Get("rnn/layer0/b").Float32s()
		second := make([]float32, len(b))
		want := slices.Clone(b)
		for i := range second {
			second[i] = float32(i+1) / 8
			if cell != "gru" || i < 10 {
				want[i] += second[i]
			}
		}
		f := read(t, saved(t, m))
		replace(f, safetensors.FromFloat32s("rnn.bias_hh_l0", []int{len(b)}, second))
		got, err := models.LoadCharLM(bytes.NewReader(write(t, f)))
		require.NoError(t, err)
		assert.Equal(t, want, got.Params.Get("rnn/layer0/b").Float32s(), cell)
		if cell == "gru" {
			assert.Equal(t, second[10:], got.Params.Get("rnn/layer0/bn").Float32s())
		}
	}
}

// Halves of the precision are read, and become float32.
func TestLoadHalf(t *testing.T) {
	m := newModel(t, variants["rnn"], english)
	f := read(t, saved(t, m))
	V := m.Vocab.Len()
	data := bytes.Repeat([]byte{0x80, 0x3f}, V) // 1 as a bfloat16
	replace(f, safetensors.Tensor{Name: "out.bias", DType: safetensors.BF16, Shape: []int{V}, Data: data})
	got, err := models.LoadCharLM(bytes.NewReader(write(t, f)))
	require.NoError(t, err)
	for _, x := range got.Params.Get("out/b").Float32s() {
		assert.Equal(t, float32(1), x)
	}
}

// A file of others has no checksum.
func TestLoadWithoutChecksum(t *testing.T) {
	m := newModel(t, variants["gru tied"], english)
	var b bytes.Buffer
	require.NoError(t, safetensors.WritePlain(&b, read(t, saved(t, m))))
	got, err := models.LoadCharLM(&b)
	require.NoError(t, err)
	assert.Equal(t, bits(m.Params), bits(got.Params))
}

func TestSaveFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.safetensors")
	old := newModel(t, variants["rnn"], english)
	require.NoError(t, old.SaveFile(path))
	m := newModel(t, variants["lstm"], korean)
	require.NoError(t, m.SaveFile(path), "replaces the old one")
	got, err := models.LoadCharLMFile(path)
	require.NoError(t, err)
	assert.Equal(t, bits(m.Params), bits(got.Params))

	_, err = models.LoadCharLMFile(path + "x")
	assert.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(path, []byte("no model"), 0o644))
	_, err = models.LoadCharLMFile(path)
	assert.ErrorIs(t, err, models.ErrFormat)
	assert.ErrorContains(t, err, path+": models: ")
}
