package lecture

import (
	"context"

	"github.com/unroll-go/unroll/models/plot"
)

// pictureNextValue is chapter 1: both forecasts of the wave.
func pictureNextValue(context.Context, Choice) ([]Picture, error) {
	x, next := waves(1, 48, 0.5)
	forward, err := learnt(feedForward, x, next)
	if err != nil {
		return nil, err
	}
	rnn, err := learnt(recurrent, x, next)
	if err != nil {
		return nil, err
	}
	return []Picture{{
		Name:  "01-next-value",
		Title: Text{"The next value of a wave", "물결의 다음 값"},
		Caption: Text{
			"The recurrent network is on the wave; the feed-forward one, which sees the last value alone, can only say the mean of " +
				"rising and falling.",
			"순환 신경망의 예측은 물결과 거의 겹칩니다. 마지막 값 하나만 보는 순방향 신경망은 오를 때와 내릴 때의 평균밖에 말할 수 없습니다.",
		},
		draw: func(l Lang) chart {
			return plot.Lines{
				Title: l.of("The next value of a wave", "물결의 다음 값"), Lang: string(l),
				X: plot.Axis{Label: l.of("step t", "시점 t")},
				Y: plot.Axis{Label: l.of("value at t+1", "t+1의 값")},
				Series: []plot.Series{
					{Name: l.of("truth", "실제 값"), Y: next},
					{Name: l.of("feed-forward, from x_t", "순방향, x_t만 봄"), Y: forward},
					{Name: l.of("recurrent, from all values so far", "순환, 지금까지의 모든 값을 봄"), Y: rnn},
				},
			}
		},
	}}, nil
}
