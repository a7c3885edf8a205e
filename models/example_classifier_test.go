package models_test

import (
	"bytes"
	"fmt"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// From labelled texts to a file that answers: words and labels make a
// classifier, documents train it, what it has learnt is saved and loaded.
func ExampleClassifier() {
	texts := []string{"good", "bad", "not good", "not bad"}
	labels := []string{"positive", "negative", "negative", "positive"}
	words, err := datasets.NewWords(datasets.WordsOptions{Lower: true}, texts...)
	check(err)
	m, err := models.NewClassifier(models.ClassifierConfig{
		Recurrent: models.Recurrent{Cell: "gru", Embed: 8, Hidden: 8, Layers: 1},
		Pool:      "last", Longest: 16,
	}, words, labels, 1)
	check(err)
	var docs []models.Document
	for i, text := range texts {
		doc, err := m.Document(text)
		check(err)
		doc.Class, err = m.Class(labels[i])
		check(err)
		docs = append(docs, doc)
	}
	task, err := m.Task(docs, models.ClassifierTraining{Batch: 4})
	check(err)
	check(descend(task, 300, 0.5))

	var file bytes.Buffer
	check(m.Save(&file))
	same, err := models.LoadClassifier(&file)
	check(err)
	answers, err := same.Predict("Good", "Not good", "not bad")
	check(err)
	for _, a := range answers {
		fmt.Println(a.Label, a.Probabilities[a.Class] > 0.9)
	}
	// Output:
	// positive true
	// negative true
	// positive true
}
