package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/unroll-go/unroll/models"
)

// tabularCommand holds the commands of the tabular model.
func tabularCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "tabular",
		Short: "Learn a number or a label from a table: categories, numbers, a text",
		Long: `Tabular reads the rows of a table: categories as vectors that it learns, or
one-hot, beside numbers and, if there is one, a text; and predicts a number or a
label. Without --data it learns from a generated table of rents.`,
		Example: `  demo tabular train
  demo tabular train --data flights.csv.gz --cat carrier,dest:8 --num dep_delay,distance --label arr_delay --regress
  demo tabular eval --model tabular.safetensors --data more.csv.gz --json
  demo tabular predict --model tabular.safetensors --data new.csv.gz
  demo tabular near --model tabular.safetensors --column dest --of BOS`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.AddCommand(tabularTrainCommand(s), tabularEvalCommand(s), tabularPredictCommand(s), tabularNearCommand(s))
	return c
}

// columnFlags say which columns of a table are read, and how.
type columnFlags struct {
	cat, oneHot, num []string
	text, label      string
	regress          bool
	minCount, most   int
}

// usualWidth is the width of an embedding that is not given one.
const usualWidth = 8

func (c *columnFlags) flags(f *pflag.FlagSet) {
	f.StringSliceVar(&c.cat, "cat", nil, "columns of categories that get vectors, with their width: carrier,tailnum:16 (none: no such)")
	f.StringSliceVar(&c.oneHot, "onehot", nil, "columns of few categories, each an input of its own (none: no such)")
	f.StringSliceVar(&c.num, "num", nil, "columns of numbers, or dates, which count in years; empty and NA are missing (none: no such)")
	f.StringVar(&c.text, "text", "", "column of texts (none: no such)")
	f.StringVar(&c.label, "label", "label", "column of what is predicted; rows without it are left out")
	f.BoolVar(&c.regress, "regress", false, "predict a number, not one of some labels")
	f.IntVar(&c.minCount, "min-count", 2, "categories, and words of the text, that are rarer count as other")
	f.IntVar(&c.most, "most", 0, "most categories of a column, the frequent ones (0: all)")
}

// columns are the columns of the flags, by name or number.
func (c *columnFlags) columns() (models.Columns, error) {
	var all models.Columns
	for _, text := range c.cat {
		name, width := text, usualWidth
		if at := strings.LastIndex(text, ":"); at >= 0 {
			n, err := strconv.Atoi(text[at+1:])
			if err != nil {
				return nil, usagef("--cat: COLUMN or COLUMN:WIDTH wanted, got %q", text)
			}
			name, width = text[:at], n
		}
		all = append(all, models.Cat(name, width))
	}
	for _, name := range c.oneHot {
		all = append(all, models.OneHot(name))
	}
	for i := range all {
		all[i].Max, all[i].MinCount = c.most, c.minCount
	}
	for _, name := range c.num {
		all = append(all, models.Num(name))
	}
	if c.text != "" {
		all = append(all, models.Text(c.text))
	}
	if len(all) == 0 {
		return nil, usagef("at least one of --cat, --onehot, --num and --text is needed with --data")
	}
	if err := all.Validate(); err != nil {
		return nil, usagef("%s", sentence(err))
	}
	return all, nil
}

// tabularRow is a row of the table with what is to be predicted: a label, or a
// number.
type tabularRow struct {
	record models.Record
	label  string
	y      float64
}

// tabularDigest is the SHA-256 of rows.
func tabularDigest(parts ...[]tabularRow) string {
	h := sha256.New()
	var b []byte
	add := func(text string, x float64) {
		b = binary.LittleEndian.AppendUint64(b, uint64(len(text)))
		b = append(b, text...)
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	for _, rows := range parts {
		b = binary.LittleEndian.AppendUint64(b[:0], uint64(len(rows)))
		h.Write(b)
		for _, r := range rows {
			b = b[:0]
			add(r.label, r.y)
			for _, v := range r.record {
				add(v.Text, v.Number)
			}
			h.Write(b)
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}
