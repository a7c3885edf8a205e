package main

import (
	"errors"
	"fmt"
	"io"
	"regexp"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usageError is a mistake in the command line: exit code 2.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// usagef makes a usageError.
func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// report prints an error as one sentence and gives the exit code.
func report(err error, w io.Writer) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(w, "demo:", sentence(err))
	var usage usageError
	if errors.As(err, &usage) {
		fmt.Fprintln(w, "Run 'demo --help', or any command with --help, for its flags and an example.")
		return 2
	}
	return 1
}

// packages are the names that the libraries' errors begin with. They tell a
// programmer where to look, and a user of the command line nothing.
var packages = regexp.MustCompile(`(^|: )(?:(?:atomicfile|cells|datasets|graph|lecture|models|plot|safetensors|sampling|train): )+`)

// sentence is an error as the user reads it.
func sentence(err error) string { return packages.ReplaceAllString(err.Error(), "$1") }

// flagError says what is wrong with a flag, without the words of package strconv.
func flagError(_ *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	if !errors.As(err, &invalid) {
		return usageError{err}
	}
	want := map[string]string{
		"int": "a whole number", "uint64": "a whole number of at least 0", "float64": "a number", "bool": "true or false",
	}[invalid.GetFlag().Value.Type()]
	return usagef("--%s: %s wanted, got %q", invalid.GetFlag().Name, want, invalid.GetValue())
}

// need refuses a command line without a flag.
func need(flag, value string) error {
	if value == "" {
		return usagef("--%s is needed", flag)
	}
	return nil
}

// noArgs refuses positional arguments with a sentence.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.HasAvailableSubCommands() {
		return usagef("unknown command %q for %q", args[0], cmd.CommandPath())
	}
	return usagef("%q takes flags only, got %q", cmd.CommandPath(), args[0])
}
