package plot_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/models/plot"
)

// picture is any chart.
type picture interface{ SVG(w io.Writer) error }

// drawn is a picture that is well-formed and the same twice.
func drawn(t *testing.T, p picture) *parsed {
	t.Helper()
	var a, b bytes.Buffer
	require.NoError(t, p.SVG(&a))
	require.NoError(t, p.SVG(&b))
	require.True(t, bytes.Equal(a.Bytes(), b.Bytes()), "the same values, other bytes")
	assert.NotContains(t, a.String(), "NaN")
	assert.NotContains(t, a.String(), "Inf")
	assert.NotContains(t, a.String(), "%!", "a format that does not fit")
	return parse(t, a.Bytes())
}

// parsed is what a test asks of a picture.
type parsed struct {
	source string
	texts  []string
	titles []string
	boxes  map[string]int // how many elements have a class
	paths  map[string][]string
}

func parse(t *testing.T, svg []byte) *parsed {
	t.Helper()
	p := &parsed{source: string(svg), boxes: map[string]int{}, paths: map[string][]string{}}
	dec := xml.NewDecoder(bytes.NewReader(svg))
	in := ""
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return p
		}
		require.NoError(t, err)
		switch tok := tok.(type) {
		case xml.StartElement:
			in = tok.Name.Local
			class, d := "", ""
			for _, a := range tok.Attr {
				switch a.Name.Local {
				case "class":
					class = a.Value
				case "d":
					d = a.Value
				}
			}
			p.boxes[class]++
			if d != "" {
				p.paths[class] = append(p.paths[class], d)
			}
		case xml.EndElement:
			in = ""
		case xml.CharData:
			switch in {
			case "text":
				p.texts = append(p.texts, string(tok))
			case "title":
				p.titles = append(p.titles, string(tok))
			}
		}
	}
}

const hard = `<b> & "따옴표" ]]> <script>`

func TestLines(t *testing.T) {
	p := drawn(t, plot.Lines{
		Title: "손실 " + hard, Note: "note " + hard,
		X:      plot.Axis{Label: "걸음"},
		Y:      plot.Axis{Label: "nats"},
		Series: []plot.Series{{Name: hard, Y: []float64{3, 2, 1.5}}, {Name: "검증", Y: []float64{3, 2.5, 2}, Marks: true}},
	})
	for _, want := range []string{"손실 " + hard, "note " + hard, "걸음", "nats", hard, "검증", "1.5", "0"} {
		assert.Contains(t, p.texts, want)
	}
	assert.Equal(t, "손실 "+hard, p.titles[0])
	assert.Contains(t, p.titles, "검증: 1, 2.5", "a mark tells its value")
	assert.Len(t, p.paths["l s0"], 2, "a curve and its key")
	assert.Equal(t, 4, p.boxes["t1"], "a mark for each point and for the key")
}

// A logarithmic axis has powers of ten at equal distances.
func TestLinesLog(t *testing.T) {
	p := drawn(t, plot.Lines{
		Y:      plot.Axis{Log: true, Min: 1e-8},
		Series: []plot.Series{{Y: []float64{1, 1e-4, 1e-8, 0}}},
	})
	assert.Contains(t, p.texts, "10⁻⁶")
	assert.Contains(t, p.texts, "1")
	var x, y [3]float64
	_, err := fmt.Sscanf(p.paths["l s0"][0], "M%f %fL%f %fL%f %f", &x[0], &y[0], &x[1], &y[1], &x[2], &y[2])
	require.NoError(t, err)
	assert.InDelta(t, y[1]-y[0], y[2]-y[1], 0.11)
}

// Values whose logarithms differ by less than a tick can had ticks without an end.
func TestLinesLogNearlyEqual(t *testing.T) {
	for _, y := range []float64{math.Nextafter(1, 2), math.Nextafter(1, 0), 1 + 1e-15, 1 + 1e-9, 1 + 1e-8} {
		d := drawn(t, plot.Lines{Y: plot.Axis{Log: true}, Series: []plot.Series{{Y: []float64{1, y}}}})
		assert.Less(t, len(d.source), 10_000, "1 and %v", y)
	}
}

func TestLinesGaps(t *testing.T) {
	nan := math.NaN()
	y := []float64{1, 2, nan, 4, nan, 6, 7}
	err := plot.Lines{Series: []plot.Series{{Y: y}}}.SVG(io.Discard)
	require.EqualError(t, err, `plot: lines: series 1, "": point 2: Y is NaN`)
	p := drawn(t, plot.Lines{Series: []plot.Series{{Y: y, Lo: y, Hi: y, Gaps: true, Marks: true}}})
	assert.Equal(t, 3, strings.Count(p.paths["l s0"][0], "M"))
	assert.Equal(t, 3, strings.Count(p.paths["w t0"][0], "Z"))
	assert.Equal(t, 5, p.boxes["t0"])
}

// A million points keep their one peak, and the picture stays small.
func TestLinesThinned(t *testing.T) {
	y := make([]float64, 1_000_000)
	y[123_456], y[777_777] = 10, -10
	p := drawn(t, plot.Lines{Series: []plot.Series{{Y: y, Lo: y, Hi: y}}})
	assert.Less(t, len(p.source), 150_000)
	assert.Contains(t, strings.Join(p.texts, " "), "Of 1000000 points, the highest and lowest of each pixel are drawn.")
	assert.Contains(t, p.texts, "10")
	heights := map[string]int{}
	for at := range strings.SplitSeq(p.paths["l s0"][0][1:], "L") {
		_, y, _ := strings.Cut(at, " ")
		heights[y]++
	}
	assert.Len(t, heights, 3, "zero and both peaks")

	for i := range y { // to and fro
		y[i] = float64(i % 2 * 100)
	}
	x := make([]float64, len(y))
	for i := range x {
		x[i] = float64(i * 7919 % 1000)
	}
	p = drawn(t, plot.Lines{Lang: "ko", Series: []plot.Series{{X: x, Y: y}}})
	assert.Less(t, len(p.source), 400_000)
	assert.Contains(t, strings.Join(p.texts, " "), "점 1000000개 가운데")
}

func TestLinesTooMany(t *testing.T) {
	s := make([]plot.Series, 30)
	for i := range s {
		s[i] = plot.Series{Name: "s", Y: []float64{1, float64(i)}}
	}
	p := drawn(t, plot.Lines{Series: s})
	assert.Contains(t, p.texts, "Series 25 to 30 are left out.")
	dashes := map[string]bool{}
	for line := range strings.Lines(p.source) {
		if strings.HasPrefix(line, `<path class="l s`) && strings.Contains(line, "h26") {
			look, _, _ := strings.Cut(line, ` d="`)
			dashes[look] = true
		}
	}
	assert.Len(t, dashes, 24, "no two series look alike")
}

func TestLinesErrors(t *testing.T) {
	one := []float64{1, 2}
	for name, c := range map[string]struct {
		chart plot.Lines
		want  string
	}{
		"empty":        {plot.Lines{Title: "t"}, `plot: lines "t": there are no values`},
		"empty series": {plot.Lines{Series: []plot.Series{{}}}, "plot: lines: there are no values"},
		"only gaps": {
			plot.Lines{Series: []plot.Series{{Y: []float64{math.NaN()}, Gaps: true}}}, "plot: lines: there are no values",
		},
		"infinite": {
			plot.Lines{Series: []plot.Series{{Y: one}, {Name: "b", Y: []float64{1, math.Inf(1)}}}},
			`plot: lines: series 2, "b": point 1: Y is +Inf`,
		},
		"x": {plot.Lines{Series: []plot.Series{{X: one, Y: one[:1]}}}, `plot: lines: series 1, "": X has 2 values, Y has 1`},
		"NaN in x": {
			plot.Lines{Series: []plot.Series{{X: []float64{math.NaN()}, Y: one[:1]}}}, `plot: lines: series 1, "": point 0: X is NaN`,
		},
		"lo": {plot.Lines{Series: []plot.Series{{Y: one, Lo: one}}}, `plot: lines: series 1, "": an interval needs both Lo and Hi`},
		"log": {
			plot.Lines{Y: plot.Axis{Log: true}, Series: []plot.Series{{Y: []float64{0}}}},
			`plot: lines: series 1, "": point 0: Y is 0, and its axis is logarithmic`,
		},
		"negative": {
			plot.Lines{Y: plot.Axis{Log: true, Min: 1}, Series: []plot.Series{{Y: []float64{-2}}}},
			`plot: lines: series 1, "": point 0: Y is -2, and its axis is logarithmic`,
		},
		"axis": {
			plot.Lines{Y: plot.Axis{Min: 2, Max: 1}, Series: []plot.Series{{Y: one}}}, "plot: lines: Y.Min is 2, not below Y.Max, 1",
		},
		"size":     {plot.Lines{Width: 1e9, Series: []plot.Series{{Y: one}}}, "plot: lines: the size is 1e+09 x 400, 160 to 4000 wanted"},
		"language": {plot.Lines{Lang: "fr", Series: []plot.Series{{Y: one}}}, `plot: lines: the language is "fr", en or ko wanted`},
		"range": {
			plot.Lines{Series: []plot.Series{{Y: []float64{-1e308, 1e308}}}}, "plot: lines: Y goes from -1e+308 to 1e+308, too far",
		},
	} {
		t.Run(name, func(t *testing.T) { assert.EqualError(t, c.chart.SVG(io.Discard), c.want) })
	}
	full := plot.Lines{Series: []plot.Series{{Y: one}}}
	require.ErrorIs(t, full.SVG(broken{}), io.ErrClosedPipe)
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// Values of every size make a picture: no axis is empty, none is endless.
func TestLinesExtremes(t *testing.T) {
	tiny := math.SmallestNonzeroFloat64
	for _, y := range [][]float64{
		{0}, {5}, {-3, -3}, {tiny, 2 * tiny}, {-tiny, tiny}, {1e300}, {1e-300, 1e300}, {1e15, 1e15 + 1}, {-1e299, 1e299}, {1, 1 + 1e-12}, {1, 1 + 0x1p-52},
	} {
		for _, log := range []bool{false, true} {
			if log && y[0] <= 0 {
				continue
			}
			p := drawn(t, plot.Lines{Y: plot.Axis{Log: log}, Series: []plot.Series{{Y: y}}})
			assert.Less(t, len(p.source), 10_000, "%v", y)
			assert.Greater(t, p.boxes["g"], 1, "%v: no ticks", y)
		}
	}
}

func TestHeatMap(t *testing.T) {
	p := drawn(t, plot.HeatMap{
		Title: "어텐션", RowTitle: "출력", ColTitle: "입력", Rows: []string{hard, "\n"}, Cols: []string{"a", " ", "나는"},
		Values: [][]float64{{0, 0.5, 1}, {1, 0.25, 0}}, Scale: plot.Scale{Label: "가중치"}, Numbers: true,
	})
	for _, want := range []string{"어텐션", "출력", "입력", "⏎", "␣", "나는", "가중치", "0.25", "0.50"} {
		assert.Contains(t, p.texts, want)
	}
	assert.Contains(t, p.titles, hard+", 나는: 1", "a cell tells its value")
	assert.Equal(t, 3, p.boxes["a0"], "two cells and the bar")
	assert.Equal(t, 3, p.boxes["a32"])
	assert.Equal(t, 1, p.boxes["n m a16"], "the number stands on its colour")
}

func TestHeatMapDiverging(t *testing.T) {
	p := drawn(t, plot.HeatMap{Values: [][]float64{{-1, 0, 4}}, Scale: plot.Scale{Diverging: true}})
	assert.Equal(t, 2, p.boxes["d16"], "0 is in the middle")
	assert.Equal(t, 2, p.boxes["d32"])
	assert.Equal(t, 1, p.boxes["d0"], "only in the bar: -4")
	assert.Equal(t, 2, p.boxes["d12"])
}

func TestHeatMapTooLarge(t *testing.T) {
	v := make([][]float64, 300)
	for i := range v {
		v[i] = make([]float64, 1000)
		v[i][i] = 1
	}
	p := drawn(t, plot.HeatMap{Values: v})
	assert.Contains(t, p.texts, "Rows 201 to 300 are left out.")
	assert.Contains(t, p.texts, "Columns 201 to 1000 are left out.")
	assert.Less(t, len(p.source), 200_000, "neighbours of one colour are one box")
	for i := range v {
		v[i] = v[i][:i+1]
	}
	p = drawn(t, plot.Triangle{Values: v, Lang: "ko"})
	assert.Contains(t, p.texts, "201번째부터 300번째까지의 행은 생략했습니다.")
}

func TestTriangle(t *testing.T) {
	p := drawn(t, plot.Triangle{
		RowTitle: "t", ColTitle: "k", Values: [][]float64{{1, 0, 0}, {0.1, 1, math.NaN()}, {0.01, 0.1, 1}},
		Scale: plot.Scale{Log: true},
	})
	assert.Equal(t, 4, p.boxes["a32"], "the diagonal and the bar")
	assert.Equal(t, 2, p.boxes["a0"])
	assert.Equal(t, 3, p.boxes["a16"])
	assert.Contains(t, p.titles, "2, 0: 0.01")
	assert.NotContains(t, p.titles, "0, 2: 0")
}

func TestHeatMapErrors(t *testing.T) {
	two := [][]float64{{1, 2}, {3, 4}}
	for name, c := range map[string]struct {
		chart picture
		want  string
	}{
		"empty":  {plot.HeatMap{Title: "g"}, `plot: heat map "g": there are no values`},
		"ragged": {plot.HeatMap{Values: [][]float64{{1, 2}, {3}}}, "plot: heat map: row 1 has 1 values, row 0 has 2"},
		"rows":   {plot.HeatMap{Values: two, Rows: []string{"a"}}, "plot: heat map: there are 2 rows of values, Rows has 1 names"},
		"cols":   {plot.HeatMap{Values: two, Cols: []string{}}, "plot: heat map: there are 2 columns of values, Cols has 0 names"},
		"NaN":    {plot.HeatMap{Values: [][]float64{{1, 2}, {3, math.NaN()}}}, "plot: heat map: row 1, column 1: the value is NaN"},
		"log": {
			plot.HeatMap{Values: [][]float64{{1, 0}}, Scale: plot.Scale{Log: true}},
			"plot: heat map: row 0, column 1: the value is 0, and its axis is logarithmic",
		},
		"both": {
			plot.HeatMap{Values: two, Scale: plot.Scale{Log: true, Diverging: true}},
			"plot: heat map: Scale is Log and Diverging at the same time",
		},
		"scale":    {plot.HeatMap{Values: two, Scale: plot.Scale{Min: 3, Max: 2}}, "plot: heat map: Scale.Min is 3, not below Scale.Max, 2"},
		"width":    {plot.HeatMap{Values: two, Width: -5}, "plot: heat map: the width is -5, 160 to 4000 wanted"},
		"language": {plot.HeatMap{Values: two, Lang: "xx"}, `plot: heat map: the language is "xx", en or ko wanted`},
		"short":    {plot.Triangle{Title: "g", Values: [][]float64{{1}, {1}}}, `plot: triangle "g": row 1 has 1 values, 2 or 2 wanted`},
		"above": {
			plot.Triangle{Values: [][]float64{{1, 7}, {1, 1}}},
			"plot: triangle: row 0, column 1: the value is 7, above the diagonal it must be 0",
		},
		"no rows": {plot.Triangle{}, "plot: triangle: there are no values"},
	} {
		t.Run(name, func(t *testing.T) { assert.EqualError(t, c.chart.SVG(io.Discard), c.want) })
	}
}

// Titles and notes are wrapped, and end somewhere.
func TestLongTexts(t *testing.T) {
	p := drawn(t, plot.Lines{Title: strings.Repeat("긴 제목 ", 50_000), Note: strings.Repeat("x", 5000), Series: []plot.Series{{Y: []float64{1, 2}}}})
	assert.Contains(t, p.texts, "…")
	assert.Less(t, len(p.texts), 40)
}
