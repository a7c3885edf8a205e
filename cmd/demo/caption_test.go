package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// drawn writes pictures of shapes to the folder pics and their captions to
// captions.tsv, in a new directory.
func drawn(t *testing.T, n int) {
	t.Helper()
	files(t, map[string]string{"pics/readme.txt": "no picture"})
	all, err := datasets.Shapes{}.Examples(n, 1)
	require.NoError(t, err)
	var table strings.Builder
	table.WriteString("file\tcaption\n")
	for i, p := range all {
		name := fmt.Sprintf("a<b>&%03d.png", i)
		require.NoError(t, os.WriteFile("pics/"+name, pngOf(t, p.Image), 0o644))
		fmt.Fprintf(&table, "%s\t%s\n", name, p.Captions[0])
	}
	require.NoError(t, os.WriteFile("captions.tsv", []byte(table.String()), 0o644))
}

func pngOf(t *testing.T, p datasets.Image) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, p.Width, p.Height))
	for i := range p.Width * p.Height {
		img.SetNRGBA(i%p.Width, i/p.Width, color.NRGBA{p.Pix[3*i], p.Pix[3*i+1], p.Pix[3*i+2], 255})
	}
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, img))
	return b.Bytes()
}

// smallCaption are the flags of a training that takes little time.
func smallCaption(more ...string) []string {
	return append(strings.Fields("caption train --blocks 8,8,8 --hidden 16 --embed 8 --batch 8 --lr 0.01"), more...)
}

var ofPics = strings.Fields("--images pics --captions captions.tsv")

// TestCaption trains on files, with and without attention, measures and predicts.
func TestCaption(t *testing.T) {
	drawn(t, 60)
	for _, attention := range []string{"none", "bahdanau", "general"} {
		t.Run(attention, func(t *testing.T) {
			trained := works(t, smallCaption(append(ofPics, "--attention", attention, "--steps", "30", "--out", "m", "--test", "0.1", "--shift", "1")...)...)
			assert.Empty(t, trained.out)
			assert.Contains(t, trained.err, "pics: 49 pictures of 32 x 32 x 3, 49 captions, ")
			assert.Contains(t, trained.err, "held back for validation: 5 pictures\nheld back for the test at the end: 6 pictures\n")
			assert.Contains(t, trained.err, "\ntest, 6 pictures")
			assert.Contains(t, trained.err, "the nearest picture's")

			scored := works(t, append(strings.Fields("caption eval --model m --json --test 0.1"), ofPics...)...)
			var r captionReport
			require.NoError(t, json.Unmarshal([]byte(scored.out), &r), scored.out)
			assert.Equal(t, 6, r.Pictures)
			assert.Greater(t, r.Perplexity, 1.0)
			assert.Less(t, r.Perplexity, 12.0, "a guess among all words: 17")
			assert.Len(t, r.Baselines, 2)
			printed := works(t, append(strings.Fields("caption eval --model m"), ofPics...)...)
			assert.Contains(t, printed.out, "60 pictures")

			said := works(t, strings.Fields("caption predict --model m --images pics --nbest 2 --sheet sheet.html")...)
			assert.Equal(t, 120, strings.Count(said.out, "\n"))
			assert.Regexp(t, `^a<b>&000.png\t[^\t]*\t[01]\.\d{4}\n`, said.out)
			sheet := string(read(t, "sheet.html"))
			assert.Contains(t, sheet, "a&lt;b&gt;&amp;000.png")
			assert.NotContains(t, sheet, "a<b>")
			assert.NotContains(t, sheet, "ZgotmplZ")
			assert.Equal(t, 60, strings.Count(sheet, "data:image/png;base64,"))
			assert.Equal(t, attention != "none", strings.Contains(sheet, "<rect"))
			line := works(t, strings.Fields("caption predict --model m --images pics --json")...)
			var first captionLine
			require.NoError(t, json.NewDecoder(strings.NewReader(line.out)).Decode(&first))
			assert.Equal(t, "a<b>&000.png", first.Image)
			assert.Len(t, first.Captions, 1)
		})
	}
}

// Without files the pictures are generated, in two languages.
func TestCaptionOfGeneratedPictures(t *testing.T) {
	files(t, nil)
	for lang, want := range map[string]string{"en": "a ", "ko": "동그라미"} {
		r := works(t, smallCaption("--lang", lang, "--count", "80", "--steps", "20", "--out", "m")...)
		assert.Contains(t, r.err, "generated shapes: 72 pictures")
		assert.Contains(t, r.err, want)
		scored := works(t, strings.Fields("caption eval --model m --count 20 --seed 5 --lang "+lang)...)
		assert.Contains(t, scored.out, "20 pictures")
	}
}

// A training that was interrupted and resumed leaves the same bytes as one that
// was not.
func TestCaptionResumeIsExact(t *testing.T) {
	drawn(t, 30)
	flags := func(steps, out string, more ...string) []string {
		return smallCaption(append(append(more, ofPics...), "--steps", steps, "--lr-end", "1", "--out", out, "--shift", "2", "--flip")...)
	}
	works(t, flags("12", "whole")...)
	works(t, flags("6", "part")...)
	works(t, flags("12", "part", "--resume")...)
	assert.Equal(t, read(t, "whole.checkpoint.safetensors"), read(t, "part.checkpoint.safetensors"))
	r := demo(t, flags("12", "part", "--resume", "--blocks", "8,8")...)
	assert.Equal(t, 1, r.code)
	assert.Contains(t, r.err, "--blocks was [8 8 8], now [8 8]")
}

// Pictures of other sizes and kinds are taken, and what is none is an error that
// names it.
func TestCaptionBadInput(t *testing.T) {
	drawn(t, 20)
	works(t, smallCaption(append(ofPics, "--steps", "2", "--out", "m")...)...)
	write := func(name string, data []byte) { require.NoError(t, os.WriteFile(name, data, 0o644)) }
	good := read(t, "pics/a<b>&000.png")
	write("one.png", pngOf(t, datasets.Image{Height: 1, Width: 1, Channels: 3, Pix: []byte{1, 2, 3}}))
	write("cut.png", good[:len(good)/2])
	write("text.png", []byte("hello"))
	write("huge.png", enlarged(good))
	write("moves.gif", animated(t))
	write("empty.png", nil)
	write("alone.tsv", []byte("file\tcaption\na<b>&000.png\ta red dot\n"))
	write("lost.tsv", []byte("file\tcaption\nx.png\ta red dot\n"))
	require.NoError(t, os.WriteFile("not.safetensors", good, 0o644))
	assert.Contains(t, works(t, strings.Fields("caption predict --model m --images one.png")...).out, "one.png\t")
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"predict --model m --images cut.png", 1, "cut.png"},
		{"predict --model m --images text.png", 1, "text.png"},
		{"predict --model m --images empty.png", 1, "empty.png"},
		{"predict --model m --images huge.png", 1, "20000 x 20000 pixels, wanted at most 16777216"},
		{"predict --model m --images moves.gif", 1, "moves.gif"},
		{"predict --model m --images nowhere.png", 1, "nowhere.png"},
		{"predict --model m", 2, "--images is needed"},
		{"predict --images one.png", 2, "--model is needed"},
		{"predict --model not.safetensors --images one.png", 1, "not.safetensors: not a model file of this kind"},
		{"predict --model m --images one.png --nbest 9", 2, "--nbest must be in [1, 4], the beam, got 9"},
		{"predict --model m --images one.png --nbest 0", 2, "--nbest must be in [1, 4], the beam, got 0"},
		{"predict --model m --images one.png --beam 0", 2, "--beam must be in [1, 1000], got 0"},
		{"eval --model m --penalty -1", 2, "--penalty must be in [0, 10], got -1"},
		{"predict --model m --images one.png --sheet one.png", 2, "--sheet one.png would overwrite"},
		{"train --images pics --captions alone.tsv", 1, "19 of 20 pictures have none"},
		{"train --images pics --captions lost.tsv", 1, `line 2: there is no picture "x.png"`},
		{"train --images pics", 2, "--images needs one of --captions and --labels"},
		{"train --captions captions.tsv", 2, "--captions and --labels go with --images"},
		{"train --where label=true", 2, "--image, --text, --name and --where go with --captions"},
		{"eval --model m --text caption", 2, "--image, --text, --name and --where go with --captions"},
		{"train --images pics --captions captions.tsv --lang ko", 2, "--lang is of generated captions, not of --captions"},
		{"train --blocks 8,x", 2, `--blocks must be whole numbers with commas between, got "8,x"`},
		{"train --blocks 0", 2, "--channels of block 0 must be in [1, 4096], got 0"},
		{"train --height 20", 2, "--height and --width go together, got 20 and 0"},
		{"train --attention xu", 2, `--attention "xu" is unknown`},
		{"train --emoji", 2, "--emoji needs --key"},
		{"train --lang fr", 2, `--lang must be en or ko, got "fr"`},
		{"train --val 1", 2, "--val and --test must be in [0, 1), got 1 and 0"},
		{"train --hidden 60000 --layers 60", 1, "training would need about"},
		{"eval --model m --images pics --captions captions.tsv --text none", 1, "none"},
		{"eval --model m --fit-images pics", 2, "--fit-images and --fit-captions go together"},
	} {
		r := demo(t, append([]string{"caption"}, strings.Fields(c.args)...)...)
		assert.Equal(t, c.code, r.code, c.args)
		assert.Contains(t, r.err, c.want, c.args)
	}
}

// enlarged is a PNG whose head says 20,000 x 20,000.
func enlarged(data []byte) []byte {
	out := bytes.Clone(data)
	for _, at := range []int{16, 20} { // width and height
		binary.BigEndian.PutUint32(out[at:], 20000)
	}
	binary.BigEndian.PutUint32(out[29:], crc32.ChecksumIEEE(out[12:29]))
	return out
}

// animated is a GIF of two frames.
func animated(t *testing.T) []byte {
	t.Helper()
	frame := image.NewPaletted(image.Rect(0, 0, 4, 4), color.Palette{color.Black, color.White})
	var b bytes.Buffer
	require.NoError(t, gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{1, 1}}))
	return b.Bytes()
}
