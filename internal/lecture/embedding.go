package lecture

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// lookUp takes the rows of a table twice: as a product with one-hot rows, and
// by the ids.
func lookUp(g *graph.Builder) {
	E := cells.Embedding{Rows: 4, Width: 2}.Table(g)
	ids := g.IDs("ids", g.T)
	g.Output("product", g.MatMul(g.OneHot(ids, 4), E))
	g.Output("rows", g.Gather(E, ids))
}

// rent guesses the rent of a flat: the street's row of the table is joined with
// the area and the floor, which are numbers already.
func rent(g *graph.Builder, streets int) {
	E := cells.Embedding{Rows: streets, Width: 2}.Table(g)
	x := g.Concat(g.Gather(E, g.IDs("street", g.B)), g.Input("numbers", g.B, 2)) // [B, 4]
	h := g.Tanh(cells.Dense{In: 4, Out: 16}.Bind(g.Scope("hidden"))(x))
	y := cells.Dense{In: 16, Out: 1}.Bind(g.Scope("out"))(h)
	g.Minimise("loss", g.Mean(g.Square(g.Sub(y, g.Input("rent", g.B, 1)))))
}

// Embedding is chapter 12: a look-up is a product; and a table, trained with
// its network, finds out which streets belong together.
func Embedding(w io.Writer) error {
	if err := printLookUp(w); err != nil {
		return err
	}
	rows, err := datasets.Rents{}.Rows(8000, 1)
	if err != nil {
		return err
	}
	var names []string
	for _, r := range rows {
		names = append(names, r.Street)
	}
	streets, err := datasets.NewCategories(datasets.CategoriesOptions{}, names...)
	if err != nil {
		return err
	}
	E, err := learnStreets(w, rows, streets)
	if err != nil {
		return err
	}
	for _, street := range []string{"river 1", "suburb 1", "hill 1", "station 1"} {
		var near []string
		for _, id := range nearest(E, streets.ID(street))[:4] {
			near = append(near, streets.Names()[id])
		}
		fmt.Fprintf(w, "nearest to %s: %s\n", street, strings.Join(near, ", "))
	}
	return readers(w)
}

// printLookUp runs lookUp.
func printLookUp(w io.Writer) error {
	params := graph.NewParams64(1)
	prog, err := graph.Build(params, graph.Key{T: 3}, lookUp)
	if err != nil {
		return err
	}
	if err := params.Set("E", []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8}); err != nil {
		return err
	}
	if err := prog.SetIDs("ids", []int{2, 0, 2}); err != nil {
		return err
	}
	for _, name := range []string{"product", "rows"} {
		x, err := run(prog, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%-8s %.1f\n", name, x)
	}
	return nil
}

// learnStreets trains on all rows at once and returns the table of streets.
func learnStreets(w io.Writer, rows []datasets.Rent, streets *datasets.Categories) ([]float64, error) {
	params := graph.NewParams64(1)
	prog, err := graph.Build(params, graph.Key{B: len(rows), Train: true},
		func(g *graph.Builder) { rent(g, streets.Len()) })
	if err != nil {
		return nil, err
	}
	var ids []int
	var numbers, price []float64
	for _, r := range rows {
		ids = append(ids, streets.ID(r.Street))
		floor := r.Floor
		if math.IsNaN(floor) {
			floor = 4.5 // missing: the mean
		}
		numbers = append(numbers, (r.Area-65)/26, (floor-4.5)/2.9) // mean 0, deviation 1
		price = append(price, (r.Price-750)/350)
	}
	if err := prog.SetIDs("street", ids); err != nil {
		return nil, err
	}
	if err := set(prog, map[string][]float64{"numbers": numbers, "rent": price}); err != nil {
		return nil, err
	}
	if err := fit(prog, 0.01, 300); err != nil {
		return nil, err
	}
	loss, err := prog.Scalar("loss")
	fmt.Fprintf(w, "root mean squared error of the rent: %.0f\n", 350*math.Sqrt(loss))
	return params.Get("E").Values(), err
}

// nearest are the rows of a table of width 2 by their distance from one of them.
func nearest(E []float64, id int) []int {
	var ids []int
	for i := range len(E) / 2 {
		if i != id {
			ids = append(ids, i)
		}
	}
	far := func(i int) float64 { return math.Hypot(E[2*i]-E[2*id], E[2*i+1]-E[2*id+1]) }
	slices.SortFunc(ids, func(a, b int) int {
		if far(a) < far(b) {
			return -1
		}
		return 1
	})
	return ids
}
