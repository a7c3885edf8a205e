package main

import (
	"bufio"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

func charsCommand(s streams) *cobra.Command {
	return group("chars", "Learn a text character by character, and write in its manner",
		charsTrainCommand(s), charsGenerateCommand(s), charsEvalCommand(s))
}

func charsGenerateCommand(s streams) *cobra.Command {
	var model, prime string
	length := 400
	sampling := models.Sampling{Temperature: 1, Seed: 1}
	c := &cobra.Command{
		Use:   "generate",
		Short: "Write text with a trained model, streaming to the terminal",
		Long: `Generate reads the prime text, then draws one character after the other from
what the model expects next and writes it at once. The same model, seed and flags
write the same text.`,
		Example: `  demo chars generate --model book.safetensors --prime "The " --length 500 --temperature 0.7
  demo chars generate --model book.safetensors --top-p 0.9 --seed 7`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := need("model", model); err != nil {
				return err
			}
			if length < 0 {
				return usagef("--length must not be negative, got %d", length)
			}
			if cmd.Flags().Changed("temperature") && sampling.Temperature == 0 {
				return usagef("--temperature must be above 0; --greedy always takes the likeliest character")
			}
			if _, err := models.NewSampler(sampling); err != nil {
				return usageError{err}
			}
			m, err := models.LoadCharLMFile(model)
			if err != nil {
				return err
			}
			g, err := m.Generator(sampling)
			if err != nil {
				return err
			}
			return write(cmd, s, g, prime, length)
		},
	}
	f := c.Flags()
	f.StringVar(&model, "model", "", "model file, as chars train writes it (needed)")
	f.StringVar(&prime, "prime", "", "text to continue; it is printed first")
	f.IntVar(&length, "length", length, "characters to write")
	f.Float64Var(&sampling.Temperature, "temperature", sampling.Temperature, "below 1: surer, above 1: bolder")
	f.IntVar(&sampling.TopK, "top-k", 0, "draw among the k likeliest characters (0: all)")
	f.Float64Var(&sampling.TopP, "top-p", 1, "draw among the likeliest characters that together have this probability")
	f.Float64Var(&sampling.MinP, "min-p", 0, "leave out characters below this part of the likeliest one's probability")
	f.BoolVar(&sampling.Greedy, "greedy", false, "always take the likeliest character")
	f.Uint64Var(&sampling.Seed, "seed", sampling.Seed, "seed of the draws")
	return c
}

// write streams the prime text and what follows.
func write(cmd *cobra.Command, s streams, g *models.Generator, prime string, length int) error {
	if err := g.Prime(prime); err != nil {
		return fmt.Errorf("--prime: %w", err)
	}
	out := bufio.NewWriter(s.out)
	if _, err := out.WriteString(prime); err != nil {
		return err
	}
	n := 0
	for r, err := range g.Runes() {
		if n >= length || cmd.Context().Err() != nil {
			break
		}
		if err != nil {
			return err
		}
		if _, err := out.WriteRune(r); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return fmt.Errorf("standard output: %w", err)
		}
		n++
	}
	if err := out.WriteByte('\n'); err != nil {
		return err
	}
	return out.Flush()
}

func charsEvalCommand(s streams) *cobra.Command {
	var model, data, glob string
	var asJSON bool
	c := &cobra.Command{
		Use:   "eval",
		Short: "Measure how well a model predicts a text",
		Long: `Eval predicts every character of the text but the first from all before it and
prints the mean cross entropy in nats and bits for each character, and the
perplexity.`,
		Example: `  demo chars eval --model book.safetensors --data other.txt
  demo chars eval --model book.safetensors --data other.txt --json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := need("model", model); err != nil {
				return err
			}
			if err := need("data", data); err != nil {
				return err
			}
			m, err := models.LoadCharLMFile(model)
			if err != nil {
				return err
			}
			text, err := datasets.LoadText(data, glob)
			if err != nil {
				return err
			}
			ids, err := m.Vocab.Encode(text)
			if err != nil {
				return fmt.Errorf("%s: %w", data, err)
			}
			score, err := m.Score(ids, 1)
			if err != nil {
				return fmt.Errorf("%s: %w", data, err)
			}
			return printScore(s, score, asJSON)
		},
	}
	f := c.Flags()
	f.StringVar(&model, "model", "", "model file, as chars train writes it (needed)")
	f.StringVar(&data, "data", "", "text file, or a directory of them; .gz is read as it is (needed)")
	f.StringVar(&glob, "glob", "*.txt", "which files of a directory to read")
	f.BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

func printScore(s streams, score models.Score, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(s.out).Encode(struct {
			Nats       float64 `json:"loss_nats"`
			Bits       float64 `json:"bits_per_char"`
			Perplexity float64 `json:"perplexity"`
			Chars      int     `json:"chars"`
		}{score.Nats, score.Bits(), score.Perplexity(), score.Tokens})
	}
	_, err := fmt.Fprintf(s.out, "%.4f nats, %.4f bits for each of %d predicted characters; perplexity %.3f\n",
		score.Nats, score.Bits(), score.Tokens, score.Perplexity())
	return err
}
