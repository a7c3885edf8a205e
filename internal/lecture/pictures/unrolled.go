package pictures

import (
	"context"
	"io"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// unrolled is the recurrence of the lecture over three steps.
func unrolled(_ context.Context, seed uint64) ([]Drawing, error) {
	prog, err := graph.Build(graph.NewParams(seed), graph.Key{B: 1, T: 3}, func(g *graph.Builder) {
		rnn := cells.Recurrent{Cell: cells.RNN{In: 1, Hidden: 2, NoBias: true, Output: 1}}
		run := rnn.Bind(g.Scope("rnn"))
		ys, _ := run(g.Input("x", g.T, g.B, 1), cells.Seq{Init: rnn.Zero(g)})
		g.Output("y", ys)
	}, graph.Plain)
	if err != nil {
		return nil, err
	}
	return []Drawing{{
		Name:  "02-unrolled",
		Title: Text{"The recurrence, unrolled over three steps", "세 단계로 펼친 순환"},
		Caption: Text{
			"Each column is one time step. Wx, Wh and Why are drawn once, because all steps share them; h runs from left to right.",
			"세로 칸 하나가 한 시점입니다. 가중치 Wx, Wh, Why는 모든 시점이 함께 쓰므로 한 번만 그렸고, h는 왼쪽에서 오른쪽으로 전해집니다.",
		},
		draw: func(_ Lang, w io.Writer) error { return prog.SVG(w) },
	}}, nil
}
