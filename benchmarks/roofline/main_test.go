package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/benchmarks"
)

const figures = `# a machine
peak	multiply-add	192
reading	L2	155
reading	memory	31
product	32x512x128	12.2	180
task	T1	7.7	130
task	T2 <&	7.8	131
task	I1	0.48	16
`

// The picture is one XML document with all names in both schemes, and the same
// for the same figures.
func TestDraw(t *testing.T) {
	name := filepath.Join(t.TempDir(), "figures.tsv")
	require.NoError(t, os.WriteFile(name, []byte(figures), 0o600))
	var out, again, stderr bytes.Buffer
	require.Zero(t, run([]string{name}, &out, &stderr), stderr.String())
	require.Zero(t, run([]string{name}, &again, &stderr))
	assert.Equal(t, out.String(), again.String())
	var text strings.Builder
	d := xml.NewDecoder(&out)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if s, ok := token.(xml.CharData); ok {
			text.Write(s)
		}
	}
	for _, want := range []string{"multiply-add, 192 GFLOP/s", "memory, 31 GB/s", "32x512x128", "T1", "T2 <&", "I1", "prefers-color-scheme:dark"} {
		assert.Contains(t, text.String(), want)
	}
}

// Names stand neither on each other nor on a point, as long as there is room.
func TestNamesAreApart(t *testing.T) {
	c, err := read(strings.NewReader(figures))
	require.NoError(t, err)
	d := &drawing{x: c.xAxis(), y: c.yAxis()}
	for _, p := range c.points {
		d.point(p)
	}
	for i, a := range d.taken {
		for _, b := range d.taken[:i] {
			assert.False(t, a.meets(b), "%v and %v", a, b)
		}
	}
}

// Axes cover what is drawn and have round values.
func TestAxes(t *testing.T) {
	c, err := read(strings.NewReader(figures))
	require.NoError(t, err)
	for _, p := range c.points {
		assert.True(t, p.x > c.xAxis().lo && p.x < c.xAxis().hi)
		assert.True(t, p.y > c.yAxis().lo && p.y < c.yAxis().hi)
	}
	assert.Equal(t, []float64{0.5, 1, 2, 5, 10}, ticks(axis{lo: 0.3, hi: 15}))
	assert.Equal(t, []float64{0.1, 1, 10, 100, 1000}, ticks(axis{lo: 0.1, hi: 2000}))
	assert.InDelta(t, 50, axis{lo: 1, hi: 100, from: 0, to: 100}.at(10), 1e-9)
}

func TestBadFigures(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "a peak and a reading are needed",
		"peak\tx\t1":          "a peak and a reading are needed",
		"\n# a\nroof\tx\t1":   `line 3: peak or reading with 3 fields, or product or task with 4, is wanted, got "roof" with 3`,
		"peak\tx":             `line 1: peak or reading with 3 fields, or product or task with 4, is wanted, got "peak" with 2`,
		"task\tx\t1":          `line 1: peak or reading with 3 fields, or product or task with 4, is wanted, got "task" with 3`,
		"peak\tx\tNaN":        `line 1: a figure in (0.000001, 1000000000) is wanted, got "NaN"`,
		"task\tx\t1\t0":       `line 1: a figure in (0.000001, 1000000000) is wanted, got "0"`,
		"task\tx\tmany\t1":    `line 1: a figure in (0.000001, 1000000000) is wanted, got "many"`,
		"reading\tx\t1000e10": `line 1: a figure in (0.000001, 1000000000) is wanted, got "1000e10"`,
	} {
		_, err := read(strings.NewReader(text))
		assert.EqualError(t, err, want)
	}
	_, err := read(strings.NewReader(strings.Repeat("x", 1<<20)))
	assert.ErrorContains(t, err, "token too long")
}

// A task and a product print lines that can be drawn.
func TestMeasure(t *testing.T) {
	c, err := benchmarks.Preset("I1")
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, task(&out, "I1", c, benchmarks.Timing{}))
	require.NoError(t, bare(&out, benchmarks.Product{M: 3, N: 5, K: 7}, benchmarks.Timing{}))
	got, err := read(strings.NewReader("peak\tx\t1\nreading\tx\t1\n" + out.String()))
	require.NoError(t, err)
	require.Len(t, got.points, 2)
	assert.InDelta(t, 0.48, got.points[0].x, 0.02, "a row reads each weight, of four bytes, for two operations")
	assert.InEpsilon(t, 2*3*5*7/4.0/(15+21+35), got.points[1].x, 1e-3)
}

func TestBadFlags(t *testing.T) {
	for args, want := range map[string]string{
		"":                       "one file of figures is needed, got 0",
		"a b":                    "one file of figures is needed, got 2",
		"--measure a":            `"a" is not a flag`,
		"--measure --threads=0":  "threads must be at least 1, got 0",
		"--measure --seconds=-1": "seconds must be in [0, 1000000), got -1",
	} {
		var out, stderr bytes.Buffer
		assert.Equal(t, 2, run(strings.Fields(args), &out, &stderr))
		assert.Equal(t, "roofline: "+want+"; --help lists the flags\n", stderr.String())
	}
	var out, stderr bytes.Buffer
	assert.Equal(t, 1, run([]string{"/nowhere"}, &out, &stderr))
	assert.Contains(t, stderr.String(), "no such file")
	assert.Zero(t, run([]string{"--help"}, &out, &stderr))
	assert.Contains(t, out.String(), "-measure")
}
