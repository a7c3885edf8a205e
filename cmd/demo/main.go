// Demo is the command line of unroll: it trains recurrent networks on real
// files and uses them. Without arguments it learns from a small text for about
// a minute and then writes in its manner.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	err := run(context.Background(), os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	os.Exit(report(err, os.Stderr))
}

// interruptible is a context that the first Ctrl-C, or a request to terminate,
// cancels; the second ends the program at once, as it does where nothing is
// worth saving. done must be called at the end.
func interruptible(parent context.Context, w io.Writer) (ctx context.Context, done func()) {
	ctx, stop := signal.NotifyContext(parent, os.Interrupt, syscall.SIGTERM)
	release := context.AfterFunc(ctx, func() {
		if parent.Err() == nil {
			fmt.Fprintln(w, "\nfinishing the step at hand; once more stops at once")
		}
		stop()
	})
	return ctx, func() {
		release()
		stop()
	}
}
