package main

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// captionScoring is what caption eval is told.
type captionScoring struct {
	captioned
	search                          captionSearch
	model                           string
	fitImages, fitCaptions, fitName string // of the pictures to compare with
	json                            bool
}

// captionSearch is how the flags say that captions are looked for.
type captionSearch struct{ models.Search }

// usualSearch is that without flags: without a penalty the likeliest captions are
// the shortest.
func usualSearch() models.Search { return models.Search{Beam: 4, Best: 1, Penalty: 1} }

func (q *captionSearch) flags(f *pflag.FlagSet) {
	q.Search = usualSearch()
	f.IntVar(&q.Beam, "beam", q.Beam, "beginnings of a caption that are kept (1: always the likeliest next token)")
	f.Float64Var(&q.Penalty, "penalty", q.Penalty, "length penalty of Wu et al. 2016: above 0 favours longer captions")
}

// check refuses flags that cannot work.
func (q *captionSearch) check() error { return checkSearch(q.Beam, q.Best, q.Penalty) }

func captionEvalCommand(s streams) *cobra.Command {
	var t captionScoring
	c := &cobra.Command{
		Use:   "eval",
		Short: "Measure how well a captioner says what pictures show",
		Long: `Eval writes captions of pictures and compares them with those of people: the part
that is the same to the letter, F1 of the words as bags, BLEU, and the perplexity
of the given captions for each token. With --test and --seed as train had them it
measures on what train held back, beside two captions that take no learning: always
the commonest, and that of the picture which is nearest by its pixels.
--fit-images and --fit-captions name the pictures for these when they are files of
their own.`,
		Example: `  demo caption eval --model photos.safetensors --images more.zip --captions more.tsv --text caption
  demo caption eval --model shapes.safetensors --test 0.1 --seed 1 --json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := t.check(); err != nil {
				return err
			}
			return t.eval(s)
		},
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as caption train writes it (needed)")
	t.captioned.flags(f)
	f.Float64Var(&t.split.test, "test", 0, "part that train held back for its test; only that is measured (0: all)")
	f.Uint64Var(&t.split.seed, "seed", 1, "that of train")
	f.StringVar(&t.fitImages, "fit-images", "", "pictures of the training, to compare with (none: no comparison)")
	f.StringVar(&t.fitCaptions, "fit-captions", "", "their captions (none: no comparison)")
	f.StringVar(&t.fitName, "fit-name", "", "what these pictures are called, as --name (none: the cell)")
	t.search.flags(f)
	f.BoolVar(&t.json, "json", false, "print one JSON object")
	return c
}

// check refuses flags that cannot work.
func (t *captionScoring) check() error {
	if err := need("model", t.model); err != nil {
		return err
	}
	if err := t.search.check(); err != nil {
		return err
	}
	switch {
	case !(t.split.test >= 0 && t.split.test < 1):
		return usagef("--test must be in [0, 1), got %v", t.split.test)
	case (t.fitImages == "") != (t.fitCaptions == ""):
		return usagef("--fit-images and --fit-captions go together")
	case t.fitImages != "" && t.captions == "":
		return usagef("--fit-images goes with --images and --captions")
	}
	return t.captioned.check()
}

// pictures are those to be measured, and those of the training.
func (t *captionScoring) pictures(m *models.Captioner) (fit, held []datasets.Captioned, err error) {
	seen := seenBy(m)
	if t.images == "" && t.split.test == 0 {
		t.split.seed += 1 << 32 // others than train has generated
	}
	rest, held, err := t.captioned.read(seen)
	switch {
	case err != nil:
		return nil, nil, err
	case t.fitImages != "":
		said := t.said
		said.Name = t.fitName
		fit, err = datasets.LoadCaptioned(t.fitImages, t.fitCaptions, seen, said)
	case t.split.test > 0:
		fit = rest
	}
	if t.split.test == 0 {
		held = rest
	}
	return fit, held, err
}

// seenBy is how pictures for a model are read.
func seenBy(m *models.Captioner) datasets.ImageOptions {
	c := m.Config
	return datasets.ImageOptions{Channels: c.Channels, Height: c.Height, Width: c.Width, Fit: c.Fit}
}

func (t *captionScoring) eval(s streams) error {
	m, err := models.LoadCaptionerFile(t.model)
	if err != nil {
		return err
	}
	fit, held, err := t.pictures(m)
	if err != nil {
		return err
	}
	all, err := compared(m, fit, held, t.search.Search)
	if err != nil {
		return fmt.Errorf("%s, %s: %w", t.model, t.name(), err)
	}
	if t.json {
		return json.NewEncoder(s.out).Encode(captionReportOf(all))
	}
	printCaptionScores(s.out, t.name(), all)
	printCaptions(s.out, held, all[0].said)
	return nil
}

// captionReport is what eval says as JSON.
type captionReport struct {
	Pictures int `json:"pictures"`
	captionNumbers
	Perplexity float64                   `json:"perplexity"`
	Nats       float64                   `json:"nats_per_token"`
	Baselines  map[string]captionNumbers `json:"baselines,omitempty"`
}

type captionNumbers struct {
	Exact float64 `json:"exact_match"`
	F1    float64 `json:"word_f1"`
	BLEU  float64 `json:"bleu"`
}

func captionReportOf(all []captionScore) captionReport {
	numbers := func(c captionScore) captionNumbers { return captionNumbers{c.exact, c.f1, c.bleu} }
	r := captionReport{
		Pictures: len(all[0].said), captionNumbers: numbers(all[0]), Perplexity: math.Exp(all[0].nats), Nats: all[0].nats,
	}
	for _, c := range all[1:] {
		if r.Baselines == nil {
			r.Baselines = map[string]captionNumbers{}
		}
		r.Baselines[c.name] = numbers(c)
	}
	return r
}
