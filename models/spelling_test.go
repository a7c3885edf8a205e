package models_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// languageModels are untrained models over each kind of tokens, which draw almost
// at random.
func languageModels(t testing.TB) map[string]*models.CharLM {
	t.Helper()
	words, err := datasets.NewWords(datasets.WordsOptions{Exact: true, Max: 12, Special: []string{"<pad>"}}, english+korean)
	require.NoError(t, err)
	jamo, err := datasets.NewJamo(datasets.VocabOptions{Unknown: true}, korean)
	require.NoError(t, err)
	all := map[string]*models.CharLM{}
	for name, tokens := range map[string]datasets.Tokenizer{"words": words, "jamo": jamo, "bytes": datasets.Bytes{}} {
		m, err := models.NewCharLM(models.Config{Cell: "gru", Embed: 4, Hidden: 5, Layers: 1}, tokens, 7)
		require.NoError(t, err)
		all[name] = m
	}
	return all
}

// Whatever a model draws, text is complete: no half syllables, no bytes that are
// not UTF-8, no entry that stands for no text.
func TestGeneratorWritesWholePieces(t *testing.T) {
	for name, m := range languageModels(t) {
		for seed := range uint64(5) {
			g, err := m.Generator(models.Sampling{Seed: seed, Temperature: 3})
			require.NoError(t, err)
			text, err := g.Text("", 120)
			require.NoError(t, err)
			require.True(t, utf8.ValidString(text), name)
			if name == "bytes" {
				continue // U+FFFD is a character that its bytes may spell
			}
			assert.NotContains(t, text, "\uFFFD", name)
			assert.NotContains(t, text, "<pad>", name)
			for _, r := range text {
				assert.False(t, r >= 0x1100 && r <= 0x11FF, "%s: a jamo by itself: %U", name, r)
			}
			assert.Equal(t, norm.NFC.String(text), text)
		}
	}
}

// Two short texts are one long one, for every kind of tokens.
func TestGeneratorPiecesInPieces(t *testing.T) {
	for name, m := range languageModels(t) {
		write := func(sizes ...int) string {
			g, err := m.Generator(models.Sampling{Seed: 3})
			require.NoError(t, err)
			var b strings.Builder
			for _, n := range sizes {
				text, err := g.Text("", n)
				require.NoError(t, err)
				b.WriteString(text)
			}
			return b.String()
		}
		assert.Equal(t, write(40), write(7, 0, 1, 20, 12), name)
	}
}

// Words that are written one by one have the spacing of words that are decoded
// together, after a prime text too.
func TestGeneratorSpacesWords(t *testing.T) {
	m := languageModels(t)["words"]
	for _, prime := range []string{"the cat", "the cat ", "the cat\n"} {
		g, err := m.Generator(models.Sampling{Seed: 1})
		require.NoError(t, err)
		text, err := g.Text(prime, 30)
		require.NoError(t, err)
		assert.NotContains(t, prime+text, "  ")
		ids, err := m.Vocab.Encode(prime + text)
		require.NoError(t, err)
		whole, err := m.Vocab.Decode(ids)
		require.NoError(t, err)
		assert.Equal(t, prime+text, whole)
	}
}

// A final that would change the last syllable of the prime text is not drawn.
func TestGeneratorLeavesThePrimeText(t *testing.T) {
	m := languageModels(t)["jamo"]
	for seed := range uint64(20) {
		g, err := m.Generator(models.Sampling{Seed: seed})
		require.NoError(t, err)
		text, err := g.Text("가", 3)
		require.NoError(t, err)
		assert.Equal(t, "가"+text, norm.NFC.String("가"+text))
	}
}

// Every kind of tokens is part of the file.
func TestCharLMSaveLoadTokenizers(t *testing.T) {
	for name, m := range languageModels(t) {
		data := saved(t, m)
		got, err := models.LoadCharLM(bytes.NewReader(data))
		require.NoError(t, err)
		assert.Equal(t, m.Vocab, got.Vocab, name)
		assert.Equal(t, data, saved(t, got))
	}
}
