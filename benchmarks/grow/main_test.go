package main

import (
	"bytes"
	"runtime"
	"strings"
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

// A table has a line for each value.
func TestTable(t *testing.T) {
	status, out, stderr := call(t, "--only=batch", "--most=4", "--rounds=2", "--seconds=0", "--warm=0")
	require.Zero(t, status, stderr)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 6)
	assert.Equal(t, "T1, lstm V65 E64 H128 L1 B1 T64 adam, threads 1: B grows", lines[0])
	assert.True(t, strings.HasPrefix(lines[2], "| B | ms a step | tokens/s |"))
	assert.True(t, strings.HasPrefix(lines[4], "| 1 | "))
	assert.True(t, strings.HasPrefix(lines[5], "| 4 | "))
	assert.Equal(t, strings.Count(lines[2], "|"), strings.Count(lines[5], "|"))
}

func TestNumber(t *testing.T) {
	for x, want := range map[float64]string{0.012345: "0.0123", 12.345: "12.3", 999.9: "1,000", 1650423: "1,650,000", 120: "120"} {
		assert.Equal(t, want, number(x))
	}
}

// Every value of every table is a size that the task can have.
func TestSweeps(t *testing.T) {
	for _, s := range sweeps {
		j, err := s.jobs(0)
		require.NoError(t, err)
		assert.Empty(t, j)
		j, err = s.jobs(s.values[0])
		require.NoError(t, err)
		require.Len(t, j, 1)
		for _, n := range s.values {
			c := j[0].config.With(s.size, n)
			assert.NoError(t, c.Validate())
			assert.NotEqual(t, c, j[0].config.With(s.size, n+1), "%s is a size", s.size)
		}
	}
}

func TestBadFlags(t *testing.T) {
	for args, want := range map[string]string{
		"more":         `"more" is not a flag`,
		"--only=width": `size "width" is unknown; there are hidden, batch, seq, layers and vocab`,
		"--threads=0":  "threads and rounds must be at least 1, got 0 and 5",
		"--rounds=0":   "threads and rounds must be at least 1, got 1 and 0",
		"--seconds=-1": "seconds must be in [0, 1000000), got -1",
		"--x":          "flag provided but not defined: -x",
	} {
		status, out, stderr := call(t, args)
		assert.Equal(t, 2, status)
		assert.Empty(t, out)
		assert.Equal(t, "grow: "+want+"; --help lists the flags\n", stderr)
	}
	status, out, _ := call(t, "--help")
	assert.Zero(t, status)
	assert.Contains(t, out, "-rounds int")
}
