package train_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// A character model, from a text to what it writes.
func Example() {
	text := strings.Repeat("the river sang, the mill turned, and the cat slept.\n", 100)
	vocab, err := datasets.NewVocab(datasets.VocabOptions{}, text)
	check(err)
	ids, err := vocab.Encode(text)
	check(err)

	lm, err := models.NewCharLM(models.Config{Cell: "lstm", Embed: 16, Hidden: 64, Layers: 1}, vocab, 1)
	check(err)
	task, err := lm.Task(ids, 8, 32) // 8 windows of 32 characters at a time
	check(err)
	loop := train.Loop{Task: task, Optimiser: train.NewAdam(1e-2), Clip: 5, Steps: 150}
	report, err := loop.Run(context.Background())
	check(err)

	gen, err := lm.Generator(models.Sampling{Temperature: 0.5, Seed: 1})
	check(err)
	written, err := gen.Text("the mill", 27)
	check(err)
	fmt.Printf("%.1f nats: the mill%s\n", report.Loss, written)
	// Output: 0.0 nats: the mill turned, and the cat slept.
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
