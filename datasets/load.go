package datasets

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// LoadText reads the text at name as [ReadText] does: a file, whatever it is called, or all files under a directory whose
// base names match the glob ("": "*.txt"; syntax as in [filepath.Match]), sub-directories included, in the lexical order of
// their directories, with "\n\n" put between one file and the next. Within a directory names that begin with a dot,
// empty files and what is not a regular file are passed over; gzip files are read if the glob matches them ("*.txt*").
//
// The limit, for all files together, is [DefaultLimit]. Every error names the file or the directory: those of
// [ReadText], so that an empty file wraps [ErrEmpty], those of the file system, and a directory in which nothing matches.
func LoadText(name, glob string) (string, error) {
	return loadText(name, glob, DefaultLimit)
}

func loadText(name, glob string, limit int64) (string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return "", fmt.Errorf("datasets: %w", err)
	}
	files := []string{name}
	if info.IsDir() {
		if files, err = matching(name, glob); err != nil {
			return "", fmt.Errorf("datasets: %w", err)
		}
	}
	t := textReader{limit: limit}
	for _, file := range files {
		t.apart = t.text.Len() > 0
		if err := t.appendFile(file); err != nil && !(info.IsDir() && errors.Is(err, ErrEmpty)) {
			return "", fmt.Errorf("datasets: %w", err)
		}
	}
	if t.text.Len() == 0 {
		return "", fmt.Errorf("datasets: directory %s: all files that match %q are empty: %w", name, glob, ErrEmpty)
	}
	return t.text.String(), nil
}

// appendFile adds the text of one file.
func (t *textReader) appendFile(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err // names the file
	}
	defer f.Close()
	if err := t.append(f); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// matching returns the files under dir whose base name matches the glob, sorted.
func matching(dir, glob string) ([]string, error) {
	if glob == "" {
		glob = "*.txt"
	}
	if _, err := filepath.Match(glob, ""); err != nil {
		return nil, fmt.Errorf("glob %q: %w", glob, err)
	}
	root := os.DirFS(dir) // follows dir itself if it is a symbolic link, as filepath.WalkDir would not
	var files []string
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", filepath.Join(dir, filepath.FromSlash(name)), err)
		case name != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		}
		if ok, _ := filepath.Match(glob, d.Name()); ok && regular(root, name) {
			files = append(files, filepath.Join(dir, filepath.FromSlash(name)))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("directory %s: no file matches %q", dir, glob)
	}
	return files, nil
}

// regular reports whether name is a regular file or a link to one. A broken link counts: opening it gives the error.
func regular(root fs.FS, name string) bool {
	info, err := fs.Stat(root, name)
	return err != nil || info.Mode().IsRegular()
}
