package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	var help bytes.Buffer
	j, err := parse(strings.Fields("--task T1 --rounds=2 --threads 2 -- python3 x.py --task T1"), &help)
	require.NoError(t, err)
	assert.Equal(t, job{
		rounds: 2,
		ours:   []string{"--task=T1", "--threads=2"},
		theirs: []string{"python3", "x.py", "--task", "T1"},
	}, j)
}

func TestBadFlags(t *testing.T) {
	for args, want := range map[string]string{
		"--task=T1 --rounds=0 -- x": "rounds must be at least 1, got 0",
		"--task=T1":                 "the command to compare with is missing; it comes last, behind --",
		"--task=T1 --vocab=0 -- x":  "vocab must be in [2, 1048576], got 0",
		"--x":                       "flag provided but not defined: -x",
	} {
		var out, stderr bytes.Buffer
		assert.Equal(t, 2, run(strings.Fields(args), &out, &stderr))
		assert.Empty(t, out.String())
		assert.Equal(t, "compare: "+want+"; --help lists the flags\n", stderr.String())
	}
}

// The last line that is a result counts, whatever is printed around it.
func TestResult(t *testing.T) {
	text, l, err := result([]byte(`warming up
{"peer":"a","tokens_per_s":1}
{"peer":"b","tokens_per_s":2}
{}
`))
	require.NoError(t, err)
	assert.JSONEq(t, `{"peer":"b","tokens_per_s":2}`, string(text))
	assert.Equal(t, line{Peer: "b", Speed: 2}, l)
	_, _, err = result([]byte("nothing\n"))
	assert.EqualError(t, err, "no line of JSON with tokens_per_s was printed")
}

func TestWorkTime(t *testing.T) {
	assert.Equal(t, 10*time.Millisecond*(1+2+3+6+7+8), workTime("cpu  1 2 3 4 5 6 7 8 0 0"))
	assert.Negative(t, workTime("cpu"))
	assert.Negative(t, workTime("cpu  1 2 3 4 5 6 x 8 0 0"))
	assert.Negative(t, workTime(""))
}

// The ratio is taken round by round, not between medians.
func TestTally(t *testing.T) {
	var tal tally
	for _, r := range [][2]float64{{100, 50}, {90, 30}, {300, 300}} {
		a := line{Peer: "unroll", Task: "T1", Threads: 1, Speed: r[0], others: 0.25}
		b := line{Peer: "other", Task: "T1", Threads: 1, Speed: r[1], others: -1}
		require.NoError(t, tal.add(a, b))
	}
	tal.rounds[1][1].Warning = "!"
	tal.rounds[0][1].others = 0.5
	want := `
round           unroll            other    ratio   others' CPU
    1              100               50     2.00   0.25 0.50
    2               90               30     3.00   not known
    3              300              300     1.00   not known
unroll tokens/s: median 100 (90 to 300) of 3
other tokens/s: median 50 (30 to 300) of 3
unroll / other: median 2.00 (1.00 to 3.00) of 3
1 of 3 rounds carry a warning and do not count as measurements
`
	assert.Equal(t, want, tal.String())
	assert.Empty(t, tally{}.String())

	tal.rounds[0] = [2]line{{Peer: "unroll", Config: "peephole V65 E64"}, {Peer: "unroll", Config: "lstm V65 E64"}}
	assert.Equal(t, [2]string{"unroll peephole", "unroll lstm"}, tal.names())

	err := tal.add(line{Peer: "a", Task: "T1", Threads: 1}, line{Peer: "b", Task: "T1", Threads: 2})
	assert.EqualError(t, err, "a ran T1 on 1 threads, b ran T1 on 2: nothing to compare")
}

// A command that fails, or prints nothing of use, ends the comparison.
func TestMeasureFails(t *testing.T) {
	var out bytes.Buffer
	_, err := measure([]string{"false"}, &out, &out)
	assert.ErrorContains(t, err, "false: exit status 1")
	_, err = measure([]string{"echo", "hello"}, &out, &out)
	assert.ErrorContains(t, err, "echo hello: no line of JSON")
	l, err := measure([]string{"echo", `{"peer":"x","tokens_per_s":5}`}, &out, &out)
	require.NoError(t, err)
	assert.Equal(t, 5.0, l.Speed)
	assert.Equal(t, "{\"peer\":\"x\",\"tokens_per_s\":5}\n", out.String())
}
