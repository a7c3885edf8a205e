package main

import (
	"bufio"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
)

func feedForwardPredictCommand(s streams) *cobra.Command {
	var model string
	c := &cobra.Command{
		Use:   "predict",
		Short: "Answer rows of numbers from standard input",
		Long: `Predict reads rows, one a line from standard input: the numbers that the model
reads, in its order, with commas or white space between them; NA is a missing one. It
writes for each a line with the number, or with the label and its probability.`,
		Example: `  demo feedforward predict --model feedforward.safetensors`,
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := need("model", model); err != nil {
				return err
			}
			return answerNumbers(s, model)
		},
	}
	c.Flags().StringVar(&model, "model", "", "model file, as feedforward train writes it (needed)")
	return c
}

// answerNumbers answers each line.
func answerNumbers(s streams, model string) error {
	m, err := models.LoadFeedForwardFile(model)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(s.out)
	n := 0
	err = eachLine(s.in, func(lines []string) error {
		rows := make([][]float64, len(lines))
		for i, line := range lines {
			n++
			if rows[i], err = numbersOf(line, m.Columns.Inputs); err != nil {
				return fmt.Errorf("standard input: line %d: %w", n, err)
			}
		}
		answers, err := m.Answers(rows)
		if err != nil {
			return fmt.Errorf("%s: %w", model, err)
		}
		for _, y := range answers {
			writeAnswer(out, m, y)
		}
		return out.Flush()
	})
	return errors.Join(err, out.Flush())
}

// numbersOf reads the numbers of a line.
func numbersOf(line string, inputs []string) ([]float64, error) {
	fields := strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\t' })
	if len(fields) != len(inputs) {
		return nil, fmt.Errorf("%d numbers wanted (%s), got %d", len(inputs), listed(inputs), len(fields))
	}
	row := make([]float64, len(fields))
	for i, f := range fields {
		if strings.EqualFold(f, "NA") {
			row[i] = math.NaN()
			continue
		}
		x, err := strconv.ParseFloat(f, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("%s: a finite number, or NA, wanted, got %.80q", inputs[i], f)
		}
		row[i] = x
	}
	return row, nil
}

// writeAnswer writes a number, or the likeliest label and its probability.
func writeAnswer(out *bufio.Writer, m *models.FeedForward, y []float64) {
	if m.Columns.Unit != nil {
		fmt.Fprintf(out, "%g\n", y[0])
		return
	}
	best := 0
	for k, p := range y {
		if p > y[best] {
			best = k
		}
	}
	fmt.Fprintf(out, "%s\t%.4f\n", m.Columns.Labels[best], y[best])
}
