package atomicfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errBroken = errors.New("broken")

func content(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func names(t *testing.T, dir string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func assertContent(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, want, string(got))
}

// oldFile makes a directory holding one file with the content "old".
func oldFile(t *testing.T) (dir, path string) {
	t.Helper()
	dir = t.TempDir()
	path = filepath.Join(dir, "model")
	require.NoError(t, os.WriteFile(path, []byte("old"), 0o600))
	return dir, path
}

func TestWriteCreatesAndReplaces(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "model")
	big := strings.Repeat("0123456789", 50_000) // many buffers
	for _, want := range []string{"first", big, "", "last"} {
		require.NoError(t, Write(path, content(want)))
		assertContent(t, path, want)
		assert.Equal(t, []string{"model"}, names(t, dir))
	}
}

func TestWriteTakesNamesOfAnyLength(t *testing.T) {
	path := filepath.Join(t.TempDir(), strings.Repeat("n", 255))
	require.NoError(t, Write(path, content("x")))
	assertContent(t, path, "x")
}

func TestWriteRelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, Write("model", content("x")))
	assertContent(t, "model", "x")
}

// Each step is made to fail in turn; the old file must survive all of them.
func TestFailureLeavesOldFile(t *testing.T) {
	big := content(strings.Repeat("x", 10*bufferSize))
	tests := map[string]struct {
		change func(*system)
		write  func(io.Writer) error
		want   error
	}{
		"callback": {nil, func(w io.Writer) error {
			_ = big(w)
			return errBroken
		}, errBroken},
		"callback ignores its error": {
			func(s *system) { s.writer = failAfter(bufferSize, errBroken) },
			func(w io.Writer) error {
				_ = big(w)
				return nil
			}, errBroken,
		},
		"disk full in callback": {func(s *system) { s.writer = failAfter(3*bufferSize, errBroken) }, big, errBroken},
		"disk full at flush":    {func(s *system) { s.writer = failAfter(2, errBroken) }, content("new"), errBroken},
		"short write":           {func(s *system) { s.writer = failAfter(2, nil) }, content("new"), io.ErrShortWrite},
		"sync":                  {func(s *system) { s.sync = func(*os.File) error { return errBroken } }, content("new"), errBroken},
		"rename":                {func(s *system) { s.rename = func(_, _ string) error { return errBroken } }, content("new"), errBroken},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			dir, path := oldFile(t)
			s := disk()
			if tc.change != nil {
				tc.change(&s)
			}
			err := s.write(path, tc.write)
			assert.ErrorIs(t, err, tc.want)
			assert.ErrorContains(t, err, "atomicfile: write "+path+": ")
			assertContent(t, path, "old")
			assert.Equal(t, []string{"model"}, names(t, dir))

			fresh := filepath.Join(dir, "fresh")
			assert.ErrorIs(t, s.write(fresh, tc.write), tc.want)
			assert.Equal(t, []string{"model"}, names(t, dir))
		})
	}
}

// failAfter is a disk with room for n bytes; err nil means that it reports nothing.
func failAfter(n int, err error) func(*os.File) io.Writer {
	return func(f *os.File) io.Writer { return &smallDisk{f, n, err} }
}

type smallDisk struct {
	w    io.Writer
	room int
	err  error
}

func (d *smallDisk) Write(p []byte) (int, error) {
	if len(p) <= d.room {
		d.room -= len(p)
		return d.w.Write(p)
	}
	n, _ := d.w.Write(p[:d.room])
	d.room = 0
	return n, d.err
}

// The only error after which the new content is in place, as documented.
func TestDirectorySyncErrorIsReported(t *testing.T) {
	dir, path := oldFile(t)
	s := disk()
	s.syncDir = func(*os.File) error { return errBroken }
	assert.ErrorIs(t, s.write(path, content("new")), errBroken)
	assertContent(t, path, "new")
	assert.Equal(t, []string{"model"}, names(t, dir))
}

func TestPanicCleansUpAndGoesOn(t *testing.T) {
	dir, path := oldFile(t)
	assert.PanicsWithValue(t, "boom", func() {
		_ = Write(path, func(w io.Writer) error {
			_ = content("new")(w)
			panic("boom")
		})
	})
	assertContent(t, path, "old")
	assert.Equal(t, []string{"model"}, names(t, dir))
}

func TestGoexitCleansUp(t *testing.T) {
	dir, path := oldFile(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = Write(path, func(io.Writer) error { runtime.Goexit(); return nil })
	}()
	<-done
	assertContent(t, path, "old")
	assert.Equal(t, []string{"model"}, names(t, dir))
}

func TestBadPaths(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "sub"), 0o755))
	tests := map[string]struct {
		path string
		want error
	}{
		"no directory": {filepath.Join(dir, "none", "model"), fs.ErrNotExist},
		"is directory": {filepath.Join(dir, "sub"), nil},
		"ends in dots": {dir + "/sub/..", nil},
		"ends in /":    {dir + "/sub/", nil},
		"empty":        {"", nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			called := false
			err := Write(tc.path, func(io.Writer) error { called = true; return nil })
			require.ErrorContains(t, err, "atomicfile: write "+tc.path+": ")
			if tc.want != nil {
				assert.ErrorIs(t, err, tc.want)
			}
			assert.False(t, called)
			assert.Equal(t, []string{"sub"}, names(t, dir))
		})
	}
}

// Many writers, one reader: whatever is seen is one writer's whole content.
func TestConcurrentWritersLeaveOneWholeFile(t *testing.T) {
	dir, path := oldFile(t)
	const writers, size = 16, 3*bufferSize + 17
	whole := func() error {
		got, err := os.ReadFile(path)
		if err != nil || string(got) == "old" {
			return err
		}
		if len(got) != size || !bytes.Equal(got, bytes.Repeat(got[:1], size)) {
			return fmt.Errorf("torn file of %d bytes", len(got))
		}
		return nil
	}
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			text := strings.Repeat(string(rune('a'+i)), size)
			assert.NoError(t, Write(path, content(text)))
			assert.NoError(t, whole())
		})
	}
	wg.Wait()
	assert.NoError(t, whole())
	assert.Equal(t, []string{"model"}, names(t, dir))
}

func Example() {
	dir, _ := os.MkdirTemp("", "atomicfile")
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "notes")

	_ = Write(path, func(w io.Writer) error {
		_, err := fmt.Fprint(w, "whole")
		return err
	})
	err := Write(path, func(w io.Writer) error {
		fmt.Fprint(w, "hal")
		return errors.New("power fails here")
	})
	got, _ := os.ReadFile(path)
	fmt.Println(string(got), err != nil)
	// Output: whole true
}
