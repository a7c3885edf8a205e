package atomicfile

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	newFileMode = 0o644     // before umask
	bufferSize  = 64 * 1024 // bytes
)

// Write calls write with a buffered writer and puts what it wrote in the place of
// the file at path: into a temporary file in the same directory, then fsync, rename,
// fsync of the directory. The writer is valid only during the call.
//
// A new file gets mode 0o644 less the umask; an existing one keeps its permission
// bits (owner and extended attributes are those of a new file, and other hard links
// keep the old content). If path is a symbolic link, the file it points to is
// replaced, or created, and the link stays. Only regular files are replaced.
//
// Any error, from write too, leaves the old file as it was and removes the
// temporary one; so does a panic in write, which goes on to the caller. The one
// exception is an error in the last step, the fsync of the directory: the new
// content is in place then, but a power failure may bring the old one back. Errors
// name path and wrap their cause.
func Write(path string, write func(io.Writer) error) error {
	return disk().write(path, write)
}

// system holds the steps that can fail on a real disk, so that tests can make each
// of them fail.
type system struct {
	writer  func(*os.File) io.Writer
	sync    func(*os.File) error
	rename  func(from, to string) error
	syncDir func(*os.File) error
}

func disk() system {
	return system{
		writer:  func(f *os.File) io.Writer { return f },
		sync:    (*os.File).Sync,
		rename:  os.Rename,
		syncDir: syncDir,
	}
}

func (s system) write(path string, write func(io.Writer) error) error {
	if err := s.replace(path, write); err != nil {
		return fmt.Errorf("atomicfile: write %s: %w", path, err)
	}
	return nil
}

func (s system) replace(path string, write func(io.Writer) error) error {
	target, err := resolve(path)
	if err != nil {
		return err
	}
	old, err := regular(target)
	if err != nil {
		return err
	}

	// Opened before anything is written: a directory that cannot be synced is found
	// out while the old file is still there.
	dir, err := os.Open(filepath.Dir(target))
	if err != nil {
		return err
	}
	defer dir.Close()

	if err := s.put(target, old, write); err != nil {
		return err
	}
	return s.syncDir(dir)
}

// put does everything up to the rename. Until that has succeeded the deferred
// function removes the temporary file, whatever the way out: return, panic, Goexit.
func (s system) put(target string, old fs.FileInfo, write func(io.Writer) error) (err error) {
	mode := fs.FileMode(newFileMode)
	if old != nil {
		mode = old.Mode().Perm()
	}
	f, err := createTemp(filepath.Dir(target), mode)
	if err != nil {
		return err
	}
	renamed := false
	defer func() {
		if !renamed {
			f.Close()
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()

	if err := s.fill(f, write); err != nil {
		return err
	}
	if old != nil { // the umask may have taken bits that the old file had
		if err := f.Chmod(mode); err != nil {
			return err
		}
	}
	if err := s.sync(f); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := s.rename(f.Name(), target); err != nil {
		return err
	}
	renamed = true
	return nil
}

func (s system) fill(f *os.File, write func(io.Writer) error) error {
	buffer := bufio.NewWriterSize(s.writer(f), bufferSize)
	if err := write(buffer); err != nil {
		return err
	}
	return buffer.Flush() // also repeats an error that write ignored
}

// createTemp is os.CreateTemp with a mode, which only the kernel can reduce by the umask.
// The name does not contain the target's: that may already be as long as names can be.
func createTemp(dir string, mode fs.FileMode) (*os.File, error) {
	name := filepath.Join(dir, ".unroll-"+rand.Text()+".tmp")
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
}
