package cells_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/cells/celltest"
	"github.com/unroll-go/unroll/graph"
)

// attentions are all of them, for queries of 3 and memories of 4 or, of dot, 3.
var attentions = map[string]struct {
	cells.Attention
	memory int
}{
	"bahdanau": {cells.Bahdanau{Query: 3, Memory: 4, Width: 5}, 4},
	"general":  {cells.Luong{Query: 3, Memory: 4, General: true}, 4},
	"dot":      {cells.Luong{Query: 3, Memory: 3}, 3},
}

// waves are numbers that differ from each other.
func waves(n int, from float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.Cos(from + float64(7*i)*0.37)
	}
	return x
}

func TestBahdanau(t *testing.T) {
	celltest.RunAttention(t, cells.Bahdanau{Query: 3, Memory: 4, Width: 5}, 3, 4)
	celltest.RunAttention(t, cells.Bahdanau{Query: 1, Memory: 1, Width: 1}, 1, 1)
}

func TestLuong(t *testing.T) {
	celltest.RunAttention(t, cells.Luong{Query: 3, Memory: 3}, 3, 3)
}

func TestLuongGeneral(t *testing.T) {
	celltest.RunAttention(t, cells.Luong{Query: 3, Memory: 4, General: true}, 3, 4)
}

// What does not fit is an error that names the path and both shapes.
func TestAttentionErrors(t *testing.T) {
	for _, tt := range []struct {
		a             cells.Attention
		query, memory int
		want          string
	}{
		{cells.Luong{Query: 3, Memory: 4}, 3, 4, "graph: attention: Luong: the dot of a query of 3 and a memory of 4 does not exist"},
		{cells.Luong{Query: 3, Memory: 4, General: true}, 2, 4, "Luong: a query of width 3 is wanted, got shape [2 2]"},
		{cells.Luong{Query: 3, Memory: 4, General: true}, 3, 3, "MatMul: shapes [5 2 3] and [4 3] do not agree: 3 != 4"},
		{cells.Luong{Query: 3, Memory: 3}, 2, 2, "Luong: a memory of width 3 is wanted, got shape [5 2 2]"},
		{cells.Bahdanau{}, 3, 2, "0"},
		{cells.Bahdanau{Query: 3, Memory: 4, Width: 5}, 2, 4, "MatMul: shapes [2 2] and [3 5] do not agree: 2 != 3"},
		{cells.Bahdanau{Query: 3, Memory: 4, Width: 5}, 3, 2, "MatMul: shapes [5 2 2] and [4 5] do not agree: 2 != 4"},
	} {
		_, err := graph.Build(graph.NewParams(1), graph.Key{B: 2, N: 5}, func(g *graph.Builder) {
			context, _ := tt.a.Bind(g.Scope("attention")).To(g.Input("memory", g.N, g.B, tt.memory), nil)(g.Input("query", g.B, tt.query))
			g.Output("context", context)
		})
		require.Error(t, err)
		assert.True(t, strings.HasPrefix(err.Error(), "graph: attention: "), err.Error())
		assert.ErrorContains(t, err, tt.want)
	}
}
