package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// tagCommand holds the commands of the tagger.
func tagCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "tag",
		Short: "Learn to label every character or word of a text",
		Long: `Tag reads a text and gives every character, or every word, one of a few labels:
where in a sentence a date stands, which words are names. Without --data it learns
from generated Korean sentences to find the parts of a date.`,
		Example: `  demo tag train
  demo tag train --data dates.tsv --text text --label labels --out dates.safetensors
  demo tag train --data news.conll --conll --unit words --out names.safetensors
  demo tag eval --model dates.safetensors --data more.tsv --label labels --json
  demo tag predict --model dates.safetensors`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(tagTrainCommand(s), tagEvalCommand(s), tagPredictCommand(s))
	return c
}

// tagReader is how the flags say that labelled texts are read.
type tagReader struct {
	table
	text, label string // columns
	conll       bool
}

func (t *tagReader) flags(f *pflag.FlagSet) {
	f.StringVar(&t.text, "text", "text", "column of the texts, by name or number")
	f.StringVar(&t.label, "label", "labels", "column of the labels of each text, by name or number")
	f.BoolVar(&t.conll, "conll", false, "--data has a token, a tab and its label a line, and an empty line between texts")
	t.table.flags(f)
}

// read reads a file; with known labels, which are sorted, others are an error.
func (t *tagReader) read(path string, c models.TaggerConfig, known []string) (all []datasets.Sentence, err error) {
	if t.conll {
		all, err = readConll(path)
	} else {
		all, err = t.readTable(path, c)
	}
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: %w: at least 1 text wanted", path, datasets.ErrEmpty)
	}
	for _, s := range all {
		for _, label := range s.Labels {
			if _, found := slices.BinarySearch(known, label); known != nil && !found {
				return nil, fmt.Errorf("%s: text at line %d: got label %.80q, wanted one of those that the model has learnt: %s",
					path, s.Line, label, listed(known))
			}
		}
	}
	return all, nil
}

// readConll reads a file of lines with token and label.
func readConll(path string) ([]datasets.Sentence, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var all []datasets.Sentence
	for s, err := range datasets.ReadSentences(file, path) {
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// readTable reads a table with a text and its labels in each row. Texts without
// a token are passed over.
func (t *tagReader) readTable(path string, c models.TaggerConfig) ([]datasets.Sentence, error) {
	file, err := t.open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := file.Column(t.text)
	if err != nil {
		return nil, fmt.Errorf("%w (--text chooses it)", err)
	}
	label, err := file.Column(t.label)
	if err != nil {
		return nil, fmt.Errorf("%w (--label chooses it)", err)
	}
	var all []datasets.Sentence
	for row, err := range file.Rows() {
		if err != nil {
			return nil, err
		}
		s := datasets.Sentence{Line: row.Line, Tokens: c.Cut(strings.Clone(row.Cells[text]))}
		var ok bool
		if s.Labels, ok = labelsFor(strings.Clone(row.Cells[label]), len(s.Tokens)); !ok {
			return nil, file.Wrong(row, label, fmt.Sprintf("%d labels with spaces between, or of one character each, one for each of the %s of the text",
				len(s.Tokens), c.Unit))
		}
		if len(s.Tokens) > 0 {
			all = append(all, s)
		}
	}
	return all, nil
}

// labelsFor cuts a cell into n labels: at white space, or into characters.
func labelsFor(cell string, n int) ([]string, bool) {
	if labels := strings.Fields(cell); len(labels) == n {
		return labels, true
	}
	labels := strings.Split(cell, "")
	return labels, len(labels) == n
}

// tagLabels are the distinct labels, sorted.
func tagLabels(all []datasets.Sentence) ([]string, error) {
	seen := map[string]bool{}
	var rows []labelled
	for _, s := range all {
		for _, label := range s.Labels {
			if !seen[label] {
				seen[label] = true
				rows = append(rows, labelled{label: label})
			}
		}
	}
	return labelsOf(rows)
}

// tagDigest is the SHA-256 of labelled texts.
func tagDigest(parts ...[]datasets.Sentence) string {
	h := sha256.New()
	for _, all := range parts {
		for _, s := range all {
			fmt.Fprintf(h, "%q %q\n", s.Tokens, s.Labels)
		}
		fmt.Fprintln(h)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// taggedOf encodes labelled texts for a model.
func taggedOf(m *models.Tagger, all []datasets.Sentence) ([]datasets.Tagged, error) {
	var examples []datasets.Tagged
	for _, s := range all {
		e, err := m.Examples(s.Tokens, s.Labels)
		if err != nil {
			return nil, fmt.Errorf("text at line %d: %w", s.Line, err)
		}
		examples = append(examples, e...)
	}
	return examples, nil
}
