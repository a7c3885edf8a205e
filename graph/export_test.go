package graph

import (
	"fmt"
	"strings"
)

// KindsUnder lists the Go types of the operations that n depends on and that
// themselves depend on a parameter: those a gradient of n flows through.
// With all, operations that no gradient flows through are listed too.
func KindsUnder(g *Builder, n *Node, all bool) []string {
	var kinds []string
	seen := map[*value]bool{}
	var visit func(v *value) bool
	visit = func(v *value) (varies bool) {
		if was, ok := seen[v]; ok {
			return was
		}
		_, varies = v.kind.(*parameter)
		for _, c := range v.in {
			varies = visit(c) || varies
		}
		seen[v] = varies
		if varies || all {
			kinds = append(kinds, strings.TrimPrefix(strings.TrimPrefix(fmt.Sprintf("%T", v.kind), "*"), "graph."))
		}
		return varies
	}
	visit(g.of[n])
	return kinds
}
