package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// classifyScoring is what classify eval is told.
type classifyScoring struct {
	labelledTable
	model, data string
	json        bool
}

func classifyEvalCommand(s streams) *cobra.Command {
	var t classifyScoring
	c := &cobra.Command{
		Use:   "eval",
		Short: "Measure how well a classifier labels a table of texts",
		Long: `Eval labels the texts of a table and compares: accuracy; macro-F1, the mean of F1
over the labels, rare and frequent alike; the confusion matrix, rows the true and
columns the given labels; and how well probabilities are calibrated: answers
gathered by confidence, with the part of them that is right beside it.`,
		Example: `  demo classify eval --model reviews.safetensors --data more.tsv --text document --label label
  demo classify eval --model reviews.safetensors --data more.tsv --text document --label label --json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := need("model", t.model); err != nil {
				return err
			}
			if err := t.table.check(); err != nil {
				return err
			}
			return t.eval(s)
		},
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as classify train writes it (needed)")
	f.StringVar(&t.data, "data", "", "table of texts and labels; .gz is read as it is (none: generated reviews)")
	t.labelledTable.flags(f)
	f.BoolVar(&t.json, "json", false, "print one JSON object")
	return c
}

func (t *classifyScoring) eval(s streams) error {
	m, err := models.LoadClassifierFile(t.model)
	if err != nil {
		return err
	}
	rows := sampleReviews()
	if t.data != "" {
		if rows, err = t.labelledTable.read(t.data, m.Labels); err != nil {
			return err
		}
	}
	docs, err := documentsOf(m, rows)
	if err != nil {
		return fmt.Errorf("%s: %w", t.data, err)
	}
	c, err := classified(m, docs)
	if err != nil {
		return fmt.Errorf("%s: %w", t.model, err)
	}
	if t.json {
		return json.NewEncoder(s.out).Encode(reportOf(m, c))
	}
	printClassification(s.out, m, c)
	printReliability(s.out, c)
	return nil
}

// confidenceBins is in how many bins confidences are gathered.
const confidenceBins = 10

// classified compares a model's answers with the classes of documents.
func classified(m *models.Classifier, docs []models.Document) (*train.Classification, error) {
	all, err := m.Probabilities(docs)
	if err != nil {
		return nil, err
	}
	c, err := train.NewClassification(len(m.Labels), confidenceBins)
	if err != nil {
		return nil, err
	}
	for i, p := range all {
		if err := c.Add(p, docs[i].Class); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// classifyReport is what eval says as JSON.
type classifyReport struct {
	Rows        int               `json:"rows"`
	Accuracy    float64           `json:"accuracy"`
	MacroF1     float64           `json:"macro_f1"`
	Nats        float64           `json:"loss_nats"`
	Labels      []string          `json:"labels"`
	Confusion   [][]int           `json:"confusion"` // rows the true labels
	Calibration calibrationReport `json:"calibration"`
}

type calibrationReport struct {
	Error       float64     `json:"ece"`
	Temperature float64     `json:"temperature"`
	Bins        []binReport `json:"bins"`
}

type binReport struct {
	From       float64 `json:"from"`
	To         float64 `json:"to"`
	Count      int     `json:"count"`
	Confidence float64 `json:"confidence"`
	Accuracy   float64 `json:"accuracy"`
}

func reportOf(m *models.Classifier, c *train.Classification) classifyReport {
	r := classifyReport{
		Rows: c.Rows(), Accuracy: c.Accuracy(), MacroF1: c.MacroF1(), Nats: c.Nats(), Labels: m.Labels, Confusion: c.Confusion(),
		Calibration: calibrationReport{Error: c.CalibrationError(), Temperature: m.Temperature},
	}
	for _, b := range c.Reliability() {
		r.Calibration.Bins = append(r.Calibration.Bins, binReport(b))
	}
	return r
}

// printClassification writes the scores and the confusion matrix.
func printClassification(w io.Writer, m *models.Classifier, c *train.Classification) {
	fmt.Fprintf(w, "%d texts: accuracy %.4f, macro-F1 %.4f, %.4f nats; calibration error %.4f at temperature %.2f\n",
		c.Rows(), c.Accuracy(), c.MacroF1(), c.Nats(), c.CalibrationError(), m.Temperature)
	printConfusion(w, m.Labels, c)
}

// printConfusion writes the confusion matrix where it fits.
func printConfusion(w io.Writer, labels []string, c *train.Classification) {
	const most = 20
	if len(labels) > most {
		return
	}
	width := 5
	for _, label := range labels {
		width = max(width, min(utf8.RuneCountInString(label), 12))
	}
	cell := func(text string) string { return fmt.Sprintf(" %*.*s", width, width, text) }
	var b strings.Builder
	b.WriteString(cell("") + "  labelled")
	for i, row := range c.Confusion() {
		if i == 0 {
			b.WriteString("\n" + cell(""))
			for _, label := range labels {
				b.WriteString(cell(label))
			}
		}
		b.WriteString("\n" + cell(labels[i]))
		for _, n := range row {
			b.WriteString(cell(fmt.Sprint(n)))
		}
		fmt.Fprintf(&b, "   F1 %.3f", c.Class(i).F1)
	}
	fmt.Fprintln(w, b.String())
}

// printReliability writes the reliability table.
func printReliability(w io.Writer, c *train.Classification) {
	fmt.Fprintln(w, "confidence      texts  mean confidence  accuracy")
	for _, b := range c.Reliability() {
		if b.Count > 0 {
			fmt.Fprintf(w, "%.2f to %.2f %8d %16.4f %9.4f\n", b.From, b.To, b.Count, b.Confidence, b.Accuracy)
		}
	}
}
