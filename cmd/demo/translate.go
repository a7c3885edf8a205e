package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// translateCommand holds the commands of the translator.
func translateCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "translate",
		Short: "Learn to write one text for another: translations, dates, sums",
		Long: `Translate reads a text and writes another, word by word or character by
character: an encoder and a decoder that looks at what the encoder has read
(attention). It learns from a table with a text and its translation in each line.
Without --data it learns to write generated dates in one form.`,
		Example: `  demo translate train
  demo translate train --data eng-fra.tsv.gz --source 1 --target 2 --tokens words --out en-fr.safetensors
  demo translate eval --model en-fr.safetensors --data more.tsv
  demo translate predict --model en-fr.safetensors --beam 5 --nbest 3`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(translateTrainCommand(s), translateEvalCommand(s), translatePredictCommand(s))
	return c
}

// pairTable is how the flags say that a table of pairs is read.
type pairTable struct {
	source, target string // columns
	lines          table
	header         bool
	maxWords       int
}

func (t *pairTable) flags(f *pflag.FlagSet) {
	f.StringVar(&t.source, "source", "1", "column of the texts to read, by name or number")
	f.StringVar(&t.target, "target", "2", "column of the texts to write, by name or number")
	t.lines.separatorFlag(f)
	f.BoolVar(&t.header, "header", false, "the first line is no pair; so it is where a column is given by name")
	f.IntVar(&t.maxWords, "max-words", 0, "leave out pairs with more words, between white space, on either side (0: none)")
}

// check refuses flags that cannot work.
func (t *pairTable) check() error {
	if t.maxWords < 0 {
		return usagef("--max-words must be at least 0, got %d", t.maxWords)
	}
	return t.lines.check()
}

// options are what the flags say.
func (t *pairTable) options() datasets.PairsOptions {
	lines := t.lines
	lines.noHeader = !t.header && number(t.source) && number(t.target)
	return datasets.PairsOptions{Source: t.source, Target: t.target, Table: lines.options()}
}

// number says whether a column is given by its number.
func number(column string) bool {
	_, err := strconv.Atoi(column)
	return err == nil
}

// read reads the pairs of a file that are short enough.
func (t *pairTable) read(path string) ([]datasets.Pair, error) {
	all, err := datasets.LoadPairs(path, t.options())
	var file *fs.PathError
	switch {
	case errors.As(err, &file): // it was not read at all
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%w (--source, --target and --separator say how lines are read)", err)
	}
	if t.maxWords == 0 {
		return all, nil
	}
	short := func(text string) bool { return len(strings.Fields(text)) <= t.maxWords }
	var pairs []datasets.Pair
	for _, p := range all {
		if short(p.Source) && short(p.Target) {
			pairs = append(pairs, p)
		}
	}
	if len(pairs) == 0 {
		return nil, fmt.Errorf("%s: none of %d pairs has at most %d words on each side (--max-words)", path, len(all), t.maxWords)
	}
	return pairs, nil
}

// bySource is what pairs are held out by: all translations of one text are on one
// side.
func bySource(p datasets.Pair) string { return p.Source }

// holdOutPairs holds back a part of the different sources, with all their pairs.
func holdOutPairs(h *holdout, pairs []datasets.Pair, seed uint64, read func(string) ([]datasets.Pair, error)) (
	rest, held []datasets.Pair, err error,
) {
	switch {
	case h.file != "":
		held, err = read(h.file)
		return pairs, held, err
	case h.part == 0:
		return pairs, nil, nil
	}
	return datasets.HoldOutBy(pairs, bySource, h.part, seed)
}

// digestOfPairs is the SHA-256 of pairs.
func digestOfPairs(parts ...[]datasets.Pair) string {
	h := sha256.New()
	for _, pairs := range parts {
		for _, p := range pairs {
			fmt.Fprintf(h, "%d %s %d %s ", len(p.Source), p.Source, len(p.Target), p.Target)
		}
		fmt.Fprintln(h)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// parallelsOf encodes pairs for a model.
func parallelsOf(m *models.Translator, pairs []datasets.Pair) ([]models.Parallel, error) {
	out := make([]models.Parallel, len(pairs))
	for i, p := range pairs {
		var err error
		if out[i], err = m.Parallel(p.Source, p.Target); err != nil {
			return nil, fmt.Errorf("line %d: %w", p.Line, err)
		}
	}
	return out, nil
}
