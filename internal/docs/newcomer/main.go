// Newcomer is the program of docs/first-cell.md: a cell of one's own, trained on
// the adding problem, and a picture of its loss.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/models/plot"
	"github.com/unroll-go/unroll/train"
)

// Gated is a cell with one gate, which says how much of the state is new:
//
//	f | n = x·Wx + h·Wh + b
//	h' = (1-σ(f))⊙h + σ(f)⊙tanh(n)
type Gated struct{ In, Hidden int }

func (c Gated) Bind(g *graph.Builder) cells.Step {
	Wx := g.Param("Wx", graph.Glorot, c.In, 2*c.Hidden)
	Wh := g.Param("Wh", graph.Orthogonal, c.Hidden, 2*c.Hidden)
	b := g.Param("b", graph.Constant(-1), 2*c.Hidden)
	return func(x *graph.Node, s cells.State) (*graph.Node, cells.State) {
		h := s[0]
		f, n := g.Chunk2(g.Affine(b, x, Wx, h, Wh))
		h = g.Add(h, g.Mul(g.Sigmoid(f), g.Sub(g.Tanh(n), h)))
		return h, cells.State{h}
	}
}

func (c Gated) Zero(g *graph.Builder) cells.State { return cells.State{g.Zeros(g.B, c.Hidden)} }
func (c Gated) Out() int                          { return c.Hidden }

func main() {
	const steps, updates = 50, 2000
	examples, err := datasets.Adding{Steps: steps}.Examples(20000, 1)
	check(err)
	batches, err := datasets.NewBatches(examples, datasets.Numeric.Len, datasets.BatchOptions{Size: 50, Shuffle: true, Seed: 1})
	check(err)
	network := models.NextValues{In: 2, RNN: cells.Of(Gated{In: 2, Hidden: 64}), Values: 1}
	task, err := network.Task(graph.NewParams(1), batches)
	check(err)

	losses := make([]float64, 0, updates)
	loop := train.Loop{
		Task: task, Optimiser: train.NewAdam(0.01), Clip: 1, Steps: updates,
		On: []func(train.Event) error{func(e train.Event) error {
			losses = append(losses, e.Loss)
			return nil
		}},
	}
	_, err = loop.Run(context.Background())
	check(err)
	fmt.Printf("adding two of %d numbers: squared error %.2f without memory, %.2f at the end\n", steps, datasets.Adding{}.Baseline(), losses[updates-1])

	file, err := os.Create("loss.svg")
	check(err)
	check(plot.Lines{
		Title: "adding problem", X: plot.Axis{Label: "step"}, Y: plot.Axis{Label: "squared error", Log: true},
		Series: []plot.Series{{Name: "training", Y: losses}},
	}.SVG(file))
	check(file.Close())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
