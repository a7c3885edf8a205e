package main

import (
	"context"
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
  demo chars generate --model book.safetensors --prime "The " --length 500
  demo classify train
  demo forecast train`,
		Args:              noArgs,
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		RunE:              func(cmd *cobra.Command, _ []string) error { return quick(cmd.Context(), s, lang) },
	}
	root.Flags().StringVar(&lang, "lang", lang, "language of the built-in text: en or ko")
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(
		charsCommand(s), classifyCommand(s), tagCommand(s), captionCommand(s), forecastCommand(s),
		tabularCommand(s), wordsCommand(s), feedForwardCommand(s), translateCommand(s), lectureCommand(s),
	)
	return root
}

// charsCommand holds the commands of the character model.
func charsCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "chars",
		Short: "Learn a text character by character, and write in its manner",
		Example: `  demo chars train --data book.txt --out book.safetensors
  demo chars generate --model book.safetensors --prime "The "
  demo chars eval --model book.safetensors --data other.txt --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(charsTrainCommand(s), charsGenerateCommand(s), charsEvalCommand(s), charsProbeCommand(s))
	return c
}
