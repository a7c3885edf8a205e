package lecture

import (
	"context"
	"time"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models/plot"
)

// pictureLookUp measures what reading 32 words costs, as one-hot rows and by a
// look-up.
func pictureLookUp(ctx context.Context, _ Choice) ([]Picture, error) {
	var V, product, rows []float64
	for v := 64; v <= 8192 && ctx.Err() == nil; v *= 2 {
		a, err := readingTime(v, func(g *graph.Builder, E, ids *graph.Node) *graph.Node { return g.MatMul(g.OneHot(ids, v), E) }, graph.Plain)
		if err != nil {
			return nil, err
		}
		b, err := readingTime(v, func(g *graph.Builder, E, ids *graph.Node) *graph.Node { return g.Gather(E, ids) })
		if err != nil {
			return nil, err
		}
		V, product, rows = append(V, float64(v)), append(product, a), append(rows, b)
	}
	return []Picture{{
		Name:     "12-time",
		Measured: true,
		Title:    Text{"The time of a product and of a look-up", "곱과 찾아보기의 시간"},
		Caption: Text{
			"Measured on this machine, so it differs from run to run: the rows of 32 words from a table of 64 columns. The product with " +
				"one-hot rows grows with the vocabulary, the look-up does not.",
			"이 컴퓨터에서 잰 값이므로 실행할 때마다 다릅니다. 64열짜리 표에서 단어 32개의 행을 얻는 시간입니다. 원-핫 행과의 곱은 어휘가 커질수록 느려지지만 찾아보기는 그렇지 않습니다.",
		},
		draw: func(l Lang) chart {
			return plot.Lines{
				Title: l.of("Rows of 32 words (measured times)", "단어 32개의 행(잰 시간)"), Lang: string(l),
				X: plot.Axis{Label: l.of("words in the table", "단어표의 크기"), Log: true},
				Y: plot.Axis{Label: l.of("microseconds", "마이크로초"), Log: true},
				Series: []plot.Series{
					{Name: l.of("one-hot rows times E", "원-핫 행 × E"), X: V, Y: product, Marks: true},
					{Name: l.of("look-up", "찾아보기"), X: V, Y: rows, Marks: true},
				},
			}
		},
	}}, nil
}

// readingTime is the least of some runs, in microseconds.
func readingTime(v int, read func(g *graph.Builder, E, ids *graph.Node) *graph.Node, opts ...graph.Option) (float64, error) {
	const B, runs = 32, 20
	prog, err := graph.Build(graph.NewParams(1), graph.Key{B: B}, func(g *graph.Builder) {
		E := cells.Embedding{Rows: v, Width: 64}.Table(g)
		g.Output("rows", read(g, E, g.IDs("ids", g.B)))
	}, opts...)
	if err != nil {
		return 0, err
	}
	ids := make([]int, B)
	for i := range ids {
		ids[i] = i * 7919 % v
	}
	if err := prog.SetIDs("ids", ids); err != nil {
		return 0, err
	}
	least := time.Hour
	for range runs {
		began := time.Now()
		if err := prog.Run(); err != nil {
			return 0, err
		}
		least = min(least, time.Since(began))
	}
	return max(float64(least.Nanoseconds())/1000, 0.01), prog.Close()
}
