package models_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/datasets"
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

// TestLanguageModelOfBothDirections: it would read what it is asked for.
func TestLanguageModelOfBothDirections(t *testing.T) {
	cell := cells.RNN{In: 3, Hidden: 2}
	m := models.LM{Vocab: 3, RNN: cells.Stack{Layers: []cells.Layer{cells.Bidirectional{Forward: cell, Backward: cell}}}}
	_, err := graph.Build(graph.NewParams(1), graph.Key{B: 2, T: 2, Train: true}, m.Train)
	assert.EqualError(t, err, "graph: LM: a language model cannot read its future; its RNN must not be bidirectional")
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

// TestTaskWithoutBatches: what a task is made of has to be there.
func TestTaskWithoutBatches(t *testing.T) {
	m := models.NextValues{In: 1, RNN: cells.Of(cells.RNN{In: 1, Hidden: 2}), Values: 1}
	for _, none := range []*datasets.Batches[datasets.Numeric]{nil, {}} {
		_, err := m.Task(graph.NewParams(1), none)
		assert.EqualError(t, err, "models: a task needs batches; NewBatches makes them")
	}
	examples := []datasets.Numeric{{X: []float64{1}, Y: []float64{math.NaN()}, Steps: 1}, {X: []float64{2}, Y: []float64{3}, Steps: 1}}
	batches, err := datasets.NewBatches(examples, datasets.Numeric.Len, datasets.BatchOptions{Size: 1})
	require.NoError(t, err)
	_, err = models.NewBatchTask(graph.NewParams(1), batches, m.Train, nil)
	assert.EqualError(t, err, "models: a task needs what sets the inputs, got nil")
	_, err = m.Task(nil, batches)
	assert.EqualError(t, err, "graph: there are no parameters; NewParams makes them")

	task, err := m.Task(graph.NewParams(1), batches)
	require.NoError(t, err)
	_, err = task.Next(0)
	assert.ErrorContains(t, err, "models: a batch of 1 examples without a target that is known")
	require.NoError(t, task.Seek(1, nil))
	_, err = task.Next(1)
	assert.NoError(t, err)
}
