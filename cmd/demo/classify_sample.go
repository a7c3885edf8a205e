package main

import (
	"fmt"
	"io"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// sampleReviews are what classify learns from without data.
func sampleReviews() []labelled {
	var rows []labelled
	for _, r := range datasets.Reviews(4000, 1) {
		rows = append(rows, labelled{r.Text, r.Label})
	}
	return rows
}

// sampleTexts are sentences that the grammar of the reviews does not make.
func sampleTexts() []string {
	return []string{
		"the music was wonderful and the plot was moving.",
		"It was not wonderful. It was boring.",
		"I loved the plot, but the music was dull and the ending was a mess.",
		"I hated it.",
		"nobody could hate it, and I loved the ending.",
		"음악이 정말 좋았고 연기가 훌륭했다.",
		"전혀 재미있지 않았다. 지루했다.",
		"지루하지 않았다.",
		"연기는 좋았지만 음악이 엉망이었다.",
	}
}

// samplePredictions shows what the model says of sentences that are new to it.
func samplePredictions(w io.Writer, m *models.Classifier) error {
	answers, err := m.Predict(sampleTexts()...)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "\nsentences that the generator does not make:")
	for i, a := range answers {
		fmt.Fprintf(w, "  %-8s %.2f  %s\n", a.Label, a.Probabilities[a.Class], sampleTexts()[i])
	}
	fmt.Fprintln(w)
	return nil
}
