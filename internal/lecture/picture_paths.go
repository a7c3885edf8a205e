package lecture

import (
	"context"
	"math/rand/v2"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models/plot"
)

// picturePaths is chapter 7: the sizes of the three paths, and the triangle of
// all states of all steps.
func picturePaths(context.Context, Choice) ([]Picture, error) {
	E3, err := byPaths([]float64{1, -1, 0.5}, []float64{0.5, -0.5}, []float64{0, 0, 1})
	if err != nil {
		return nil, err
	}
	var norms [3]float64
	for i, use := range E3.BySteps() {
		norms[2-i] = use.Norm
	}
	triangle, err := sensitivities(20)
	if err != nil {
		return nil, err
	}
	return []Picture{
		{
			Name:  "07-paths",
			Title: Text{"The three paths from E₃ to Whh", "E₃에서 Whh로 가는 세 경로"},
			Caption: Text{
				"How large the part of each path in dE₃/dWhh is. The sum of the three matrices is the gradient.",
				"dE₃/dWhh에서 각 경로의 몫이 얼마나 큰지 보여 줍니다. 세 행렬의 합이 기울기입니다.",
			},
			draw: func(l Lang) chart {
				return plot.Bars{
					Title: l.of("The three paths from E₃ to Whh", "E₃에서 Whh로 가는 세 경로"), Lang: string(l),
					Labels: []string{"E₃ → h₃ → Whh", "E₃ → h₃ → h₂ → Whh", "E₃ → h₃ → h₂ → h₁ → Whh"},
					Series: []plot.Series{{Y: norms[:]}},
					X:      plot.Axis{Label: l.of("norm of the path's part of dE₃/dWhh", "dE₃/dWhh에서 그 경로의 몫(노름)")},
				}
			},
		},
		trianglePicture(triangle),
	}, nil
}

func trianglePicture(triangle [][]float64) Picture {
	return Picture{
		Name:  "07-triangle",
		Title: Text{"What the error of step t says to the state of step k", "시점 t의 오차가 시점 k의 상태에 주는 기울기"},
		Caption: Text{
			"Rows are errors, columns are states. On the diagonal the error is at its own step; to the left the gradient has to " +
				"go back t − k steps, and fades. Each step back is a factor, so the colours are powers of ten.",
			"행은 오차, 열은 상태입니다. 대각선에서는 오차와 상태의 시점이 같고, 왼쪽으로 갈수록 t − k 시점을 거슬러 가며 옅어집니다. " +
				"한 시점마다 한 번씩 곱해지므로 색은 10의 거듭제곱을 나타냅니다.",
		},
		draw: func(l Lang) chart {
			return plot.Triangle{
				Title: "|dE_t/dh_k|", Lang: string(l),
				RowTitle: l.of("error of step t", "시점 t의 오차"), ColTitle: l.of("state of step k", "시점 k의 상태"),
				Values: triangle, Scale: plot.Scale{Log: true, Label: l.of("norm of the gradient", "기울기의 노름")},
			}
		},
	}
}

// sensitivities are |dE_t/dh_k| of an untrained network of 8 units with errors
// of its output; NaN where E_t does not depend on h_k.
func sensitivities(T int) ([][]float64, error) {
	paths, err := graph.NewPaths(graph.NewParams64(1), graph.Key{B: 1, T: T}, func(g *graph.Builder) {
		rnn := cells.RNN{In: 1, Hidden: 8, NoBias: true, Output: 1}
		ys, _ := cells.Unroll(g, rnn.Bind(g), g.Input("x", g.T, g.B, 1), cells.Seq{Init: rnn.Zero(g)})
		g.Output("E", g.Scale(g.Square(g.Sub(ys, g.Input("target", g.T, g.B, 1))), 0.5))
	}, graph.PathsOf{Loss: "E", All: true})
	if err != nil {
		return nil, err
	}
	target := make([]float64, T)
	rng := rand.New(rand.NewPCG(3, 0))
	for i := range target {
		target[i] = 2 + rng.Float64()
	}
	if err := set(paths.Program, map[string][]float64{"x": signs(T, 1), "target": target}); err != nil {
		return nil, err
	}
	report, err := paths.Report()
	if err != nil {
		return nil, err
	}
	return report.Triangle(0), nil
}
