package train_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// A captioner learns to say what is in drawings of coloured shapes, and is asked
// about drawings that it has not seen.
func ExampleWordF1_captioner() {
	all, err := datasets.Shapes{}.Examples(1600, 1)
	check(err)
	drawings := slices.DeleteFunc(all, func(d datasets.Captioned) bool { // those of one shape: "a red circle"
		return len(strings.Fields(d.Captions[0])) > 3
	})
	fit, held, err := datasets.HoldOut(drawings, 0.1, 1)
	check(err)
	var captions []string
	for _, d := range fit {
		captions = append(captions, d.Captions...)
	}
	words, err := datasets.NewWords(datasets.WordsOptions{}, captions...)
	check(err)
	m, err := models.NewCaptioner(models.CaptionerConfig{
		Recurrent: models.Recurrent{Cell: "gru", Embed: 16, Hidden: 32, Layers: 1},
		Height:    32, Width: 32, Channels: 3, Blocks: []int{8, 16, 32}, Norm: true, Attention: "bahdanau", Longest: 12,
	}, words, 1)
	check(err)

	examples := make([]models.Pictured, len(fit))
	for i, d := range fit {
		examples[i], err = m.Example(d.Image, d.Captions[0])
		check(err)
	}
	task, err := m.Task(examples, models.CaptionerTraining{Batch: 32, Seed: 1})
	check(err)
	loop := train.Loop{Task: task, Optimiser: train.NewAdam(0.01), Clip: 1, Steps: 10 * task.PerEpoch()}
	_, err = loop.Run(context.Background())
	check(err)

	f1 := 0.0
	for _, d := range held {
		found, err := m.Caption(models.Search{Beam: 2}, d.Image)
		check(err)
		f1 += train.WordF1(strings.Fields(found[0][0].Text), strings.Fields(d.Captions[0])) / float64(len(held))
	}
	fmt.Println("two thirds of the words are right:", f1 > 2.0/3)
	// Output: two thirds of the words are right: true
}
