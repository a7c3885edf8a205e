package main

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/internal/safetensors"
)

// generate writes a little with a model file of the given content.
func generate(t *testing.T, model []byte) result {
	t.Helper()
	require.NoError(t, os.WriteFile("bad.safetensors", model, 0o644))
	return demo(t, "chars", "generate", "--model", "bad.safetensors", "--length", "3")
}

func refused(t *testing.T, got result, format string, args ...any) {
	t.Helper()
	require.Equal(t, 1, got.code, append([]any{format}, args...)...)
	require.True(t, strings.HasPrefix(got.err, "demo: bad.safetensors: not a model file of this kind: "), got.err)
	require.Equal(t, 1, strings.Count(got.err, "\n"), got.err)
	require.NotRegexp(t, doubled, got.err)
	require.Empty(t, got.out)
}

// A model file cut anywhere, or with any byte changed, is refused.
func TestDamagedModel(t *testing.T) {
	trained(t)
	works(t, small("--data", "text.txt", "--out", "model.safetensors", "--steps", "1", "--hidden", "2", "--embed", "2")...)
	whole := read(t, "model.safetensors")
	require.Zero(t, generate(t, whole).code)
	for n := range whole {
		refused(t, generate(t, whole[:n]), "cut at %d", n)
		flipped := bytes.Clone(whole)
		flipped[n] ^= 1 << (n % 8)
		refused(t, generate(t, flipped), "changed at %d", n)
	}
	refused(t, generate(t, append(bytes.Clone(whole), 0)), "a byte more")
}

// A file that claims a header of 2^60 bytes is refused before anything is allocated.
func TestHugeHeader(t *testing.T) {
	trained(t)
	whole := read(t, "model.safetensors")
	binary.LittleEndian.PutUint64(whole, 1<<60)
	got := generate(t, whole)
	refused(t, got, "")
	assert.Contains(t, got.err, "offset 0: header length: wanted at most 100000000, got 1152921504606846976")
}

// Tensors that are missing, unknown or of another shape are named.
func TestOtherTensors(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*safetensors.File)
		want   string
	}{
		"missing": {func(f *safetensors.File) {
			f.Tensors = slices.DeleteFunc(f.Tensors, func(x safetensors.Tensor) bool { return x.Name == "out.bias" })
		}, "out.bias [20] is missing"},
		"unknown": {func(f *safetensors.File) {
			f.Tensors = append(f.Tensors, safetensors.FromFloat32s("more", []int{2}, []float32{1, 2}))
		}, `tensor "more" F32 [2] is unknown`},
		"other shape": {func(f *safetensors.File) {
			w := f.Find("embed.weight")
			w.Shape = []int{w.Shape[1], w.Shape[0]}
		}, "embed.weight: shape [20 4] wanted, got [4 20]"},
	} {
		t.Run(name, func(t *testing.T) {
			trained(t)
			f, err := safetensors.Read(bytes.NewReader(read(t, "model.safetensors")), 0)
			require.NoError(t, err)
			c.change(f)
			var b bytes.Buffer
			require.NoError(t, safetensors.Write(&b, f))
			got := generate(t, b.Bytes())
			refused(t, got, name)
			assert.Contains(t, got.err, c.want)
		})
	}
}

// A model whose parameters are not numbers neither writes nor is scored.
func TestModelOfNaN(t *testing.T) {
	trained(t)
	f, err := safetensors.Read(bytes.NewReader(read(t, "model.safetensors")), 0)
	require.NoError(t, err)
	bias := f.Find("out.bias")
	*bias = safetensors.FromFloat32s("out.bias", bias.Shape, slices.Repeat([]float32{float32(math.NaN())}, bias.Shape[0]))
	var b bytes.Buffer
	require.NoError(t, safetensors.Write(&b, f))
	got := generate(t, b.Bytes())
	assert.Equal(t, 1, got.code, got.out)
	assert.Contains(t, got.err, "bad.safetensors: ")
	got = demo(t, "chars", "eval", "--model", "bad.safetensors", "--data", "text.txt", "--json")
	assert.Equal(t, 1, got.code)
	assert.Equal(t, "demo: bad.safetensors: the model's loss on text.txt is not a finite number: NaN nats\n", got.err)
	assert.Empty(t, got.out)
}

// The prime text and the text to score must be of characters that the model
// knows, unless it has an entry for others.
func TestUnknownCharacters(t *testing.T) {
	trained(t)
	require.NoError(t, os.WriteFile("other.txt", []byte("the cat\nsang ë"), 0o644))
	const hint = "is not among the 20 characters that the model knows; with chars train --unknown a model reads any\n"
	got := demo(t, "chars", "generate", "--model", "model.safetensors", "--prime", "the Zoo")
	assert.Equal(t, result{"", "demo: --prime: line 1, column 5: 'Z' (U+005A) " + hint, 1}, got)
	got = demo(t, "chars", "eval", "--model", "model.safetensors", "--data", "other.txt")
	assert.Equal(t, result{"", "demo: other.txt: line 2, column 6: 'ë' (U+00EB) " + hint, 1}, got)

	works(t, small("--data", "text.txt", "--out", "any.safetensors", "--steps", "1", "--unknown")...)
	works(t, "chars", "eval", "--model", "any.safetensors", "--data", "other.txt")
	works(t, "chars", "generate", "--model", "any.safetensors", "--prime", "the Zoo")
}
