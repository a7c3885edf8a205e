//go:build unix

package atomicfile

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Lstat(path)
	require.NoError(t, err)
	return info.Mode()
}

func TestModeOfNewFileObeysUmask(t *testing.T) {
	for umask, want := range map[int]fs.FileMode{0o022: 0o644, 0o077: 0o600, 0o000: 0o644} {
		path := filepath.Join(t.TempDir(), "model")
		old := syscall.Umask(umask)
		err := Write(path, content("x"))
		syscall.Umask(old)
		require.NoError(t, err)
		assert.Equal(t, want, mode(t, path), "umask %o", umask)
	}
}

func TestModeOfExistingFileIsKept(t *testing.T) {
	for _, want := range []fs.FileMode{0o600, 0o640, 0o666, 0o777, 0o444} {
		_, path := oldFile(t)
		require.NoError(t, os.Chmod(path, want))
		require.NoError(t, Write(path, content("new")))
		assert.Equal(t, want, mode(t, path))
		assertContent(t, path, "new")
	}
}

// The link stays a link; what it points to is replaced, in its own directory.
func TestSymlinkIsWrittenThrough(t *testing.T) {
	tests := map[string]struct {
		links  [][2]string // target, name
		path   string
		target string
	}{
		"relative":         {[][2]string{{"real/model", "link"}}, "link", "real/model"},
		"chain":            {[][2]string{{"real/model", "a"}, {"a", "link"}}, "link", "real/model"},
		"dangling":         {[][2]string{{"real/fresh", "link"}}, "link", "real/fresh"},
		"linked directory": {[][2]string{{"real", "dir"}}, "dir/model", "real/model"},
		// deep leads to real/sub, so deep/.. is real and not the root.
		"dots behind a link": {[][2]string{{"real/sub", "deep"}, {"deep/../model", "link"}}, "link", "real/model"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			require.NoError(t, os.MkdirAll(filepath.Join(root, "real", "sub"), 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(root, "real", "model"), []byte("old"), 0o644))
			for _, l := range tc.links {
				require.NoError(t, os.Symlink(l[0], filepath.Join(root, l[1])))
			}
			before := names(t, root)

			require.NoError(t, Write(filepath.Join(root, tc.path), content("new")))
			assertContent(t, filepath.Join(root, tc.target), "new")
			assert.Equal(t, before, names(t, root))
			for _, l := range tc.links {
				assert.NotZero(t, mode(t, filepath.Join(root, l[1]))&fs.ModeSymlink, l[1])
			}
		})
	}
}

func TestSymlinkToItself(t *testing.T) {
	path := filepath.Join(t.TempDir(), "loop")
	require.NoError(t, os.Symlink("loop", path))
	assert.ErrorContains(t, Write(path, content("x")), "symbolic links")
}

func TestPipeIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	assert.ErrorContains(t, Write(path, content("x")), "not a regular file")
	assert.Equal(t, fs.ModeNamedPipe, mode(t, path).Type())
}
