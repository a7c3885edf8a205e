package peephole

import (
	"testing"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/cells/celltest"
	"github.com/unroll-go/unroll/graph"
)

// The laws of every cell: shapes, states, lengths, gradients against central differences and more.
func TestLaws(t *testing.T) { celltest.Run(t, LSTM{In: 3, Hidden: 4}) }

// A step of training over 64 time steps of 32 rows, forward and backward, with
// this cell and with the library's LSTM.
func BenchmarkPeephole(b *testing.B) { step(b, LSTM{In: 64, Hidden: 128}) }
func BenchmarkLSTM(b *testing.B)     { step(b, cells.LSTM{In: 64, Hidden: 128}) }

func step(b *testing.B, cell cells.Cell) {
	prog, err := graph.Build(graph.NewParams(1), graph.Key{B: 32, T: 64, Train: true}, func(g *graph.Builder) {
		ys, _ := cells.Unroll(g, cell.Bind(g), g.Input("xs", g.T, g.B, 64), cells.Seq{Init: cell.Zero(g)})
		g.Minimise("loss", g.Mean(g.Square(ys)))
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := prog.Run(); err != nil {
			b.Fatal(err)
		}
	}
}
