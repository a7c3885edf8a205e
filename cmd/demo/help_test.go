package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
)

// Every command explains itself: what it does, an example, and every flag with
// its default.
func TestHelp(t *testing.T) {
	walk(rootCommand(streams{}), func(c *cobra.Command) {
		t.Run(c.CommandPath(), func(t *testing.T) {
			help := works(t, append(strings.Fields(c.CommandPath())[1:], "--help")...)
			assert.Empty(t, help.err)
			assert.Contains(t, help.out, "Examples:\n  "+c.CommandPath())
			assert.NotEmpty(t, c.Short)
			c.LocalFlags().VisitAll(func(f *pflag.Flag) {
				assert.Contains(t, help.out, "--"+f.Name)
				assert.True(t, stated(f), "--%s: %q leaves its default open", f.Name, f.Usage)
			})
			for line := range strings.Lines(help.out) {
				assert.Less(t, len(line), 130)
			}
		})
	})
}

// stated tells whether the help gives the default: cobra adds those that are
// not zero.
func stated(f *pflag.Flag) bool {
	switch f.DefValue {
	case "false": // off
		return true
	case "", "0":
		return strings.Contains(f.Usage, "(needed)") || strings.Contains(f.Usage, "(0: ") || strings.Contains(f.Usage, "(none: ") ||
			strings.Contains(f.Usage, "in place of") || strings.Contains(f.Usage, "printed first")
	}
	return true
}

// The examples of all commands are command lines that are understood.
func TestExamplesParse(t *testing.T) {
	walk(rootCommand(streams{}), func(c *cobra.Command) {
		for line := range strings.Lines(c.Example) {
			words := strings.Fields(strings.NewReplacer(`"The "`, "The", `"$(go env GOROOT)/src/net"`, "net").Replace(line))
			root := rootCommand(streams{})
			found, flags, err := root.Find(words[1:])
			assert.NoError(t, err, line)
			assert.NoError(t, found.ParseFlags(flags), line)
			if !strings.Contains(found.Use, "[") { // an argument, as in "lecture [chapter]"
				assert.Empty(t, found.Flags().Args(), line)
			}
		}
	})
}

func walk(c *cobra.Command, visit func(*cobra.Command)) {
	visit(c)
	for _, sub := range c.Commands() {
		if sub.Name() != "help" {
			walk(sub, visit)
		}
	}
}
