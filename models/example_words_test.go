package models_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

func ExampleReadWordVectors() {
	const text = "4 2\nking 2 1\nqueen 2 -1\nman 0 1\nwoman 0 -1\n"
	m, err := models.ReadWordVectors(strings.NewReader(text))
	if err != nil {
		fmt.Println(err)
		return
	}
	near, err := m.Analogy("king", "man", "woman", 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("king - man + woman =", near[0].Word)
	if err := m.WriteText(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// king - man + woman = queen
	// 4 2
	// king 2 1
	// queen 2 -1
	// man 0 1
	// woman 0 -1
}

func ExampleWordVectors_Task() {
	words, err := datasets.NewWords(datasets.WordsOptions{Lower: true}, "The cat sat. The dog sat.")
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := models.NewWordVectors(models.WordVectorsConfig{Width: 8}, words, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	var sentences [][]int
	for _, text := range []string{"The cat sat.", "The dog sat."} {
		ids, err := m.Sentence(text)
		if err != nil {
			fmt.Println(err)
			return
		}
		sentences = append(sentences, ids)
	}
	task, err := m.Task(sentences, datasets.SkipGramOptions{Batch: 6, Window: 1, Negatives: 2, Sample: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	loss, err := task.Next(0)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d batches an epoch; untrained, 3·log 2 = %.3f nats\n", task.PerEpoch(), loss)
	// Output:
	// 2 batches an epoch; untrained, 3·log 2 = 2.079 nats
}

func ExampleFeedForward() {
	columns := models.FeedForwardColumns{Inputs: []string{"celsius"}, Answer: "fahrenheit"}
	var err error
	if columns.Scale, err = datasets.FitScaler(datasets.Standard, []float64{-10, 10}, 1); err != nil {
		fmt.Println(err)
		return
	}
	if columns.Unit, err = datasets.FitScaler(datasets.Standard, []float64{14, 50}, 1); err != nil {
		fmt.Println(err)
		return
	}
	m, err := models.NewFeedForward(models.FeedForwardConfig{Hidden: 4, Layers: 0, Activation: "tanh"}, columns, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := m.Params.Set("out/W", []float64{1}); err != nil { // what training would find
		fmt.Println(err)
		return
	}
	y, err := m.Answers([][]float64{{0}, {100}})
	fmt.Println(y, err)
	// Output:
	// [[32] [212]] <nil>
}
