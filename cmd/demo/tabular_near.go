package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/atomicfile"
	"github.com/unroll-go/unroll/models"
)

// tabularNear is what tabular near is told.
type tabularNear struct {
	model, column, export string
	of                    []string
	n                     int
}

func tabularNearCommand(s streams) *cobra.Command {
	t := tabularNear{n: 5}
	c := &cobra.Command{
		Use:   "near",
		Short: "Show which categories a model has found to be alike",
		Long: `Near lists, for categories of a column, those whose learnt vectors point most
nearly the same way, with the cosine of the angle. With --export the whole table is
written, tab-separated: category, then its vector.`,
		Example: `  demo tabular near --model tabular.safetensors --column dest
  demo tabular near --model tabular.safetensors --column dest --of BOS,LAX --nearest 8
  demo tabular near --model tabular.safetensors --column dest --export dest.tsv`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			for flag, value := range map[string]string{"model": t.model, "column": t.column} {
				if err := need(flag, value); err != nil {
					return err
				}
			}
			if t.n < 1 {
				return usagef("--nearest must be at least 1, got %d", t.n)
			}
			return t.near(s)
		},
	}
	f := c.Flags()
	f.StringVar(&t.model, "model", "", "model file, as tabular train writes it (needed)")
	f.StringVar(&t.column, "column", "", "column of categories with vectors (needed)")
	f.StringSliceVar(&t.of, "of", nil, "categories whose neighbours are listed (none: the most frequent)")
	f.IntVar(&t.n, "nearest", t.n, "neighbours of each")
	f.StringVar(&t.export, "export", "", "file for the whole table, in place of the list (none: no export)")
	return c
}

func (t *tabularNear) near(s streams) error {
	m, err := models.LoadTabularFile(t.model)
	if err != nil {
		return err
	}
	table, err := m.Table(t.column)
	if err != nil {
		return fmt.Errorf("%s: %w", t.model, err)
	}
	if t.export != "" {
		return atomicfile.Write(t.export, func(w io.Writer) error { return writeTable(w, table) })
	}
	const most = 20
	of := t.of
	if len(of) == 0 {
		of = table.Names[:min(most, len(table.Names))]
	}
	for _, name := range of {
		if err := printNear(s.out, table, name, t.n); err != nil {
			return fmt.Errorf("%s: column %s: %w", t.model, t.column, err)
		}
	}
	return nil
}

// printNear writes a line with the neighbours of a category.
func printNear(w io.Writer, t *models.CategoryTable, name string, n int) error {
	alike, err := t.Nearest(name, n)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, a := range alike {
		fmt.Fprintf(&b, "  %s %.2f", a.Name, a.Cosine)
	}
	_, err = fmt.Fprintf(w, "  %-12s%s\n", name, b.String())
	return err
}

// writeTable writes a line for each category, "other" last.
func writeTable(w io.Writer, t *models.CategoryTable) error {
	out := bufio.NewWriter(w)
	clean := strings.NewReplacer("\t", " ", "\n", " ", "\r", " ")
	for i, vector := range t.Vectors {
		name := "other"
		if i < len(t.Names) {
			name = clean.Replace(t.Names[i])
		}
		out.WriteString(name)
		for _, x := range vector {
			out.WriteString("\t" + strconv.FormatFloat(x, 'g', -1, 32))
		}
		out.WriteByte('\n')
	}
	return out.Flush()
}
