package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/datasets"
)

// captionCommand holds the commands of the captioner.
func captionCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "caption",
		Short: "Learn to say what pictures show",
		Long: `Caption sees a picture through convolutions and writes what it shows, word by
word or character by character. Without --images it learns from generated
pictures of coloured shapes.`,
		Example: `  demo caption train
  demo caption train --images photos.zip --captions captions.tsv --text caption --out photos.safetensors
  demo caption eval --model photos.safetensors --images more.zip --captions more.tsv
  demo caption predict --model photos.safetensors --images holiday/ --sheet holiday.html`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(captionTrainCommand(s), captionEvalCommand(s), captionPredictCommand(s))
	return c
}

// captioned is how the flags say that pictures and their captions are read.
type captioned struct {
	table
	images, captions, labels string // files
	said                     datasets.CaptionsOptions
	emoji                    bool
	count                    int
	language                 string
	split                    pictureSplit
}

// pictureSplit is what of the pictures is held back for a test.
type pictureSplit struct {
	test float64
	seed uint64
}

func (t *captioned) flags(f *pflag.FlagSet) {
	f.StringVar(&t.images, "images", "", "pictures: ZIP, a folder, IDX (.gz as it is), one picture (none: generated shapes)")
	f.StringVar(&t.captions, "captions", "", "captions: a table or JSON lines, .gz as it is (none: generated)")
	f.StringVar(&t.said.Image, "image", "", "column that names the picture (none: the first; identifier of JSON)")
	f.StringVar(&t.said.Text, "text", "", "column of the captions (none: the last; sentence of JSON)")
	f.StringVar(&t.said.Name, "name", "", `what pictures are called, * being the cell: "dev-*-0.png" (none: the cell)`)
	f.StringVar(&t.said.Where, "where", "", `only captions with this cell, COLUMN=VALUE: "label=true" (none: all)`)
	f.StringVar(&t.said.Key, "key", "", "column by which pictures are held back together (none: each by itself)")
	f.BoolVar(&t.emoji, "emoji", false, "the key is code points: all variants of an emoji are held back together")
	f.StringVar(&t.labels, "labels", "", "IDX labels of the digits in --images, for rows of three (none: --captions)")
	f.IntVar(&t.count, "count", 0, "generated pictures, or mosaics (0: 4000, or 20000)")
	f.StringVar(&t.language, "lang", "en", "language of generated captions: en or ko")
	t.table.flags(f)
}

// check refuses flags that cannot work.
func (t *captioned) check() error {
	switch {
	case t.images == "" && (t.captions != "" || t.labels != ""):
		return usagef("--captions and --labels go with --images")
	case t.images != "" && (t.captions == "") == (t.labels == ""):
		return usagef("--images needs one of --captions and --labels")
	case t.captions == "" && t.said.Image+t.said.Text+t.said.Name+t.said.Where != "":
		return usagef("--image, --text, --name and --where go with --captions")
	case t.captions != "" && t.language != "en":
		return usagef("--lang is of generated captions, not of --captions")
	case t.emoji && t.said.Key == "":
		return usagef("--emoji needs --key")
	case t.count < 0 || t.count > 1<<20:
		return usagef("--count must be in [0, %d], got %d", 1<<20, t.count)
	case t.count > 0 && t.captions != "":
		return usagef("--count is of generated pictures, not of --captions")
	case t.language != "en" && t.language != "ko":
		return usagef("--lang must be en or ko, got %q", t.language)
	}
	t.said.Table = t.table.options()
	return t.table.check()
}

// name is what the data are called.
func (t *captioned) name() string {
	switch {
	case t.images == "":
		return "generated shapes"
	case t.labels != "":
		return "mosaics of " + t.images
	}
	return t.images
}

// key is by what a picture is held back.
func (t *captioned) key(p datasets.Captioned) string {
	switch {
	case t.said.Key == "":
		return p.Name
	case t.emoji:
		return datasets.EmojiBase(p.Key)
	}
	return p.Key
}

// read reads the pictures, and what is held back of them for a test.
func (t *captioned) read(seen datasets.ImageOptions) (rest, test []datasets.Captioned, err error) {
	if t.captions == "" {
		return t.generate()
	}
	all, err := datasets.LoadCaptioned(t.images, t.captions, seen, t.said)
	if err != nil || t.split.test == 0 {
		return all, nil, err
	}
	if rest, test, err = datasets.HoldOutBy(all, t.key, t.split.test, t.split.seed); err != nil {
		return nil, nil, fmt.Errorf("--test: %w", err)
	}
	return rest, test, nil
}

// digestOfPictures is the SHA-256 of pictures and captions.
func digestOfPictures(parts ...[]datasets.Captioned) string {
	h := sha256.New()
	for _, all := range parts {
		for _, p := range all {
			m := p.Image
			_ = binary.Write(h, binary.LittleEndian, []int64{int64(m.Height), int64(m.Width), int64(m.Channels)})
			h.Write(m.Pix)
			fmt.Fprintf(h, "%q", p.Captions)
		}
		fmt.Fprintln(h)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}
