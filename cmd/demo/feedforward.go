package main

import (
	"crypto/sha256"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/datasets"
)

// feedForwardCommand holds the commands of the feed-forward network.
func feedForwardCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "feedforward",
		Short: "Learn to answer rows of numbers with a number or a label",
		Long: `Feedforward is where neural networks begin: one row of numbers in, one answer out,
no memory, y = W2 f(W1 x). Without --data it learns which ring a point is in.`,
		Example: `  demo feedforward train
  demo feedforward train --data houses.csv --num area,rooms --label price
  demo feedforward eval --model feedforward.safetensors --data more.csv --json
  demo feedforward predict --model feedforward.safetensors`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(feedForwardTrainCommand(s), feedForwardEvalCommand(s), feedForwardPredictCommand(s))
	return c
}

// questions is rows of numbers with what is asked of each.
type questions struct {
	inputs []string // names
	answer string   // name
	labels []string // sorted, distinct; nil: the answers are numbers
	rows   []datasets.Numeric
}

// sampleRings is what feedforward learns from without data.
func sampleRings() questions {
	return questions{[]string{"x", "y"}, "ring", []string{"inside", "ring", "outside"}, datasets.Rings(2000, 1)}.sorted()
}

// sorted brings the labels into order.
func (n questions) sorted() questions {
	was := n.labels
	n.labels = slices.Sorted(slices.Values(was))
	for i := range n.rows {
		n.rows[i].Label, _ = slices.BinarySearch(n.labels, was[n.rows[i].Label])
	}
	return n
}

// numbers is how the flags say which columns of a table are read.
type numbers struct {
	table
	num     []string
	label   string
	classes bool
}

func (t *numbers) flags(f *pflag.FlagSet) {
	f.StringSliceVar(&t.num, "num", nil, "columns of numbers to read, by name or number (none: all but the label)")
	f.StringVar(&t.label, "label", "label", "column of what is asked for, by name or number")
	f.BoolVar(&t.classes, "classes", false, "what is asked for is a label, not a number")
	t.table.flags(f)
}

// read reads a table. With known columns, those of a model, it reads these.
func (t *numbers) read(path string, known *questions) (questions, error) {
	file, err := t.open(path)
	if err != nil {
		return questions{}, err
	}
	defer file.Close()
	label, err := file.Column(t.label)
	if err != nil {
		return questions{}, fmt.Errorf("%w (--label chooses it)", err)
	}
	inputs, err := t.inputs(file, label, known)
	if err != nil {
		return questions{}, err
	}
	n := questions{answer: file.Columns()[label]}
	for _, i := range inputs {
		n.inputs = append(n.inputs, file.Columns()[i])
	}
	if known != nil {
		n.labels = known.labels
	}
	var labels []string // of the rows
	for row, err := range file.Rows() {
		if err != nil {
			return questions{}, err
		}
		e, err := rowOf(file, row, inputs)
		if err != nil {
			return questions{}, err
		}
		text, err := t.asked(file, row, label, &e)
		if err != nil {
			return questions{}, err
		}
		if t.classes {
			if _, ok := slices.BinarySearch(n.labels, text); known != nil && !ok {
				return questions{}, file.Wrong(row, label, "one of the labels that the model has learnt: "+listed(n.labels))
			}
			labels = append(labels, text)
		}
		n.rows = append(n.rows, e)
	}
	if len(n.rows) == 0 {
		return questions{}, fmt.Errorf("%s: %w: at least 1 row wanted below the header", path, datasets.ErrEmpty)
	}
	return n.classed(labels), nil
}

// asked reads what is asked for: a number into e, or a label.
func (t *numbers) asked(file *datasets.Table, row datasets.Row, label int, e *datasets.Numeric) (string, error) {
	if t.classes {
		text := strings.TrimSpace(strings.Clone(row.Cells[label]))
		if text == "" || len(text) > maxLabel {
			return "", file.Wrong(row, label, fmt.Sprintf("a label of 1 to %d bytes", maxLabel))
		}
		return text, nil
	}
	y, err := file.Number(row, label)
	if err != nil {
		return "", fmt.Errorf("%w (--classes if it is a label)", err)
	}
	if math.IsNaN(y) {
		return "", file.Wrong(row, label, "a number")
	}
	e.Y = []float64{y}
	return "", nil
}

// classed gives the rows the classes of their labels.
func (n questions) classed(labels []string) questions {
	if n.labels == nil && labels != nil {
		n.labels = slices.Compact(slices.Sorted(slices.Values(labels)))
	}
	for i, label := range labels {
		n.rows[i].Label, _ = slices.BinarySearch(n.labels, label)
	}
	return n
}

// inputs are the columns to read: those of a model, of the flags, or all.
func (t *numbers) inputs(file *datasets.Table, label int, known *questions) ([]int, error) {
	names := t.num
	if known != nil {
		names = known.inputs
	}
	var columns []int
	for _, name := range names {
		i, err := file.Column(name)
		if err != nil {
			return nil, fmt.Errorf("%w (--num chooses them)", err)
		}
		columns = append(columns, i)
	}
	for i := range file.Columns() {
		if names == nil && i != label {
			columns = append(columns, i)
		}
	}
	if len(columns) == 0 {
		return nil, fmt.Errorf("no column of numbers beside the label; --num chooses them")
	}
	return columns, nil
}

// rowOf is the numbers of a row.
func rowOf(file *datasets.Table, row datasets.Row, columns []int) (datasets.Numeric, error) {
	e := datasets.Numeric{X: make([]float64, len(columns)), Steps: 1, At: row.Line}
	for k, i := range columns {
		var err error
		if e.X[k], err = file.Number(row, i); err != nil {
			return e, fmt.Errorf("%w (--num chooses the columns)", err)
		}
	}
	return e, nil
}

// digestOfRows is the SHA-256 of rows.
func digestOfRows(parts ...[]datasets.Numeric) string {
	h := sha256.New()
	for _, rows := range parts {
		for _, e := range rows {
			fmt.Fprintln(h, e.X, e.Y, e.Label)
		}
		fmt.Fprintln(h)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// scaled fits a scale to columns of examples.
func scaled(rows []datasets.Numeric, of func(e datasets.Numeric) []float64) (*datasets.Scaler, error) {
	var all []float64
	for _, e := range rows {
		all = append(all, of(e)...)
	}
	return datasets.FitScaler(datasets.Standard, all, len(of(rows[0])))
}
