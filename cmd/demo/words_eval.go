package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// wordsScoring is what words eval is told.
type wordsScoring struct {
	corpus
	model, data, source string
	window              int
	json                bool
}

func wordsEvalCommand(s streams) *cobra.Command {
	var t wordsScoring
	c := &cobra.Command{
		Use:   "eval",
		Short: "Measure how near related words are to each other",
		Long: `Eval reads pairs of related words and ranks, for each word of a pair, all words of
the model by cosine: the rank of its partner is 1 at best. With --corpus it does
the same with rows of co-occurrence counts of those sentences, as they are and as
positive pointwise mutual information.`,
		Example: `  demo words eval --model words.safetensors --data pairs.tsv --json
  demo words eval --model words.safetensors --data pairs.tsv --corpus reviews.tsv.gz --text document`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := need("model", t.model); err != nil {
				return err
			}
			if err := t.table.check(); err != nil {
				return err
			}
			if t.window < 1 || t.window > 1024 {
				return usagef("--window must be in [1, 1024], got %d", t.window)
			}
			return t.eval(s)
		},
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as words train writes it (needed)")
	f.StringVar(&t.data, "data", "", "table whose first two columns are pairs (none: those of the generated sentences)")
	f.StringVar(&t.source, "corpus", "", "sentences to count, as for train (none: nothing is counted beside generated sentences)")
	t.corpus.flags(f)
	f.IntVar(&t.window, "window", 5, "how far apart words are counted as neighbours, at most")
	f.BoolVar(&t.json, "json", false, "print one JSON object")
	return c
}

func (t *wordsScoring) eval(s streams) error {
	m, err := models.LoadWordVectorsFile(t.model)
	if err != nil {
		return err
	}
	pairs, err := t.pairs(m)
	if err != nil {
		return err
	}
	r := wordsReport{Words: m.Words.Len() - 1}
	if r.Vectors, r.Pairs, err = ranked(m, pairs, vectorsOf(m)); err != nil {
		return fmt.Errorf("%s: %w", t.model, err)
	}
	if t.source != "" || t.data == "" {
		if err := t.count(m, pairs, &r); err != nil {
			return err
		}
	}
	if t.json {
		return json.NewEncoder(s.out).Encode(r)
	}
	r.print(s.out)
	return nil
}

// pairs are those of the file, or of the generated sentences.
func (t *wordsScoring) pairs(m *models.WordVectors) ([][2]string, error) {
	if t.data == "" {
		for _, p := range datasets.Relations() {
			for _, word := range p {
				if _, err := m.ID(word); err != nil {
					return nil, fmt.Errorf("%s did not learn the generated sentences: %w; choose --data", t.model, err)
				}
			}
		}
		return datasets.Relations(), nil
	}
	file, err := t.open(t.data)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if n := len(file.Columns()); n < 2 {
		return nil, fmt.Errorf("%s: 2 columns wanted, a word and a related one, got %d", t.data, n)
	}
	var pairs [][2]string
	for row, err := range file.Rows() {
		if err != nil {
			return nil, err
		}
		var p [2]string
		for i := range p {
			p[i] = strings.Clone(row.Cells[i])
			if _, err := m.ID(p[i]); err != nil {
				return nil, file.Wrong(row, i, fmt.Sprintf("one of the %d words that the model has vectors of", m.Words.Len()-1))
			}
		}
		pairs = append(pairs, p)
	}
	if len(pairs) == 0 {
		return nil, fmt.Errorf("%s: %w: at least 1 pair wanted below the header", t.data, datasets.ErrEmpty)
	}
	return pairs, nil
}

// count ranks by what is counted in the corpus.
func (t *wordsScoring) count(m *models.WordVectors, pairs [][2]string, r *wordsReport) error {
	texts := sampleSentences()
	if t.source != "" {
		var err error
		if texts, err = t.corpus.read(t.source); err != nil {
			return err
		}
	}
	sentences, err := sentencesOf(m, texts)
	if err != nil {
		return fmt.Errorf("%s: %w", t.source, err)
	}
	counts, err := datasets.NewCoOccurrence(sentences, m.Words.Len(), t.window)
	if err != nil {
		return err
	}
	r.Counts, r.PPMI = new(rankSummary), new(rankSummary)
	if *r.Counts, _, err = ranked(m, pairs, counts.Similarities); err != nil {
		return err
	}
	*r.PPMI, _, err = ranked(m, pairs, counts.PPMI().Similarities)
	return err
}
