package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
)

// charsWriting is what chars generate is told.
type charsWriting struct {
	model, prime string
	length       int
	sampling     models.Sampling
	weights      weights
}

func charsGenerateCommand(s streams) *cobra.Command {
	t := charsWriting{length: 400, sampling: models.Sampling{Temperature: 1, TopP: 1, Seed: 1}}
	c := &cobra.Command{
		Use:   "generate",
		Short: "Write text with a trained model, streaming to the terminal",
		Long: `Generate reads the prime text, then draws one character or word after the other
from what the model expects next and writes it at once. The same model, seed and flags
write the same text. Ctrl-C ends it.`,
		Example: `  demo chars generate --model book.safetensors --prime "The " --length 500 --temperature 0.7
  demo chars generate --model book.safetensors --top-p 0.9 --seed 7`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := t.check(); err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return t.write(ctx, s)
		},
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as chars train writes it (needed)")
	f.StringVar(&t.prime, "prime", "", "text to continue; it is printed first")
	f.IntVar(&t.length, "length", t.length, "characters to write, or words with a model of words")
	f.Float64Var(&t.sampling.Temperature, "temperature", t.sampling.Temperature, "below 1: surer, above 1: bolder")
	f.IntVar(&t.sampling.TopK, "top-k", 0, "draw among the k likeliest characters (0: all)")
	f.Float64Var(&t.sampling.TopP, "top-p", t.sampling.TopP, "draw among the likeliest characters that together have this probability")
	f.Float64Var(&t.sampling.MinP, "min-p", 0, "leave out characters below this part of the likeliest one's probability (0: none)")
	f.BoolVar(&t.sampling.Greedy, "greedy", false, "always take the likeliest character")
	f.Uint64Var(&t.sampling.Seed, "seed", t.sampling.Seed, "seed of the draws")
	t.weights.flag(f)
	return c
}

// check refuses flags that cannot work.
func (t *charsWriting) check() error {
	if err := need("model", t.model); err != nil {
		return err
	}
	switch {
	case t.length < 0:
		return usagef("--length must be at least 0, got %d", t.length)
	case !(t.sampling.Temperature > 0): // for the library 0 is the default
		return usagef("--temperature must be above 0, got %v; --greedy always takes the likeliest character", t.sampling.Temperature)
	case !(t.sampling.TopP > 0 && t.sampling.TopP <= 1):
		return usagef("--top-p must be in (0, 1], got %v", t.sampling.TopP)
	case t.sampling.TopK < 0:
		return usagef("--top-k must be at least 0, got %d", t.sampling.TopK)
	case !(t.sampling.MinP >= 0 && t.sampling.MinP <= 1):
		return usagef("--min-p must be in [0, 1], got %v", t.sampling.MinP)
	}
	if _, err := models.NewSampler(t.sampling); err != nil {
		return usageError{err}
	}
	return t.weights.check()
}

// write streams the prime text and what follows.
func (t *charsWriting) write(ctx context.Context, s streams) error {
	m, err := t.weights.load(t.model)
	if err != nil {
		return err
	}
	g, err := m.Generator(t.sampling)
	if err != nil {
		return err
	}
	if err := g.Prime(t.prime); err != nil {
		return unreadable("--prime", err)
	}
	out := bufio.NewWriter(s.out)
	if _, err := out.WriteString(t.prime); err != nil {
		return fmt.Errorf("standard output: %w", err)
	}
	if err := t.stream(ctx, g, out); err != nil {
		return err
	}
	if err := out.WriteByte('\n'); err != nil {
		return fmt.Errorf("standard output: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("standard output: %w", err)
	}
	return nil
}

// stream writes each character, or word, as it is drawn.
func (t *charsWriting) stream(ctx context.Context, g *models.Generator, out *bufio.Writer) error {
	if t.length == 0 {
		return nil
	}
	n := 0
	for piece, err := range g.Pieces() {
		if err != nil {
			return fmt.Errorf("%s: %w", t.model, err)
		}
		if _, err := out.WriteString(piece); err != nil {
			return fmt.Errorf("standard output: %w", err)
		}
		if err := out.Flush(); err != nil {
			return fmt.Errorf("standard output: %w", err)
		}
		if n++; n == t.length || ctx.Err() != nil {
			break
		}
	}
	return nil
}
