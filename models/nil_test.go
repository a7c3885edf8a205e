package models_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models"
)

// TestFieldsThatAreNil: a network without the layer, cell or pooling that it needs is an error with
// its name.
func TestFieldsThatAreNil(t *testing.T) {
	lstm := cells.Of(cells.LSTM{In: 3, Hidden: 4})
	decoder := models.Decoder{Vocab: 5, Embed: 3}
	translator := models.EncoderDecoder{Source: 5, Embed: 3, Decoder: models.Decoder{Vocab: 5, Embed: 3, RNN: lstm}}
	headless := models.EncoderDecoder{Source: 5, Embed: 3, RNN: lstm, Decoder: decoder}
	captioner := models.OneToMany{Features: 2, Decoder: decoder}
	for want, formulas := range map[string][]func(g *graph.Builder){
		"graph: LM.RNN is nil; a layer of cells is needed": {
			models.LM{Vocab: 5}.Train, models.LM{Vocab: 5}.Generate, models.LM{Vocab: 5}.Probe,
		},
		"graph: Aligned.RNN is nil; a layer of cells is needed":        {models.Aligned{Vocab: 5, Classes: 2}.Train},
		"graph: ManyToOne.RNN is nil; a layer of cells is needed":      {models.ManyToOne{Vocab: 5, Classes: 2}.Train},
		"graph: ManyToOne.Pool is nil; a pooling is needed":            {models.ManyToOne{Vocab: 5, RNN: lstm, Classes: 2}.Answer},
		"graph: NextValues.RNN is nil; a layer of cells is needed":     {models.NextValues{In: 1, Values: 1}.Train},
		"graph: JoinedText.RNN is nil; a layer of cells is needed":     {models.Joined{Text: &models.JoinedText{}, Out: 1}.Train},
		"graph: EncoderDecoder.RNN is nil; a layer of cells is needed": {translator.Train, translator.Score, translator.Read},
		"graph: Decoder.RNN is nil; a layer of cells is needed": {
			decoder.Generate, headless.Train, headless.Read, captioner.Train, captioner.See,
		},
		"graph: decoder: Decoder.RNN is nil; a layer of cells is needed": {headless.Write, captioner.Write},
		"graph: rnn: recurrent: the cell is nil":                         {models.Aligned{Vocab: 5, Classes: 2, RNN: cells.Recurrent{}}.Train},
		"graph: rnn/layer0: recurrent: the cell is nil":                  {models.Aligned{Vocab: 5, Classes: 2, RNN: cells.Of(nil)}.Train},
	} {
		for _, f := range formulas {
			_, err := graph.Build(graph.NewParams(1), graph.Key{B: 2, T: 2, N: 2, Train: true}, f)
			assert.EqualError(t, err, want)
		}
	}
}

// TestDecoderWithoutAState: with input feeding the last tensor of the state is the output before.
func TestDecoderWithoutAState(t *testing.T) {
	d := models.Decoder{Vocab: 5, Embed: 3, Feed: true, RNN: cells.Of(cells.LSTM{In: 7, Hidden: 4})}
	_, err := graph.Build(graph.NewParams(1), graph.Key{B: 2}, func(g *graph.Builder) {
		o, _ := d.Bind(g).Step(models.Memory{})(g.Zeros(2, 3), nil)
		g.Output("o", o)
	})
	assert.EqualError(t, err, "graph: decoder: a state that ends with the output before is needed, got none")
}

// TestWatchWithoutAFunction: nobody looks.
func TestWatchWithoutAFunction(t *testing.T) {
	assert.EqualError(t, newModel(t, variants["rnn"], "abc").Watch("abc", nil),
		"models: probe: there is no function to show the windows, got nil")
}
