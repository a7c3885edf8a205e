package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each cell is trained, better than a guess, writes as many characters as it
// is asked for, the same ones twice, and is scored.
func TestTrainGenerateEval(t *testing.T) {
	for _, cell := range []string{"rnn", "lstm", "gru"} {
		t.Run(cell, func(t *testing.T) {
			files(t, map[string]string{"dir/b.md": strings.Repeat(verse, 20), "dir/a.md": strings.Repeat("지붕 위의 고양이\n", 50), "dir/c.go": "\xff"})
			trained := works(t, small("--data", "dir", "--glob", "*.md", "--cell", cell, "--steps", "100", "--lr", "0.02", "--out", "m")...)
			assert.Empty(t, trained.out, "what is said of training goes to standard error")
			assert.Contains(t, trained.err, "step 100/100")

			write := strings.Fields("chars generate --model m --length 50 --seed 3 --prime 고양이")
			first, second := works(t, write...), works(t, write...)
			assert.Equal(t, first, second)
			assert.Empty(t, first.err)
			assert.True(t, strings.HasPrefix(first.out, "고양이") && strings.HasSuffix(first.out, "\n"))
			assert.Equal(t, 3+50+1, utf8.RuneCountInString(first.out))

			scored := works(t, "chars", "eval", "--model", "m", "--data", "dir/b.md", "--json")
			var score map[string]float64
			require.NoError(t, json.Unmarshal([]byte(scored.out), &score), scored.out)
			assert.Len(t, score, 4)
			assert.EqualValues(t, 20*len(verse)-1, score["chars"])
			assert.Less(t, score["loss_nats"], 3.0, "27 characters by guessing: 3.3 nats")
			assert.InDelta(t, score["loss_nats"]/0.6931471805599453, score["bits_per_char"], 1e-9)
		})
	}
}

// cancelling cancels a context when a text is written.
type cancelling struct {
	bytes.Buffer
	when   string
	cancel func()
}

func (c *cancelling) Write(p []byte) (int, error) {
	if strings.Contains(string(p), c.when) {
		c.cancel()
	}
	return c.Buffer.Write(p)
}

// A training that was interrupted, before or after its first validation, and
// resumed leaves the same bytes as one that was not.
func TestResumeIsExact(t *testing.T) {
	for name, when := range map[string]string{"before the first validation": "held back:", "between two": "step 6/40"} {
		t.Run(name, func(t *testing.T) {
			files(t, map[string]string{"text.txt": strings.Repeat(verse, 20)})
			flags := func(out string, more ...string) []string {
				return small(append(more, "--data", "text.txt", "--out", out, "--steps", "40", "--dropout", "0.2", "--lr", "0.02")...)
			}
			works(t, flags("whole.safetensors")...)

			ctx, cancel := context.WithCancel(t.Context())
			w := &cancelling{when: when, cancel: cancel}
			require.NoError(t, run(ctx, flags("part.safetensors"), streams{err: w}))
			assert.Contains(t, w.String(), "interrupted after step")
			assert.Contains(t, w.String(), "part.checkpoint.safetensors holds the checkpoint, --resume goes on from it")
			works(t, "chars", "generate", "--model", "part.safetensors", "--length", "5")

			resumed := works(t, flags("part.safetensors", "--resume")...)
			assert.NotContains(t, resumed.err, "step 2/40")
			assert.Equal(t, read(t, "whole.safetensors"), read(t, "part.safetensors"))
			assert.Equal(t, read(t, "whole.checkpoint.safetensors"), read(t, "part.checkpoint.safetensors"))

			again := works(t, flags("part.safetensors", "--resume")...)
			assert.Contains(t, again.err, "the checkpoint is at step 40 of 40 already")
			assert.Equal(t, read(t, "whole.safetensors"), read(t, "part.safetensors"))
		})
	}
}

// A checkpoint of other settings is refused, with those that differ.
func TestResumeOtherSettings(t *testing.T) {
	trained(t)
	before := read(t, "model.safetensors")
	require.NoError(t, os.WriteFile("other.txt", []byte(strings.Repeat(verse, 30)), 0o644))
	got := demo(t, small("--data", "other.txt", "--out", "model.safetensors", "--steps", "1", "--resume", "--lr", "0.5", "--cell", "gru", "--dropout", "0.1")...)
	assert.Equal(t, 1, got.code)
	assert.Equal(t, "demo: model.checkpoint.safetensors: this is the checkpoint of another training: "+
		"--cell was lstm, now gru; --dropout was not set, now 0.1; --lr was 0.002, now 0.5; the text is another\n", got.err)
	assert.Equal(t, before, read(t, "model.safetensors"))

	require.NoError(t, os.WriteFile("model.checkpoint.safetensors", before, 0o644))
	got = demo(t, small("--data", "text.txt", "--out", "model.safetensors", "--steps", "1", "--resume")...)
	assert.Equal(t, "demo: model.checkpoint.safetensors: not a checkpoint of this training: "+
		"unroll.kind is \"charlm/1\", \"checkpoint/1\" wanted\n", got.err)
}

// A best model that is gone when training is resumed is written anew.
func TestResumeWithoutModel(t *testing.T) {
	trained(t)
	require.NoError(t, os.Remove("model.safetensors"))
	works(t, small("--data", "text.txt", "--out", "model.safetensors", "--steps", "1", "--resume")...)
	works(t, "chars", "generate", "--model", "model.safetensors", "--length", "5")
}

// Without a held-back part the last model is kept; two held-back characters are
// enough to validate.
func TestLittleHeldBack(t *testing.T) {
	files(t, map[string]string{"text.txt": strings.Repeat(verse, 20)})
	none := works(t, small("--data", "text.txt", "--steps", "3", "--val", "0", "--out", "none")...)
	assert.Contains(t, none.err, "none: the model after step 3\n")
	assert.NotContains(t, none.err, "held")
	two := works(t, small("--data", "text.txt", "--steps", "3", "--val", "0.0019", "--out", "two")...)
	assert.Contains(t, two.err, "held back: 2 characters")
	assert.Contains(t, two.err, "for each of 1 held-back characters")
}

// Without arguments the demo trains, writes and says what to try; interrupted
// it writes with what it has.
func TestQuick(t *testing.T) {
	for lang, other := range map[string]string{"en": "ko", "ko": "en"} {
		files(t, nil)
		ctx, cancel := context.WithCancel(t.Context())
		w := &cancelling{when: "held back:", cancel: cancel}
		var out bytes.Buffer
		require.NoError(t, run(ctx, []string{"--lang", lang}, streams{out: &out, err: w}))
		assert.GreaterOrEqual(t, utf8.RuneCount(out.Bytes()), 400)
		assert.Contains(t, w.String(), "gram counts reach")
		assert.Contains(t, w.String(), "interrupted after step")
		assert.Contains(t, w.String(), "What to try next:\n  demo --lang "+other)
		assert.Empty(t, listing(t))
	}
}

// Real Korean prose can be learnt from.
func TestKorean(t *testing.T) {
	dir := os.Getenv("UNROLL_DATA")
	if dir == "" {
		t.Skip("UNROLL_DATA is not set: the directory with chars/korean_novels.txt.gz is wanted")
	}
	out := filepath.Join(t.TempDir(), "ko.safetensors")
	works(t, small("--data", filepath.Join(dir, "chars", "korean_novels.txt.gz"), "--steps", "2", "--val", "0.001", "--out", out)...)
	written := works(t, "chars", "generate", "--model", out, "--length", "20", "--prime", "나는 ")
	assert.Equal(t, 3+20+1, utf8.RuneCountInString(written.out))
}
