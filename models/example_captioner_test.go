package models_test

import (
	"bytes"
	"fmt"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// plain is a gray picture of 8 x 8 pixels of one brightness.
func plain(brightness byte) datasets.Image {
	return datasets.Image{Height: 8, Width: 8, Channels: 1, Pix: bytes.Repeat([]byte{brightness}, 64)}
}

// A captioner learns what to say of dark and of light pictures, is saved, loaded
// and asked about one that it has not seen.
func ExampleCaptioner() {
	words, err := datasets.NewWords(datasets.WordsOptions{}, "a dark room", "a light room")
	check(err)
	m, err := models.NewCaptioner(models.CaptionerConfig{
		Recurrent: models.Recurrent{Cell: "gru", Embed: 8, Hidden: 16, Layers: 1},
		Height:    8, Width: 8, Channels: 1, Blocks: []int{4}, Attention: "none", Longest: 3,
	}, words, 1)
	check(err)
	var examples []models.Pictured
	for b := range 64 {
		says := "a dark room"
		if b >= 32 {
			says = "a light room"
		}
		e, err := m.Example(plain(byte(4*b)), says)
		check(err)
		examples = append(examples, e)
	}
	task, err := m.Task(examples, models.CaptionerTraining{Batch: 16, Seed: 1})
	check(err)
	check(descend(task, 300, 0.5))

	var file bytes.Buffer
	check(m.Save(&file))
	m, err = models.LoadCaptioner(&file)
	check(err)
	found, err := m.Caption(models.Search{Beam: 2, Best: 1}, plain(30), plain(222))
	check(err)
	fmt.Println(found[0][0].Text, "|", found[1][0].Text)
	// Output: a dark room | a light room
}
