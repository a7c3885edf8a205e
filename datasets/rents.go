package datasets

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Rents is a table with a known answer: made-up flats with their monthly rent. Streets are the large category; those of
// one quarter cost the same, which nobody says but the rents do:
//
//	rent = price(quarter)·area + view(quarter)·floor + kind + note + noise
//
// The floor is missing in one row of twenty. A note is a few words, of which some raise or lower the rent.
type Rents struct{}

// Rent is a row of the table.
type Rent struct {
	Street string  // "hill 3": the quarter, and one of its 8 streets
	Kind   string  // flat, studio or house
	Area   float64 // m²
	Floor  float64 // NaN where it is missing
	Note   string
	Price  float64 // a month
}

// rentNoise is the standard deviation of the noise.
const rentNoise = 25

// Baseline is the root mean squared error of one who knows the formula and every floor: the noise, 25. Where the floor is
// missing nobody can be as near, so a good model ends a little above.
func (Rents) Baseline() float64 { return rentNoise }

// Quarters are the groups of streets.
func (Rents) Quarters() []string {
	return []string{"harbour", "hill", "market", "river", "station", "suburb"}
}

// Rows draws n rows by the seed. A negative or enormous n is an error.
func (r Rents) Rows(n int, seed uint64) ([]Rent, error) { return generate("rents", n, 1, seed, r.draw) }

// Columns are the names of the columns, in the order of Cells.
func (Rents) Columns() []string { return []string{"street", "kind", "area", "floor", "note", "price"} }

// Cells are the row as text, NA where a number is missing.
func (r Rent) Cells() []string {
	floor := "NA"
	if !math.IsNaN(r.Floor) {
		floor = fmt.Sprint(r.Floor)
	}
	return []string{r.Street, r.Kind, fmt.Sprint(r.Area), floor, r.Note, fmt.Sprintf("%.2f", r.Price)}
}

func (r Rents) draw(rng *rand.Rand) Rent {
	price := [6]float64{14, 11, 9, 16, 12, 7}
	view := [6]float64{18, 25, -6, 10, -12, 2}
	q := rng.IntN(6)
	row := Rent{
		Street: fmt.Sprintf("%s %d", r.Quarters()[q], between(rng, 1, 8)),
		Area:   float64(between(rng, 20, 110)), Floor: float64(between(rng, 0, 9)),
	}
	row.Price = price[q]*row.Area + view[q]*row.Floor + rng.NormFloat64()*rentNoise
	row.addKind(rng)
	row.addNote(rng)
	if rng.IntN(20) == 0 {
		row.Floor = math.NaN()
	}
	return row
}

// addKind draws the kind and what it costs.
func (r *Rent) addKind(rng *rand.Rand) {
	k := rng.IntN(3)
	r.Kind = [3]string{"flat", "studio", "house"}[k]
	r.Price += [3]float64{0, -40, 120}[k]
}

// addNote draws what is said of the flat: its state, and something beside it, in either order.
func (r *Rent) addNote(rng *rand.Rand) {
	s, b := rng.IntN(4), rng.IntN(4)
	state := [4]string{"renovated", "needs work", "well kept", "as it is"}[s]
	beside := [4]string{"with a balcony", "no lift", "near a park", "with cellar"}[b]
	r.Price += [4]float64{90, -130, 40, 0}[s] + [4]float64{50, -60, 20, 0}[b]
	r.Note = state + ", " + beside
	if rng.IntN(2) == 0 {
		r.Note = beside + ", " + state
	}
}
