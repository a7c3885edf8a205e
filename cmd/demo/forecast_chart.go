package main

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/unroll-go/unroll/internal/atomicfile"
)

// The picture of a walk, in pixels.
const (
	chartWidth, chartHeight         = 960, 420
	chartLeft, chartRight           = 70, 20
	chartTop, chartBottom           = 56, 46
	chartMost                       = 400 // moments that are shown, the last ones
	chartTicks                      = 5
	chartPlotWidth                  = chartWidth - chartLeft - chartRight
	chartPlotHeight         float64 = chartHeight - chartTop - chartBottom
)

// chartStyle has colours for light and dark pages.
const chartStyle = `<style>
svg { font: 13px "Noto Sans", "Noto Sans CJK KR", "Noto Sans KR", sans-serif; } .page { fill: #ffffff; }
text { fill: #333333; } .grid { stroke: #dddddd; } .title { font-size: 16px; font-weight: bold; }
.truth { stroke: #222222; fill: none; stroke-width: 1.6; } .said { stroke: #d1495b; fill: none; stroke-width: 1.6; }
.band { fill: #d1495b; opacity: 0.2; }
@media (prefers-color-scheme: dark) {
.page { fill: #16181d; } text { fill: #dddddd; } .grid { stroke: #3a3d45; }
.truth { stroke: #eeeeee; } .said { stroke: #ff8fa0; } .band { fill: #ff8fa0; opacity: 0.25; }
}
</style>
`

// draw writes the picture to a file that is replaced as a whole.
func (w *walked) draw(path string) error { return atomicfile.Write(path, w.chart) }

// chart draws the truth, the forecasts of one moment ahead and their interval.
func (w *walked) chart(out io.Writer) error {
	c := w.newChart()
	var b strings.Builder
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n",
		chartWidth, chartHeight, chartWidth, chartHeight)
	fmt.Fprintf(&b, "<title>%s</title>\n%s<path class=\"page\" d=\"M0 0h%dv%dH0Z\"/>\n",
		escaped(w.model.Names[0]), chartStyle, chartWidth, chartHeight)
	c.axes(&b)
	if len(c.lo) > 0 {
		fmt.Fprintf(&b, "<path class=\"band\" d=\"%s\"/>\n", c.band())
	}
	fmt.Fprintf(&b, "<path class=\"truth\" d=\"%s\"/>\n<path class=\"said\" d=\"%s\"/>\n", c.line(c.truth), c.line(c.said))
	c.legend(&b, w)
	b.WriteString("</svg>\n")
	_, err := io.WriteString(out, b.String())
	return err
}

// chart is what is drawn: moments from first to last, NaN where nothing is known.
type chart struct {
	first       int // the moment of the first value
	truth, said []float64
	lo, hi      []float64
	min, max    float64
	times       []string
}

// newChart gathers the values of the last moments.
func (w *walked) newChart() *chart {
	last := w.forecasts[len(w.forecasts)-1].At + 1
	c := &chart{first: max(w.forecasts[0].At+1, last+1-chartMost), times: w.all.times, min: math.Inf(1), max: math.Inf(-1)}
	n := last + 1 - c.first
	c.truth, c.said = unknowns(n), unknowns(n)
	if len(w.model.Config.Quantiles) > 1 {
		c.lo, c.hi = unknowns(n), unknowns(n)
	}
	for i := range n {
		c.truth[i] = w.all.Values[(c.first+i)*w.all.D()]
		c.widen(c.truth[i])
	}
	for _, f := range w.forecasts {
		i := f.At + 1 - c.first
		if i < 0 {
			continue
		}
		c.said[i] = f.Values[0]
		c.widen(c.said[i])
		if q := f.Quantiles[0]; len(c.lo) > 0 {
			c.lo[i], c.hi[i] = q[0], q[len(q)-1]
			c.widen(c.lo[i])
			c.widen(c.hi[i])
		}
	}
	if c.max == c.min {
		c.min, c.max = c.min-1, c.max+1
	}
	return c
}

func unknowns(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.NaN()
	}
	return x
}

// widen makes room for a value.
func (c *chart) widen(x float64) {
	if !math.IsNaN(x) {
		c.min, c.max = min(c.min, x), max(c.max, x)
	}
}

func (c *chart) x(i int) float64 {
	return chartLeft + chartPlotWidth*float64(i)/float64(max(len(c.truth)-1, 1))
}

func (c *chart) y(v float64) float64 {
	return chartTop + chartPlotHeight*(c.max-v)/(c.max-c.min)
}

// line is a path through values, broken where they are unknown.
func (c *chart) line(values []float64) string {
	var b strings.Builder
	pen := "M"
	for i, v := range values {
		if math.IsNaN(v) {
			pen = "M"
			continue
		}
		fmt.Fprintf(&b, "%s%.1f %.1f", pen, c.x(i), c.y(v))
		pen = "L"
	}
	return b.String()
}

// band is the area between the ends of the interval, piece by piece.
func (c *chart) band() string {
	var b strings.Builder
	for from := 0; from < len(c.lo); from++ {
		to := from
		for to < len(c.lo) && !math.IsNaN(c.lo[to]) {
			to++
		}
		if to == from {
			continue
		}
		for i := from; i < to; i++ {
			fmt.Fprintf(&b, "%s%.1f %.1f", map[bool]string{true: "M", false: "L"}[i == from], c.x(i), c.y(c.hi[i]))
		}
		for i := to - 1; i >= from; i-- {
			fmt.Fprintf(&b, "L%.1f %.1f", c.x(i), c.y(c.lo[i]))
		}
		b.WriteByte('Z')
		from = to
	}
	return b.String()
}

// axes draws lines at round values, and names some moments.
func (c *chart) axes(b *strings.Builder) {
	step := roundStep((c.max - c.min) / chartTicks)
	for v := math.Ceil(c.min/step) * step; v <= c.max; v += step {
		fmt.Fprintf(b, "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.6g</text>\n",
			chartLeft, c.y(v), chartWidth-chartRight, chartLeft-8, c.y(v)+4, math.Round(v/step)*step+0) // + 0: never -0
	}
	for k := range chartTicks {
		i := k * (len(c.truth) - 1) / (chartTicks - 1)
		name := fmt.Sprint(c.first + i + 1)
		if c.first+i < len(c.times) {
			name = shortTime(c.times[c.first+i])
		}
		anchor := [chartTicks]string{"start", "middle", "middle", "middle", "end"}[k]
		fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s</text>\n", c.x(i), chartHeight-chartBottom+24, anchor, escaped(name))
	}
}

// shortTime is the beginning of a moment's name.
func shortTime(name string) string {
	const most = 20
	if r := []rune(name); len(r) > most {
		return string(r[:most]) + "…"
	}
	return name
}

// roundStep is the 1, 2 or 5 with zeros that is next above x.
func roundStep(x float64) float64 {
	ten := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 5} {
		if m*ten >= x {
			return m * ten
		}
	}
	return 10 * ten
}

// legend names the lines.
func (c *chart) legend(b *strings.Builder, w *walked) {
	r := w.report
	fmt.Fprintf(b, "<text class=\"title\" x=\"%d\" y=\"22\">%s</text>\n", chartLeft, escaped(w.model.Names[0]))
	fmt.Fprintf(b, "<path class=\"truth\" d=\"M%d 40h24\"/><text x=\"%d\" y=\"44\">truth</text>\n", chartLeft, chartLeft+30)
	said := fmt.Sprintf("forecast, 1 ahead, RMSE %.4g (the last value: %.4g)", r.ByHorizon[0].RMSE, r.ByHorizon[0].Naive)
	fmt.Fprintf(b, "<path class=\"said\" d=\"M%d 40h24\"/><text x=\"%d\" y=\"44\">%s</text>\n", chartLeft+84, chartLeft+114, said)
	if len(c.lo) > 0 {
		fmt.Fprintf(b, "<path class=\"band\" d=\"M%d 32h24v14h-24Z\"/><text x=\"%d\" y=\"44\">interval for %.0f %%</text>\n",
			chartLeft+520, chartLeft+550, 100*r.Interval)
	}
}

// escaped is text for XML.
func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\"", "&quot;").Replace(s)
}
