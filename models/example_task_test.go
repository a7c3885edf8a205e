package models_test

import (
	"fmt"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models"
)

// A model of one's own: a formula, examples, and how a batch of them is fed.
// Here a straight line is found through points of y = 2x + 1.
func ExampleNewBatchTask() {
	params := graph.NewParams(1)
	line := func(g *graph.Builder) {
		x, y := g.Input("x", g.B, 1), g.Input("y", g.B, 1)
		w, b := g.Param("w", graph.Zeros, 1, 1), g.Param("b", graph.Zeros, 1)
		g.Minimise("loss", g.Mean(g.Square(g.Sub(g.Affine(b, x, w), y))))
	}
	points := [][2]float64{{-2, -3}, {-1, -1}, {0, 1}, {1, 3}, {2, 5}, {3, 7}}
	batches, err := datasets.NewBatches(points, nil, datasets.BatchOptions{Size: 3, Shuffle: true})
	check(err)
	feed := func(p *graph.Program, b datasets.Batch[[2]float64]) error {
		x := datasets.Each(b, func(point [2]float64) float64 { return point[0] })
		y := datasets.Each(b, func(point [2]float64) float64 { return point[1] })
		if err := p.SetFloat64s("x", x); err != nil {
			return err
		}
		return p.SetFloat64s("y", y)
	}
	task, err := models.NewBatchTask(params, batches, line, feed)
	check(err)
	check(descend(task, 200, 0.1))
	fmt.Printf("w %.2f, b %.2f\n", params.Get("w").Values(), params.Get("b").Values())
	// Output: w [2.00], b [1.00]
}
