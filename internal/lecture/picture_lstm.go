package lecture

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models/plot"
)

// pictureLSTM is chapter 9: how far back a plain unit and the long memory are
// felt, the weights set by hand.
func pictureLSTM(context.Context, Choice) ([]Picture, error) {
	zeros := make([]float64, 101)
	plain, err := remembered(cells.RNN{In: 1, Hidden: 1}, 0, zeros, map[string][]float64{"Wh": {0.9}})
	if err != nil {
		return nil, err
	}
	long, err := remembered(cells.LSTM{In: 1, Hidden: 1}, 1, zeros, map[string][]float64{"b": {-5, 5, 0, -5}})
	if err != nil {
		return nil, err
	}
	return []Picture{{
		Name:  "09-memory",
		Title: Text{"A plain unit and the long memory of an LSTM", "단순한 유닛과 LSTM의 장기 기억"},
		Caption: Text{
			"With a weight of 0.9 half a percent is left after 50 steps. The LSTM's c is multiplied by its forget gate alone, here " +
				"0.9933, and keeps 72 %.",
			"가중치가 0.9이면 50시점 뒤에 0.5%만 남습니다. LSTM의 c에는 망각 게이트만 곱해지므로, 게이트가 0.9933인 여기서는 72%가 남습니다.",
		},
		draw: func(l Lang) chart {
			return plot.Lines{
				Title: l.of("How much is left after k steps", "k시점 뒤에 남는 기울기"), Lang: string(l),
				X: plot.Axis{Label: l.of("steps back, k", "거슬러 간 시점 수 k")},
				Y: plot.Axis{Label: l.of("size of the gradient", "기울기의 크기"), Log: true},
				Series: []plot.Series{
					{Name: "RNN, Whh = 0.9: dh_t/dh_{t−k}", Y: plain},
					{Name: "LSTM, f = 0.9933: dc_t/dc_{t−k}", Y: long},
				},
			}
		},
	}}, nil
}

// pictureCells compares cells as they are before training, 16 units on 50
// random inputs.
func pictureCells(context.Context, Choice) ([]Picture, error) {
	rng := rand.New(rand.NewPCG(9, 0))
	x := make([]float64, far+1)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	const H = 16
	var kinds []plot.Series
	for _, c := range []struct {
		name string
		cell cells.Cell
	}{{"RNN", cells.RNN{In: 1, Hidden: H}}, {"LSTM", cells.LSTM{In: 1, Hidden: H}}, {"GRU", cells.GRU{In: 1, Hidden: H}}} {
		norms, err := remembered(c.cell, -1, x, nil)
		if err != nil {
			return nil, err
		}
		kinds = append(kinds, plot.Series{Name: c.name, Y: norms})
	}
	biases, err := byForgetBias(H, x)
	if err != nil {
		return nil, err
	}
	return []Picture{
		{
			Name:  "09-cells",
			Title: Text{"RNN, LSTM and GRU before training", "학습 전의 RNN, LSTM, GRU"},
			Caption: Text{
				"How much of the state of k steps before is felt, as the cells are initialised. All fade; gates decide how fast, and a gate " +
					"can learn to stay open.",
				"초기값 그대로인 셀에서 k시점 전의 상태가 얼마나 느껴지는지 보여 줍니다. 모두 옅어지지만 그 속도는 게이트가 정하며, 게이트는 열려 있는 법을 배울 수 있습니다.",
			},
			draw: lagged(kinds, Text{"RNN, LSTM and GRU before training", "학습 전의 RNN, LSTM, GRU"}),
		},
		{
			Name:  "09-forget-bias",
			Title: Text{"The bias of the forget gate", "망각 게이트의 편향"},
			Caption: Text{
				"The same LSTM with its forget gate a little shut, at 0, or open. A bias of 1 (Jozefowicz et al. 2015) is what the library begins with.",
				"같은 LSTM에서 망각 게이트의 편향만 바꾼 것입니다. 편향이 0이면 게이트가 반쯤 닫혀 있고, 클수록 열려 있습니다. 이 라이브러리는 1에서 시작합니다(Jozefowicz 외 2015).",
			},
			draw: lagged(biases, Text{"LSTM, by the bias of its forget gate", "망각 게이트의 편향에 따른 LSTM"}),
		},
	}, nil
}

// byForgetBias is the same LSTM with its forget gate a little more open each
// time.
func byForgetBias(H int, x []float64) (biases []plot.Series, err error) {
	for _, bias := range []float64{0, 1, 2, 5} {
		b := make([]float64, 4*H)
		for i := range H {
			b[H+i] = bias // i | f | u | o
		}
		norms, err := remembered(cells.LSTM{In: 1, Hidden: H}, -1, x, map[string][]float64{"b": b})
		if err != nil {
			return nil, err
		}
		biases = append(biases, plot.Series{Name: fmt.Sprintf("b_f = %g", bias), Y: norms})
	}
	return biases, nil
}

// lagged draws norms by the number of steps back.
func lagged(series []plot.Series, title Text) func(l Lang) chart {
	return func(l Lang) chart {
		return plot.Lines{
			Title: title.In(l), Lang: string(l), Series: series,
			X: plot.Axis{Label: l.of("steps back, k", "거슬러 간 시점 수 k")},
			Y: plot.Axis{Label: l.of("mean norm of ds_t/ds_{t−k}", "ds_t/ds_{t−k}의 평균 노름"), Log: true},
		}
	}
}

// remembered is the mean norm of ds_t/ds_{t-k} by k, of one state tensor of a
// cell or, with -1, of all of them together.
func remembered(cell cells.Cell, state int, x []float64, weights map[string][]float64) ([]float64, error) {
	params := graph.NewParams64(1)
	jacobians, err := graph.NewJacobians(params, graph.Key{B: 1, T: len(x)}, func(g *graph.Builder) {
		hs, _ := cells.Unroll(g, cell.Bind(g), g.Input("x", g.T, g.B, 1), cells.Seq{Init: cell.Zero(g)})
		g.Output("hs", hs)
	}, "")
	if err != nil {
		return nil, err
	}
	if err := setWeights(params, weights); err != nil {
		return nil, err
	}
	if err := jacobians.SetFloat64s("x", x); err != nil {
		return nil, err
	}
	memory, err := jacobians.Report()
	if err != nil {
		return nil, err
	}
	if state < 0 {
		state = len(memory.Of) - 1
	}
	return means(memory.Of[state].Lags, len(x)-1), nil
}
