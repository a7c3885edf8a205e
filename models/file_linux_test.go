package models_test

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/models"
)

// TestSaveFileOnAFullDisk: a child process that may only write files of 1 KiB
// fails in the middle of a model, and the old one is still there.
func TestSaveFileOnAFullDisk(t *testing.T) {
	const variable = "UNROLL_TEST_LIMITED_PATH"
	if path := os.Getenv(variable); path != "" {
		signal.Ignore(syscall.SIGXFSZ)
		m := newModel(t, variants["lstm 2 layers"], korean)
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 10, Max: 1 << 10}))
		assert.ErrorIs(t, m.SaveFile(path), syscall.EFBIG)
		return
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "model.safetensors")
	old := newModel(t, variants["rnn"], english)
	require.NoError(t, old.SaveFile(path))

	child := exec.Command(os.Args[0], "-test.run=^TestSaveFileOnAFullDisk$")
	child.Env = append(os.Environ(), variable+"="+path)
	out, err := child.CombinedOutput()
	require.NoError(t, err, string(out))

	got, err := models.LoadCharLMFile(path)
	require.NoError(t, err)
	assert.Equal(t, bits(old.Params), bits(got.Params))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, left, 1, "nothing half-written stays")
}
