package models_test

import (
	"bytes"
	"fmt"
	"log"
	"strings"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models"
)

// untrained is a model of a Korean text.
func untrained() (*models.CharLM, []int) {
	text := strings.Repeat(korean, 8)
	vocab, err := datasets.NewVocab(datasets.VocabOptions{}, text)
	check(err)
	ids, err := vocab.Encode(text)
	check(err)
	m, err := models.NewCharLM(models.Config{Cell: "gru", Embed: 12, Hidden: 24, Layers: 1}, vocab, 1)
	check(err)
	return m, ids
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func ExampleNewCharLM() {
	text := "abracadabra"
	vocab, err := datasets.NewVocab(datasets.VocabOptions{}, text)
	check(err)
	m, err := models.NewCharLM(models.Config{Cell: "lstm", Embed: 3, Hidden: 4, Layers: 1}, vocab, 1)
	check(err)
	for _, p := range m.Params.All() {
		fmt.Println(p.Path(), p.Shape())
	}
	fmt.Println(m.Params.Count(), "numbers")

	_, err = models.NewCharLM(models.Config{Cell: "lstm", Embed: 3, Layers: 1}, vocab, 1)
	fmt.Println(err)
	// Output:
	// embed/E [5 3]
	// out/W [4 5]
	// out/b [5]
	// rnn/layer0/Wh [4 16]
	// rnn/layer0/Wx [3 16]
	// rnn/layer0/b [16]
	// 168 numbers
	// models: hidden must be in [1, 65536], got 0
}

// A task computes gradients; what is done with them is up to others, in the
// simplest case gradient descent. Package train has better.
func ExampleCharLM_Task() {
	m, ids := untrained()
	task, err := m.Task(ids, 4, 10)
	check(err)
	first, last := 0.0, 0.0
	for step := range 300 {
		last, err = task.Next(step)
		check(err)
		if step == 0 {
			first = last
		}
		check(m.Params.Update(func(p *graph.Param) error {
			for i, g := range p.Grad32s() {
				p.Float32s()[i] -= 0.5 * g
			}
			return nil
		}))
	}
	fmt.Printf("windows %d, tokens %d\n", task.Windows(), task.Tokens())
	fmt.Printf("loss above 2: %v, then below 0.2: %v\n", first > 2, last < 0.2)
	// Output:
	// windows 5, tokens 40
	// loss above 2: true, then below 0.2: true
}

func ExampleCharLM_Score() {
	m, ids := untrained()
	score, err := m.Score(ids, 1)
	check(err)
	fmt.Printf("%d predictions among %d characters\n", score.Tokens, m.Vocab.Len())
	fmt.Println("perplexity of an untrained model is about that:", score.Perplexity() > 15 && score.Perplexity() < 30)
	// Output:
	// 239 predictions among 18 characters
	// perplexity of an untrained model is about that: true
}

func ExampleCharLM_Generator() {
	m, _ := untrained()
	gen, err := m.Generator(models.Sampling{Temperature: 0.8, Seed: 1})
	check(err)
	text, err := gen.Text("강가의 ", 20)
	check(err)
	fmt.Println(len([]rune(text)), "characters")

	_, err = gen.Text("바다", 20)
	fmt.Println(err)
	// Output:
	// 20 characters
	// models: prime text: datasets: encode: rune '바' (U+BC14) at byte 0 (line 1, column 1) is not in the vocabulary of 18 runes
}

func ExampleLoadCharLM() {
	m, ids := untrained()
	var file bytes.Buffer
	check(m.Save(&file))
	_, err := models.LoadCharLM(bytes.NewReader(file.Bytes()[:1000]))
	fmt.Println(err != nil)

	same, err := models.LoadCharLM(&file)
	check(err)
	a, err := m.Score(ids, 1)
	check(err)
	b, err := same.Score(ids, 1)
	check(err)
	fmt.Println(a == b, same.Config)
	// Output:
	// true
	// true {gru 12 24 1 0 false}
}
