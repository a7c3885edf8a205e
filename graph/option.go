package graph

// Option changes how Build works.
type Option uint8

const (
	// Plain leaves every operation where the formula has it: nothing is
	// hoisted, exchanged, simplified or merged.
	Plain Option = iota + 1

	wired // add edges, for Gorgonia's own machines
)
