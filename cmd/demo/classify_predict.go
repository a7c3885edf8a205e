package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
)

// classifyAnswering is what classify predict is told.
type classifyAnswering struct {
	table
	model, data, text string
	json              bool
}

func classifyPredictCommand(s streams) *cobra.Command {
	var t classifyAnswering
	c := &cobra.Command{
		Use:   "predict",
		Short: "Label texts from standard input or a table",
		Long: `Predict reads texts, one a line from standard input or a column of a table, and
writes for each a line with the label and its probability.`,
		Example: `  demo classify predict --model reviews.safetensors
  demo classify predict --model reviews.safetensors --data more.tsv --text document --json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := need("model", t.model); err != nil {
				return err
			}
			if err := t.table.check(); err != nil {
				return err
			}
			return t.predict(s)
		},
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as classify train writes it (needed)")
	f.StringVar(&t.data, "data", "", "table of texts; .gz is read as it is (none: standard input, a text a line)")
	f.StringVar(&t.text, "text", "text", "column of the texts, by name or number")
	t.table.flags(f)
	f.BoolVar(&t.json, "json", false, "write a JSON object a line, with the probabilities of all labels")
	return c
}

func (t *classifyAnswering) predict(s streams) error {
	m, err := models.LoadClassifierFile(t.model)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(s.out)
	answer := func(texts []string) error { return t.answer(m, texts, out) }
	if t.data == "" {
		err = eachLine(s.in, answer)
	} else {
		err = t.eachRow(answer)
	}
	return errors.Join(err, out.Flush())
}

// answerBatch is how many texts are read together.
const answerBatch = 64

// answer writes a line for each text, at once.
func (t *classifyAnswering) answer(m *models.Classifier, texts []string, out *bufio.Writer) error {
	answers, err := m.Predict(texts...)
	if err != nil {
		return fmt.Errorf("%s: %w", t.model, err)
	}
	for _, a := range answers {
		if !t.json {
			fmt.Fprintf(out, "%s\t%.4f\n", a.Label, a.Probabilities[a.Class])
			continue
		}
		all := map[string]float64{}
		for i, p := range a.Probabilities {
			all[m.Labels[i]] = p
		}
		line := struct {
			Label         string             `json:"label"`
			Probabilities map[string]float64 `json:"probabilities"`
		}{a.Label, all}
		if err := json.NewEncoder(out).Encode(line); err != nil {
			return err
		}
	}
	return out.Flush()
}

// eachRow hands over the column of a table, a few rows at a time.
func (t *classifyAnswering) eachRow(answer func(texts []string) error) error {
	file, err := t.open(t.data)
	if err != nil {
		return err
	}
	defer file.Close()
	column, err := file.Column(t.text)
	if err != nil {
		return fmt.Errorf("%w (--text chooses it)", err)
	}
	var texts []string
	for row, err := range file.Rows() {
		if err != nil {
			return err
		}
		if texts = append(texts, row.Cells[column]); len(texts) == answerBatch {
			if err := answer(texts); err != nil {
				return err
			}
			texts = texts[:0]
		}
	}
	return answer(texts)
}

// maxLine bounds a line of standard input, in bytes.
const maxLine = 1 << 20

// eachLine hands over lines, as many as are there already: a line that is typed
// is answered at once.
func eachLine(r io.Reader, answer func(texts []string) error) error {
	in := bufio.NewReaderSize(r, maxLine)
	var texts []string
	for n := 1; ; n++ {
		line, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return fmt.Errorf("standard input: line %d: at most %d bytes wanted", n, maxLine)
		} else if err != nil && err != io.EOF {
			return fmt.Errorf("standard input: line %d: %w", n, err)
		}
		if !utf8.Valid(line) {
			return fmt.Errorf("standard input: line %d: invalid UTF-8", n)
		}
		ended := err == io.EOF
		if len(line) > 0 {
			texts = append(texts, strings.TrimRight(string(line), "\r\n"))
		}
		if len(texts) == answerBatch || ended || in.Buffered() == 0 {
			if err := answer(texts); err != nil {
				return err
			}
			texts = texts[:0]
		}
		if ended {
			return nil
		}
	}
}
