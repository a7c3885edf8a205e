package models_test

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// A label for every token: "run" is a noun or a verb, which its neighbours tell.
func ExampleTagger() {
	sentences := [][2]string{
		{"the dog runs", "det noun verb"},
		{"dogs run", "noun verb"},
		{"the run ends", "det noun verb"},
	}
	words, err := datasets.NewCategories(datasets.CategoriesOptions{}, "the", "dog", "dogs", "run", "runs", "ends")
	check(err)
	m, err := models.NewTagger(models.TaggerConfig{
		Recurrent: models.Recurrent{Cell: "lstm", Embed: 8, Hidden: 8, Layers: 1, Bidirectional: true},
		Unit:      "words", Longest: 3,
	}, words, []string{"det", "noun", "verb"}, 1)
	check(err)
	var examples []datasets.Tagged
	for _, s := range sentences {
		tagged, err := m.Examples(strings.Fields(s[0]), strings.Fields(s[1]))
		check(err)
		examples = append(examples, tagged...)
	}
	task, err := m.Task(examples, models.Training{Batch: 3, Seed: 1})
	check(err)
	check(descend(task, 300, 0.5))

	var file bytes.Buffer
	check(m.Save(&file))
	same, err := models.LoadTagger(&file)
	check(err)
	for _, text := range []string{"dogs run", "the run runs"} {
		tags, err := same.Tag(m.Config.Cut(text)...)
		check(err)
		for _, tag := range tags {
			fmt.Printf("%s/%s ", tag.Token, tag.Label)
		}
	}
	// Output: dogs/noun run/verb the/det run/noun runs/verb
}
