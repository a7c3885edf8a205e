package models_test

import (
	"bytes"
	"fmt"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// A translator from Korean numerals to digits, by characters, is trained, saved,
// loaded and asked; with attention, so that it can say what it looked at.
func ExampleTranslator() {
	korean, digits := []string{"일", "이", "삼", "사"}, []string{"1", "2", "3", "4"}
	source, err := datasets.NewVocab(datasets.VocabOptions{}, korean...)
	check(err)
	target, err := datasets.NewVocab(datasets.VocabOptions{}, digits...)
	check(err)
	m, err := models.NewTranslator(models.TranslatorConfig{
		Recurrent: models.Recurrent{Cell: "gru", Embed: 8, Hidden: 16, Layers: 1, Bidirectional: true},
		Attention: "general", Longest: 4, LongestTarget: 4,
	}, source, target, 1)
	check(err)
	var pairs []models.Parallel
	for i := range korean {
		for k := range korean {
			p, err := m.Parallel(korean[i]+korean[k], digits[i]+digits[k])
			check(err)
			pairs = append(pairs, p)
		}
	}
	task, err := m.Task(pairs, models.TranslatorTraining{Batch: 16, Seed: 1})
	check(err)
	check(descend(task, 300, 1))

	var file bytes.Buffer
	check(m.Save(&file))
	m, err = models.LoadTranslator(&file)
	check(err)
	found, err := m.Translate(models.Translating{Beam: 2}, "삼일", "사이")
	check(err)
	fmt.Println(found[0][0].Text, found[1][0].Text)
	// Output: 31 42
}
