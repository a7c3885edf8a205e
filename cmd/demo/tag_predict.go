package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
)

// tagAnswering is what tag predict is told.
type tagAnswering struct {
	classifyAnswering // how texts are read
	spans             bool
}

func tagPredictCommand(s streams) *cobra.Command {
	var t tagAnswering
	c := &cobra.Command{
		Use:   "predict",
		Short: "Label every character or word of texts from standard input or a table",
		Long: `Predict reads texts, one a line from standard input or a column of a table, and
writes for each a line with the labels of its characters, or words, and spaces
between. With --spans the line has the runs of one label, but for the label other.`,
		Example: `  demo tag predict --model dates.safetensors --spans
  demo tag predict --model dates.safetensors --data more.tsv --text text --json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := need("model", t.model); err != nil {
				return err
			}
			if t.spans && t.json {
				return usagef("--spans and --json exclude each other, got both")
			}
			if err := t.table.check(); err != nil {
				return err
			}
			return t.predict(s)
		},
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as tag train writes it (needed)")
	f.StringVar(&t.data, "data", "", "table of texts; .gz is read as it is (none: standard input, a text a line)")
	f.StringVar(&t.text, "text", "text", "column of the texts, by name or number")
	t.table.flags(f)
	f.BoolVar(&t.spans, "spans", false, "write runs of one label: label, colon, text")
	f.BoolVar(&t.json, "json", false, "write a JSON object a line, with tokens, labels and probabilities")
	return c
}

func (t *tagAnswering) predict(s streams) error {
	m, err := models.LoadTaggerFile(t.model)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(s.out)
	answer := func(texts []string) error {
		for _, text := range texts {
			if err := t.answer(m, text, out); err != nil {
				return fmt.Errorf("%s: %w", t.model, err)
			}
		}
		return out.Flush()
	}
	if t.data == "" {
		err = eachLine(s.in, answer)
	} else {
		err = t.eachRow(answer)
	}
	return errors.Join(err, out.Flush())
}

// answer writes the line of a text.
func (t *tagAnswering) answer(m *models.Tagger, text string, out *bufio.Writer) error {
	tags, err := m.Tag(m.Config.Cut(text)...)
	if err != nil {
		return err
	}
	if t.spans {
		between := ""
		if m.Config.Unit == "words" {
			between = " "
		}
		_, err := fmt.Fprintln(out, strings.Join(spans(tags, between), "\t"))
		return err
	}
	tokens, labels, sure := []string{}, []string{}, []float64{}
	for _, tag := range tags {
		tokens, labels, sure = append(tokens, tag.Token), append(labels, tag.Label), append(sure, tag.Probability)
	}
	if t.json {
		return json.NewEncoder(out).Encode(map[string]any{"tokens": tokens, "labels": labels, "probabilities": sure})
	}
	_, err = fmt.Fprintln(out, strings.Join(labels, " "))
	return err
}
