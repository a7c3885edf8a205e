package datasets_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/unroll-go/unroll/datasets"
)

// written makes a file in a directory of its own and says where that is.
func written(name, content string) (dir, path string) {
	dir, err := os.MkdirTemp("", "data")
	if err != nil {
		log.Fatal(err)
	}
	path = filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		log.Fatal(err)
	}
	return dir, path
}

// Sentences and their translations, as Tatoeba has them: without a header,
// source and target in the second and fourth column.
func ExampleLoadPairs() {
	dir, path := written("deu.tsv", "77\tGuten Morgen.\t1\tGood morning.\n78\tDanke!\t2\tThanks!\n")
	defer os.RemoveAll(dir)
	pairs, err := datasets.LoadPairs(path, datasets.PairsOptions{
		Source: "2", Target: "4", Table: datasets.TableOptions{NoHeader: true},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range pairs {
		fmt.Printf("line %d: %s -> %s\n", p.Line, p.Source, p.Target)
	}
	// Output:
	// line 1: Guten Morgen. -> Good morning.
	// line 2: Danke! -> Thanks!
}

// Captions from lines of JSON, only those of rows that pass a condition; the
// name of a picture is made of its number.
func ExampleLoadCaptions() {
	dir, path := written("train.json", `{"identifier": "7-1", "sentence": "two blue boxes", "label": "true"}
{"identifier": "8-0", "sentence": "a yellow tower", "label": "false"}
`)
	defer os.RemoveAll(dir)
	captions, err := datasets.LoadCaptions(path, datasets.CaptionsOptions{Name: "train-*.png", Where: "label=true"})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range captions {
		fmt.Printf("%s: %q\n", c.Image, c.Text)
	}
	// Output: train-7-1.png: "two blue boxes"
}

// Pictures and their captions joined: here two pictures of 1 x 2 pixels in an
// IDX file, whose names are their numbers.
func ExampleLoadCaptioned() {
	dir, images := written("images.idx", "\x00\x00\x08\x03\x00\x00\x00\x02\x00\x00\x00\x01\x00\x00\x00\x02"+"\x00\xff\xff\x00")
	defer os.RemoveAll(dir)
	dir, captions := written("captions.csv", "image,caption\n0,light on the right\n1,light on the left\n1,dark on the right\n")
	defer os.RemoveAll(dir)
	all, err := datasets.LoadCaptioned(images, captions, datasets.ImageOptions{Channels: 1}, datasets.CaptionsOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range all {
		fmt.Println(c.Image.Pix, c.Captions)
	}
	// Output:
	// [0 255] [light on the right]
	// [255 0] [light on the left dark on the right]
}
