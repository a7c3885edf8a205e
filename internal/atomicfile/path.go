package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

const maxLinks = 40 // as Linux

// resolve follows symbolic links at path until something that is none, which need
// not exist. The directory on the way must exist.
func resolve(path string) (string, error) {
	for range maxLinks {
		dir, base := filepath.Split(path)
		if base == "" || base == "." || base == ".." {
			return "", errors.New("path does not name a file")
		}
		if dir == "" {
			dir = "."
		}
		dir, err := filepath.EvalSymlinks(dir)
		if err != nil {
			return "", err
		}
		path = filepath.Join(dir, base)

		link, err := readLink(path)
		if err != nil {
			return "", err
		}
		switch {
		case link == "":
			return path, nil
		case filepath.IsAbs(link):
			path = link
		default:
			// Not Join: it would drop "x/.." before x is known to be no link.
			path = dir + string(filepath.Separator) + link
		}
	}
	return "", fmt.Errorf("more than %d symbolic links", maxLinks)
}

// readLink returns where path points, or "" if it is no link or does not exist.
func readLink(path string) (string, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", err
	case info.Mode()&fs.ModeSymlink == 0:
		return "", nil
	}
	return os.Readlink(path)
}

// regular describes the file at path: nil if there is none, an error if it is a
// directory, a device or a pipe.
func regular(path string) (fs.FileInfo, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("not a regular file: %s", info.Mode())
	}
	return info, nil
}

// syncDir makes a rename in dir durable. Where directories cannot be synced
// (Windows, some network file systems) there is nothing to do.
func syncDir(dir *os.File) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	err := dir.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	return err
}
