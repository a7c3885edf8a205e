package plot_test

import (
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/models/plot"
)

func TestText(t *testing.T) {
	p := drawn(t, plot.Text{
		Title: hard, Tokens: []string{"나", "는", " ", hard, "\n", "x"}, Values: []float64{-1, 0, 1, 0.5, 0, math.NaN()},
		Unknown: true, Scale: plot.Scale{Diverging: true, Label: "활성"},
	})
	for _, want := range []string{"나", "는", hard, "⏎", "x", "활성"} {
		assert.Contains(t, p.texts, want)
	}
	assert.NotContains(t, p.texts, " ")
	assert.Contains(t, p.titles, "␣: 1")
	assert.Contains(t, p.titles, "x", "unknown: no value")
	assert.Equal(t, 1, p.boxes["c d0"])
	assert.Equal(t, 1, p.boxes["q"], "unknown: no colour")
	assert.Greater(t, boxY(t, p.source, "q"), boxY(t, p.source, "d0"), "a new line")
}

// boxY is the height at which the first box of a class stands.
func boxY(t *testing.T, source, class string) (y float64) {
	t.Helper()
	var x float64
	_, rest, _ := strings.Cut(source, `<rect class="`+class+`"`)
	_, err := fmt.Sscanf(rest, ` x="%f" y="%f"`, &x, &y)
	require.NoError(t, err, class)
	return y
}

// Lines end at white space, no line is wider than the picture, and no token is
// lost.
func TestTextLines(t *testing.T) {
	var tokens []string
	for _, r := range strings.Repeat("the old man and 바다 ", 40) + strings.Repeat("가", 200) {
		tokens = append(tokens, string(r))
	}
	tokens = append(tokens, strings.Repeat("W", 500)) // wider than the picture
	p := drawn(t, plot.Text{Tokens: tokens, Values: make([]float64, len(tokens)), Width: 400})
	boxes := 0
	for line := range strings.Lines(p.source) {
		var x, y, w, h float64
		if n, _ := fmt.Sscanf(line, `<rect class="a16" x="%f" y="%f" width="%f" height="%f"`, &x, &y, &w, &h); n == 4 && h == 24 {
			boxes++
			if w < 100 {
				assert.LessOrEqual(t, x+w, 387.0)
			}
		}
	}
	assert.Equal(t, len(tokens), boxes)
	p = drawn(t, plot.Text{Tokens: []string{"영화가", " 정말", " 좋다"}, Values: []float64{1, 2, 3}, Width: 160})
	assert.Contains(t, p.texts, " 정말")
}

func TestTextTooLong(t *testing.T) {
	tokens := strings.Split(strings.Repeat("a", 10_000), "")
	p := drawn(t, plot.Text{Tokens: tokens, Values: make([]float64, 10_000), Lang: "ko"})
	assert.Contains(t, p.texts, "4001번째부터 10000번째까지의 토큰은 생략했습니다.")
}

func TestBars(t *testing.T) {
	p := drawn(t, plot.Bars{
		Title: hard, Labels: []string{hard, "원-핫"}, X: plot.Axis{Label: "ms"},
		Series: []plot.Series{{Name: "앞", Y: []float64{1, 20_000}}, {Name: "뒤", Y: []float64{-2, 0}}},
	})
	for _, want := range []string{hard, "원-핫", "ms", "앞", "뒤", "20,000", "-2", "0"} {
		assert.Contains(t, p.texts, want)
	}
	assert.Equal(t, 3, p.boxes["t0"], "two bars and the key")
	assert.Contains(t, p.titles, "뒤, "+hard+": -2")
	p = drawn(t, plot.Bars{Labels: []string{"a", "b"}, X: plot.Axis{Log: true}, Series: []plot.Series{{Y: []float64{1, 1000}}}})
	assert.NotContains(t, p.source, `width="0"`, "the shortest bar is seen")
	many := make([]string, 150)
	p = drawn(t, plot.Bars{Labels: many, Series: []plot.Series{{Y: make([]float64, 150)}}})
	assert.Contains(t, p.texts, "Bars 101 to 150 are left out.")
}

func TestScatter(t *testing.T) {
	p := drawn(t, plot.Scatter{
		Title: hard, X: plot.Axis{Label: "x"}, Y: plot.Axis{Label: "y"},
		Series: []plot.Points{
			{Name: "도시", X: []float64{0, 1}, Y: []float64{0, 1}, Labels: []string{"서울", hard}},
			{Name: "rest", X: []float64{0.5}, Y: []float64{0.2}},
		},
	})
	for _, want := range []string{hard, "x", "y", "도시", "rest", "서울"} {
		assert.Contains(t, p.texts, want)
	}
	assert.Contains(t, p.titles, "서울: 0, 0")
	assert.Contains(t, p.titles, "0.5, 0.2")
}

// Labels do not meet; those without room are counted, and never lost silently.
func TestScatterLabels(t *testing.T) {
	g := plot.Points{}
	for i := range 20_000 {
		a := float64(i) * 0.7
		g.X, g.Y = append(g.X, math.Cos(a)*a), append(g.Y, math.Sin(a)*a)
		g.Labels = append(g.Labels, fmt.Sprintf("word %d", i))
	}
	p := drawn(t, plot.Scatter{Series: []plot.Points{g}})
	texts := strings.Join(p.texts, "\n")
	assert.Contains(t, texts, "5000 of 20000 points are drawn.")
	type box struct{ x, y, w float64 }
	var boxes []box
	for line := range strings.Lines(p.source) {
		var b box
		if n, _ := fmt.Sscanf(line, `<text class="n o" x="%f" y="%f">`, &b.x, &b.y); n == 2 {
			b.w = float64(strings.Index(line, "</text>")-strings.Index(line, ">")) * 4 // less than the letters take
			boxes = append(boxes, b)
		}
	}
	assert.NotEmpty(t, boxes)
	for i, a := range boxes {
		for _, b := range boxes[:i] {
			assert.False(t, math.Abs(a.y-b.y) < 12 && a.x < b.x+b.w && b.x < a.x+a.w, "%v meets %v", a, b)
		}
	}
	assert.Contains(t, texts, fmt.Sprintf("%d of 5000 labels are left out, there is no room.", 5000-len(boxes)))
}

func TestChartErrors(t *testing.T) {
	inf := math.Inf(-1)
	for name, c := range map[string]struct {
		chart picture
		want  string
	}{
		"text empty":   {plot.Text{Title: "t"}, `plot: text "t": there are no values`},
		"text lengths": {plot.Text{Tokens: []string{"a"}}, "plot: text: there are 1 tokens and 0 values"},
		"text NaN": {
			plot.Text{Tokens: []string{"a", "b"}, Values: []float64{1, math.NaN()}}, `plot: text: token 1, "b": the value is NaN`,
		},
		"text unknown": {
			plot.Text{Tokens: []string{"a"}, Values: []float64{math.NaN()}, Unknown: true}, "plot: text: there are no values",
		},
		"text width":   {plot.Text{Tokens: []string{"a"}, Values: []float64{1}, Width: 7}, "plot: text: the width is 7, 160 to 4000 wanted"},
		"bars empty":   {plot.Bars{}, "plot: bars: there are no values"},
		"bars lengths": {plot.Bars{Labels: []string{"a"}, Series: []plot.Series{{Name: "s"}}}, `plot: bars: series 1, "s": there are 1 labels, Y has 0 values`},
		"bars infinite": {
			plot.Bars{Labels: []string{"a"}, Series: []plot.Series{{Y: []float64{inf}}}}, `plot: bars: series 1, "": "a": X is -Inf`,
		},
		"bars log": {
			plot.Bars{Labels: []string{"a"}, X: plot.Axis{Log: true}, Series: []plot.Series{{Y: []float64{0}}}},
			`plot: bars: series 1, "": "a": X is 0, and its axis is logarithmic`,
		},
		"scatter empty": {plot.Scatter{Title: "s"}, `plot: scatter "s": there are no points`},
		"scatter lengths": {
			plot.Scatter{Series: []plot.Points{{X: []float64{1}}}},
			`plot: scatter: series 1, "": X has 1 values, Y has 0, and there are 0 labels`,
		},
		"scatter NaN": {
			plot.Scatter{Series: []plot.Points{{Name: "w", X: []float64{1}, Y: []float64{math.NaN()}}}},
			`plot: scatter: series 1, "w": point 0: Y is NaN`,
		},
	} {
		t.Run(name, func(t *testing.T) { assert.EqualError(t, c.chart.SVG(io.Discard), c.want) })
	}
}

// No rule of style reaches beyond the picture, and nothing comes from outside.
func TestInline(t *testing.T) {
	p := drawn(t, plot.Text{Tokens: []string{"a"}, Values: []float64{1}})
	_, css, _ := strings.Cut(p.source, "<style>")
	css, _, _ = strings.Cut(css, "</style>")
	light, dark, ok := strings.Cut(css, "@media(prefers-color-scheme:dark){")
	assert.True(t, ok)
	for rule := range strings.SplitSeq(light+strings.TrimSuffix(dark, "}"), "}") {
		if rule != "" {
			assert.True(t, strings.HasPrefix(rule, "svg.plot "), rule)
		}
	}
	assert.NotContains(t, p.source, " id=")
	assert.Equal(t, 1, strings.Count(p.source, "http"), "the name of the namespace")
	assert.NotContains(t, css, "url(")
}

// Values of every size make pictures of every kind, or an error; never NaN in
// the file, and never a panic.
func TestChartExtremes(t *testing.T) {
	tiny := math.SmallestNonzeroFloat64
	for _, v := range [][]float64{
		{0, 0},
		{5, 5},
		{-3, -3},
		{tiny, 2 * tiny},
		{-tiny, tiny},
		{1e300, 1e300},
		{1e-300, 1e300},
		{-1e299, 1e299},
		{1, 1 + 1e-15},
		{1, 1 + 0x1p-52},
		{1e308, 1e308},
		{-1e308, 1e308},
	} {
		for _, log := range []bool{false, true} {
			axis := plot.Axis{Log: log, Min: map[bool]float64{true: 1e-5}[log]}
			scale := plot.Scale{Log: log, Min: axis.Min}
			tokens := []string{"a", "b"}
			for _, p := range []picture{
				plot.HeatMap{Values: [][]float64{v}, Scale: scale, Numbers: true},
				plot.HeatMap{Values: [][]float64{v}, Scale: plot.Scale{Diverging: true}, Numbers: true},
				plot.Triangle{Values: [][]float64{v[:1], v}, Scale: scale},
				plot.Text{Tokens: tokens, Values: v, Scale: scale},
				plot.Bars{Labels: tokens, Series: []plot.Series{{Y: v}}, X: axis},
				plot.Scatter{X: axis, Y: axis, Series: []plot.Points{{X: v, Y: v, Labels: tokens}}},
			} {
				if err := p.SVG(io.Discard); err != nil {
					assert.Regexp(t, "axis is logarithmic|too far", err.Error())
					continue
				}
				assert.Less(t, len(drawn(t, p).source), 40_000)
			}
		}
	}
}
