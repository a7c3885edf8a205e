package main

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// classifyCommand holds the commands of the classifier.
func classifyCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "classify",
		Short: "Learn to give texts labels: reviews, sentences, names",
		Long: `Classify reads a text, word by word or character by character, and gives one of
a few labels, with probabilities that mean what they say. Without --data it
learns from generated film reviews in English and Korean.`,
		Example: `  demo classify train
  demo classify train --data reviews.tsv --text document --label label --out reviews.safetensors
  demo classify eval --model reviews.safetensors --data more.tsv --text document --json
  demo classify predict --model reviews.safetensors`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(classifyTrainCommand(s), classifyEvalCommand(s), classifyPredictCommand(s))
	return c
}

// labelled is a row of a table of texts.
type labelled struct{ text, label string }

// labelledTable is how the flags say that such a table is read.
type labelledTable struct {
	table
	text, label string // columns
}

func (t *labelledTable) flags(f *pflag.FlagSet) {
	f.StringVar(&t.text, "text", "text", "column of the texts, by name or number")
	f.StringVar(&t.label, "label", "label", "column of the labels, by name or number")
	t.table.flags(f)
}

// maxLabel bounds a label, in bytes: what is longer is in another column.
const maxLabel = 4096

// read reads a table. Labels lose the spaces around them; with known ones, which
// are sorted, others are an error.
func (t *labelledTable) read(path string, known []string) ([]labelled, error) {
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
	var rows []labelled
	for row, err := range file.Rows() {
		if err != nil {
			return nil, err
		}
		r := labelled{strings.Clone(row.Cells[text]), strings.TrimSpace(strings.Clone(row.Cells[label]))}
		switch _, found := slices.BinarySearch(known, r.label); {
		case r.label == "":
			return nil, file.Wrong(row, label, "a label")
		case len(r.label) > maxLabel:
			return nil, file.Wrong(row, label, fmt.Sprintf("a label of at most %d bytes", maxLabel))
		case known != nil && !found:
			return nil, file.Wrong(row, label, "one of the labels that the model has learnt: "+listed(known))
		}
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s: %w: at least 1 row wanted below the header", path, datasets.ErrEmpty)
	}
	return rows, nil
}

// listed shows labels, the first of very many.
func listed(labels []string) string {
	const most = 20
	if len(labels) > most {
		return strings.Join(labels[:most], ", ") + fmt.Sprintf(" and %d more", len(labels)-most)
	}
	return strings.Join(labels, ", ")
}

// labelsOf are the distinct labels, sorted; it refuses what leaves nothing to
// learn.
func labelsOf(rows []labelled) ([]string, error) {
	var labels []string
	for _, r := range rows {
		labels = append(labels, r.label)
	}
	slices.Sort(labels)
	if labels = slices.Compact(labels); len(labels) < 2 {
		return nil, fmt.Errorf("at least 2 different labels wanted, got only %.80q", labels)
	}
	return labels, nil
}

// digestOf is the SHA-256 of rows.
func digestOf(parts ...[]labelled) string {
	h := sha256.New()
	for _, rows := range parts {
		for _, r := range rows {
			fmt.Fprintf(h, "%d %s %d %s ", len(r.text), r.text, len(r.label), r.label)
		}
		fmt.Fprintln(h)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// documentsOf encodes rows for a model.
func documentsOf(m *models.Classifier, rows []labelled) ([]models.Document, error) {
	docs := make([]models.Document, len(rows))
	for i, r := range rows {
		var err error
		if docs[i], err = m.Document(r.text); err != nil {
			return nil, fmt.Errorf("text %d: %w", i+1, err)
		}
		if docs[i].Class, err = m.Class(r.label); err != nil {
			return nil, fmt.Errorf("text %d: %w", i+1, err)
		}
	}
	return docs, nil
}
