package graph

import "fmt"

// Option changes how Build works.
type Option uint8

const (
	// Plain leaves every operation where the formula has it: nothing is
	// hoisted, exchanged, simplified or merged.
	Plain Option = iota + 1

	// BFloat16 lets products read weights in half the bytes: the upper half of
	// each float32, rounded to nearest even, about three decimal digits. For
	// programs over float32 parameters that only evaluate; sums stay in float32.
	BFloat16

	// Int8 is BFloat16 in a quarter of the bytes: integers in [-127, 127] times
	// a scale for each output of the product, so that a weight is off by 1/254
	// of its output's largest at most. A weight that is not finite is an error
	// of the run.
	Int8

	// Exposed makes outputs of what the formula exposes, see Builder.Expose.
	Exposed

	wired // add edges, for Gorgonia's own machines
)

// String is the option as Go code has it, without the package.
func (o Option) String() string {
	if names := [...]string{"", "Plain", "BFloat16", "Int8", "Exposed", "wired"}; int(o) < len(names) {
		return names[o]
	}
	return fmt.Sprintf("Option(%d)", uint8(o))
}
