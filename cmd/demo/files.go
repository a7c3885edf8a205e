package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/unroll-go/unroll/datasets"
)

// loadText reads a file, or the files of a directory.
func loadText(data, glob string) (string, error) {
	if _, err := filepath.Match(glob, ""); err != nil {
		return "", usagef("--glob %q: %w", glob, err)
	}
	text, err := datasets.LoadText(data, glob)
	switch {
	case errors.Is(err, datasets.ErrEmpty):
		return "", fmt.Errorf("%w; at least 2 characters wanted", err)
	case err != nil && isDir(data):
		return "", fmt.Errorf("%w (--glob chooses the files)", err)
	}
	return text, err
}

// unreadable explains a text that a vocabulary cannot encode; where is its file
// or its flag.
func unreadable(where string, err error) error {
	if isDir(where) {
		where += ", its files one after the other"
	}
	var unknown *datasets.UnknownRuneError
	if errors.As(err, &unknown) {
		return fmt.Errorf("%s: line %d, column %d: %q (%U) is not among the %d characters that the model knows; "+
			"with chars train --unknown a model reads any", where, unknown.Line, unknown.Column, unknown.Rune, unknown.Rune, unknown.Runes)
	}
	return fmt.Errorf("%s: %w", where, err)
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// writable refuses an output file that could not be written at the end, or that
// is the text to be read, before any time is spent.
func writable(flag, path, input string) error {
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s %s: a file is wanted, got %s", flag, path, kind(info))
		}
		if in, err := os.Stat(input); err == nil && os.SameFile(in, info) {
			return usagef("%s %s would overwrite the text", flag, path)
		}
	}
	dir := filepath.Dir(path)
	if !isDir(dir) {
		return fmt.Errorf("%s %s: there is no directory %s", flag, path, dir)
	}
	probe, err := os.CreateTemp(dir, ".unroll-*.tmp")
	if err != nil {
		return fmt.Errorf("%s %s: %w", flag, path, err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// kind names what is in the place of a file.
func kind(info os.FileInfo) string {
	if info.IsDir() {
		return "a directory"
	}
	return fmt.Sprintf("something else (%v)", info.Mode())
}
