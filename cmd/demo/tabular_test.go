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
)

// rentsTable is a table of n generated rents, with a column that says whether
// they are dear, and a month from 1 to 12.
func rentsTable(t *testing.T, n int, seed uint64) string {
	t.Helper()
	rows, err := datasets.Rents{}.Rows(n, seed)
	require.NoError(t, err)
	var b strings.Builder
	b.WriteString(strings.Join(datasets.Rents{}.Columns(), "\t") + "\tdear\tmonth\n")
	for i, r := range rows {
		dear := "no"
		if r.Price > 800 {
			dear = "yes"
		}
		fmt.Fprintf(&b, "%s\t%s\t%d\n", strings.Join(r.Cells(), "\t"), dear, 1+i%12)
	}
	return b.String()
}

// smallTabular are the flags of a training that takes little time.
func smallTabular(more ...string) []string {
	return append(strings.Fields("tabular train --data t.tsv --cat street:3 --onehot kind --num area,floor --batch 32 --lr 0.01 --body 16 --out m"), more...)
}

// TestTabularNumber trains on a number, with a text and without, measures, and
// predicts; a straight line is shown beside.
func TestTabularNumber(t *testing.T) {
	for _, text := range []string{"", "--text note --hidden 4 --embed 4"} {
		files(t, map[string]string{"t.tsv": rentsTable(t, 600, 1), "o.tsv": rentsTable(t, 100, 2)})
		trained := works(t, smallTabular(strings.Fields(text+" --label price --regress --rows month=1-10 --test-rows month=11,12 --steps 150")...)...)
		assert.Empty(t, trained.out)
		assert.Contains(t, trained.err, "t.tsv: 450 rows, price is a number (mean ")
		assert.Contains(t, trained.err, "kind (3 categories, one-hot), area, floor (some missing)")
		assert.Contains(t, trained.err, "held back for validation: 50 rows, for the test at the end: 100")
		assert.Contains(t, trained.err, "test: a straight line in area, ")

		scored := works(t, strings.Fields("tabular eval --model m --data o.tsv --json")...)
		var r numberReport
		require.NoError(t, json.Unmarshal([]byte(scored.out), &r), scored.out)
		assert.Equal(t, 100, r.Rows)
		assert.Less(t, r.RMSE, 250., "a straight line: about 250")
		assert.Greater(t, r.MeanRMSE, 350.)
		part := works(t, strings.Fields("tabular eval --model m --data o.tsv --rows month=1-3")...)
		assert.Contains(t, part.out, "rows: RMSE ")

		answers := works(t, strings.Fields("tabular predict --model m --data o.tsv")...)
		assert.Equal(t, 100, strings.Count(answers.out, "\n"))
		var out bytes.Buffer
		in := strings.NewReader("note\tfloor\tarea\tkind\tstreet\nx\tNA\t50\tflat\tnever seen\n")
		require.NoError(t, run(t.Context(), strings.Fields("tabular predict --model m --json"), streams{in, &out, &out}))
		var one map[string]float64
		require.NoError(t, json.Unmarshal(out.Bytes(), &one), out.String())
		assert.False(t, math.IsNaN(one["number"]))
	}
}

// TestTabularLabel trains on labels; rows without one are left out.
func TestTabularLabel(t *testing.T) {
	table := rentsTable(t, 400, 1)
	files(t, map[string]string{"t.tsv": table + "hill 1\tflat\t50\t1\tx\t1\tNA\t1\nhill 1\tflat\t50\t1\tx\t1\t\t1\n"})
	trained := works(t, smallTabular(strings.Fields("--label dear --steps 100 --test 0.1")...)...)
	assert.Contains(t, trained.err, "dear is a label (no, yes)")
	assert.Contains(t, trained.err, "left out, as there is nothing in column dear: 2 rows")
	assert.Contains(t, trained.err, "\ntest: 40 rows: accuracy ")
	scored := works(t, strings.Fields("tabular eval --model m --data t.tsv --json")...)
	var r struct {
		Rows     int
		Accuracy float64
		Labels   []string
	}
	require.NoError(t, json.Unmarshal([]byte(scored.out), &r))
	assert.Equal(t, 400, r.Rows)
	assert.Greater(t, r.Accuracy, 0.8)
	assert.Equal(t, []string{"no", "yes"}, r.Labels)
	for line := range strings.Lines(works(t, strings.Fields("tabular predict --model m --data t.tsv --rows month=2")...).out) {
		assert.Regexp(t, `^(no|yes)\t[01]\.\d{4}\n$`, line)
	}
	answers := works(t, strings.Fields("tabular predict --model m --data t.tsv --json")...)
	assert.Contains(t, answers.out, `"probabilities":{"no":0.`)
}

// Near lists categories that are alike, or writes the whole table.
func TestTabularNear(t *testing.T) {
	files(t, map[string]string{"t.tsv": rentsTable(t, 600, 1)})
	works(t, smallTabular(strings.Fields("--label price --regress --steps 5")...)...)
	near := works(t, strings.Fields("tabular near --model m --column street --nearest 2")...)
	assert.Equal(t, 20, strings.Count(near.out, "\n"))
	one := works(t, "tabular", "near", "--model", "m", "--column", "street", "--of", "hill 1")
	assert.Regexp(t, `^  hill 1      (  [a-z]+ \d -?[01]\.\d\d){5}\n$`, one.out)
	works(t, strings.Fields("tabular near --model m --column street --export e.tsv")...)
	lines := strings.Split(strings.TrimSpace(string(read(t, "e.tsv"))), "\n")
	assert.Len(t, lines, 49)
	assert.Len(t, strings.Split(lines[0], "\t"), 4)
	assert.True(t, strings.HasPrefix(lines[48], "other\t"))
	got := demo(t, strings.Fields("tabular near --model m --column kind")...)
	assert.Equal(t, result{"", "demo: m: no column with a table has the name \"kind\"; there are [\"street\"]\n", 1}, got)
	got = demo(t, strings.Fields("tabular near --model m --column street --of nowhere")...)
	assert.Equal(t, result{"", "demo: m: column street: the category \"nowhere\" has no vector of its own\n", 1}, got)
}

// A training that was interrupted and resumed leaves the same bytes as one that
// was not; another table or other columns are another training.
func TestTabularResumeIsExact(t *testing.T) {
	files(t, map[string]string{"t.tsv": rentsTable(t, 120, 1)})
	flags := func(out string, more ...string) []string {
		return smallTabular(append(strings.Fields("--label price --regress --epochs 4 --dropout 0.2 --out "+out), more...)...)
	}
	works(t, flags("whole.safetensors")...)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.Contains(t, demoUntil(t, ctx, flags("part.safetensors")...).err, "--resume goes on from it")
	works(t, flags("part.safetensors", "--resume")...)
	assert.Equal(t, read(t, "whole.safetensors"), read(t, "part.safetensors"))
	other := demo(t, flags("part.safetensors", "--resume", "--num", "month")...)
	assert.Equal(t, 1, other.code)
	assert.Contains(t, other.err, "this is the checkpoint of another training: ")
	assert.Contains(t, other.err, "the data are others")
}

// Without data a training learns from generated rents.
func TestTabularSample(t *testing.T) {
	files(t, nil)
	got := works(t, strings.Fields("tabular train --steps 2 --hidden 4 --embed 4")...)
	assert.Contains(t, got.err, "generated rents: 5400 rows, price is a number (mean ")
	assert.Contains(t, got.err, "streets with the most similar vectors")
	assert.Contains(t, works(t, "tabular", "eval", "--model", "tabular.safetensors").out, "2000 rows: RMSE ")
}

func TestTabularBadInput(t *testing.T) {
	for name, c := range map[string]struct{ flags, want string }{
		"missing file":   {"--data missing.csv --num x", "open missing.csv: no such file or directory"},
		"missing column": {"--data good.csv --num z", `good.csv: no column "z"; there are 3, cut at ',': 1 "x", 2 "c", 3 "y" (--num chooses it)`},
		"missing label":  {"--data good.csv --num x --label z", `good.csv: no column "z"; there are 3, cut at ',': 1 "x", 2 "c", 3 "y" (--label chooses it)`},
		"no number":      {"--data good.csv --num c", `good.csv: line 2: column 2 "c": got "a", wanted a finite number, a date such as 2013-07-02, or NA for a missing one`},
		"infinite":       {"--data inf.csv --num x", `inf.csv: line 2: column 1 "x": got "inf", wanted a finite number`},
		"no target":      {"--data blank.csv --num x", "blank.csv: empty text: at least 1 row with a target wanted"},
		"no rows":        {"--data good.csv --num x --rows c=z", "good.csv: empty text: at least 1 row with a target wanted among those of --rows c=z"},
		"all missing":    {"--data na.csv --num x", `na.csv: column "x": scaler: column 0: no value in it`},
		"one class":      {"--data good.csv --num x --label c --rows c=a", `good.csv: at least 2 different labels wanted, got only ["a"]`},
		"long category":  {"--data long.csv --cat c", `long.csv: line 2: column 2 "c": got "zzz`},
		"rare":           {"--data good.csv --onehot c --min-count 9", `good.csv: column "c": no category is frequent enough to be an input, at least 1 wanted`},
		"huge body":      {"--data good.csv --num x --val 0 --body 60000,60000", "good.csv: training would need about "},
	} {
		t.Run(name, func(t *testing.T) {
			files(t, map[string]string{
				"good.csv": "x,c,y\n1,a,3\n2,b,4\n3,a,5\n4,b,7\n", "inf.csv": "x,c,y\ninf,a,3\n", "blank.csv": "x,c,y\n1,a,\n2,b,NA\n",
				"na.csv": "x,c,y\nNA,a,3\n,b,4\n", "long.csv": "x,c,y\n1," + strings.Repeat("z", 10000) + ",3\n",
			})
			flags := c.flags + " --steps 1 --out m"
			if !strings.Contains(flags, "--label") {
				flags += " --label y --regress"
			}
			if name != "huge body" {
				flags += " --val 0"
			}
			fails(t, c.want, strings.Fields("tabular train "+flags)...)
		})
	}
}

// What is wrong with the command line itself gives exit code 2.
func TestTabularUsage(t *testing.T) {
	files(t, nil)
	for flags, want := range map[string]string{
		"--data x":                                    "at least one of --cat, --onehot, --num and --text is needed with --data",
		"--num x":                                     "--num chooses columns of --data; leave it out",
		"--data x --cat c:wide":                       `--cat: COLUMN or COLUMN:WIDTH wanted, got "c:wide"`,
		"--data x --cat c:0":                          `column "c": the width must be in [1, 65536], got 0`,
		"--data x --num a --body 4,0":                 "--body must have widths in [1, 65536], got 0",
		"--data x --num a --dropout 1":                "--dropout must be in [0, 1), got 1",
		"--data x --num a --rows month":               `--rows must be COLUMN=VALUES, such as month=1-9,12, got "month"`,
		"--data x --num a --rows m=9-1":               `--rows: a range from the smaller to the larger number wanted, got "9-1"`,
		"--data x --num a --test-rows m=1 --test 0.1": "--test and --test-rows exclude each other, got both",
		"--rows m=1":                                  "--val and --test name files, and --rows and --test-rows rows, beside --data only",
		"--data x --num a --min-count 0":              "--vocab and --most must be at least 0 and --min-count at least 1, got 0, 0 and 0",
		"--data x --text a --tokens letters":          `--tokens must be words, chars, bytes or jamo, got "letters"`,
	} {
		check(t, "tabular train "+flags, want)
	}
	check(t, "tabular eval", "--model is needed")
	check(t, "tabular predict", "--model is needed")
	check(t, "tabular near --model m", "--column is needed")
	check(t, "tabular near --model m --column c --nearest 0", "--nearest must be at least 1, got 0")
}

// Real flights are read as they are: NA, gzip, and what cancelled flights lack.
func TestTabularRealFlights(t *testing.T) {
	dir := os.Getenv("UNROLL_DATA")
	if dir == "" {
		t.Skip("UNROLL_DATA is not set: the directory with tabular/nycflights13_jan_nov.csv.gz is wanted")
	}
	t.Chdir(t.TempDir())
	got := works(t, "tabular", "train", "--data", filepath.Join(dir, "tabular", "nycflights13_jan_nov.csv.gz"), "--rows", "month=1",
		"--test-rows", "month=10", "--cat", "tailnum:4,dest:4", "--onehot", "carrier", "--num", "dep_delay,distance",
		"--label", "arr_delay", "--regress", "--steps", "20", "--out", "m")
	assert.Contains(t, got.err, "606 rows") // of January, without arr_delay
	assert.Contains(t, got.err, "test: a straight line in dep_delay, ")
}
