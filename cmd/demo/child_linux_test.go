package main

import (
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A disk without room for the new model leaves the old one, and nothing else. A
// limit on the size of files stands for the full disk.
func TestFullDisk(t *testing.T) {
	trained(t)
	before, names := read(t, "model.safetensors"), listing(t)
	c := child(t, small("--data", "text.txt", "--out", "model.safetensors", "--steps", "2", "--hidden", "64")...)
	c.Args = append([]string{"sh", "-c", `ulimit -f 8; exec "$0" "$@"`, c.Path}, c.Args[1:]...)
	c.Path = "/bin/sh"
	got := ended(t, c)
	assert.Equal(t, 1, got.code)
	last := got.err[strings.LastIndex(strings.TrimSpace(got.err), "\n")+1:]
	assert.True(t, strings.HasPrefix(last, "demo: write model.safetensors: "), got.err)
	assert.Contains(t, last, "file too large")
	assert.NotRegexp(t, doubled, last)
	assert.Equal(t, before, read(t, "model.safetensors"))
	assert.Equal(t, names, listing(t))
}

// What generate cannot write is an error.
func TestFullOutput(t *testing.T) {
	trained(t)
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	require.NoError(t, err)
	defer full.Close()
	var said strings.Builder
	c := child(t, "chars", "generate", "--model", "model.safetensors")
	c.Stdout, c.Stderr = full, &said
	require.Error(t, c.Run())
	assert.Equal(t, 1, c.ProcessState.ExitCode())
	assert.Contains(t, said.String(), "no space left on device")
}

// A long line costs what any text does: a byte, and 8 for its place as a token.
func TestMemoryOfLongLine(t *testing.T) {
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		t.Skip("the race detector takes memory of its own")
	}
	const size = 20 << 20
	line := strings.Repeat(strings.TrimSpace(verse), size/len(verse))
	files(t, map[string]string{"line.txt": line})
	c := child(t, small("--data", "line.txt", "--steps", "1", "--val", "0")...)
	got := ended(t, c)
	require.Zero(t, got.code, got.err)
	peak := c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
	t.Logf("%d MiB for a line of %d MiB", peak>>20, len(line)>>20)
	assert.Less(t, peak, int64(len(line)*9*5/4+64<<20))
}
