package models

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// CategoryTable is what a tabular model has learnt of the categories of a Cat
// column: a vector for each.
type CategoryTable struct {
	Names   []string    // by frequency, without "other"
	Vectors [][]float64 // of each name, and of "other" last
}

// Table is a copy of the table of a Cat column. It is an error if the model has
// no such column.
func (m *Tabular) Table(column string) (*CategoryTable, error) {
	table, k := 0, 0
	var names []string
	for _, c := range m.Features.Columns {
		if c.Kind == CatColumn && c.Name == column {
			return m.table(table, k)
		}
		if c.Kind == CatColumn {
			names = append(names, c.Name)
			table++
		}
		if c.named() {
			k++
		}
	}
	return nil, fmt.Errorf("models: no column with a table has the name %.80q; there are %.200q", column, names)
}

// table is table i, whose categories are the k-th.
func (m *Tabular) table(i, k int) (*CategoryTable, error) {
	width := m.network.Tables[i].Width
	x := m.Params.Get(fmt.Sprintf("tables/%d/E", i)).Values()
	return &CategoryTable{Names: m.Features.Categories[k].Names(), Vectors: slices.Collect(slices.Chunk(x, width))}, nil
}

// AlikeCategory is a category that is like another one.
type AlikeCategory struct {
	Name   string
	Cosine float64 // of the angle between the vectors, 1 for the same direction
}

// Nearest are the n categories whose vectors point most nearly the same way as
// that of a name, the nearest first, without the name itself and "other". It is an
// error if the name is not in the table.
func (t *CategoryTable) Nearest(name string, n int) ([]AlikeCategory, error) {
	at := slices.Index(t.Names, name)
	if at < 0 {
		return nil, fmt.Errorf("models: the category %.80q has no vector of its own", name)
	}
	var all []AlikeCategory
	for i, other := range t.Names {
		if i != at {
			all = append(all, AlikeCategory{other, cosine(t.Vectors[at], t.Vectors[i])})
		}
	}
	slices.SortStableFunc(all, func(a, b AlikeCategory) int { return cmp.Compare(b.Cosine, a.Cosine) })
	return all[:min(max(n, 0), len(all))], nil
}

// cosine is that of the angle between two vectors, 0 if one has no length.
func cosine(a, b []float64) float64 {
	ab, aa, bb := 0.0, 0.0, 0.0
	for i := range a {
		ab, aa, bb = ab+a[i]*b[i], aa+a[i]*a[i], bb+b[i]*b[i]
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return ab / math.Sqrt(aa*bb)
}
