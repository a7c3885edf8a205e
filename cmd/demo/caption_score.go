package main

import (
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// captionScore is how good captions are.
type captionScore struct {
	name            string
	said            []string
	exact, f1, bleu float64
	nats            float64 // for each token, NaN for what is no model
}

// short is what a validation says.
func (c captionScore) short() string {
	return fmt.Sprintf("perplexity %.2f, exact %.4f, F1 %.4f", math.Exp(c.nats), c.exact, c.f1)
}

// scored compares what was said with the captions of pictures.
func scored(name string, said []string, pictures []datasets.Captioned) (captionScore, error) {
	c := captionScore{name: name, said: said, nats: math.NaN()}
	bleu := train.BLEU{Smooth: train.AddOne} // captions are short
	hits := 0
	for i, p := range pictures {
		got, err := captionWords(said[i])
		if err != nil {
			return c, err
		}
		refs := make([][]string, len(p.Captions))
		for k, text := range p.Captions {
			if refs[k], err = captionWords(text); err != nil {
				return c, fmt.Errorf("picture %s: %w", p.Name, err)
			}
		}
		if slices.Contains(p.Captions, said[i]) {
			hits++
		}
		c.f1 += train.WordF1(got, refs...)
		if err := bleu.Add(got, refs...); err != nil {
			return c, err
		}
	}
	n := float64(max(len(pictures), 1))
	c.exact, c.f1, c.bleu = float64(hits)/n, c.f1/n, bleu.Score().BLEU
	return c, nil
}

// captionWords are the words that are compared.
func captionWords(text string) ([]string, error) {
	return datasets.SplitWords(text, datasets.WordsOptions{Lower: true})
}

// written is how good the captions of a model are, without their perplexity.
func written(m *models.Captioner, pictures []datasets.Captioned, s models.Search) (captionScore, error) {
	said, err := captionsOf(m, pictures, s)
	if err != nil {
		return captionScore{}, err
	}
	return scored("captioner", said, pictures)
}

// captionsOf are the best captions of a model.
func captionsOf(m *models.Captioner, pictures []datasets.Captioned, s models.Search) ([]string, error) {
	images := make([]datasets.Image, len(pictures))
	for i, p := range pictures {
		images[i] = p.Image
	}
	found, err := m.Caption(s, images...)
	if err != nil {
		return nil, err
	}
	said := make([]string, len(found))
	for i, best := range found {
		said[i] = best[0].Text
	}
	return said, nil
}

// compared is how good a model is, beside the commonest caption and that of the
// nearest picture of those it was trained on.
func compared(m *models.Captioner, fit, held []datasets.Captioned, s models.Search) ([]captionScore, error) {
	model, err := written(m, held, s)
	if err != nil {
		return nil, err
	}
	examples, err := examplesOf(m, held)
	if err != nil {
		return nil, err
	}
	score, err := m.Score(examples)
	if err != nil {
		return nil, err
	}
	model.nats = score.Nats
	all := []captionScore{model}
	if len(fit) == 0 {
		return all, nil
	}
	common := slices.Repeat([]string{datasets.CommonestCaption(fit)}, len(held))
	some := thinned(fit, len(held))
	near, err := nearestCaptions(m, some, held)
	if err != nil {
		return nil, err
	}
	nearest := "the nearest picture's"
	if len(some) < len(fit) {
		nearest = fmt.Sprintf("the nearest of %d", len(some))
	}
	for _, b := range []struct {
		name string
		said []string
	}{{"always the commonest", common}, {nearest, near}} {
		c, err := scored(b.name, b.said, held)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// thinned is as many of the pictures as can be compared with so many in about a
// minute.
func thinned(fit []datasets.Captioned, held int) []datasets.Captioned {
	const bytes = 2e10
	return fit[:min(len(fit), max(1, int(bytes/float64(held*fit[0].Image.Size()))))]
}

// nearestCaptions are those of the nearest pictures, as the model sees them.
func nearestCaptions(m *models.Captioner, fit, held []datasets.Captioned) ([]string, error) {
	seen := slices.Clone(fit)
	for i := range seen {
		var err error
		if seen[i].Image, err = m.Image(seen[i].Image); err != nil {
			return nil, err
		}
	}
	nearest, err := datasets.NewNearestImage(seen)
	if err != nil {
		return nil, err
	}
	said := make([]string, len(held))
	for i, p := range held {
		x, err := m.Image(p.Image)
		if err != nil {
			return nil, err
		}
		at, err := nearest.Find(x)
		if err != nil {
			return nil, err
		}
		said[i] = fit[at].Captions[0]
	}
	return said, nil
}

// printCaptionScores writes a table of scores.
func printCaptionScores(w io.Writer, use string, all []captionScore) {
	fmt.Fprintf(w, "%s, %d pictures        exact  word F1    BLEU  perplexity\n", use, len(all[0].said))
	for _, c := range all {
		fmt.Fprintf(w, "  %-22s %8.4f %8.4f %7.4f", c.name, c.exact, c.f1, c.bleu)
		if !math.IsNaN(c.nats) {
			fmt.Fprintf(w, " %11.3f", math.Exp(c.nats))
		}
		fmt.Fprintln(w)
	}
}

// printCaptions writes some captions beside those wanted.
func printCaptions(w io.Writer, pictures []datasets.Captioned, said []string) {
	const some = 8
	for k := range min(some, len(said)) {
		i := k * len(said) / min(some, len(said))
		fmt.Fprintf(w, "  %s\n    is: %s\n", said[i], pictures[i].Captions[0])
	}
}
