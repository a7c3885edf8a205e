package main

import (
	"slices"
	"strings"

	"github.com/unroll-go/unroll/datasets"
)

// The kinds of tokens that a text is made of.
const (
	charTokens = "chars"
	wordTokens = "words"
	byteTokens = "bytes"
	jamoTokens = "jamo"
)

// textTokens say what a language model predicts; the zero value is characters, so
// that checkpoints of those are as they were.
type textTokens struct {
	Tokens   string `json:"tokens,omitempty"`
	Words    int    `json:"vocab,omitempty"`
	MinCount int    `json:"min_count,omitempty"`
}

// choose takes over the flags.
func (t *textTokens) choose(kind string, words, minCount int) error {
	switch {
	case !slices.Contains(tokenKinds(), kind):
		return usagef("--tokens must be %s, got %q", strings.Join(tokenKinds(), ", "), kind)
	case words < 0 || words == 1 || minCount < 1:
		return usagef("--vocab must be 0 or at least 2 and --min-count at least 1, got %d and %d", words, minCount)
	case kind == wordTokens:
		t.Tokens, t.Words, t.MinCount = kind, words, minCount
	case kind != charTokens:
		t.Tokens = kind
	}
	return nil
}

// tokenizer is made for a text. That of words keeps its line ends.
func (r *charsSettings) tokenizer(text string) (datasets.Tokenizer, error) {
	opt := datasets.VocabOptions{Unknown: r.Unknown}
	switch r.Tokens {
	case wordTokens:
		return datasets.NewWords(datasets.WordsOptions{Max: r.Words, MinCount: r.MinCount, Exact: true}, text)
	case byteTokens:
		return datasets.Bytes{}, nil
	case jamoTokens:
		return datasets.NewJamo(opt, text)
	}
	return datasets.NewVocab(opt, text)
}

// nounOf is what the tokens of a tokenizer are called.
func nounOf(tokens datasets.Tokenizer) string {
	switch tokens.(type) {
	case *datasets.Words:
		return "words"
	case datasets.Bytes:
		return "bytes"
	case *datasets.Jamo:
		return "jamo and other characters"
	}
	return "characters"
}
