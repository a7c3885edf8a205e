package main

import (
	"fmt"
	"io"
	"math"

	"github.com/unroll-go/unroll/internal/atomicfile"
	"github.com/unroll-go/unroll/models/plot"
)

// The picture of a walk.
const (
	chartMost  = 400 // moments that are shown, the last ones
	chartTicks = 5   // moments that are named
)

// draw writes the picture to a file that is replaced as a whole.
func (w *walked) draw(path string) error { return atomicfile.Write(path, w.chart) }

// chart draws the truth, the forecasts of one moment ahead and their interval.
func (w *walked) chart(out io.Writer) error {
	last := w.forecasts[len(w.forecasts)-1].At + 1
	first := max(w.forecasts[0].At+1, last+1-chartMost) // moment of the first value
	n := last + 1 - first
	said, truth := w.said(first, n), make([]float64, n)
	for i := range truth {
		truth[i] = w.all.Values[(first+i)*w.all.D()]
	}
	return plot.Lines{
		Title: w.model.Names[0], Width: 960, Height: 420,
		X:      plot.Axis{Ticks: w.moments(first, n)},
		Series: []plot.Series{{Name: "truth", Y: truth, Gaps: true}, said},
	}.SVG(out)
}

// said is the forecasts for n moments from the first on, NaN where there is
// none.
func (w *walked) said(first, n int) plot.Series {
	r := w.report
	s := plot.Series{
		Name: fmt.Sprintf("forecast, 1 ahead, RMSE %.4g (the last value: %.4g)", r.ByHorizon[0].RMSE, r.ByHorizon[0].Naive),
		Y:    unknowns(n), Gaps: true,
	}
	if len(w.model.Config.Quantiles) > 1 {
		s.Name += fmt.Sprintf(", interval for %.0f %%", 100*r.Interval)
		s.Lo, s.Hi = unknowns(n), unknowns(n)
	}
	for _, f := range w.forecasts {
		i := f.At + 1 - first
		if i < 0 {
			continue
		}
		s.Y[i] = f.Values[0]
		if q := f.Quantiles[0]; s.Lo != nil {
			s.Lo[i], s.Hi[i] = q[0], q[len(q)-1]
		}
	}
	return s
}

func unknowns(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.NaN()
	}
	return x
}

// moments names some of n moments.
func (w *walked) moments(first, n int) []plot.Tick {
	var ticks []plot.Tick
	for k := range chartTicks {
		i := k * (n - 1) / (chartTicks - 1)
		name := fmt.Sprint(first + i + 1)
		if first+i < len(w.all.times) {
			name = shortTime(w.all.times[first+i])
		}
		ticks = append(ticks, plot.Tick{At: float64(i), Label: name})
	}
	return ticks
}

// shortTime is the beginning of a moment's name.
func shortTime(name string) string {
	const most = 20
	if r := []rune(name); len(r) > most {
		return string(r[:most]) + "…"
	}
	return name
}
