package models_test

import (
	"errors"
	"fmt"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models"
)

// An encoder and a decoder of one's own cells, untrained, and a beam search over
// what they write for two sources at once.
func ExampleWritten() {
	m := models.EncoderDecoder{
		Source: 5, Embed: 4, RNN: cells.Of(cells.GRU{In: 4, Hidden: 6}),
		Decoder: models.Decoder{Vocab: 4, Embed: 4, RNN: cells.Of(cells.GRU{In: 4, Hidden: 6})},
	}
	search := models.Search{Start: 3, Stop: 3, Longest: 5, Beam: 3, Best: 2}
	params := graph.NewParams(1)
	read, err := graph.Build(params, graph.Key{B: 2, N: 3}, m.Read)
	check(err)
	write, err := graph.Build(params, graph.Key{B: 2 * search.Width(), T: 1, N: 3}, m.Write)
	check(err)

	lens := []int{3, 2}
	check(errors.Join(read.SetIDs("source", []int{1, 2, 3, 4, 0, 0}), read.SetIDs("lens", lens), read.Run()))
	steps, err := models.Written(read, write, "decoder", lens)
	check(err)
	found, err := search.Run(steps, len(lens))
	check(err)
	for i, best := range found {
		fmt.Println("source", i, "sequences", len(best), "in order:", best[0].Score >= best[1].Score)
	}
	// Output:
	// source 0 sequences 2 in order: true
	// source 1 sequences 2 in order: true
}
