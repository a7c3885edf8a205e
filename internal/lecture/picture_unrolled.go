package lecture

import (
	"context"
	"fmt"
	"io"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// pictureUnrolled is the recurrence of the lecture over three steps, each step as one
// box and with all its operations, and an LSTM with one open step.
func pictureUnrolled(context.Context, Choice) ([]Picture, error) {
	rnn, err := unrolled(cells.RNN{In: 1, Hidden: 2, NoBias: true, Output: 1}, "rnn")
	if err != nil {
		return nil, err
	}
	lstm, err := unrolled(cells.LSTM{In: 1, Hidden: 2}, "lstm")
	if err != nil {
		return nil, err
	}
	return []Picture{
		{
			Name:  "02-unrolled",
			Title: Text{"The recurrence, unrolled over three steps", "세 시점으로 펼친 순환 신경망"},
			Caption: Text{
				"Each box is the same cell at another time step: it reads the input x and the state of the step before. " +
					"The weights are drawn once, because all steps share them.",
				"상자는 모두 같은 셀이며 시점만 다릅니다. 셀은 입력 x와 바로 앞 시점의 상태를 읽습니다. " +
					"가중치는 모든 시점이 함께 쓰므로 한 번만 그렸습니다.",
			},
			draw: func(l Lang) chart { return sketch{rnn, graph.Sketch{Collapse: true, Lang: string(l)}} },
		},
		{
			Name:  "02-unrolled-open",
			Title: Text{"The same with every operation", "같은 그림을 모든 연산까지 펼친 모습"},
			Caption: Text{
				"h_t = tanh(h_{t-1}·Wh + x_t·Wx), y_t = h_t·Why: two products, tanh, and a product for the output.",
				"h_t = tanh(h_{t-1}·Wh + x_t·Wx), y_t = h_t·Why이므로 곱 두 번, tanh, 그리고 출력을 위한 곱이 있습니다.",
			},
			draw: func(l Lang) chart { return sketch{rnn, graph.Sketch{Lang: string(l)}} },
		},
		{
			Name:  "09-lstm-open",
			Title: Text{"An LSTM over three steps, the middle one open", "세 시점의 LSTM, 가운데 시점만 펼친 모습"},
			Caption: Text{
				"Two states run from step to step, h and c. In the open step the forget gate multiplies c, and the input gate adds to it.",
				"시점에서 시점으로 h와 c 두 상태가 전해집니다. 펼친 시점을 보면 망각 게이트가 c에 곱해지고 입력 게이트가 새 값을 더합니다.",
			},
			draw: func(l Lang) chart { return sketch{lstm, graph.Sketch{Collapse: true, Open: []int{1}, Lang: string(l)}} },
		},
	}, nil
}

// unrolled is a cell over three steps, one operation for each term of its
// formula.
func unrolled(cell cells.Cell, name string) (*graph.Program, error) {
	prog, err := graph.Build(graph.NewParams(1), graph.Key{B: 1, T: 3}, func(g *graph.Builder) {
		layer := cells.Recurrent{Cell: cell}
		ys, _ := layer.Bind(g.Scope(name))(g.Input("x", g.T, g.B, 1), cells.Seq{Init: layer.Zero(g)})
		g.Output("y", ys)
	}, graph.Plain)
	if err != nil {
		return nil, fmt.Errorf("unrolled %s: %w", name, err)
	}
	return prog, nil
}

// sketch is a formula as it is to be drawn.
type sketch struct {
	prog *graph.Program
	look graph.Sketch
}

func (s sketch) SVG(w io.Writer) error { return s.prog.Sketch(w, s.look) }
