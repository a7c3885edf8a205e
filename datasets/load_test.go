package datasets_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// allocated returns the bytes that f allocates on the heap, freed ones included.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func write(t testing.TB, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return dir
}

func TestLoadText(t *testing.T) {
	dir := write(t, map[string]string{
		"b.txt": "two\r\n", "a.txt": "one", "c/a.txt": "\uFEFFthree", "c/b/z.txt": "four", "d.txt": "five",
		"e.md": "markdown", "f.txt.gz": zipped(t, "six"), ".hidden.txt": "\xff", ".git/a.txt": "\xff",
	})
	require.NoError(t, os.Mkdir(filepath.Join(dir, "dir.txt"), 0o755))
	tests := []struct{ name, path, glob, want string }{
		{"directory, sorted", "", "", "one\n\ntwo\n\n\nthree\n\nfour\n\nfive"},
		{"same with its glob", "", "*.txt", "one\n\ntwo\n\n\nthree\n\nfour\n\nfive"},
		{"other glob", "", "*.md", "markdown"},
		{"gzip by glob", "", "[df].txt*", "five\n\nsix"},
		{"sub-directory", "c", "", "three\n\nfour"},
		{"file, whatever the glob", "e.md", "*.txt", "markdown"},
		{"gzip file", "f.txt.gz", "", "six"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := datasets.LoadText(filepath.Join(dir, tt.path), tt.glob)
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestLoadTextThroughLinks(t *testing.T) {
	dir := write(t, map[string]string{"data/a.txt": "one", "b": "two"})
	if err := os.Symlink("../b", filepath.Join(dir, "data", "b.txt")); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	require.NoError(t, os.Symlink("data", filepath.Join(dir, "link")))
	got, err := datasets.LoadText(filepath.Join(dir, "link"), "")
	require.NoError(t, err)
	assert.Equal(t, "one\n\ntwo", got)
}

func TestLoadTextErrors(t *testing.T) {
	dir := write(t, map[string]string{
		"empty.txt": "", "bad.md": "ab\xff", "more/ok.csv": "a", "more/empty.csv": "", "cut.gz": "\x1f\x8b",
	})
	tests := []struct {
		name, path, glob string
		want             []string
		is               error
	}{
		{"missing", "none.txt", "", []string{"none.txt"}, fs.ErrNotExist},
		{"empty file", "empty.txt", "", []string{"datasets: ", "empty.txt: empty text"}, datasets.ErrEmpty},
		{"only empty files in a directory", "", "empty.*", []string{"directory " + dir, `"empty.*"`, "empty"}, datasets.ErrEmpty},
		{"invalid UTF-8", "", "*.md", []string{"bad.md: byte 2: invalid UTF-8 (0xff)"}, nil},
		{"bad gzip", "cut.gz", "", []string{"cut.gz: unexpected EOF"}, nil},
		{"nothing matches", "", "*.nope", []string{"directory " + dir + `: no file matches "*.nope"`}, nil},
		{"malformed glob", "", "[", []string{`glob "["`}, filepath.ErrBadPattern},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := datasets.LoadText(filepath.Join(dir, tt.path), tt.glob)
			for _, want := range tt.want {
				assert.ErrorContains(t, err, want)
			}
			if tt.is != nil {
				assert.ErrorIs(t, err, tt.is)
			}
		})
	}
}

// Source trees hold empty files; they are passed over.
func TestLoadTextPassesOverEmptyFiles(t *testing.T) {
	dir := write(t, map[string]string{"a.txt": "", "b.txt": "one", "c.txt": "", "d.txt": "two", "e.txt": ""})
	got, err := datasets.LoadText(dir, "")
	require.NoError(t, err)
	assert.Equal(t, "one\n\ntwo", got)
}

// The limit holds for all files of a directory together.
func TestLoadTextLimitIsForAllFiles(t *testing.T) {
	dir := write(t, map[string]string{"a.txt": strings.Repeat("a", 60), "b.txt": strings.Repeat("b", 60)})
	_, err := datasets.LoadTextLimited(dir, "", 120)
	assert.NoError(t, err)
	_, err = datasets.LoadTextLimited(dir, "", 119)
	assert.ErrorIs(t, err, datasets.ErrTooLarge)
	assert.ErrorContains(t, err, "b.txt: too large: more than 119 bytes")
}

// One line of 100 MB, as NULs so that the file takes no disk: it costs its own size, once.
func TestLoadTextLongLine(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 100 MB")
	}
	const size = 100e6
	path := filepath.Join(t.TempDir(), "line.txt")
	require.NoError(t, os.WriteFile(path, nil, 0o644))
	require.NoError(t, os.Truncate(path, size))
	var text string
	got := allocated(func() {
		var err error
		text, err = datasets.LoadText(path, "")
		require.NoError(t, err)
	})
	assert.Len(t, text, size)
	assert.Less(t, got, uint64(1.1*size))
}
