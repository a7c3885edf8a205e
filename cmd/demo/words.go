package main

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// wordsCommand holds the commands of word vectors.
func wordsCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "words",
		Short: "Learn what words have to do with each other: vectors, neighbours, analogies",
		Long: `Words gives each word of a table by frequency a vector that predicts the words
beside it (skip-gram with negative sampling), so that words that are used alike
have vectors alike. Without --data it learns from generated sentences.`,
		Example: `  demo words train
  demo words train --data reviews.tsv --text document --out words.safetensors
  demo words eval --model words.safetensors --data pairs.tsv --json
  demo words predict --model words.safetensors --analogy`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(wordsTrainCommand(s), wordsEvalCommand(s), wordsPredictCommand(s), wordsExportCommand(), wordsImportCommand(s))
	return c
}

// corpus is how the flags say where sentences come from.
type corpus struct {
	table
	glob string
	text string // column; none: the file is text, a sentence a line
}

func (c *corpus) flags(f *pflag.FlagSet) {
	f.StringVar(&c.text, "text", "", "column of the texts, by name or number (none: the file is text, a sentence a line)")
	f.StringVar(&c.glob, "glob", "*.txt", "which files of a directory to read")
	c.table.flags(f)
}

// read is the sentences of a file.
func (c *corpus) read(path string) ([]string, error) {
	if c.text == "" {
		text, err := loadText(path, c.glob)
		return strings.Split(text, "\n"), err
	}
	file, err := c.open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	column, err := file.Column(c.text)
	if err != nil {
		return nil, fmt.Errorf("%w (--text chooses it)", err)
	}
	var texts []string
	for row, err := range file.Rows() {
		if err != nil {
			return nil, err
		}
		texts = append(texts, strings.Clone(row.Cells[column]))
	}
	if len(texts) == 0 {
		return nil, fmt.Errorf("%s: %w: at least 1 row wanted below the header", path, datasets.ErrEmpty)
	}
	return texts, nil
}

// digestOfTexts is the SHA-256 of texts.
func digestOfTexts(texts []string) string {
	h := sha256.New()
	for _, text := range texts {
		fmt.Fprintf(h, "%d %s ", len(text), text)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// sentencesOf encodes texts for a model.
func sentencesOf(m *models.WordVectors, texts []string) ([][]int, error) {
	sentences := make([][]int, len(texts))
	for i, text := range texts {
		var err error
		if sentences[i], err = m.Sentence(text); err != nil {
			return nil, fmt.Errorf("text %d: %w", i+1, err)
		}
	}
	return sentences, nil
}
