package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/internal/safetensors"
)

// echoTable is a table of short words that are copied, cut at a separator.
func echoTable(t *testing.T, n int, separator string) string {
	t.Helper()
	pairs, err := datasets.Copying{Letters: 4, Min: 1, Max: 3}.Pairs(n, 1)
	require.NoError(t, err)
	var b strings.Builder
	for _, p := range pairs {
		fmt.Fprintf(&b, "%-4s%s%-4s\n", p.Source, separator, p.Target)
	}
	return b.String()
}

// smallTranslate are the flags of a training that takes little time.
func smallTranslate(more ...string) []string {
	return append(strings.Fields("translate train --hidden 16 --embed 8 --width 16 --lr 0.02 --batch 16 --longest 20 --longest-target 20"), more...)
}

// TestTranslate trains with each kind of attention, measures and translates.
func TestTranslate(t *testing.T) {
	for _, attention := range []string{"none", "bahdanau", "dot", "general"} {
		t.Run(attention, func(t *testing.T) {
			files(t, map[string]string{"train.txt": echoTable(t, 500, "_"), "other.txt": echoTable(t, 60, "_")})
			trained := works(t, smallTranslate("--data", "train.txt", "--separator", "_", "--attention", attention, "--decoder-hidden", "32",
				"--epochs", "10", "--out", "m", "--val", "0.1", "--test", "0.1", "--dropout", "0", "--beam", "2")...)
			assert.Empty(t, trained.out)
			assert.Contains(t, trained.err, ", 5 and 5 chars; ")
			assert.Contains(t, trained.err, "held back by their sources: ")
			assert.Regexp(t, `held-back loss \d\.\d+ .* exact [01]\.\d+, BLEU `, trained.err)
			assert.Contains(t, trained.err, "; beam 2: ")

			scored := works(t, strings.Fields("translate eval --model m --data other.txt --separator _ --json --beam 2")...)
			var r translateReport
			require.NoError(t, json.Unmarshal([]byte(scored.out), &r), scored.out)
			assert.Equal(t, 60, r.Pairs)
			assert.Greater(t, r.Exact, 0.25, "what is copied without reading: %.2f", datasets.Copying{Letters: 4, Min: 1, Max: 3}.Baseline())
			assert.InDelta(t, r.F1, r.Exact, 1e-9, "one word each")
			assert.Greater(t, r.Perplexity, 1.0)
			printed := works(t, strings.Fields("translate eval --model m --data other.txt --separator _ --beam 2 --examples 3")...)
			assert.Contains(t, printed.out, fmt.Sprintf("60 pairs: exact %.4f", r.Exact))
			assert.Contains(t, printed.out, "right, 3 of ")
			part := works(t, strings.Fields("translate eval --model m --data other.txt --separator _ --test 0.5")...)
			assert.NotContains(t, part.out, "60 pairs: ")
		})
	}
}

// translateLines runs predict over lines of standard input.
func translateLines(t *testing.T, lines, flags string) string {
	t.Helper()
	var out, said bytes.Buffer
	s := streams{strings.NewReader(lines), &out, &said}
	require.NoError(t, run(t.Context(), strings.Fields("translate predict --model m "+flags), s))
	assert.Empty(t, said.String())
	return out.String()
}

// Predict answers a line for a line, or several with their scores.
func TestTranslatePredict(t *testing.T) {
	files(t, map[string]string{"train.txt": echoTable(t, 100, "\t")})
	works(t, smallTranslate("--data", "train.txt", "--epochs", "1", "--out", "m")...)
	assert.Equal(t, 3, strings.Count(translateLines(t, "ab\n\nxyz 한글\r\n", ""), "\n"))
	best := translateLines(t, "ab\nc\n", "--beam 3 --nbest 2")
	assert.Equal(t, 4, strings.Count(best, "\n"))
	for line := range strings.Lines(best) {
		assert.Regexp(t, `^-?\d+\.\d{4}\t.*\n$`, line)
	}
	var first struct {
		Text         string
		Translations []struct {
			Text  string
			LogP  float64 `json:"log_p"`
			Score float64
			Ended bool
		}
	}
	all := translateLines(t, "ab\nc\n", "--beam 3 --nbest 3 --json --penalty 0")
	require.NoError(t, json.NewDecoder(strings.NewReader(all)).Decode(&first))
	assert.Equal(t, "ab", first.Text)
	require.Len(t, first.Translations, 3)
	assert.Equal(t, first.Translations[0].LogP, first.Translations[0].Score)
	drawn := translateLines(t, "ab\n", "--sample --beam 5 --nbest 5 --seed 3")
	assert.Equal(t, drawn, translateLines(t, "ab\n", "--sample --beam 5 --nbest 5 --seed 3"))
	assert.Equal(t, 5, strings.Count(drawn, "\n"))
}

// The picture of the attention has a row and a column for each token.
func TestTranslatePicture(t *testing.T) {
	files(t, map[string]string{"train.txt": strings.ReplaceAll(echoTable(t, 100, "\t"), "a", "가")})
	works(t, smallTranslate("--data", "train.txt", "--epochs", "1", "--out", "m")...)
	translateLines(t, "가 b\nc\n", "--attention looks.svg --beam 2")
	svg := string(read(t, "looks.svg"))
	assert.Contains(t, svg, "<svg")
	for _, label := range []string{"가", "␣", "b", "⏎"} {
		assert.Contains(t, svg, ">"+label+"<")
	}
	works(t, smallTranslate("--data", "train.txt", "--epochs", "1", "--out", "plain", "--attention", "none")...)
	got := demo(t, strings.Fields("translate predict --model plain --attention looks.svg")...)
	assert.Equal(t, result{"", "demo: plain: translate: a model without attention has looked nowhere: no Looks, no Copy\n", 1}, got)
	got = demo(t, strings.Fields("translate predict --model m --attention no/where.svg")...)
	assert.Equal(t, result{"", "demo: --attention no/where.svg: there is no directory no\n", 1}, got)
}

// A training that was interrupted and resumed leaves the same bytes as one that
// was not.
func TestTranslateResumeIsExact(t *testing.T) {
	files(t, map[string]string{"train.txt": echoTable(t, 300, "\t")})
	flags := func(out string, more ...string) []string {
		return smallTranslate(append(more, "--data", "train.txt", "--out", out, "--steps", "40", "--smoothing", "0.1", "--own", "0.5", "--own-steps", "20")...)
	}
	works(t, flags("whole.safetensors")...)
	ctx, cancel := context.WithCancel(t.Context())
	w := &cancelling{when: "step 6/40", cancel: cancel}
	require.NoError(t, run(ctx, flags("part.safetensors"), streams{err: w}))
	works(t, flags("part.safetensors", "--resume")...)
	assert.Equal(t, read(t, "whole.safetensors"), read(t, "part.safetensors"))
	assert.Equal(t, read(t, "whole.checkpoint.safetensors"), read(t, "part.checkpoint.safetensors"))

	other := demo(t, flags("part.safetensors", "--resume", "--attention", "dot", "--decoder-hidden", "32", "--max-words", "9")...)
	assert.Equal(t, 1, other.code)
	assert.Contains(t, other.err, "this is the checkpoint of another training: --attention was general, now dot; --decoder-hidden was not set, now 32")
}

// Words are told apart at apostrophes, and written with the white space that they
// had; words that are too rare are copied from the source if that is wanted.
func TestTranslateWords(t *testing.T) {
	files(t, map[string]string{"train.tsv": strings.Repeat("l'eau coule !\tl'eau coule !\nTom dort.\tTom dort.\nrare.\tEva.\n", 20) + "x\ty\n"})
	works(t, smallTranslate("--data", "train.tsv", "--tokens", "words", "--min-count", "2", "--epochs", "40", "--val", "0", "--dropout", "0", "--out", "m")...)
	assert.Equal(t, "l'eau coule !\nTom dort.\nEva.\n", translateLines(t, "l'eau coule !\nTom dort.\nrare.\n", ""))
	counted := works(t, strings.Fields("translate train --data train.tsv --max-words 1 --steps 1 --hidden 2 --embed 2 --width 2 --val 0 --out n")...)
	assert.Contains(t, counted.err, "train.tsv: 21 pairs")
}

// Bad input gives one sentence that names the file, the place, what was wanted
// and what was found; nothing is written.
func TestTranslateBadInput(t *testing.T) {
	train := func(flags string) []string { return strings.Fields("translate train --steps 1 --hidden 4 " + flags) }
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"missing file":   {train("--data missing.tsv"), "open missing.tsv: no such file or directory"},
		"missing column": {train("--data good.tsv --target 3"), `good.tsv: no column "3"`},
		"named column":   {train("--data good.tsv --target fr"), `good.tsv: no column "fr"; there are 2, cut at '\t': 1 "a", 2 "b"`},
		"separator":      {train("--data good.tsv --separator _"), `good.tsv: no column "2"; there are 1, cut at '_'`},
		"empty side":     {train("--data empty.tsv"), `empty.tsv: line 2: column 2: empty text: got "", wanted a text`},
		"empty file":     {train("--data nothing.tsv"), "nothing.tsv: empty text"},
		"short row":      {train("--data short.tsv"), "short.tsv: line 2: got 1 "},
		"UTF-8":          {train("--data bad.tsv"), "bad.tsv: line 1: byte 1: invalid UTF-8 (0xff)"},
		"too few":        {train("--data good.tsv --val 0.01"), "--val: hold out: "},
		"too long":       {train("--data long.tsv --max-words 1"), "long.tsv: none of 2 pairs has at most 1 words on each side (--max-words)"},
		"huge model":     {train("--data good.tsv --val 0 --hidden 20000"), "good.tsv: training would need about "},
		"huge batch":     {train("--data good.tsv --val 0 --batch 1000000"), "good.tsv: training would need about "},
		"other kind":     {[]string{"translate", "eval", "--model", "good.tsv"}, "good.tsv: not a model file of this kind: "},
	} {
		t.Run(name, func(t *testing.T) {
			files(t, map[string]string{
				"good.tsv": "a\tb\nc\td\n", "empty.tsv": "a\tb\nc\t\n", "nothing.tsv": "", "short.tsv": "a\tb\nc\n", "bad.tsv": "a\xff\tb\n",
				"long.tsv": "a b\tc\nd\te f\n",
			})
			fails(t, c.want, c.args...)
		})
	}
}

// What is wrong with the command line itself gives exit code 2.
func TestTranslateUsage(t *testing.T) {
	files(t, nil)
	for flags, want := range map[string]string{
		"--tokens letters":       `--tokens must be words, chars, bytes or jamo, got "letters"`,
		"--attention self":       `--attention "self" is unknown; there are none, bahdanau, dot, general`,
		"--attention dot":        "--attention dot needs a decoder as wide as the encoder's output, got 128 and 256; general or bahdanau compare different widths",
		"--cell mamba":           `--cell "mamba" is unknown; there are rnn, lstm, gru`,
		"--embed 0":              "--embed must be in [1, 65536], got 0: a translator needs an embedding",
		"--decoder-hidden -1":    "--decoder-hidden must be in [1, 65536], got -1",
		"--tied":                 "--tied weights need an output as wide as the embedding, got 128 and 64; width chooses it",
		"--longest 0":            "--longest must be in [1, 16383], got 0",
		"--longest-target 99999": "--longest-target must be in [1, 16383], got 99999",
		"--smoothing 1":          "--smoothing must be in [0, 1), got 1",
		"--own 2":                "--own must be in [0, 1] and --own-steps at least 0, got 2 and 0",
		"--separator ::":         `--separator must be one character, or auto, got "::"`,
		"--max-words -1":         "--max-words must be at least 0, got -1",
		"--beam 0":               "--beam must be in [1, 1000], got 0",
		"--penalty NaN":          "--penalty must be in [0, 10], got NaN",
		"--val file.tsv":         "--val and --test name files beside --data only",
	} {
		check(t, "translate train "+flags, want)
	}
	check(t, "translate eval", "--model is needed")
	check(t, "translate predict", "--model is needed")
	for _, flag := range []string{"temperature 2", "top-p 3", "seed 2"} {
		check(t, "translate predict --model m --"+flag, "--"+strings.Fields(flag)[0]+" goes with --sample")
	}
	got := demo(t, strings.Fields("translate train --data nothing.tsv")...)
	assert.Equal(t, "demo: open nothing.tsv: no such file or directory\n", got.err, "and nothing of how its lines are read")
	check(t, "translate predict --model m --nbest 2", "--nbest must be in [1, 1], the beam, got 2")
	assert.Empty(t, listing(t))
}

// A model whose parameters are not numbers writes nothing.
func TestTranslatorOfNaN(t *testing.T) {
	files(t, map[string]string{"t.tsv": "ab\tab\nb\tb\n"})
	works(t, smallTranslate("--data", "t.tsv", "--val", "0", "--steps", "1", "--out", "m")...)
	f, err := safetensors.Read(bytes.NewReader(read(t, "m")), 0)
	require.NoError(t, err)
	x := make([]float32, f.Find("decoder.out.bias").Shape[0])
	x[1] = float32(math.NaN())
	*f.Find("decoder.out.bias") = safetensors.FromFloat32s("decoder.out.bias", []int{len(x)}, x)
	var b bytes.Buffer
	require.NoError(t, safetensors.Write(&b, f))
	require.NoError(t, os.WriteFile("m", b.Bytes(), 0o644))
	got := demo(t, strings.Fields("translate eval --model m --data t.tsv")...)
	assert.Equal(t, 1, got.code)
	assert.Contains(t, got.err, "demo: m: ")
	assert.Contains(t, got.err, "NaN")
	assert.Empty(t, got.out)
}

// Without data a training learns generated dates.
func TestTranslateSample(t *testing.T) {
	files(t, nil)
	got := works(t, smallTranslate("--steps", "2")...)
	assert.Contains(t, got.err, "generated dates: ")
	assert.Contains(t, got.err, "others, 10 of ")
}

// Real pairs can be learnt from as they are.
func TestTranslateRealPairs(t *testing.T) {
	dir := os.Getenv("UNROLL_DATA")
	if dir == "" {
		t.Skip("UNROLL_DATA is not set: the directory with translation/eng-kor.tsv.gz is wanted")
	}
	t.Chdir(t.TempDir())
	data := filepath.Join(dir, "translation", "eng-kor.tsv.gz")
	got := works(t, smallTranslate("--data", data, "--tokens", "jamo", "--steps", "2", "--out", "m", "--max-words", "3")...)
	assert.Contains(t, got.err, "eng-kor.tsv.gz: ")
}
