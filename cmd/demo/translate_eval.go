package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// translateScoring is what translate eval is told.
type translateScoring struct {
	pairTable
	model, data string
	test        holdout
	seed        uint64
	beam        int
	penalty     float64
	copy        bool
	examples    int
	json        bool
}

func translateEvalCommand(s streams) *cobra.Command {
	var t translateScoring
	c := &cobra.Command{
		Use:   "eval",
		Short: "Measure how well a translator writes the translations of a table",
		Long: `Eval translates the texts of a table and compares: the part that is exactly right;
F1 of the words; BLEU, of whole words with their case, against the one translation
of the line; and the perplexity of the given translations, for each token. Then
it shows good and bad examples. With --test and --seed as in training, only what was
held back then is translated.`,
		Example: `  demo translate eval --model en-fr.safetensors --data more.tsv --beam 5
  demo translate eval --model en-fr.safetensors --data eng-fra.tsv.gz --max-words 10 --test 0.05 --json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := need("model", t.model); err != nil {
				return err
			}
			for _, check := range []func() error{t.pairTable.check, t.test.check} {
				if err := check(); err != nil {
					return err
				}
			}
			if err := checkSearch(t.beam, 1, t.penalty); err != nil {
				return err
			}
			return t.eval(s)
		},
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as translate train writes it (needed)")
	f.StringVar(&t.data, "data", "", "table of texts and translations; .gz is read as it is (none: generated dates)")
	t.pairTable.flags(f)
	t.test.flag(f, "test", "0", "in training, to be scored")
	f.Uint64Var(&t.seed, "seed", 1, "seed of the training, which chose what was held back")
	f.IntVar(&t.beam, "beam", 1, "width of the search (1: greedy)")
	f.Float64Var(&t.penalty, "penalty", 1, "length penalty of the search (0: none)")
	f.BoolVar(&t.copy, "copy", false, "write the source's word where the model knows none")
	f.IntVar(&t.examples, "examples", 10, "how many good and how many bad examples are shown")
	f.BoolVar(&t.json, "json", false, "print one JSON object")
	return c
}

func (t *translateScoring) eval(s streams) error {
	m, err := models.LoadTranslatorFile(t.model)
	if err != nil {
		return err
	}
	pairs, err := samplePairs()
	if t.data != "" {
		pairs, err = t.pairTable.read(t.data)
	}
	if err != nil {
		return err
	}
	if t.test.part > 0 || t.test.file != "" {
		if _, pairs, err = holdOutPairs(&t.test, pairs, t.seed, t.pairTable.read); err != nil {
			return fmt.Errorf("--test: %w", err)
		}
	}
	r, err := translated(m, models.Translating{Beam: t.beam, Penalty: t.penalty, Copy: t.copy}, pairs)
	if err != nil {
		return fmt.Errorf("%s: %w", t.model, err)
	}
	if t.json {
		return json.NewEncoder(s.out).Encode(r)
	}
	r.print(s.out, max(t.examples, 0))
	return nil
}

// translateReport is what eval says.
type translateReport struct {
	Pairs      int     `json:"pairs"`
	Exact      float64 `json:"exact_match"`
	F1         float64 `json:"word_f1"`
	BLEU       float64 `json:"bleu"` // 0 to 1
	Brevity    float64 `json:"brevity"`
	Perplexity float64 `json:"perplexity"` // of the given translations, for each token
	Beam       int     `json:"beam"`
	Seconds    float64 `json:"seconds"` // of the search

	examples []translateExample
}

// translateExample is one translation beside the given one.
type translateExample struct {
	source, want, got string
}

// translated translates pairs and compares.
func translated(m *models.Translator, how models.Translating, pairs []datasets.Pair) (*translateReport, error) {
	sources, wants := make([]string, len(pairs)), make([]string, len(pairs))
	for i, p := range pairs {
		sources[i], wants[i] = p.Source, p.Target
	}
	parallels, err := parallelsOf(m, pairs)
	if err != nil {
		return nil, err
	}
	score, err := m.Score(parallels)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	all, err := m.Translate(how, sources...)
	if err != nil {
		return nil, err
	}
	r := &translateReport{Pairs: len(pairs), Perplexity: math.Exp(score.Nats), Beam: max(how.Beam, 1)}
	r.Seconds = time.Since(began).Seconds()
	gots := make([]string, len(pairs))
	for i := range all {
		gots[i] = all[i][0].Text
	}
	return r, r.compare(sources, wants, gots)
}

// compare fills in the scores.
func (r *translateReport) compare(sources, wants, gots []string) (err error) {
	if r.Exact, err = train.ExactMatch(gots, wants); err != nil {
		return err
	}
	var bleu train.BLEU
	for i := range wants {
		got, err := cutWords(gots[i])
		if err != nil {
			return err
		}
		want, err := cutWords(wants[i])
		if err != nil {
			return err
		}
		r.F1 += train.WordF1(got, want) / float64(len(wants))
		if err := bleu.Add(got, want); err != nil {
			return err
		}
		r.examples = append(r.examples, translateExample{sources[i], wants[i], gots[i]})
	}
	b := bleu.Score()
	r.BLEU, r.Brevity = b.BLEU, b.Brevity
	return nil
}

// cutWords are the words that scores compare: with their case, l'eau is three.
func cutWords(text string) ([]string, error) {
	return datasets.SplitWords(text, datasets.WordsOptions{Apostrophes: true})
}

// print writes the scores and, spread over the data, examples of texts that are
// exactly right and of others.
func (r *translateReport) print(w io.Writer, examples int) {
	fmt.Fprintf(w, "%d pairs: exact %.4f, word F1 %.4f, BLEU %.2f (brevity %.3f), perplexity %.3f; beam %d: %.1f s, %.0f texts/s\n",
		r.Pairs, r.Exact, r.F1, 100*r.BLEU, r.Brevity, r.Perplexity, r.Beam, r.Seconds, float64(r.Pairs)/max(r.Seconds, 1e-9))
	var right, others []translateExample
	for _, e := range r.examples {
		if e.got == e.want {
			right = append(right, e)
		} else {
			others = append(others, e)
		}
	}
	printExamples(w, "right", right, examples)
	printExamples(w, "others", others, examples)
}

// printExamples writes some of many.
func printExamples(w io.Writer, title string, all []translateExample, most int) {
	n := min(most, len(all))
	if n == 0 {
		return
	}
	fmt.Fprintf(w, "%s, %d of %d:\n", title, n, len(all))
	for i := range n {
		e := all[(2*i+1)*len(all)/(2*n)]
		fmt.Fprintf(w, "  %s\n    written  %s\n", e.source, e.got)
		if e.got != e.want {
			fmt.Fprintf(w, "    given    %s\n", e.want)
		}
	}
}
