package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The command prints what the models package finds; as JSON too.
func TestProbe(t *testing.T) {
	trained(t)
	args := []string{"chars", "probe", "--model", "model.safetensors", "--data", "text.txt"}
	got := works(t, append(args, "--units", "1")...)
	assert.Contains(t, got.out, "rnn/layer0/h ")
	assert.Contains(t, got.out, "after a space")
	assert.Contains(t, got.out, "held back")

	var found probed
	got = works(t, append(args, "--json", "--near", "e")...)
	require.NoError(t, json.Unmarshal([]byte(got.out), &found))
	assert.NotEmpty(t, found.Gates)
	assert.NotEmpty(t, found.Units)
	require.Len(t, found.Near["e"], 5)
	assert.GreaterOrEqual(t, found.Near["e"][0].Similarity, found.Near["e"][4].Similarity)

	got = works(t, append(args, "--units", "0", "--inside", "4", "--routes")...)
	assert.Equal(t, 4, strings.Count(got.out, "from step"))
	assert.Contains(t, got.out, "direct")
	assert.Contains(t, got.out, "spectral radius")

	bad := demo(t, append(args, "--near", "ω")...)
	assert.Equal(t, 1, bad.code)
	assert.Contains(t, bad.err, "'ω'")
}
