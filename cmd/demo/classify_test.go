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
	"github.com/unroll-go/unroll/models"
)

// reviewsTable is a table of reviews with columns id, document and label.
func reviewsTable(n int, seed uint64) string {
	var b strings.Builder
	b.WriteString("id\tdocument\tlabel\n")
	for i, r := range datasets.Reviews(n, seed) {
		fmt.Fprintf(&b, "%d\t%s\t%s\n", i, r.Text, r.Label)
	}
	return b.String()
}

// plainTable is a table of n reviews that a word decides.
func plainTable(n int) string {
	var b strings.Builder
	b.WriteString("id\tdocument\tlabel\n")
	for i := range n {
		k := i * 7 % 3
		said := []string{"bad, 나쁘다", "so-so, 보통", "good! 좋다"}[k]
		fmt.Fprintf(&b, "%d\tfilm %d is %s\t%s\n", i, i*i%100, said, []string{"negative", "neutral", "positive"}[k])
	}
	return b.String()
}

// smallClassify are the flags of a training that takes little time.
func smallClassify(more ...string) []string {
	return append(strings.Fields("classify train --text document --hidden 16 --embed 8 --lr 0.02 --batch 16"), more...)
}

// TestClassify trains with each kind of token, measures and predicts.
func TestClassify(t *testing.T) {
	for _, tokens := range []string{"chars", "words", "bytes", "jamo"} {
		t.Run(tokens, func(t *testing.T) {
			files(t, map[string]string{"train.tsv": plainTable(300), "other.tsv": plainTable(100)})
			trained := works(t, smallClassify("--data", "train.tsv", "--tokens", tokens, "--steps", "100", "--out", "m", "--test", "0.1")...)
			assert.Empty(t, trained.out)
			assert.Contains(t, trained.err, "train.tsv: 243 texts, 3 labels (negative, neutral, positive)")
			assert.Contains(t, trained.err, "held back for validation: 27 texts; always the commonest label: accuracy 0.")
			assert.Contains(t, trained.err, "held back for the test at the end: 30 texts")
			assert.Contains(t, trained.err, "step 100/100")
			assert.Contains(t, trained.err, "\ntest: 30 texts: accuracy ")

			scored := works(t, strings.Fields("classify eval --model m --data other.tsv --text document --json")...)
			var r classifyReport
			require.NoError(t, json.Unmarshal([]byte(scored.out), &r), scored.out)
			assert.Equal(t, 100, r.Rows)
			assert.Greater(t, r.Accuracy, 0.6, "a guess: 0.34")
			assert.Equal(t, []string{"negative", "neutral", "positive"}, r.Labels)
			sum := 0
			for _, row := range r.Confusion {
				for _, n := range row {
					sum += n
				}
			}
			assert.Equal(t, 100, sum)
			assert.Len(t, r.Calibration.Bins, confidenceBins)
			assert.Less(t, r.Calibration.Error, 0.3)
			printed := works(t, strings.Fields("classify eval --model m --data other.tsv --text document")...)
			assert.Contains(t, printed.out, fmt.Sprintf("100 texts: accuracy %.4f", r.Accuracy))
			assert.Contains(t, printed.out, "mean confidence")
		})
	}
}

// Predict answers a line for a line, and a table as it would its texts.
func TestClassifyPredict(t *testing.T) {
	files(t, map[string]string{"train.tsv": reviewsTable(300, 1), "texts.tsv": "id\tdocument\n1\tI loved the plot.\n2\t\n3\t지루했다.\n"})
	works(t, smallClassify("--data", "train.tsv", "--steps", "20", "--out", "m")...)
	var out, said bytes.Buffer
	in := strings.NewReader("I loved the plot.\n\n지루했다.\r\n")
	require.NoError(t, run(t.Context(), strings.Fields("classify predict --model m"), streams{in, &out, &said}))
	assert.Equal(t, 3, strings.Count(out.String(), "\n"))
	for line := range strings.Lines(out.String()) {
		assert.Regexp(t, `^(negative|neutral|positive)\t[01]\.\d{4}\n$`, line)
	}
	table := works(t, strings.Fields("classify predict --model m --data texts.tsv --text 2")...)
	assert.Equal(t, out.String(), table.out)

	all := works(t, strings.Fields("classify predict --model m --data texts.tsv --text 2 --json")...)
	var first struct {
		Label         string
		Probabilities map[string]float64
	}
	require.NoError(t, json.NewDecoder(strings.NewReader(all.out)).Decode(&first))
	assert.Len(t, first.Probabilities, 3)
	assert.Contains(t, first.Probabilities, first.Label)
}

// A training that was interrupted and resumed leaves the same bytes as one that
// was not.
func TestClassifyResumeIsExact(t *testing.T) {
	files(t, map[string]string{"train.tsv": reviewsTable(200, 1)})
	flags := func(out string, more ...string) []string {
		return smallClassify(append(more, "--data", "train.tsv", "--out", out, "--steps", "40", "--dropout", "0.2", "--word-dropout", "0.1", "--layers", "2", "--grams", "3", "--buckets", "50")...)
	}
	works(t, flags("whole.safetensors")...)
	ctx, cancel := context.WithCancel(t.Context())
	w := &cancelling{when: "step 6/40", cancel: cancel}
	require.NoError(t, run(ctx, flags("part.safetensors"), streams{err: w}))
	assert.Contains(t, w.String(), "part.checkpoint.safetensors holds the checkpoint, --resume goes on from it")
	works(t, flags("part.safetensors", "--resume")...)
	assert.Equal(t, read(t, "whole.safetensors"), read(t, "part.safetensors"))
	assert.Equal(t, read(t, "whole.checkpoint.safetensors"), read(t, "part.checkpoint.safetensors"))

	other := demo(t, flags("part.safetensors", "--resume", "--pool", "last", "--val", "0.2")...)
	assert.Equal(t, 1, other.code)
	assert.Contains(t, other.err, "this is the checkpoint of another training: the data are others; --pool was mean, now last; --val was 0.1, now 0.2")
}

// Validation and test may be files; their labels must be among those learnt.
func TestClassifyHoldOutFiles(t *testing.T) {
	files(t, map[string]string{
		"train.csv": "text,label\n\"good, really\",yes\nbad,no\nfine,yes \nawful,no\n", "valid.csv": "text,label\ngood,yes\nawful,no\n",
		"other.csv": "text,label\ngood,yes\nawful,perhaps\n",
	})
	trained := works(t, strings.Fields("classify train --data train.csv --val valid.csv --test valid.csv --hidden 4 --embed 2 --steps 2 --out m")...)
	assert.Contains(t, trained.err, "train.csv: 4 texts, 2 labels (no, yes)")
	assert.Contains(t, trained.err, "held back for validation: 2 texts")
	got := demo(t, strings.Fields("classify train --data train.csv --val other.csv --steps 2 --out m")...)
	const want = `other.csv: line 3: column 2 "label": got "perhaps", wanted one of the labels that the model has learnt: no, yes` + "\n"
	assert.Equal(t, result{"", "demo: --val: " + want, 1}, got)
	got = demo(t, strings.Fields("classify eval --data other.csv --model m")...)
	assert.Equal(t, result{"", "demo: " + want, 1}, got)
}

// Without data a training learns from generated reviews, and shows what it makes
// of sentences that are new to it.
func TestClassifySample(t *testing.T) {
	files(t, nil)
	got := works(t, "classify", "train", "--steps", "2", "--hidden", "4", "--embed", "2")
	assert.Contains(t, got.err, "generated reviews: 3600 texts, 3 labels (negative, neutral, positive)")
	assert.Contains(t, got.err, "sentences that the generator does not make:")
	scored := works(t, "classify", "eval", "--model", "classify.safetensors")
	assert.Contains(t, scored.out, "4000 texts: accuracy 0.")
}

// Empty documents and very long ones are texts like others.
func TestClassifyExtremes(t *testing.T) {
	files(t, map[string]string{"t.tsv": "text\tlabel\n\ta\n" + strings.Repeat("x", 1<<20) + "\tb\n\ta\nxy\tb\n"})
	works(t, strings.Fields("classify train --data t.tsv --val 0 --hidden 4 --embed 2 --steps 3 --longest 32 --out m")...)
	scored := works(t, strings.Fields("classify eval --data t.tsv --model m")...)
	assert.Contains(t, scored.out, "4 texts: accuracy ")
}

// numbered are n rows with labels of their own.
func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "x\t%d\n", i)
	}
	return b.String()
}

// Bad input gives one sentence that names the file, the place, what was wanted
// and what was found; nothing is written.
func TestClassifyBadInput(t *testing.T) {
	train := func(flags string) []string { return strings.Fields("classify train --steps 1 --hidden 4 " + flags) }
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"missing file":   {train("--data missing.tsv"), "open missing.tsv: no such file or directory"},
		"missing column": {train("--data good.tsv --text document"), `good.tsv: no column "document"; there are 2, cut at '\t': 1 "text", 2 "label" (--text chooses it)`},
		"delimiter":      {train("--data good.tsv --separator ;"), `good.tsv: no column "text"; there are 1, cut at ';'`},
		"one class":      {train("--data one.tsv"), `one.tsv: at least 2 different labels wanted, got only ["a"]`},
		"empty label":    {train("--data empty.tsv"), `empty.tsv: line 3: column 2 "label": got " ", wanted a label`},
		"long label":     {train("--data long.tsv"), `long.tsv: line 3: column 2 "label": got "zzz`},
		"many labels":    {train("--data many.tsv"), "many.tsv: 5000 labels, at most 4096 wanted"},
		"only a header":  {train("--data header.tsv"), "header.tsv: empty text: at least 1 row wanted below the header"},
		"empty file":     {train("--data nothing.tsv"), "nothing.tsv: empty text"},
		"short row":      {train("--data short.tsv"), "short.tsv: line 3: got 1 "},
		"UTF-8":          {train("--data bad.tsv"), "bad.tsv: line 2: byte 1: invalid UTF-8 (0xff)"},
		"too few":        {train("--data good.tsv --val 0.01"), "--val: hold out: part 0.01 of 2 items leaves 2 and 0, wanted at least 1 each"},
		"no words":       {train("--data blank.tsv --tokens words --val 0"), "blank.tsv: "},
		"huge model":     {train("--data good.tsv --val 0 --hidden 20000"), "good.tsv: training would need about 62 GiB, at most 16 wanted; choose a smaller --hidden"},
		"huge batch":     {train("--data good.tsv --val 0 --batch 1000000 --longest 16384"), "good.tsv: training would need about "},
		"other kind":     {[]string{"classify", "eval", "--model", "good.tsv"}, "good.tsv: not a model file of this kind: "},
	} {
		t.Run(name, func(t *testing.T) {
			files(t, map[string]string{
				"good.tsv": "text\tlabel\nx\ta\ny\tb\n", "one.tsv": "text\tlabel\nx\ta\ny\ta\n", "empty.tsv": "text\tlabel\nx\ta\ny\t \n",
				"header.tsv": "text\tlabel\n", "nothing.tsv": "", "short.tsv": "text\tlabel\nx\ta\ny\n", "bad.tsv": "text\tlabel\nx\xff\ta\n",
				"long.tsv": "text\tlabel\nx\ta\ny\t" + strings.Repeat("z", 5000) + "\n", "many.tsv": "text\tlabel\n" + numbered(5000),
				"blank.tsv": "text\tlabel\n\ta\n \tb\n",
			})
			fails(t, c.want, c.args...)
		})
	}
}

// What is wrong with the command line itself gives exit code 2.
func TestClassifyUsage(t *testing.T) {
	files(t, nil)
	for flags, want := range map[string]string{
		"--tokens letters":      `--tokens must be words, chars, bytes or jamo, got "letters"`,
		"--pool max":            `--pool "max" is unknown; there are last, mean, attention`,
		"--grams 4":             "--grams must be 0, 2 or 3, got 4",
		"--grams 2 --embed 0":   "--grams need an embedding, got embed 0",
		"--grams 2 --buckets 0": "--buckets must be in [1, 4194304] with grams and 0 without, got 0",
		"--word-dropout 1":      "--word-dropout must be in [0, 1), got 1",
		"--smoothing NaN":       "--smoothing must be in [0, 1), got NaN",
		"--longest 0":           "--longest must be in [1, 16384], got 0",
		"--val 1":               "--val must be in [0, 1), or a file, got 1",
		"--test nan":            "--test must be in [0, 1), or a file, got NaN",
		"--val file.tsv":        "--val and --test name files beside --data only",
		"--min-count 0":         "--vocab must be at least 0 and --min-count at least 1, got 0 and 0",
		"--separator ::":        `--separator must be one character, or auto, got "::"`,
		"--batch 0":             "--batch must be in [1, 1048576], got 0",
		"--decay -1":            "--decay must be at least 0 and below 1e6, got -1",
		"--steps 1 --epochs 1":  "--steps and --epochs exclude each other, got both",
	} {
		check(t, "classify train "+flags, want)
	}
	check(t, "classify eval", "--model is needed")
	check(t, "classify predict", "--model is needed")
	check(t, "classify predict x", `"demo classify predict" takes flags only, got "x"`)
	assert.Empty(t, listing(t))
}

// A model whose parameters are not numbers neither answers nor is scored.
func TestClassifierOfNaN(t *testing.T) {
	files(t, map[string]string{"t.tsv": "text\tlabel\nx\ta\ny\tb\n"})
	works(t, strings.Fields("classify train --data t.tsv --val 0 --steps 1 --hidden 2 --embed 2 --out m")...)
	f, err := safetensors.Read(bytes.NewReader(read(t, "m")), 0)
	require.NoError(t, err)
	*f.Find("out.bias") = safetensors.FromFloat32s("out.bias", []int{2}, []float32{0, float32(math.NaN())})
	var b bytes.Buffer
	require.NoError(t, safetensors.Write(&b, f))
	require.NoError(t, os.WriteFile("m", b.Bytes(), 0o644))
	for _, c := range []string{"eval", "predict"} {
		got := demo(t, "classify", c, "--model", "m", "--data", "t.tsv")
		assert.Equal(t, result{"", "demo: m: document 0: the model's answer is not a finite number\n", 1}, got)
	}
}

// A training that starts from another classifier takes over its tokens, sizes
// and parameters, for other labels.
func TestClassifyFrom(t *testing.T) {
	files(t, map[string]string{"train.tsv": plainTable(60), "few.tsv": "text\tlabel\nfilm 1 is bad\tno\nfilm 2 is good\tyes\nfilm 3 is fine\tyes\n"})
	works(t, smallClassify("--data", "train.tsv", "--steps", "5", "--out", "m", "--grams", "2", "--buckets", "20", "--pool", "last")...)
	from := strings.Fields("classify train --data few.tsv --val 0 --from m --steps 1 --lr 1e-6 --lr-end 1 --out few")
	got := works(t, from...)
	assert.Contains(t, got.err, "2 labels (no, yes)")
	assert.Contains(t, got.err, "tokens of m")
	old, err := models.LoadClassifierFile("m")
	require.NoError(t, err)
	m, err := models.LoadClassifierFile("few")
	require.NoError(t, err)
	assert.Equal(t, old.Tokens, m.Tokens)
	assert.InDeltaSlice(t, old.Params.Get("embed/E").Values(), m.Params.Get("embed/E").Values(), 1e-5)
	assert.InDeltaSlice(t, old.Params.Get("grams/E").Values(), m.Params.Get("grams/E").Values(), 1e-5)
	assert.Equal(t, []int{32, 2}, m.Params.Get("out/W").Shape())

	refused := demo(t, append(from, "--hidden", "8")...)
	assert.Equal(t, 2, refused.code)
	assert.Contains(t, refused.err, "demo: --hidden is that of --from; leave it out\n")
	none := demo(t, strings.Fields("classify train --data few.tsv --val 0 --from none")...)
	assert.Equal(t, result{"", "demo: few.tsv: --from: open none: no such file or directory\n", 1}, none)
}

// Real reviews, quotes and all, can be learnt from.
func TestClassifyRealReviews(t *testing.T) {
	dir := os.Getenv("UNROLL_DATA")
	if dir == "" {
		t.Skip("UNROLL_DATA is not set: the directory with sentiment_ko/naver_movie_3class_test.tsv.gz is wanted")
	}
	t.Chdir(t.TempDir())
	data := filepath.Join(dir, "sentiment_ko", "naver_movie_3class_test.tsv.gz")
	got := works(t, smallClassify("--data", data, "--tokens", "jamo", "--steps", "2", "--out", "m")...)
	assert.Contains(t, got.err, "2700 texts, 3 labels (0, 1, 2)")
	scored := works(t, "classify", "eval", "--model", "m", "--data", data, "--text", "document")
	assert.Contains(t, scored.out, "3000 texts: accuracy 0.")
}
