package lecture

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models/plot"
)

// pictureGRU is chapter 10: the update gate of a cell that has learnt to hold a
// bit.
func pictureGRU(context.Context, Choice) ([]Picture, error) {
	var losses []plot.Series
	params := graph.NewParams64(1)
	for _, c := range []struct {
		name string
		cell cells.Cell
	}{{"RNN", cells.RNN{In: 2, Hidden: 8}}, {"LSTM", cells.LSTM{In: 2, Hidden: 8}}, {"GRU", cells.GRU{In: 2, Hidden: 8}}} {
		params = graph.NewParams64(1) // the last one's, the GRU's, stay
		loss, err := learnLatch(params, c.cell, 400)
		if err != nil {
			return nil, err
		}
		losses = append(losses, plot.Series{Name: c.name, Y: smoothed(loss, 20)})
	}
	z, read, err := updateGate(params)
	if err != nil {
		return nil, err
	}
	return []Picture{
		{
			Name:  "10-losses",
			Title: Text{"Learning to hold a bit", "비트 하나를 기억하기"},
			Caption: Text{
				"The loss of three cells on the same task, mean of 20 steps. Guessing costs ln 2 = 0.69.",
				"같은 과제에서 세 셀의 손실(20단계 평균)입니다. 찍기만 하면 ln 2 = 0.69입니다.",
			},
			draw: func(l Lang) chart {
				return plot.Lines{
					Title: l.of("Learning to hold a bit", "비트 하나를 기억하기"), Lang: string(l), Series: losses,
					X: plot.Axis{Label: l.of("training step", "학습 단계")}, Y: plot.Axis{Label: l.of("loss, nats", "손실(내트)"), Max: 0.8},
				}
			},
		},
		updateGatePicture(z, read),
	}, nil
}

func updateGatePicture(z [][]float64, read []string) Picture {
	return Picture{
		Name:  "10-update-gate",
		Title: Text{"The update gate while a bit is held", "비트를 붙들고 있을 때의 업데이트 게이트"},
		Caption: Text{
			"Columns are steps, with the bit that is read; marked bits stand in brackets. Where z is near 1 a unit keeps its state, " +
				"and where a mark comes the units that hold the bit let go of it.",
			"열은 시점이며 그때 읽은 비트를 적었습니다. 대괄호 안의 비트가 표시된 비트입니다. z가 1에 가까우면 유닛이 상태를 지키고, " +
				"표시가 나오는 시점에는 비트를 붙들던 유닛이 그것을 놓습니다.",
		},
		draw: func(l Lang) chart {
			return plot.HeatMap{
				Title: l.of("Update gate z of a trained GRU", "학습한 GRU의 업데이트 게이트 z"), Lang: string(l),
				RowTitle: l.of("unit", "유닛"), ColTitle: l.of("bit that is read", "읽은 비트"), Cols: read,
				Values: z, Scale: plot.Scale{Max: 1, Label: "z"}, Width: 900,
			}
		},
	}
}

// smoothed is the mean of the last n values at each place.
func smoothed(x []float64, n int) []float64 {
	y := make([]float64, len(x))
	for i := range x {
		y[i] = mean(x[max(0, i+1-n) : i+1])
	}
	return y
}

// updateGate is z of a GRU on a new sequence, [H][T], and what it read.
func updateGate(params *graph.Params) (z [][]float64, read []string, err error) {
	const T, H = 40, 8
	prog, err := graph.Build(params, graph.Key{B: 1, T: T}, func(g *graph.Builder) { latch(g, cells.GRU{In: 2, Hidden: H}) },
		graph.Exposed)
	if err != nil {
		return nil, nil, err
	}
	x, bit := marked(rand.New(rand.NewPCG(5, 0)), 1, T)
	if err := set(prog, map[string][]float64{"x": x}); err != nil {
		return nil, nil, err
	}
	if err := prog.SetIDs("bit", bit); err != nil {
		return nil, nil, err
	}
	all, err := run(prog, "rnn/z") // [T, 1, H]
	if err != nil {
		return nil, nil, err
	}
	z = make([][]float64, H)
	for t := range T {
		form := "%.0f"
		if x[2*t+1] == 1 {
			form = "[%.0f]"
		}
		read = append(read, fmt.Sprintf(form, (x[2*t]+1)/2))
		for u := range H {
			z[u] = append(z[u], all[t*H+u])
		}
	}
	return z, read, nil
}
