package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/internal/safetensors"
)

// The weights of a model are read as told: the loss differs a little, and nothing by default.
func TestWeights(t *testing.T) {
	trained(t)
	loss := func(more ...string) float64 {
		got := works(t, append([]string{"chars", "eval", "--model", "model.safetensors", "--data", "text.txt", "--json"}, more...)...)
		var score struct {
			Nats float64 `json:"loss_nats"`
		}
		require.NoError(t, json.Unmarshal([]byte(got.out), &score))
		return score.Nats
	}
	exact := loss()
	assert.Equal(t, exact, loss("--weights", "f32"))
	for _, name := range []string{"bf16", "int8"} {
		assert.NotEqual(t, exact, loss("--weights", name))
		assert.InDelta(t, exact, loss("--weights", name), 0.02)
		works(t, "chars", "generate", "--model", "model.safetensors", "--length", "9", "--weights", name)
	}
	for _, c := range [][]string{{"eval", "--data", "text.txt"}, {"generate"}} {
		got := demo(t, append([]string{"chars"}, append(c, "--model", "model.safetensors", "--weights", "f16")...)...)
		assert.Equal(t, 2, got.code)
		assert.Contains(t, got.err, `demo: --weights must be f32, bf16 or int8, got "f16"`)
	}
}

// A weight that is not a number has no place in int8.
func TestWeightsNotFinite(t *testing.T) {
	trained(t)
	f, err := safetensors.Read(bytes.NewReader(read(t, "model.safetensors")), 0)
	require.NoError(t, err)
	w := f.Find("out.weight")
	values := make([]float32, w.Shape[0]*w.Shape[1])
	values[3] = float32(math.NaN())
	*w = safetensors.FromFloat32s("out.weight", w.Shape, values)
	var b bytes.Buffer
	require.NoError(t, safetensors.Write(&b, f))
	require.NoError(t, os.WriteFile("bad.safetensors", b.Bytes(), 0o644))
	got := demo(t, "chars", "eval", "--model", "bad.safetensors", "--data", "text.txt", "--weights", "int8")
	assert.Equal(t, result{"", `demo: bad.safetensors: weights as int8: parameter "out/W" is NaN at [3 0]; weights in int8 must be finite` + "\n", 1}, got)
}
