package main

import (
	"bytes"
	"encoding/json"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// call runs the command; the number of processors is as before afterwards.
func call(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	n := runtime.GOMAXPROCS(0)
	t.Cleanup(func() { runtime.GOMAXPROCS(n) })
	var out, err bytes.Buffer
	status = run(args, &out, &err)
	return status, out.String(), err.String()
}

// The line has the fields that all peers have, also for sizes of one's own.
func TestLine(t *testing.T) {
	status, out, _ := call(t, "--task=T1", "--hidden=8", "--batch=2", "--seq=5", "--warm=20", "--seconds=0", "--tag=tiny")
	require.Zero(t, status)
	assert.Equal(t, 1, bytes.Count([]byte(out), []byte("\n")))
	var line map[string]any
	require.NoError(t, json.Unmarshal([]byte(out), &line))
	for _, field := range []string{"tokens_per_s", "ms_per_step", "peak_rss_mb", "loss0", "lossN", "steps"} {
		assert.Contains(t, line, field)
	}
	assert.Equal(t, "unroll", line["peer"])
	assert.Equal(t, "T1", line["task"])
	assert.Equal(t, "lstm V65 E64 H8 L1 B2 T5 adam tiny", line["config"])
	assert.EqualValues(t, 1, line["threads"])
}

// A learning rate at which nothing is learnt gives a warning, in the line too.
func TestNotLearnt(t *testing.T) {
	status, out, stderr := call(t, "--task=T1", "--hidden=8", "--batch=2", "--opt=sgd", "--lr=1000", "--seconds=0")
	assert.Zero(t, status)
	assert.Contains(t, out, `"warning":"the loss did not fall`)
	assert.Equal(t, "speed: the loss did not fall: not a valid run\n", stderr)
}

func TestBadFlags(t *testing.T) {
	for want, args := range map[string][]string{
		"speed: flag provided but not defined: -x; --help lists the flags\n":             {"--x"},
		"speed: \"more\" is not a flag; --help lists the flags\n":                        {"--task=T1", "more"},
		"speed: vocab must be in [2, 1048576], got 0; --help lists the flags\n":          {"--task=T1", "--vocab=0"},
		"speed: threads must be at least 1, got -3; --help lists the flags\n":            {"--task=I1", "--threads=-3"},
		"speed: classes must be 0, or from 2 to vocab, got -1; --help lists the flags\n": {"--task=T7", "--classes=-1"},
	} {
		status, out, stderr := call(t, args...)
		assert.Equal(t, 2, status)
		assert.Empty(t, out)
		assert.Equal(t, want, stderr)
	}
	status, out, _ := call(t, "--help")
	assert.Zero(t, status)
	assert.Contains(t, out, "-hidden int")
}

// Stock Gorgonia says what it is not written for.
func TestGorgonia(t *testing.T) {
	status, out, _ := call(t, "--task=T2", "--engine=gorgonia", "--hidden=8", "--batch=2", "--seq=3", "--seconds=0")
	assert.Zero(t, status)
	assert.Contains(t, out, `"peer":"gorgonia","task":"T2"`)
	status, _, stderr := call(t, "--task=T4", "--engine=gorgonia")
	assert.Equal(t, 2, status)
	assert.Contains(t, stderr, "stock Gorgonia is written for")
}

// The step written by hand learns, and says what it is not written for.
func TestHand(t *testing.T) {
	status, out, stderr := call(t, "--task=T1", "--engine=hand", "--hidden=8", "--batch=2", "--seq=5", "--warm=40", "--lr=0.01", "--seconds=0")
	assert.Zero(t, status)
	assert.Contains(t, out, `"peer":"hand","task":"T1"`)
	assert.Empty(t, stderr)
	for _, more := range []string{"--layers=2", "--cell=gru", "--emb=0", "--opt=sgd", "--threads=2"} {
		status, _, stderr = call(t, "--task=T1", "--engine=hand", more)
		assert.Equal(t, 2, status)
		assert.Contains(t, stderr, "the step by hand is", more)
	}
}
