package lecture

import (
	"fmt"

	"github.com/unroll-go/unroll/models/plot"
)

// Weight is one place of the slider of the recurrent weight: the picture of the
// gradient for a radius of Whh, and what is to be read aloud.
type Weight struct {
	Radius float64
	Says   Text

	gradient [2][]float64 // with input 0 and with inputs of ±1
}

// Weights are the places of the slider, from a gradient that vanishes to one
// that explodes, in the set-up of chapter 8.
func Weights() ([]Weight, error) {
	var ws []Weight
	for i := 50; i <= 150; i += 5 {
		w := Weight{Radius: float64(i) / 100}
		for k, size := range []float64{0, 1} {
			lags, err := back(size, w.Radius)
			if err != nil {
				return nil, err
			}
			w.gradient[k] = means(lags, far)
		}
		w.Says = w.says()
		ws = append(ws, w)
	}
	return ws, nil
}

// says tells what became of the gradient.
func (w *Weight) says() Text {
	left := w.gradient[0][far]
	en, ko := "it stays", "그대로 남습니다"
	switch {
	case left < 0.5:
		en, ko = "it vanishes", "소실됩니다"
	case left > 2:
		en, ko = "it explodes", "폭발합니다"
	}
	return Text{
		fmt.Sprintf("Radius %.2f: after %d steps back the gradient is %.2g with input 0 and %.2g with inputs of ±1; with input 0 %s.",
			w.Radius, far, left, w.gradient[1][far], en),
		fmt.Sprintf("반지름 %.2f: %d시점을 거슬러 가면 기울기는 입력이 0일 때 %.2g, 입력이 ±1일 때 %.2g입니다. 입력이 0이면 기울기가 %s.",
			w.Radius, far, left, w.gradient[1][far], ko),
	}
}

// Chart is the picture of one place.
func (w *Weight) Chart(l Lang) plot.Lines {
	return plot.Lines{
		Title: fmt.Sprintf(l.of("Recurrent weight: radius %.2f", "순환 가중치의 반지름 %.2f"), w.Radius), Lang: string(l),
		X: plot.Axis{Label: l.of("steps back, k", "거슬러 간 시점 수 k")},
		Y: plot.Axis{Label: l.of("size of dh_t/dh_{t−k}", "dh_t/dh_{t−k}의 크기"), Log: true, Min: 1e-10, Max: 1e10},
		Series: []plot.Series{
			{Name: l.of("input 0", "입력 0"), Y: w.gradient[0]},
			{Name: l.of("inputs of ±1", "입력 ±1"), Y: w.gradient[1]},
		},
	}
}
