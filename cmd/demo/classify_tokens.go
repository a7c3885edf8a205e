package main

import (
	"fmt"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// start is the classifier to start from, nil for none; the settings take over
// its sizes.
func (r *classifySettings) start() (*models.Classifier, error) {
	if r.From == "" {
		return nil, nil
	}
	m, err := models.LoadClassifierFile(r.From)
	if err != nil {
		return nil, fmt.Errorf("--from: %w", err)
	}
	dropout, words := r.Model.Dropout, r.Model.WordDropout
	r.Model = m.Config
	r.Model.Dropout, r.Model.WordDropout = dropout, words
	return m, nil
}

// affordable refuses sizes beyond all machines' memory.
func (r *classifySettings) affordable(tokens, labels int) error {
	n := network{Recurrent: r.Model.Recurrent, table: tokens + r.Model.Buckets, answers: labels, steps: r.Model.Longest, rows: r.Batch}
	return n.affordable("--hidden, --layers, --embed, --batch or --longest")
}

// tokenKinds are the names of tokenizers.
func tokenKinds() []string { return []string{"words", "chars", "bytes", "jamo"} }

// tokenizer is that of the classifier to start from, or made for the rows to
// train on.
func (r *classifySettings) tokenizer(from *models.Classifier, rows []labelled) (datasets.Tokenizer, error) {
	if from != nil {
		return from.Tokens, nil
	}
	texts := make([]string, len(rows))
	for i, row := range rows {
		texts[i] = row.text
	}
	return newTokenizer(r.Tokens, r.Vocab, r.MinCount, texts)
}

// newTokenizer makes a tokenizer of one of the kinds for texts: at most so many
// entries (0: all), words that occur at least minCount times.
func newTokenizer(kind string, entries, minCount int, texts []string) (datasets.Tokenizer, error) {
	runes := datasets.VocabOptions{MaxSize: entries, Unknown: true}
	switch kind {
	case "words":
		return datasets.NewWords(datasets.WordsOptions{Max: entries, MinCount: minCount, Lower: true}, texts...)
	case "bytes":
		return datasets.Bytes{}, nil
	case "jamo":
		return datasets.NewJamo(runes, texts...)
	}
	return datasets.NewVocab(runes, texts...)
}
