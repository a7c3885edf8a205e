package train_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// lullaby is a model and its training text.
func lullaby(seed uint64) (*models.CharLM, []int) {
	text := strings.Repeat("twinkle twinkle little star\n", 20)
	vocab, err := datasets.NewVocab(datasets.VocabOptions{}, text)
	check(err)
	ids, err := vocab.Encode(text)
	check(err)
	m, err := models.NewCharLM(models.Config{Cell: "gru", Embed: 8, Hidden: 16, Layers: 1}, vocab, seed)
	check(err)
	return m, ids
}

// A loop tells what happens after each step and each validation.
func ExampleLoop() {
	m, ids := lullaby(1)
	fit, valid, err := datasets.Split(ids, 0.8)
	check(err)
	task, err := m.Task(fit, 4, 14)
	check(err)

	var kept bytes.Buffer
	loop := train.Loop{
		Task: task, Optimiser: train.NewAdam(0.02), Schedule: train.Cosine(90, 10, 0.1), Clip: 1, Steps: 90,
		ValidEvery: 30,
		Validate: func() (float64, error) {
			score, err := m.Score(valid, 1)
			return score.Bits(), err
		},
		Best: func() error { kept.Reset(); return m.Save(&kept) },
		On: []func(train.Event) error{func(e train.Event) error {
			if e.Valid {
				fmt.Printf("step %d of %d: below half a bit for each character: %v, best: %v\n", e.Step, e.Steps, e.Score < 0.5, e.Best)
			}
			return nil
		}},
	}
	report, err := loop.Run(context.Background())
	check(err)
	fmt.Println("best at", report.BestStep, "kept", kept.Len() > 0)
	// Output:
	// step 30 of 90: below half a bit for each character: false, best: true
	// step 60 of 90: below half a bit for each character: true, best: true
	// step 90 of 90: below half a bit for each character: true, best: true
	// best at 90 kept true
}

// Training that was interrupted goes on bit for bit as if it had not been.
func ExampleLoop_Resume() {
	begin := func() (*models.CharLM, *train.Loop) {
		m, ids := lullaby(1)
		task, err := m.Task(ids, 4, 14)
		check(err)
		return m, &train.Loop{Task: task, Optimiser: train.NewAdam(0.02), Clip: 1}
	}
	whole, loop := begin()
	loop.Steps = 20
	_, err := loop.Run(context.Background())
	check(err)

	_, loop = begin()
	loop.Steps = 10
	_, err = loop.Run(context.Background())
	check(err)
	var checkpoint bytes.Buffer
	check(loop.Checkpoint(&checkpoint, "adam 0.02, clip 1"))

	halves, loop := begin()
	check(loop.Resume(&checkpoint, "adam 0.02, clip 1"))
	loop.Steps = 20
	report, err := loop.Run(context.Background())
	check(err)

	var a, b bytes.Buffer
	check(whole.Save(&a))
	check(halves.Save(&b))
	fmt.Println(report.Steps, bytes.Equal(a.Bytes(), b.Bytes()))
	// Output: 20 true
}

// The checkpoint of other settings is refused.
func ExampleErrFormat() {
	m, ids := lullaby(1)
	task, err := m.Task(ids, 4, 14)
	check(err)
	var checkpoint bytes.Buffer
	loop := train.Loop{Task: task, Optimiser: train.NewAdam(0.02)}
	check(loop.Checkpoint(&checkpoint, "rate 0.02"))
	fmt.Println(loop.Resume(&checkpoint, "rate 0.01"))
	// Output: train: not a checkpoint of this training: it was made with rate 0.02, now rate 0.01
}

func ExampleCosine() {
	rate := train.Cosine(8, 2, 0.1)
	for step := range 9 {
		fmt.Printf("%.2f ", rate(step))
	}
	// Output: 0.50 1.00 1.00 0.94 0.78 0.55 0.33 0.16 0.10
}

func ExampleExponential() {
	rate := train.Exponential(3, 2, 0.5)
	for step := range 8 {
		fmt.Print(rate(step), " ")
	}
	// Output: 1 1 1 0.5 0.5 0.25 0.25 0.125
}

func ExampleAdam() {
	fmt.Println((&train.Loop{Task: &slope{}, Optimiser: train.NewAdam(-1)}).Checkpoint(nil, ""))
	// Output: train: the learning rate must be above 0 and below 1e+06, got -1
}
