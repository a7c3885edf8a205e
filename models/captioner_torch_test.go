package models_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// TestTorchCaptioners reads captioners that PyTorch wrote and compares what they
// think of a caption; testdata/torch_captioner.py makes them, and reads what this
// test writes to UNROLL_TORCH_DIR.
func TestTorchCaptioners(t *testing.T) {
	data, err := os.ReadFile("testdata/torch/captioner.json")
	require.NoError(t, err)
	var want struct {
		IDs  []int
		Nats map[string][]float64
	}
	require.NoError(t, json.Unmarshal(data, &want))
	require.Len(t, want.Nats, 2)
	for name, nats := range want.Nats {
		t.Run(name, func(t *testing.T) {
			m, err := models.LoadCaptionerFile(filepath.Join("testdata/torch", name+".safetensors"))
			require.NoError(t, err)
			p := datasets.Image{Height: m.Config.Height, Width: m.Config.Width, Channels: 3}
			for k := range p.Height * p.Width * 3 {
				p.Pix = append(p.Pix, byte((37*k+k*k)%256))
			}
			sum := 0.0
			for _, x := range nats {
				sum += x
			}
			s, err := m.Score([]models.Pictured{{Image: p, IDs: want.IDs}})
			require.NoError(t, err)
			assert.Equal(t, len(nats), s.Tokens)
			assert.InDelta(t, sum/float64(len(nats)), s.Nats, 1e-6)
			if dir := os.Getenv("UNROLL_TORCH_DIR"); dir != "" {
				require.NoError(t, m.SaveFile(filepath.Join(dir, name+".safetensors")))
			}
		})
	}
}
