package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMain lets the test binary be the demo: child starts it with this variable.
func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		main() // does not return
	}
	os.Exit(m.Run())
}

const childEnv = "UNROLL_DEMO_CHILD"

// result is what a command line came to.
type result struct {
	out, err string
	code     int
}

// demo executes a command line within the test.
func demo(t *testing.T, args ...string) result {
	t.Helper()
	return demoUntil(t, context.Background(), args...)
}

func demoUntil(t *testing.T, ctx context.Context, args ...string) result {
	t.Helper()
	var out, err bytes.Buffer
	code := report(run(ctx, args, streams{strings.NewReader(""), &out, &err}), &err)
	return result{out.String(), err.String(), code}
}

// works is demo for a command line that must succeed.
func works(t *testing.T, args ...string) result {
	t.Helper()
	r := demo(t, args...)
	require.Zero(t, r.code, "%v: %s", args, r.err)
	return r
}

const verse = "the river sang, the mill turned, and the cat slept.\n"

// files makes a directory of files and goes there.
func files(t *testing.T, content map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range content {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
	}
}

// small are the flags of a training that takes no time.
func small(more ...string) []string {
	return append(strings.Fields("chars train --hidden 8 --embed 4 --batch 2 --seq 8"), more...)
}

// trained makes text.txt and model.safetensors, trained for a step, in a new
// directory.
func trained(t *testing.T) {
	t.Helper()
	files(t, map[string]string{"text.txt": strings.Repeat(verse, 20)})
	works(t, small("--data", "text.txt", "--out", "model.safetensors", "--steps", "1")...)
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	require.NoError(t, err)
	return data
}

// listing is the names of the files here.
func listing(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
