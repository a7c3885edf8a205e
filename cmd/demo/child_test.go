package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// child is the demo as a process of its own.
func child(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	c := exec.CommandContext(t.Context(), self, args...)
	c.Env = append(os.Environ(), childEnv+"=1")
	return c
}

// ended runs a child to its end.
func ended(t *testing.T, c *exec.Cmd) result {
	t.Helper()
	var out, err bytes.Buffer
	c.Stdout, c.Stderr = &out, &err
	if e := c.Run(); e != nil {
		var exit *exec.ExitError
		require.True(t, errors.As(e, &exit), "%v", e)
	}
	return result{out.String(), err.String(), c.ProcessState.ExitCode()}
}

// The process has the exit codes, and the streams are kept apart.
func TestProcess(t *testing.T) {
	trained(t)
	got := ended(t, child(t, "chars", "generate", "--model", "model.safetensors", "--length", "20", "--prime", "the "))
	assert.Zero(t, got.code)
	assert.Empty(t, got.err)
	assert.Len(t, got.out, 4+20+1)

	got = ended(t, child(t, "chars", "generate", "--model", "text.txt"))
	assert.Equal(t, 1, got.code)
	assert.Empty(t, got.out)
	assert.True(t, strings.HasPrefix(got.err, "demo: text.txt: "), got.err)

	got = ended(t, child(t, "chars", "train", "--lr", "x"))
	assert.Equal(t, 2, got.code)
	assert.Empty(t, got.out)
	assert.True(t, strings.HasPrefix(got.err, "demo: --lr: "), got.err)

	got = ended(t, child(t, small("--data", "text.txt", "--steps", "2")...))
	assert.Zero(t, got.code)
	assert.Empty(t, got.out)
	assert.NotContains(t, got.err, "\x1b", "no terminal, no control characters")
}

// Ctrl-C while training saves and exits with 0; resumed, the training leaves the
// same bytes as one that was not interrupted.
func TestInterruptedProcess(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be sent an interrupt")
	}
	files(t, map[string]string{"text.txt": strings.Repeat(verse, 100)})
	flags := func(out string, more ...string) []string {
		return small(append(more, "--data", "text.txt", "--out", out, "--steps", "3000", "--hidden", "24")...)
	}
	c := child(t, flags("part.safetensors")...)
	said, err := c.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	lines := bufio.NewReader(said)
	for line := ""; !strings.Contains(line, "training loss"); {
		line, err = lines.ReadString('\n')
		require.NoError(t, err)
	}
	require.NoError(t, c.Process.Signal(os.Interrupt))
	rest, err := io.ReadAll(lines)
	require.NoError(t, err)
	require.NoError(t, c.Wait(), "%s", rest)
	assert.Contains(t, string(rest), "finishing the step at hand; once more stops at once")
	assert.Contains(t, string(rest), "interrupted after step")
	assert.FileExists(t, "part.checkpoint.safetensors")

	works(t, flags("part.safetensors", "--resume")...)
	works(t, flags("whole.safetensors")...)
	assert.Equal(t, read(t, "whole.safetensors"), read(t, "part.safetensors"))
	assert.Len(t, listing(t), 5, "nothing else is left")
}

// A reader that goes away ends generate without a word.
func TestBrokenPipe(t *testing.T) {
	trained(t)
	c := child(t, "chars", "generate", "--model", "model.safetensors", "--length", "100000000")
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	_, err = io.ReadFull(out, make([]byte, 10))
	require.NoError(t, err)
	require.NoError(t, out.Close())
	require.Error(t, c.Wait(), "it did not write all")
	if runtime.GOOS != "windows" {
		assert.Empty(t, said.String())
	}
}
