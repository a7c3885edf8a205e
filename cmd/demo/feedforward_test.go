package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// products is a table of numbers, their product and whether it is above 0.
func products(n int) string {
	var b strings.Builder
	b.WriteString("id,a,b,product,sign\n")
	for i := range n {
		x, y := float64(i*7%41)/10-2, float64(i*11%37)/10-1.8
		fmt.Fprintf(&b, "r%d,%g,%g,%g,%s\n", i, x, y, 1000*x*y+500, map[bool]string{true: "plus", false: "minus"}[x*y > 0])
	}
	return b.String()
}

func TestFeedForward(t *testing.T) {
	files(t, map[string]string{"train.csv": products(800), "other.csv": strings.ReplaceAll(products(60), "id,a,b", "id,a,b")})
	args := func(more string) []string {
		return strings.Fields("feedforward train --data train.csv --num a,b --epochs 60 --lr 0.02 " + more)
	}
	r := works(t, args("--label product --out m --test 0.1")...)
	assert.Empty(t, r.out)
	assert.Contains(t, r.err, "train.csv: 648 rows, 2 numbers to read, asked for the number product")
	assert.Contains(t, r.err, "\ntest: 80 rows: RMSE ")
	var s feedForwardScore
	scored := works(t, strings.Fields("feedforward eval --model m --data other.csv --json")...)
	require.NoError(t, json.Unmarshal([]byte(scored.out), &s))
	assert.Equal(t, 60, s.Rows)
	assert.Less(t, *s.RMSE, *s.MeanRMSE/4, "a straight line is no better than the mean")
	assert.Nil(t, s.Accuracy)

	r = works(t, args("--label sign --classes --out c")...)
	assert.Contains(t, r.err, "asked for the label sign (minus, plus)")
	scored = works(t, strings.Fields("feedforward eval --model c --data other.csv --json")...)
	s = feedForwardScore{}
	require.NoError(t, json.Unmarshal([]byte(scored.out), &s))
	assert.Greater(t, *s.Accuracy, 0.9)
	assert.Nil(t, s.RMSE)

	var out, said bytes.Buffer
	in := strings.NewReader("1.5, 1.5\n-1.5\t1.5\nNA 1\n")
	require.NoError(t, run(t.Context(), strings.Fields("feedforward predict --model c"), streams{in, &out, &said}))
	assert.Regexp(t, `^plus\t\d\.\d{4}\nminus\t\d\.\d{4}\n(plus|minus)\t\d\.\d{4}\n$`, out.String())
	err := run(t.Context(), strings.Fields("feedforward predict --model c"), streams{strings.NewReader("1 2\n1 x\n"), &out, &said})
	assert.ErrorContains(t, err, `standard input: line 2: b: a finite number, or NA, wanted, got "x"`)
	err = run(t.Context(), strings.Fields("feedforward predict --model c"), streams{strings.NewReader("1\n"), &out, &said})
	assert.ErrorContains(t, err, "standard input: line 1: 2 numbers wanted (a, b), got 1")
}

func TestFeedForwardResumeIsExact(t *testing.T) {
	files(t, map[string]string{"train.csv": products(300)})
	flags := func(out, steps string, more ...string) []string {
		return append(strings.Fields("feedforward train --data train.csv --num a,b --label product --dropout 0.1 --lr-end 1 --val 0 --out "+out+" --steps "+steps), more...)
	}
	works(t, flags("whole.safetensors", "60")...)
	works(t, flags("part.safetensors", "31")...)
	works(t, flags("part.safetensors", "60", "--resume")...)
	assert.Equal(t, read(t, "whole.safetensors"), read(t, "part.safetensors"))
}

func TestFeedForwardRefuses(t *testing.T) {
	files(t, map[string]string{
		"train.csv": products(50), "gap.csv": "a,y\n1,2\n3,\n", "one.csv": "a,y\n1,x\n2,x\n", "empty.csv": "a,y\n", "alone.csv": "y\n1\n",
	})
	works(t, strings.Fields("feedforward train --data train.csv --num a,b --label sign --classes --steps 2 --out c")...)
	for line, want := range map[string]string{
		"train --data train.csv --num a,c --label product": `no column "c"`,
		"train --data train.csv --label product":           `column 1 "id": got "r0", wanted a finite number`,
		"train --data train.csv --num a --label sign":      `column 5 "sign": got "plus", wanted a finite number, or NA for a missing one (--classes if it is a label)`,
		"train --data train.csv --num a --label nothing":   "(--label chooses it)",
		"train --data gap.csv --label y":                   `column 2 "y": got "", wanted a number`,
		"train --data one.csv --label y --classes --val 0": "at least 2 labels wanted, got 1",
		"train --data empty.csv --label y":                 "at least 1 row wanted below the header",
		"train --data alone.csv --label y":                 "no column of numbers beside the label",
		"train --activation gelu":                          `--activation "gelu" is unknown`,
		"train --layers 65":                                "--layers must be in [0, 64], got 65",
		"train --num a":                                    "name columns and files of --data, which is not given",
		"train --hidden 65536 --layers 64":                 "choose a smaller --hidden, --layers or --batch",
		"eval --model c":                                   "did not learn the points in rings; choose --data",
		"eval --model c --data gap.csv":                    `no column "sign"`,
		"eval --model c --data one.csv --label y":          `no column "b"`,
		"predict": "--model is needed",
	} {
		r := demo(t, append([]string{"feedforward"}, strings.Fields(line)...)...)
		assert.NotZero(t, r.code, line)
		assert.Contains(t, r.err, want, line)
	}
}
