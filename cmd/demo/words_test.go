package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// smallWords are the flags of a training that takes little time.
func smallWords(more ...string) []string {
	return append(strings.Fields("words train --width 16 --batch 256 --min-count 1 --epochs 40"), more...)
}

// sentencesTable is a table of generated sentences.
func sentencesTable(n int) string {
	var b strings.Builder
	b.WriteString("id\tsaid\n")
	for i, text := range datasets.Sentences(n, 1) {
		fmt.Fprintf(&b, "%d\t%s\n", i, text)
	}
	return b.String()
}

func TestWords(t *testing.T) {
	files(t, map[string]string{
		"text.txt":  strings.Join(datasets.Sentences(1000, 1), "\n"),
		"table.tsv": sentencesTable(1000),
		"pairs.tsv": "word\trelated\nking\tqueen\nseoul\ttokyo\n",
	})
	trained := works(t, smallWords("--data", "text.txt", "--out", "m")...)
	assert.Empty(t, trained.out)
	assert.Contains(t, trained.err, "text.txt: 10")
	assert.Contains(t, trained.err, "covers 100.0 % of the text; vectors of 16")
	assert.Contains(t, trained.err, "nearest by cosine:")
	works(t, smallWords("--data", "table.tsv", "--text", "said", "--out", "same")...)
	assert.Equal(t, read(t, "m"), read(t, "same"), "a table of the same sentences")

	scored := works(t, strings.Fields("words eval --model m --data pairs.tsv --corpus table.tsv --text said --json")...)
	var r wordsReport
	require.NoError(t, json.Unmarshal([]byte(scored.out), &r), scored.out)
	require.Len(t, r.Pairs, 2)
	assert.Equal(t, "queen", r.Pairs[0].Related)
	assert.InDelta(t, (r.Pairs[0].To+r.Pairs[0].Fro+r.Pairs[1].To+r.Pairs[1].Fro)/4, r.Vectors.Mean, 1e-9)
	assert.Less(t, r.Vectors.Mean, float64(r.Words)/3, "a guess: half of the words")
	assert.Less(t, r.PPMI.Mean, 10.0)
	assert.Less(t, r.Counts.Mean, 10.0)
	printed := works(t, strings.Fields("words eval --model m --data pairs.tsv")...)
	assert.Contains(t, printed.out, "king\tqueen\t")
	assert.NotContains(t, printed.out, "counts")
	assert.Contains(t, works(t, strings.Fields("words eval --model m")...).out, "PPMI of the counts")
}

func TestWordsPredict(t *testing.T) {
	files(t, map[string]string{"text.txt": strings.Join(datasets.Sentences(1000, 1), "\n")})
	works(t, smallWords("--data", "text.txt", "--out", "m")...)
	ask := func(in string, flags ...string) string {
		var out, said bytes.Buffer
		args := append([]string{"words", "predict", "--model", "m", "--number", "2"}, flags...)
		require.NoError(t, run(t.Context(), args, streams{strings.NewReader(in), &out, &said}))
		return out.String()
	}
	assert.Regexp(t, `^king\t\S+ 0\.\d\d\t\S+ 0\.\d\d\nblorb\t\?\tword "blorb" is not in the table\n$`, ask("king\nblorb\n"))
	assert.Regexp(t, `^king man woman\t\S+ 0\.\d\d\t\S+ 0\.\d\d\n$`, ask("king man woman\n", "--analogy"))
	var answer struct {
		Words   []string
		Nearest []struct {
			Word       string
			Similarity float64
		}
	}
	require.NoError(t, json.Unmarshal([]byte(ask("king\n", "--json")), &answer))
	assert.Equal(t, []string{"king"}, answer.Words)
	assert.Len(t, answer.Nearest, 2)
	wrong := run(t.Context(), strings.Fields("words predict --model m"), streams{strings.NewReader("king\na b\n"), &bytes.Buffer{}, &bytes.Buffer{}})
	assert.ErrorContains(t, wrong, "standard input: line 2: 1 word(s) wanted, got 2")

	works(t, strings.Fields("words export --model m --out v.txt")...)
	assert.Contains(t, works(t, strings.Fields("words import --data v.txt --out n")...).err, "vectors of 16")
	works(t, strings.Fields("words export --model n --out w.txt")...)
	assert.Equal(t, read(t, "v.txt"), read(t, "w.txt"))
}

// A training that was interrupted and resumed leaves the same bytes as one that was
// not.
func TestWordsResumeIsExact(t *testing.T) {
	files(t, map[string]string{"text.txt": strings.Join(datasets.Sentences(20000, 1), "\n")})
	flags := func(out string, more ...string) []string {
		return append([]string{"words", "train", "--width", "8", "--batch", "2048", "--steps", "150", "--data", "text.txt", "--out", out}, more...)
	}
	works(t, flags("whole.safetensors")...)
	ctx, cancel := context.WithCancel(t.Context())
	w := &cancelling{when: "vectors of", cancel: cancel}
	require.NoError(t, run(ctx, flags("part.safetensors"), streams{err: w}))
	works(t, flags("part.safetensors", "--resume")...)
	assert.Equal(t, read(t, "whole.safetensors"), read(t, "part.safetensors"))
	other := demo(t, flags("part.safetensors", "--resume", "--window", "3")...)
	assert.Contains(t, other.err, "--window was 5, now 3")
}

func TestWordsRefuses(t *testing.T) {
	files(t, map[string]string{
		"text.txt": strings.Join(datasets.Sentences(300, 1), "\n"), "one.txt": "word", "bad.txt": "2 2\na 1\n",
		"pairs.tsv": "word\trelated\nking\tblorb\n", "narrow.tsv": "word\nking\n", "none.tsv": "word\trelated\n",
	})
	works(t, smallWords("--data", "text.txt", "--out", "m", "--batch", "64")...)
	for line, want := range map[string]string{
		"train --window 0":                              "--window must be in [1, 1024], got 0",
		"train --sample 0":                              "--sample must be above 0 and at most 1, got 0",
		"train --negatives 9999":                        "--negatives must be in [1, 1024], got 9999",
		"train --width 0":                               "--width must be in [1, 65536], got 0",
		"train --text said":                             "--text names a column of --data, which is not given",
		"train --vocab -1":                              "--vocab must be at least 0",
		"train --data one.txt":                          "one.txt: words: none of at least 5 occurrences",
		"train --data one.txt --min-count 1":            "one.txt: skip-grams: 0 pairs of neighbours in all",
		"train --data gone.txt":                         "gone.txt",
		"train --width 65536 --vocab 0 --batch 1048576": "choose a smaller --width, --vocab, --batch or --negatives",
		"eval":                             "--model is needed",
		"eval --model m --data pairs.tsv":  `pairs.tsv: line 2: column 2 "related": got "blorb", wanted one of the `,
		"eval --model m --data narrow.tsv": "narrow.tsv: 2 columns wanted, a word and a related one, got 1",
		"eval --model m --data none.tsv":   "at least 1 pair wanted below the header",
		"eval --model bad.txt":             "bad.txt: not a model file of this kind",
		"predict --model m --number 0":     "--number must be at least 1, got 0",
		"import --data bad.txt":            "bad.txt: line 2: not a model file of this kind",
		"export --model m":                 "--out is needed",
		"import":                           "--data is needed",
	} {
		r := demo(t, append([]string{"words"}, strings.Fields(line)...)...)
		assert.NotZero(t, r.code, line)
		assert.Contains(t, r.err, want, line)
	}
}
