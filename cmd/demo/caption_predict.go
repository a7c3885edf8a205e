package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/internal/atomicfile"
	"github.com/unroll-go/unroll/models"
)

// captionAnswering is what caption predict is told.
type captionAnswering struct {
	search        captionSearch
	model, images string
	sheet         string
	json          bool
}

func captionPredictCommand(s streams) *cobra.Command {
	var t captionAnswering
	c := &cobra.Command{
		Use:   "predict",
		Short: "Say what pictures show",
		Long: `Predict writes, for each picture, a line with its name, the caption and the
probability of the whole caption; with --nbest more captions, a line each. --sheet
writes a page with the pictures and their captions, which needs no other file; of a
model with attention it shows where the model looked at each word.`,
		Example: `  demo caption predict --model photos.safetensors --images holiday.jpg
  demo caption predict --model photos.safetensors --images holiday/ --nbest 3 --json
  demo caption predict --model photos.safetensors --images holiday.zip --sheet holiday.html`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := t.check(); err != nil {
				return err
			}
			return t.predict(s)
		},
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as caption train writes it (needed)")
	f.StringVar(&t.images, "images", "", "pictures: one picture, a folder, a ZIP file or IDX, .gz as it is (needed)")
	t.search.flags(f)
	f.IntVar(&t.search.Best, "nbest", 1, "captions for each picture, at most --beam")
	f.StringVar(&t.sheet, "sheet", "", "page of pictures and captions to write (none: only lines)")
	f.BoolVar(&t.json, "json", false, "write a JSON object a line")
	return c
}

// check refuses flags that cannot work.
func (t *captionAnswering) check() error {
	if err := errors.Join(need("model", t.model), need("images", t.images), t.search.check()); err != nil {
		return usageError{err}
	}
	if t.sheet == "" {
		return nil
	}
	return writable("--sheet", t.sheet, t.images)
}

func (t *captionAnswering) predict(s streams) error {
	m, err := models.LoadCaptionerFile(t.model)
	if err != nil {
		return err
	}
	pictures, err := datasets.LoadImages(t.images, seenBy(m))
	if err != nil {
		return err
	}
	found, err := m.Caption(t.search.Search, pictures.Items...)
	if err != nil {
		return fmt.Errorf("%s, %s: %w", t.model, t.images, err)
	}
	out := bufio.NewWriter(s.out)
	for i, best := range found {
		if err := t.print(out, pictures.Names[i], best); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil || t.sheet == "" {
		return err
	}
	return atomicfile.Write(t.sheet, func(w io.Writer) error { return writeSheet(w, m, pictures, found) })
}

// captionLine is a picture's captions as JSON.
type captionLine struct {
	Image    string        `json:"image"`
	Captions []captionText `json:"captions"`
}

type captionText struct {
	Text string  `json:"text"`
	LogP float64 `json:"log_p"` // nats
	End  bool    `json:"ended"`
}

// print writes what is said of a picture.
func (t *captionAnswering) print(w io.Writer, name string, best []models.Caption) error {
	if t.json {
		line := captionLine{Image: name}
		for _, c := range best {
			line.Captions = append(line.Captions, captionText{c.Text, c.LogP, c.Ended})
		}
		return json.NewEncoder(w).Encode(line)
	}
	for _, c := range best {
		if _, err := fmt.Fprintf(w, "%s\t%s\t%.4f\n", name, c.Text, c.Probability()); err != nil {
			return err
		}
	}
	return nil
}
