package graph

import (
	"bytes"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDOT(t *testing.T) {
	for _, d := range append(drawings(), drawing{"awkward", Key{B: 2}, awkward, nil}) {
		t.Run(d.name, func(t *testing.T) {
			p := d.build(t)
			var a, b bytes.Buffer
			require.NoError(t, p.DOT(&a))
			require.NoError(t, d.build(t).DOT(&b))
			assert.Equal(t, a.String(), b.String())
			pic, err := p.picture()
			require.NoError(t, err)
			text := a.String()
			assert.Len(t, regexp.MustCompile(`(?m)^\t+n\d+ \[label=`).FindAllString(text, -1), len(pic.marks))
			assert.Len(t, regexp.MustCompile(`(?m)^\tn\d+ -> n\d+ \[`).FindAllString(text, -1), pic.edges)
			assert.Equal(t, strings.Count(text, "{\n"), strings.Count(text, "}\n"), "braces")
			for _, m := range pic.marks {
				assert.Contains(t, text, "label="+dotQuote(m.name+"\n"+m.shape)+", tooltip="+dotQuote(m.describe()))
			}
			if len(pic.marks) > 100 {
				graphviz(t, a.Bytes(), "nop") // reads the text; placing many nodes takes long
				return
			}
			graphviz(t, a.Bytes(), "dot", "-Tsvg")
		})
	}
}

// graphviz gives a text to a program of Graphviz, if that is installed.
func graphviz(t *testing.T, dot []byte, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Logf("%s of Graphviz is not installed; the text alone was checked", name)
		return ""
	}
	cmd := exec.Command(path, args...)
	cmd.Stdin = bytes.NewReader(dot)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoError(t, cmd.Run(), errs.String())
	assert.NotContains(t, errs.String(), "syntax error")
	return out.String()
}

func TestDOTNames(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, drawing{"", Key{B: 2}, awkward, nil}.build(t).DOT(&b))
	assert.Contains(t, b.String(), `label="범위 <a> &amp; \"b\"/입력 \\N \"값\" <b> &amp; &amp;amp; {|}\n[2, 2]"`)
	assert.Contains(t, b.String(), "tab\uFFFDand\uFFFDnul\uFFFD")
	if svg := graphviz(t, b.Bytes(), "dot", "-Tsvg"); svg != "" {
		texts, _ := svgTexts(t, []byte(svg))
		name := strings.ReplaceAll(strings.Join(texts, "\n"), "\u00a0", " ")
		assert.Contains(t, name, `범위 <a> & "b"/입력 \N "값" <b> & &amp; {|}`, "Graphviz shows the name as it is")
	}
}

func TestDOTShowsTheFormula(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, drawings()[1].build(t).DOT(&b))
	for _, want := range []string{
		`label="rnn"`, `label="out"`, `label="gradients"`, `label="rnn: gradients"`, `label="step 0"`, `label="step 2"`,
		`label="x\n[3, 2, 4]"`, `label="정답\n[3, 2] ids"`, `label="loss\nscalar"`, `label="next state/0\n[2, 5]"`,
		`label="∂ rnn/Wh\n[5, 5]"`, `label="MatMul c+a·b\n[2, 5]"`, `label="TanhGrad\n[2, 5]"`,
		`tooltip="operation: Tanh [2, 5], scope rnn, step 1"`, `label="a"`, `label="b"`, `label="c"`, `dir=back`,
	} {
		assert.Contains(t, b.String(), want)
	}
	var e bytes.Buffer
	require.NoError(t, drawings()[0].build(t).DOT(&e))
	assert.NotContains(t, e.String(), "octagon", "a program that only evaluates has no gradients")
}

// An output of Grad is an output; what computes it is drawn as gradients.
func TestPictureOfGrad(t *testing.T) {
	pic, err := drawing{"", Key{B: 2}, drawBox, nil}.build(t).picture()
	require.NoError(t, err)
	back := map[string]bool{}
	for _, m := range pic.marks {
		back[m.name] = m.back
	}
	assert.True(t, back["SigmoidGrad"] || back["SigmoidGradOf"])
	assert.True(t, back["dx"])
	assert.False(t, back["Sigmoid"])
	assert.False(t, back["x"])
}

// Every role has a shape of its own, so that grey prints can be read.
func TestRolesDiffer(t *testing.T) {
	seen := map[string]role{}
	for r := range roles {
		look := dotLooks[r].shape + " " + dotLooks[r].style
		other, twice := seen[look]
		assert.False(t, twice, "%s looks like %s", r, other)
		seen[look] = r
		for o := range r {
			assert.NotEqual(t, o.outline(0, 0, 50, 20, false), r.outline(0, 0, 50, 20, false), "%s and %s", r, o)
		}
	}
}

func BenchmarkSVG(b *testing.B) {
	p, err := Build(NewParams(1), Key{B: 2, T: 100, Train: true}, drawRNN)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		if err := p.SVG(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
