package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/models"
)

// tabularTraining is what tabular train is told.
type tabularTraining struct {
	training
	table
	columnFlags
	val, test      holdout
	rows, testRows selection
	run            tabularSettings
}

// tabularSettings decide, with the data, how training goes; a checkpoint holds
// them.
type tabularSettings struct {
	optimisation
	Model    models.TabularConfig `json:"model"`
	Columns  models.Columns       `json:"columns"`
	Label    string               `json:"label"`
	Regress  bool                 `json:"regress"`
	Tokens   string               `json:"tokens"`
	MinCount int                  `json:"min_count"`
	Vocab    int                  `json:"vocab"`
	Val      string               `json:"val"`
	Test     string               `json:"test"`
	Digest   string               `json:"data"` // SHA-256 of the rows

	reader models.TextConfig // how a text would be read
}

func tabularTrainCommand(s streams) *cobra.Command {
	t := tabularTraining{training: training{out: "tabular.safetensors", epochs: 10}}
	t.rows.flag, t.testRows.flag = "rows", "test-rows"
	t.run = tabularSettings{
		optimisation: usualOptimisation(),
		Model:        models.TabularConfig{Body: []int{128, 64}},
		Tokens:       "words",
		reader: models.TextConfig{
			Recurrent: models.Recurrent{Cell: "gru", Embed: 32, Hidden: 64, Layers: 1, Bidirectional: true}, Longest: 64,
		},
	}
	t.run.Batch = 256
	t.opt = &t.run.optimisation
	c := &cobra.Command{
		Use:   "train",
		Short: "Train on a table with categories, numbers and perhaps a text",
		Long: `Train reads a table (tab- or comma-separated, .gz as it is) and trains a network
on the columns that are named: --cat gives each category a vector that is learnt
with the rest, --onehot an input of its own, --num takes numbers, scaled, missing
ones marked, and --text reads a text with a recurrent network (--cell, --hidden ..).
All are joined and go through the layers of --body to a label or, with --regress,
a number. A part is held back to choose the model; with --test or --test-rows
another part is not looked at before the end. Ctrl-C finishes the step at hand and
saves; the same command with --resume goes on from there. Without --data it trains
for a few seconds on a generated table of rents.`,
		Example: `  demo tabular train
  demo tabular train --data flights.csv.gz --cat tailnum:16,dest --onehot origin --num dep_delay --label arr_delay --regress
  demo tabular train --data flights.csv.gz --rows month=1-9 --test-rows month=10-11 --num dep_delay --label arr_delay --regress
  demo tabular train --data reviews.tsv.gz --text document --cat movie_id:16 --label rating --tokens chars`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := t.check(cmd); err != nil {
				return err
			}
			return t.training.run(cmd.Context(), s, func() (*job, error) { return t.read(s) })
		},
	}
	t.flags(c)
	return c
}

func (t *tabularTraining) flags(c *cobra.Command) {
	f, r := c.Flags(), &t.run
	f.StringVar(&t.data, "data", "", "table; .gz is read as it is (none: generated rents)")
	t.columnFlags.flags(f)
	t.table.flags(f)
	f.StringVar(&t.rows.text, "rows", "", "rows of --data that are read: COLUMN=VALUES, such as month=1-9,12 (none: all)")
	f.StringVar(&t.testRows.text, "test-rows", "", "rows of --data for a test at the end, in place of --test (none: no such)")
	t.val.flag(f, "val", "0.1", "for validation")
	t.test.flag(f, "test", "0", "for a test at the end")
	f.IntSliceVar(&r.Model.Body, "body", r.Model.Body, "widths of the hidden layers behind what is joined (0 alone: none, a linear model)")
	f.StringVar(&r.Tokens, "tokens", r.Tokens, "what of a text is read at a step: words, chars, bytes or jamo (letters of Hangul)")
	f.IntVar(&r.Vocab, "vocab", 0, "most different words or characters of the text, the frequent ones (0: all)")
	f.IntVar(&r.reader.Longest, "longest", r.reader.Longest, "tokens of a text that are read")
	f.IntVar(&r.reader.Embed, "embed", r.reader.Embed, "width of the embedding of a text's tokens")
	recurrentFlags(f, &r.reader.Recurrent)
	t.training.flags(f, "rows")
}

// check refuses flags that cannot work.
func (t *tabularTraining) check(cmd *cobra.Command) error {
	r := &t.run
	if slices.Equal(r.Model.Body, []int{0}) {
		r.Model.Body = nil
	}
	r.Model.Dropout = r.reader.Dropout
	r.Model.Text = &r.reader
	if err := r.Model.Validate(); err != nil {
		return usagef("--%s", sentence(err)) // they begin with the name of the field
	}
	for _, check := range []func() error{t.val.check, t.test.check, t.table.check, t.rows.check, t.testRows.check} {
		if err := check(); err != nil {
			return err
		}
	}
	switch {
	case !slices.Contains(tokenKinds(), r.Tokens):
		return usagef("--tokens must be words, chars, bytes or jamo, got %q", r.Tokens)
	case r.Vocab < 0 || t.minCount < 1 || t.most < 0:
		return usagef("--vocab and --most must be at least 0 and --min-count at least 1, got %d, %d and %d", r.Vocab, t.most, t.minCount)
	case t.data == "" && (t.val.file != "" || t.test.file != "" || t.rows.text != "" || t.testRows.text != ""):
		return usagef("--val and --test name files, and --rows and --test-rows rows, beside --data only")
	case t.testRows.text != "" && t.test.value != "0":
		return usagef("--test and --test-rows exclude each other, got both")
	}
	r.Val, r.Test, r.MinCount, r.Label, r.Regress = t.val.value, t.test.value, t.minCount, t.label, t.regress
	if err := t.choose(cmd); err != nil {
		return err
	}
	return t.training.check(cmd.Flags())
}

// choose settles the columns.
func (t *tabularTraining) choose(cmd *cobra.Command) (err error) {
	r := &t.run
	if t.data == "" {
		for _, name := range []string{"cat", "onehot", "num", "text", "label", "regress"} {
			if cmd.Flags().Changed(name) {
				return usagef("--%s chooses columns of --data; leave it out", name)
			}
		}
		r.Columns, r.Label, r.Regress = sampleColumns(), "price", true
		if !cmd.Flags().Changed("epochs") {
			t.epochs = sampleEpochs
		}
	} else if r.Columns, err = t.columns(); err != nil {
		return err
	}
	if t.data != "" && t.text == "" {
		r.Model.Text = nil
	}
	return nil
}
