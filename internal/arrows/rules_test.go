package arrows

// rule says what one package may import beside itself and the standard library.
type rule struct {
	pkg     string   // its folder; a/... is a and all below it
	uses    []string // packages of this module, written likewise
	outside []string // path prefixes of other modules; cgo's "C" counts as one
	tests   []string // what its tests may import besides, of either kind
}

// anything is every package of this module, or every other module but Gorgonia, which is always named.
const (
	anything = "..."
	gorgonia = "gorgonia.org"
)

var (
	// numeric is what a library may import: it reaches every user.
	numeric = []string{"gonum.org/v1/gonum", "golang.org/x/sys", "golang.org/x/text"}

	// symbolic is what the engine may import, whose nodes are Gorgonia's.
	symbolic = list(numeric, gorgonia+"/gorgonia", gorgonia+"/tensor", "github.com/chewxy/hm")

	// checkers is what any test may import.
	checkers = []string{"github.com/stretchr/testify", "go.uber.org/goleak", "pgregory.net/rapid"}

	storage = []string{"internal/atomicfile", "internal/safetensors"}
	laws    = []string{"graph/gradcheck", "cells/celltest"}
)

// arrows has the packages from the bottom to the top. The first line whose pkg matches counts.
var arrows = []rule{
	{pkg: "internal/arrows"},
	{pkg: "internal/docs"},
	{pkg: "internal/docs/newcomer", uses: list(nil, "train", "models/...", "cells", "graph", "datasets")},
	{pkg: "internal/atomicfile", outside: numeric},
	{pkg: "internal/safetensors", outside: numeric},
	{pkg: "internal/svg", outside: numeric},
	{pkg: "internal/pages", outside: numeric},
	{pkg: "datasets", outside: list(numeric, "github.com/clipperhouse/uax29")},

	{pkg: "internal/kernel", outside: numeric},
	{pkg: "graph", uses: list(nil, "internal/kernel", "internal/pages", "internal/svg"), outside: symbolic, tests: list(laws[:1], gorgonia)},
	{pkg: "graph/gradcheck", uses: list(nil, "graph"), outside: numeric},
	{pkg: "cells", uses: list(nil, "graph"), outside: numeric, tests: laws},
	{pkg: "cells/celltest", uses: list(nil, "cells", "graph", "graph/gradcheck"), outside: numeric},
	{pkg: "models/plot", uses: list(nil, "internal/svg"), outside: numeric},
	{pkg: "models", uses: list(storage, "cells", "graph", "internal/kernel", "datasets"), outside: numeric, tests: laws},
	{
		pkg:     "train",
		uses:    list(storage, "models", "cells", "graph", "internal/kernel", "internal/pages", "datasets"),
		outside: numeric,
		tests:   laws,
	},
	{pkg: "docs/lecture"},
	{
		pkg:     "internal/lecture",
		uses:    list(nil, "internal/svg", "train", "models/...", "cells", "graph", "datasets"),
		outside: numeric,
		tests:   list(nil, "docs/lecture"),
	},
	{
		pkg:     "cmd/...",
		uses:    list(storage, "cmd/...", "docs/lecture", "internal/lecture", "train", "models/...", "cells/...", "graph/...", "datasets"),
		outside: list(nil, anything),
	},
	{pkg: "benchmarks/peers/...", uses: list(nil, anything), outside: list(nil, anything, gorgonia)},
	{pkg: "benchmarks/...", uses: list(nil, anything), outside: list(nil, anything)},
}

// list is a new slice, which shares nothing with base.
func list(base []string, more ...string) []string { return append(more, base...) }
