package models_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models"
)

// TestTorchModels reads models that PyTorch wrote, both of its biases in use, and
// compares the logits; testdata/torch_check.py makes them, and reads what this
// test writes to UNROLL_TORCH_DIR.
func TestTorchModels(t *testing.T) {
	data, err := os.ReadFile("testdata/torch/logits.json")
	require.NoError(t, err)
	var want struct {
		IDs    []int
		Logits map[string][]float64
	}
	require.NoError(t, json.Unmarshal(data, &want))
	require.Len(t, want.Logits, 5)
	for name, logits := range want.Logits {
		t.Run(name, func(t *testing.T) {
			m, err := models.LoadCharLMFile(filepath.Join("testdata/torch", name+".safetensors"))
			require.NoError(t, err)
			p, err := graph.Build(m.Params, graph.Key{B: 1, T: len(want.IDs)}, m.LM().Generate)
			require.NoError(t, err)
			require.NoError(t, p.SetIDs("ids", want.IDs))
			require.NoError(t, p.Run())
			got, err := p.Float64s("logits")
			require.NoError(t, err)
			assert.InDeltaSlice(t, logits, got, 1e-6)
			if dir := os.Getenv("UNROLL_TORCH_DIR"); dir != "" {
				require.NoError(t, m.SaveFile(filepath.Join(dir, name+".safetensors")))
			}
		})
	}
}
