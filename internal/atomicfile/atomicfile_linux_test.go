package atomicfile

import (
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The kernel itself refuses to write: a child process lowers its own limit on the
// size of files and must get EFBIG in the middle of the content.
func TestFileSizeLimit(t *testing.T) {
	const limit, variable = 1 << 18, "ATOMICFILE_LIMITED_PATH"
	if path := os.Getenv(variable); path != "" {
		signal.Ignore(syscall.SIGXFSZ)
		require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: limit, Max: limit}))
		err := Write(path, content(strings.Repeat("x", 2*limit)))
		assert.ErrorIs(t, err, syscall.EFBIG)
		assert.NoError(t, Write(path+".small", content("fits")))
		return
	}
	dir, path := oldFile(t)
	child := exec.Command(os.Args[0], "-test.run=^TestFileSizeLimit$")
	child.Env = append(os.Environ(), variable+"="+path)
	out, err := child.CombinedOutput()
	require.NoError(t, err, string(out))
	assertContent(t, path, "old")
	assert.Equal(t, []string{"model", "model.small"}, names(t, dir))
}

func TestReadOnlyDirectory(t *testing.T) {
	dir, err := os.MkdirTemp("", "atomicfile") // not t.TempDir: its parents admit the owner only
	require.NoError(t, err)
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "model")
	require.NoError(t, os.WriteFile(path, []byte("old"), 0o644))
	require.NoError(t, os.Chmod(dir, 0o555))
	defer os.Chmod(dir, 0o755)

	called := false
	asNobody(t, func() {
		err = Write(path, func(io.Writer) error { called = true; return nil })
	})
	assert.ErrorIs(t, err, fs.ErrPermission)
	assert.ErrorContains(t, err, path)
	assert.False(t, called)
	assertContent(t, path, "old")
	assert.Equal(t, []string{"model"}, names(t, dir))
}

// asNobody runs f on a thread of its own that the file system takes for an
// unprivileged user, since permissions do not bind root.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		f()
		return
	}
	const nobody = 65534
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		syscall.RawSyscall(syscall.SYS_SETFSUID, nobody, 0, 0)
		f()
	}()
	<-done
}
