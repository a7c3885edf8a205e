package lecture

import (
	"context"
	"fmt"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models/plot"
)

// far is how many steps back the pictures go.
const far = 50

// pictureVanishing is chapter 8: the size of dh_t/dh_{t-k} by k.
func pictureVanishing(context.Context, Choice) ([]Picture, error) {
	type curve struct {
		size, radius float64
		norms        []float64
	}
	var curves []curve
	for _, size := range []float64{0, 1} {
		for _, radius := range []float64{0.5, 1, 1.5} {
			lags, err := back(size, radius)
			if err != nil {
				return nil, err
			}
			curves = append(curves, curve{size, radius, means(lags, far)})
		}
	}
	return []Picture{{
		Name:  "08-lags",
		Title: Text{"How far back the gradient reaches", "기울기는 얼마나 먼 과거까지 닿는가"},
		Caption: Text{
			"The gradient after k steps back, for recurrent weights of three sizes. With input 0 it is exactly 0.5, 1 and 1.5 to the " +
				"power of k; with real inputs tanh makes it smaller.",
			"k 시점을 거슬러 간 기울기의 크기입니다. 순환 가중치의 크기가 세 가지인 경우입니다. 입력이 0이면 정확히 0.5, 1, 1.5의 k제곱이고, " +
				"실제 입력이 있으면 tanh 때문에 더 작아집니다.",
		},
		draw: func(l Lang) chart {
			c := plot.Lines{
				Title: l.of("Size of dh_t/dh_{t−k}", "dh_t/dh_{t−k}의 크기"), Lang: string(l),
				X: plot.Axis{Label: l.of("steps back, k", "거슬러 간 시점 수 k")},
				Y: plot.Axis{Label: l.of("spectral norm", "스펙트럼 노름"), Log: true, Min: 1e-16},
			}
			for _, v := range curves {
				name := fmt.Sprintf(l.of("radius %g, input %g", "반지름 %g, 입력 %g"), v.radius, v.size)
				if v.size != 0 {
					name = fmt.Sprintf(l.of("radius %g, input ±%g", "반지름 %g, 입력 ±%g"), v.radius, v.size)
				}
				c.Series = append(c.Series, plot.Series{Name: name, Y: v.norms})
			}
			return c
		},
	}}, nil
}

// means are the mean norms of lags 0 to most.
func means(lags []graph.Lag, most int) []float64 {
	var norms []float64
	for _, lag := range lags[:min(len(lags), most+1)] {
		norms = append(norms, lag.Mean)
	}
	return norms
}
