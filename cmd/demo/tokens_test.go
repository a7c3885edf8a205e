package main

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A language model of each kind of tokens is trained, measured and writes.
func TestCharsTokens(t *testing.T) {
	text := strings.Repeat("the river sang, 강이 노래했다.\n", 120)
	files(t, map[string]string{"text.txt": text})
	for tokens, noun := range map[string]string{"words": "words", "bytes": "bytes", "jamo": "jamo and other characters", "chars": "characters"} {
		out := "m-" + tokens
		trained := works(t, strings.Fields("chars train --data text.txt --seq 8 --batch 4 --hidden 16 --embed 8 --steps 30 --lr 0.02 --tokens "+tokens+" --out "+out)...)
		assert.Contains(t, trained.err, " "+noun+", ")
		assert.Contains(t, trained.err, "held-back "+noun)
		var score struct {
			Nats   float64 `json:"loss_nats"`
			Bits   float64 `json:"bits_per_char"`
			Chars  int     `json:"chars"`
			Tokens int     `json:"tokens"`
		}
		scored := works(t, "chars", "eval", "--model", out, "--data", "text.txt", "--json")
		require.NoError(t, json.Unmarshal([]byte(scored.out), &score))
		if tokens == "chars" {
			assert.Zero(t, score.Tokens)
			score.Tokens = score.Chars
		}
		assert.InDelta(t, utf8.RuneCountInString(text), score.Chars, 5)
		assert.InEpsilon(t, score.Nats*float64(score.Tokens)/0.6931/float64(score.Chars), score.Bits, 1e-3)
		written := works(t, strings.Fields("chars generate --length 30 --prime river --model "+out)...)
		assert.True(t, strings.HasPrefix(written.out, "river"), written.out)
		assert.NotContains(t, written.out, "\uFFFD")
	}
	for flags, want := range map[string]string{
		"--tokens bpe":             `--tokens must be words, chars, bytes, jamo, got "bpe"`,
		"--tokens words --vocab 1": "--vocab must be 0 or at least 2",
		"--tokens words --unknown": "--unknown is for chars and jamo",
	} {
		r := demo(t, append([]string{"chars", "train", "--data", "text.txt"}, strings.Fields(flags)...)...)
		assert.Equal(t, 2, r.code)
		assert.Contains(t, r.err, want)
	}
}
