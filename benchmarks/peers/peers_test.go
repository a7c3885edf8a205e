package peers_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/benchmarks"
)

// OpenBLAS prints the fields that unroll prints for the same product.
func TestOpenBLAS(t *testing.T) {
	program := filepath.Join(t.TempDir(), "openblas")
	if out, err := exec.Command("gcc", "-O2", "-Wall", "-Werror", "-o", program, "openblas/product.c", "-lopenblas").CombinedOutput(); err != nil {
		t.Skipf("gcc and OpenBLAS are not there: %v\n%s", err, out)
	}
	out, err := exec.Command(program, "--product", "3,5,7", "--seconds", "0").Output()
	require.NoError(t, err)
	var theirs map[string]any
	require.NoError(t, json.Unmarshal(out, &theirs))

	p := benchmarks.Product{M: 3, N: 5, K: 7}
	work, err := p.Work()
	require.NoError(t, err)
	r, err := p.Measure(work, benchmarks.Timing{})
	require.NoError(t, err)
	out, err = json.Marshal(r)
	require.NoError(t, err)
	var ours map[string]any
	require.NoError(t, json.Unmarshal(out, &ours))
	for field := range ours {
		assert.Contains(t, theirs, field)
	}
	for _, field := range []string{"task", "config", "steps"} {
		assert.Equal(t, ours[field], theirs[field], field)
	}
	err = exec.Command(program, "--product", "3,5").Run()
	assert.ErrorContains(t, err, "exit status 2")
}
