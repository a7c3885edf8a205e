package train_test

import (
	"context"
	"fmt"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// A classifier learns made-up film reviews word by word; a part is held back.
func ExampleClassification() {
	reviews := datasets.Reviews(1500, 1)
	var texts, labels []string
	for _, r := range reviews {
		texts, labels = append(texts, r.Text), append(labels, r.Label)
	}
	words, err := datasets.NewWords(datasets.WordsOptions{Lower: true}, texts...)
	check(err)
	m, err := models.NewClassifier(models.ClassifierConfig{
		Recurrent: models.Recurrent{Cell: "gru", Embed: 16, Hidden: 24, Layers: 1, Bidirectional: true},
		Pool:      "mean", Longest: 64,
	}, words, labels, 1)
	check(err)

	docs := make([]models.Document, len(texts))
	for i := range docs {
		docs[i], err = m.Document(texts[i])
		check(err)
		docs[i].Class, err = m.Class(labels[i])
		check(err)
	}
	fit, held, err := datasets.HoldOut(docs, 0.2, 1)
	check(err)
	task, err := m.Task(fit, models.ClassifierTraining{Batch: 32, Seed: 1})
	check(err)
	loop := train.Loop{Task: task, Optimiser: train.NewAdam(0.01), Clip: 1, Steps: 8 * task.PerEpoch()}
	_, err = loop.Run(context.Background())
	check(err)

	_, err = m.Calibrate(held) // fits the temperature
	check(err)
	all, err := m.Probabilities(held)
	check(err)
	scores, err := train.NewClassification(len(m.Labels), 10)
	check(err)
	for i, p := range all {
		check(scores.Add(p, held[i].Class))
	}
	fmt.Println("nine in ten of", scores.Rows(), "are right:", scores.Accuracy() > 0.9)
	fmt.Println("calibration error below 0.1:", scores.CalibrationError() < 0.1)

	answers, err := m.Predict("the plot was not good.", "연기가 나쁘지 않았다.")
	check(err)
	fmt.Println(answers[0].Label, answers[1].Label)
	// Output:
	// nine in ten of 300 are right: true
	// calibration error below 0.1: true
	// negative positive
}
