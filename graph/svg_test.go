package graph

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/internal/svg"
)

// awkward is a formula whose names mean something to DOT or XML.
func awkward(g *Builder) {
	x := g.Scope(`범위 <a> & "b"`).Input(`입력 \N "값" <b> & &amp; {|}`, g.B, 2)
	g.Output("쉬운 출력 이름은 아주 길어서 상자에 다 들어가지 않는다", g.Tanh(x))
	g.Output("tab\tand\x00nul\xff", g.Scale(x, -0.5))
}

// svgTexts are the text elements of a picture, and its titles.
func svgTexts(t *testing.T, svg []byte) (texts, titles []string) {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(svg))
	in := ""
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return texts, titles
		}
		require.NoError(t, err)
		switch tok := tok.(type) {
		case xml.StartElement:
			in = tok.Name.Local
		case xml.EndElement:
			in = ""
		case xml.CharData:
			switch in {
			case "text":
				texts = append(texts, string(tok))
			case "title":
				titles = append(titles, string(tok))
			}
		}
	}
}

func TestSVG(t *testing.T) {
	for _, d := range append(drawings(), drawing{"awkward", Key{B: 2}, awkward, nil}) {
		t.Run(d.name, func(t *testing.T) {
			p := d.build(t)
			var a, b, c bytes.Buffer
			require.NoError(t, p.SVG(&a))
			require.NoError(t, p.SVG(&b))
			require.NoError(t, d.build(t).SVG(&c))
			assert.True(t, bytes.Equal(a.Bytes(), b.Bytes()) && bytes.Equal(a.Bytes(), c.Bytes()), "the same formula, other bytes")
			pic, err := p.picture()
			require.NoError(t, err)
			_, titles := svgTexts(t, a.Bytes())
			assert.Equal(t, pic.title, titles[0])
			for _, m := range pic.marks {
				assert.Contains(t, titles, svg.Printable(m.describe()))
			}
			assert.GreaterOrEqual(t, len(titles), 1+len(pic.marks)+pic.edges)
			assert.NotContains(t, a.String(), "NaN")
			assert.NotContains(t, a.String(), "http://www.w3.org/1999/xlink", "nothing from outside")
		})
	}
}

func TestSVGNames(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, drawing{"", Key{B: 2}, awkward, nil}.build(t).SVG(&b))
	texts, titles := svgTexts(t, b.Bytes())
	all := strings.Join(titles, "\n")
	assert.Contains(t, all, `범위 <a> & "b"/입력 \N "값" <b> & &amp; {|}`)
	assert.Contains(t, all, "쉬운 출력 이름은 아주 길어서 상자에 다 들어가지 않는다")
	assert.Contains(t, all, "tab\uFFFDand\uFFFDnul\uFFFD")
	for _, s := range texts {
		assert.NotContains(t, s, "상자에 다 들어가지", "a long name is cut")
	}
	assert.Contains(t, b.String(), "Noto Sans CJK KR")
	assert.Contains(t, b.String(), "Malgun Gothic")
	assert.Contains(t, b.String(), "prefers-color-scheme: dark")
}

func TestSVGRoles(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, drawings()[1].build(t).SVG(&b))
	for _, c := range svgClasses[:roleCell] { // which are of sketches
		assert.True(t, strings.Contains(b.String(), `<g class="n `+c+`">`), c)
	}
	var e bytes.Buffer
	require.NoError(t, drawings()[0].build(t).SVG(&e))
	assert.NotContains(t, e.String(), `class="n grad"`, "a program that only evaluates has no gradients")
	assert.NotContains(t, e.String(), "← gradients")
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestPictureErrors(t *testing.T) {
	p := drawings()[0].build(t)
	require.ErrorIs(t, p.SVG(brokenPipe{}), io.ErrClosedPipe)
	require.ErrorIs(t, p.DOT(brokenPipe{}), io.ErrClosedPipe)
	require.NoError(t, p.Close())
	require.ErrorIs(t, p.SVG(io.Discard), ErrClosed)
	require.ErrorIs(t, p.DOT(io.Discard), ErrClosed)
}

// Text on its box has the contrast that WCAG 2 asks for, 4.5, in light and in
// dark; boxes of input, output and operation differ in grey as well.
func TestSVGContrast(t *testing.T) {
	light, dark, _ := strings.Cut(svgStyle, "@media")
	fill := func(css, class string) string {
		m := regexp.MustCompile(regexp.QuoteMeta(class) + `[^{}]*\{[^}]*fill:#([0-9a-f]+)`).FindStringSubmatch(css)
		require.NotNil(t, m, class)
		return m[1]
	}
	for name, css := range map[string]string{"light": light, "dark": dark} {
		for _, c := range svgClasses {
			text := fill(css, "\ntext")
			if c == "output" {
				text = fill(css, ".output text")
			}
			assert.GreaterOrEqual(t, contrast(text, fill(css, "."+c+" .x")), 4.5, "%s: %s", name, c)
		}
		assert.GreaterOrEqual(t, contrast(fill(css, "\ntext"), fill(css, ".bg")), 7.0, name)
	}
}

// contrast is the ratio of the luminances of two colours, as WCAG 2 has it.
func contrast(a, b string) float64 {
	light := func(s string) float64 {
		if len(s) == 3 {
			s = string([]byte{s[0], s[0], s[1], s[1], s[2], s[2]})
		}
		sum := 0.0
		for i, w := range []float64{0.2126, 0.7152, 0.0722} {
			n, _ := strconv.ParseUint(s[2*i:2*i+2], 16, 8)
			c := float64(n) / 255
			if c <= 0.03928 {
				c /= 12.92
			} else {
				c = math.Pow((c+0.055)/1.055, 2.4)
			}
			sum += w * c
		}
		return sum + 0.05
	}
	x, y := light(a), light(b)
	return max(x, y) / min(x, y)
}
