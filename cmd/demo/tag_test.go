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

// dateFiles are n labelled sentences as a table with a label for each character
// in one cell, as one with labels of a character each, and as lines of CoNLL.
func dateFiles(t *testing.T, n int, seed uint64) (table, short, conll string) {
	t.Helper()
	all, err := sampleTagged("dates", n, seed)
	require.NoError(t, err)
	var a, b, c strings.Builder
	a.WriteString("text\tlabels\n")
	b.WriteString("text\tlabels\n")
	for _, s := range all {
		text := strings.Join(s.Tokens, "")
		fmt.Fprintf(&a, "%s\t%s\n", text, strings.Join(s.Labels, " "))
		fmt.Fprintf(&b, "%s\t", text)
		for i, label := range s.Labels {
			b.WriteByte(label[0])
			fmt.Fprintf(&c, "%s\t%s\n", s.Tokens[i], label)
		}
		b.WriteByte('\n')
		c.WriteByte('\n')
	}
	return a.String(), b.String(), c.String()
}

// smallTag are the flags of a training that takes little time.
func smallTag(more ...string) []string {
	return append(strings.Fields("tag train --cell gru --hidden 12 --embed 8 --lr 0.02 --batch 16"), more...)
}

// TestTag trains on each form of file, measures and predicts.
func TestTag(t *testing.T) {
	table, short, conll := dateFiles(t, 150, 1)
	for name, c := range map[string]struct{ file, flags string }{
		"table": {"t.tsv", ""}, "short labels": {"s.tsv", ""}, "conll": {"c.conll", "--conll"},
	} {
		t.Run(name, func(t *testing.T) {
			files(t, map[string]string{"t.tsv": table, "s.tsv": short, "c.conll": conll})
			trained := works(t, smallTag(append(strings.Fields(c.flags), "--data", c.file, "--steps", "40", "--out", "m", "--test", "0.1")...)...)
			assert.Empty(t, trained.out)
			assert.Contains(t, trained.err, c.file+": 121 texts, 5 labels (")
			assert.Contains(t, trained.err, "with its commonest label, without its neighbours: accuracy 0.7")
			assert.Contains(t, trained.err, "\ntest: 15 texts, ")

			scored := works(t, append(strings.Fields("tag eval --model m --json --data "+c.file), strings.Fields(c.flags)...)...)
			var r tagReport
			require.NoError(t, json.Unmarshal([]byte(scored.out), &r), scored.out)
			assert.Equal(t, 150, r.Texts)
			assert.Greater(t, r.Accuracy, datasets.KoreanDates{}.Baseline())
			assert.Len(t, r.Labels, 5)
		})
	}
}

// Predict answers a line for a line: labels, runs of them, or an object.
func TestTagPredict(t *testing.T) {
	table, _, _ := dateFiles(t, 150, 1)
	files(t, map[string]string{"t.tsv": table, "texts.tsv": "text\n3월 5일\n\nab\n"})
	works(t, smallTag("--data", "t.tsv", "--steps", "60", "--out", "m")...)
	var out, said bytes.Buffer
	in := strings.NewReader("3월 5일\n\nab\r\n")
	require.NoError(t, run(t.Context(), strings.Fields("tag predict --model m"), streams{in, &out, &said}))
	lines := strings.Split(out.String(), "\n")
	require.Len(t, lines, 4)
	assert.Len(t, strings.Fields(lines[0]), 5)
	assert.Empty(t, lines[1])
	assert.Len(t, strings.Fields(lines[2]), 2)
	assert.Equal(t, out.String(), works(t, strings.Fields("tag predict --model m --data texts.tsv")...).out)

	spans := works(t, strings.Fields("tag predict --model m --data texts.tsv --spans")...)
	assert.Contains(t, spans.out, "day: ")
	var first struct {
		Tokens, Labels []string
		Probabilities  []float64
	}
	all := works(t, strings.Fields("tag predict --model m --data texts.tsv --json")...)
	require.NoError(t, json.NewDecoder(strings.NewReader(all.out)).Decode(&first))
	assert.Equal(t, []string{"3", "월", " ", "5", "일"}, first.Tokens)
	assert.Len(t, first.Probabilities, 5)
}

// A training that was interrupted and resumed leaves the same bytes as one that
// was not.
func TestTagResumeIsExact(t *testing.T) {
	_, _, conll := dateFiles(t, 40, 1)
	files(t, map[string]string{"c.conll": conll})
	flags := func(out string, more ...string) []string {
		return smallTag(append([]string{"--data", "c.conll", "--conll", "--epochs", "4", "--dropout", "0.2", "--out", out}, more...)...)
	}
	works(t, flags("whole.safetensors")...)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.Contains(t, demoUntil(t, ctx, flags("part.safetensors")...).err, "--resume goes on from it")
	works(t, flags("part.safetensors", "--resume")...)
	assert.Equal(t, read(t, "whole.safetensors"), read(t, "part.safetensors"))
}

// Without data a training learns from generated texts; words are read too.
func TestTagSamples(t *testing.T) {
	files(t, map[string]string{"w.tsv": "text\tlabels\nAnn lives in Rome\tP O O L\nBob left Rome\tPOL\n\t\n"})
	for _, sample := range tagSamples() {
		got := works(t, smallTag("--sample", sample, "--steps", "2", "--out", "m")...)
		assert.Contains(t, got.err, "generated "+sample+": 2700 texts")
		assert.Contains(t, got.err, "texts that the generator does not make:")
		assert.Contains(t, works(t, "tag", "eval", "--model", "m", "--sample", sample).out, "1000 texts, ")
	}
	words := works(t, smallTag("--data", "w.tsv", "--unit", "words", "--min-count", "1", "--val", "0", "--steps", "60", "--out", "m")...)
	assert.Contains(t, words.err, "w.tsv: 2 texts, 3 labels (L, O, P), 6 words and other")
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), strings.Fields("tag predict --model m"), streams{strings.NewReader("Bob left Rome\n"), &out, &out}))
	assert.Equal(t, "P O L\n", out.String())
}

func TestTagBadInput(t *testing.T) {
	for name, c := range map[string]struct{ flags, want string }{
		"missing file":   {"--data missing.tsv", "open missing.tsv: no such file or directory"},
		"missing conll":  {"--data missing --conll", "open missing: no such file or directory"},
		"missing column": {"--data good.tsv --label label", `good.tsv: no column "label"; there are 2, cut at '\t': 1 "text", 2 "labels" (--label chooses it)`},
		"too few labels": {"--data few.tsv", `few.tsv: line 2: column 2 "labels": got "X X Y", wanted 4 labels with spaces between`},
		"one label":      {"--data one.tsv", `one.tsv: at least 2 different labels wanted, got only ["X"]`},
		"conll":          {"--data few.tsv --conll", `few.tsv: line 3: got "abc", wanted a token, a tab and a label`},
		"empty conll":    {"--data empty --conll", "empty: empty text: at least 1 text wanted"},
		"unknown label":  {"--data good.tsv --val other.tsv", `--val: other.tsv: text at line 2: got label "Z", wanted one of those that the model has learnt: X, Y`},
		"huge":           {"--data good.tsv --val 0 --hidden 20000", "good.tsv: training would need about "},
	} {
		t.Run(name, func(t *testing.T) {
			files(t, map[string]string{
				"good.tsv": "text\tlabels\nab\tX Y\nba\tYX\n", "few.tsv": "text\tlabels\nabcd\tX X Y\nabc\n", "one.tsv": "text\tlabels\nab\tX X\n",
				"other.tsv": "text\tlabels\nab\tX Z\n", "empty": "\n\n",
			})
			if name == "conll" {
				files(t, map[string]string{"few.tsv": "a\tX\nb\tY\nabc\n"})
			}
			fails(t, c.want, strings.Fields("tag train --steps 1 --out m "+c.flags)...)
		})
	}
	for flags, want := range map[string]string{
		"--unit pages":                   `--unit "pages" is unknown; there are chars, words`,
		"--sample names":                 `--sample must be dates or brackets, got "names"`,
		"--sample dates --data x":        "--sample and --data exclude each other, got both",
		"--conll":                        "--val and --test name files, and --conll and --unit say how they are read, beside --data only",
		"--min-count 0":                  "--vocab must be at least 0 and --min-count at least 1, got 0 and 0",
		"--longest 0":                    "--longest must be in [1, 16384], got 0",
		"--data x --hidden 0":            "--hidden must be in [1, 65536], got 0",
		"--data x --epochs 0":            "--epochs must be above 0 and at most 1e6, got 0",
		"--data x --val 2":               "--val must be in [0, 1), or a file, got 2",
		"--data x --separator ab --lr 1": `--separator must be one character, or auto, got "ab"`,
	} {
		check(t, "tag train "+flags, want)
	}
	check(t, "tag eval", "--model is needed")
	check(t, "tag predict", "--model is needed")
	check(t, "tag predict --model m --spans --json", "--spans and --json exclude each other, got both")
}
