package train_test

import (
	"context"
	"fmt"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// A translator that learns to write words backwards: an encoder, a decoder that
// looks at what was read, a beam search.
func ExampleLoop_translator() {
	pairs, err := datasets.Reversing{Letters: 8, Min: 3, Max: 6}.Pairs(1500, 1)
	check(err)
	letters, err := datasets.NewVocab(datasets.VocabOptions{Unknown: true}, "abcdefgh")
	check(err)
	m, err := models.NewTranslator(models.TranslatorConfig{
		Recurrent: models.Recurrent{Cell: "gru", Embed: 16, Hidden: 32, Layers: 1, Bidirectional: true},
		Attention: "general", Width: 32, Longest: 10, LongestTarget: 10,
	}, letters, letters, 1)
	check(err)

	parallel := make([]models.Parallel, len(pairs))
	for i, p := range pairs {
		parallel[i], err = m.Parallel(p.Source, p.Target)
		check(err)
	}
	task, err := m.Task(parallel, models.TranslatorTraining{Batch: 32, Seed: 1, Smoothing: 0.05})
	check(err)
	loop := train.Loop{Task: task, Optimiser: train.NewAdam(5e-3), Clip: 1, Steps: 400, Schedule: train.Cosine(400, 0, 0.1)}
	_, err = loop.Run(context.Background())
	check(err)

	found, err := m.Translate(models.Translating{Beam: 3, Best: 2, Looks: true}, "badge", "dach")
	check(err)
	for _, results := range found {
		fmt.Println(results[0].Text, results[0].Score > results[1].Score)
	}
	best := found[0][0]
	fmt.Println("the first letter is written from the last:", best.Looks[0][4] > 0.5, best.SourceText[4])
	// Output:
	// egdab true
	// hcad true
	// the first letter is written from the last: true e
}
