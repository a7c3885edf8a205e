package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// tagScoring is what tag eval is told.
type tagScoring struct {
	tagReader
	model, data, sample string
	json                bool
}

func tagEvalCommand(s streams) *cobra.Command {
	t := tagScoring{sample: "dates"}
	c := &cobra.Command{
		Use:   "eval",
		Short: "Measure how well a tagger labels texts",
		Long: `Eval labels texts whose labels are known and compares: accuracy over all
characters or words; macro-F1, the mean of F1 over the labels; the part of the texts
that are right throughout; and the confusion matrix, rows the true labels.`,
		Example: `  demo tag eval --model tag.safetensors
  demo tag eval --model dates.safetensors --data more.tsv --text text --label labels --json
  demo tag eval --model names.safetensors --data more.conll --conll`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := need("model", t.model); err != nil {
				return err
			}
			if !slices.Contains(tagSamples(), t.sample) {
				return usagef("--sample must be dates or brackets, got %q", t.sample)
			}
			if err := t.table.check(); err != nil {
				return err
			}
			return t.eval(s)
		},
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as tag train writes it (needed)")
	f.StringVar(&t.data, "data", "", "labelled texts; .gz is read as it is (none: generated ones, see --sample)")
	f.StringVar(&t.sample, "sample", t.sample, "what is generated without --data: dates or brackets")
	t.tagReader.flags(f)
	f.BoolVar(&t.json, "json", false, "print one JSON object")
	return c
}

func (t *tagScoring) eval(s streams) error {
	m, err := models.LoadTaggerFile(t.model)
	if err != nil {
		return err
	}
	var texts []datasets.Sentence
	if t.data == "" {
		texts, err = sampleTagged(t.sample, 1000, 2)
	} else {
		texts, err = t.tagReader.read(t.data, m.Config, m.Labels)
	}
	if err != nil {
		return err
	}
	examples, err := taggedOf(m, texts)
	if err != nil {
		return fmt.Errorf("%s: %w", t.data, err)
	}
	c, err := tagScores(m, examples)
	if err != nil {
		return fmt.Errorf("%s: %w", t.model, err)
	}
	if t.json {
		return json.NewEncoder(s.out).Encode(c.report(m))
	}
	c.print(s.out, m)
	return nil
}

// tagged is how labels that a model gave agree with the true ones.
type tagged struct {
	*train.Classification     // of every step
	texts, whole          int // texts, and those that are right throughout
}

// tagScores compares a model's labels with those of examples.
func tagScores(m *models.Tagger, examples []datasets.Tagged) (tagged, error) {
	all, err := m.Probabilities(examples)
	if err != nil {
		return tagged{}, err
	}
	c, err := train.NewClassification(len(m.Labels), confidenceBins)
	if err != nil {
		return tagged{}, err
	}
	out := tagged{Classification: c, texts: len(examples)}
	for i, steps := range all {
		right := true
		for k, p := range steps {
			class := examples[i].Labels[k]
			if err := c.Add(p, class); err != nil {
				return tagged{}, err
			}
			right = right && p[class] == slices.Max(p)
		}
		if right {
			out.whole++
		}
	}
	return out, nil
}

// part is the part of the texts that are right throughout.
func (c tagged) part() float64 { return float64(c.whole) / float64(max(c.texts, 1)) }

// tagReport is what eval says as JSON.
type tagReport struct {
	Texts     int      `json:"texts"`
	Steps     int      `json:"steps"`
	Accuracy  float64  `json:"accuracy"`
	MacroF1   float64  `json:"macro_f1"`
	Whole     float64  `json:"whole_texts"` // part that is right throughout
	Nats      float64  `json:"loss_nats"`
	ECE       float64  `json:"ece"`
	Labels    []string `json:"labels"`
	Confusion [][]int  `json:"confusion"` // rows the true labels
}

func (c tagged) report(m *models.Tagger) tagReport {
	return tagReport{
		Texts: c.texts, Steps: c.Rows(), Accuracy: c.Accuracy(), MacroF1: c.MacroF1(), Whole: c.part(), Nats: c.Nats(),
		ECE: c.CalibrationError(), Labels: m.Labels, Confusion: c.Confusion(),
	}
}

// print writes the scores and the confusion matrix.
func (c tagged) print(w io.Writer, m *models.Tagger) {
	fmt.Fprintf(w, "%d texts, %d %s: accuracy %.4f, macro-F1 %.4f, %.4f nats; right throughout: %.4f of the texts\n",
		c.texts, c.Rows(), m.Config.Unit, c.Accuracy(), c.MacroF1(), c.Nats(), c.part())
	printConfusion(w, m.Labels, c.Classification)
}
