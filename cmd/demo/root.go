package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// streams are standard input, output and error.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

// run executes a command line.
func run(ctx context.Context, args []string, s streams) error {
	root := rootCommand(s)
	root.SetArgs(args)
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	return root.ExecuteContext(ctx)
}

func rootCommand(s streams) *cobra.Command {
	lang := "en"
	root := &cobra.Command{
		Use:   "demo",
		Short: "Train recurrent networks and let them write",
		Long: `Without a command, demo trains a small LSTM on a text of its own for about a
minute, shows how the loss falls, and then writes in the manner of the text.
Nothing is read or written but the terminal. The commands below do the same with
files of yours.`,
		Example: `  demo
  demo --lang ko
  demo chars train --data book.txt --out book.safetensors
  demo chars generate --model book.safetensors --prime "The " --length 500`,
		Args:          noArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return quick(cmd.Context(), s, lang) },
	}
	root.Flags().StringVar(&lang, "lang", lang, "language of the built-in text: en or ko")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(charsCommand(s))
	return root
}

// group is a command that only holds others.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: noArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return cmd.Help()
	}}
	c.AddCommand(commands...)
	return c
}

// noArgs refuses positional arguments with a sentence.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s: unknown command or argument %q", cmd.CommandPath(), args[0])
	}
	return nil
}

// need refuses a command line without a flag.
func need(flag, value string) error {
	if value == "" {
		return usageError{fmt.Errorf("--%s is needed", flag)}
	}
	return nil
}
