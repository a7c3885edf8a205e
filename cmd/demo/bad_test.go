package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// doubled finds what an error must not have: names of packages, and twice the same words.
var doubled = regexp.MustCompile(`\b(models|datasets|graph|train|atomicfile): |goroutine|panic|strconv`)

// Bad input gives one sentence that names the file, the place, what was wanted
// and what was found; nothing is written.
func TestBadInput(t *testing.T) {
	train := func(data string, more ...string) []string { return small(append(more, "--data", data)...) }
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"empty file":          {train("empty.txt"), "empty.txt: empty text; at least 2 characters wanted"},
		"short file":          {train("short.txt"), "short.txt: at least 18 characters to train on wanted, one window of --seq 8 for each of --batch 2, got 2"},
		"one character":       {train("same.txt"), "same.txt: at least 2 different characters wanted, got only 'a'"},
		"invalid UTF-8":       {train("bad.txt"), "bad.txt: byte 6: invalid UTF-8 (0xff)"},
		"missing file":        {train("missing.txt"), "stat missing.txt: no such file or directory"},
		"nothing matches":     {train("dir"), `directory dir: no file matches "*.txt" (--glob chooses the files)`},
		"little held back":    {train("text.txt", "--val", "0.0001"), "text.txt: at least 2 held-back characters wanted, got 1 of 1040; choose a larger --val, or 0"},
		"huge model":          {train("text.txt", "--hidden", "20000"), "text.txt: training would need about 24 GiB, at most 16 wanted; choose a smaller"},
		"huge window":         {train("text.txt", "--seq", "10000000000"), "text.txt: at least 20000000002 characters to train on wanted"},
		"no directory":        {train("text.txt", "--out", "no/m"), "--out no/m: there is no directory no"},
		"output is directory": {train("text.txt", "--out", "dir"), "--out dir: a file is wanted, got a directory"},
		"no checkpoint":       {train("text.txt", "--resume"), "--resume: there is no checkpoint chars.checkpoint.safetensors"},
		"not a model":         {[]string{"chars", "generate", "--model", "text.txt"}, "text.txt: not a model file of this kind: bad format: offset 0: header length: wanted at most 100000000, got "},
		"no model":            {[]string{"chars", "generate", "--model", "missing"}, "open missing: no such file or directory"},
		"model is directory":  {[]string{"chars", "generate", "--model", "dir"}, "dir: "},
	} {
		t.Run(name, func(t *testing.T) {
			files(t, map[string]string{
				"empty.txt": "", "short.txt": "abc", "same.txt": strings.Repeat("a", 1000), "bad.txt": "hello \xff world",
				"text.txt": strings.Repeat(verse, 20), "dir/a.md": "x",
			})
			fails(t, c.want, c.args...)
		})
	}
}

// fails runs a command whose error, one line and exit code 1, begins as wanted.
func fails(t *testing.T, want string, args ...string) {
	t.Helper()
	before := listing(t)
	got := demo(t, args...)
	assert.Equal(t, 1, got.code, got.err)
	assert.True(t, strings.HasPrefix(got.err, "demo: "+want), "got  %swant %s", got.err, want)
	assert.Equal(t, 1, strings.Count(got.err, "\n"), "one line: %s", got.err)
	assert.NotRegexp(t, doubled, got.err)
	assert.Empty(t, got.out)
	assert.Equal(t, before, listing(t), "nothing is written")
}

// What is wrong with the command line itself gives exit code 2.
func TestUsage(t *testing.T) {
	files(t, map[string]string{"text.txt": strings.Repeat(verse, 20)})
	for line, want := range map[string]string{
		"foo":                                  `unknown command "foo" for "demo"`,
		"chars foo":                            `unknown command "foo" for "demo chars"`,
		"--lang de":                            `--lang must be en or ko, got "de"`,
		"chars train":                          "--data is needed",
		"chars train text.txt":                 `"demo chars train" takes flags only, got "text.txt"`,
		"chars train --nope":                   "unknown flag: --nope",
		"chars train --data":                   "flag needs an argument: --data",
		"chars train --hidden x":               `--hidden: a whole number wanted, got "x"`,
		"chars train --lr x":                   `--lr: a number wanted, got "x"`,
		"chars train --seed -1":                `--seed: a whole number of at least 0 wanted, got "-1"`,
		"chars generate":                       "--model is needed",
		"chars generate --model m --length -1": "--length must be at least 0, got -1",
		"chars generate --model m --temperature NaN":               "--temperature must be above 0, got NaN",
		"chars generate --model m --top-p 2":                       "--top-p must be in (0, 1], got 2",
		"chars generate --model m --top-k -2":                      "--top-k must be at least 0, got -2",
		"chars generate --model m --min-p NaN":                     "--min-p must be in [0, 1], got NaN",
		"chars eval --data text.txt":                               "--model is needed",
		"chars eval --model m":                                     "--data is needed",
		"chars probe --data text.txt":                              "--model is needed",
		"chars probe --model m":                                    "--data is needed",
		"chars probe --model m --data text.txt --last 0":           "--last must be in (0, 1], got 0",
		"chars probe --model m --data text.txt --last NaN":         "--last must be in (0, 1], got NaN",
		"chars probe --model m --data text.txt --units -1":         "--units must be 0 or more, got -1",
		"chars probe --model m --data text.txt --inside -1":        "--inside must be 0 or more, got -1",
		"chars probe --model m --data text.txt --inside 3 --json":  "--inside prints a table, which --json has not",
		"chars probe --model m --data text.txt --units 0 --routes": "--routes needs --inside",
	} {
		check(t, line, want)
	}
	for flags, want := range map[string]string{
		"--lr NaN":             "--lr must be above 0 and below 1e6, got NaN",
		"--lr -1":              "--lr must be above 0 and below 1e6, got -1",
		"--hidden 0":           "--hidden must be in [1, 65536], got 0",
		"--hidden -3":          "--hidden must be in [1, 65536], got -3",
		"--layers 0":           "--layers must be in [1, 64], got 0",
		"--embed -1":           "--embed must be in [0, 65536], got -1",
		"--cell foo":           `--cell "foo" is unknown; there are rnn, lstm, gru`,
		"--dropout NaN":        "--dropout must be in [0, 1), got NaN",
		"--tied":               "--tied weights need embed = hidden, got 64 and 128",
		"--seq -1":             "--seq and --batch must be at least 1, got -1 and 32",
		"--batch 0":            "--seq and --batch must be at least 1, got 64 and 0",
		"--steps 0":            "--steps must be at least 1, got 0",
		"--epochs NaN":         "--epochs must be above 0 and at most 1e6, got NaN",
		"--epochs 1 --steps 1": "--steps and --epochs exclude each other, got both",
		"--lr-end 2":           "--lr-end must be in [0, 1], got 2",
		"--clip -1":            "--clip must be a finite number of at least 0, got -1",
		"--val 1":              "--val must be in [0, 1), got 1",
		"--glob [":             `--glob "[": syntax error in pattern`,
		"--out text.txt":       "--out text.txt would overwrite the text",
	} {
		check(t, "chars train --data text.txt "+flags, want)
	}
	assert.Equal(t, []string{"text.txt"}, listing(t), "nothing is written")
}

// check runs a command line that is refused as wanted.
func check(t *testing.T, line, want string) {
	t.Helper()
	t.Run(line, func(t *testing.T) {
		got := demo(t, strings.Fields(line)...)
		assert.Equal(t, 2, got.code)
		assert.True(t, strings.HasPrefix(got.err, "demo: "+want), "got  %swant %s", got.err, want)
		assert.NotRegexp(t, doubled, got.err)
		assert.Empty(t, got.out)
	})
}

// The names of packages are left out wherever they stand, and nothing else.
func TestSentence(t *testing.T) {
	for err, want := range map[string]string{
		"models: datasets: x":                   "x",
		"a.txt: models: bad: safetensors: at 3": "a.txt: bad: at 3",
		"m.safetensors: train: x":               "m.safetensors: x",
		"training diverged":                     "training diverged",
	} {
		assert.Equal(t, want, sentence(fmt.Errorf("%s", err)))
	}
}
