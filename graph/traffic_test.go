package graph

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What an operation moves is what its loop reads and writes: of a table the rows
// that are looked up, of joined parts those that lie elsewhere, of narrow weights
// their bytes; views move nothing.
func TestTraffic(t *testing.T) {
	const B, D, H = 2, 3, 5
	f := func(g *Builder) {
		x := g.Gather(g.Param("E", Normal(1), 100, D), g.IDs("ids", B)) // [B, D]
		y := g.MatMul(x, g.Param("W", Glorot, D, H))                    // [B, H]
		g.Output("y", g.Concat(g.Tanh(y), g.Cols(y, 1, 3), g.Input("x", B, 1)))
		if g.Train {
			g.Minimise("loss", g.SumAll(y))
		}
	}
	for _, tt := range []struct {
		name   string
		params *Params
		key    Key
		opts   []Option
		want   map[string]Traffic
	}{
		{
			"training", NewParams(1),
			Key{Train: true},
			nil,
			map[string]Traffic{
				"Gather":  {Read: 4*B*D + 8*B, Written: 4 * B * D},
				"Tanh":    {Read: 4 * B * H, Written: 4 * B * H},
				"Concat":  {Read: 4 * B * 3, Written: 4 * B * 3},
				"Touch":   {Read: 8 * B, Written: 8 + 4*B*D},
				"Scatter": {Read: 8 + 8*B + 4*B*D, Written: 4 * B * D},
				"SumAll":  {Read: 4 * B * H, Written: 4},
			},
		},
		{"float64", NewParams64(1), Key{}, nil, map[string]Traffic{"Tanh": {Read: 8 * B * H, Written: 8 * B * H}}},
		{
			"the table's product is kept", NewParams(1),
			Key{},
			nil,
			map[string]Traffic{"MatMul": {}, "Gather": {Read: 4*B*H + 8*B, Written: 4 * B * H}},
		},
	} {
		p, err := Build(tt.params, tt.key, f, tt.opts...)
		require.NoError(t, err)
		d, sum := p.Plan(), Traffic{}
		for name, want := range tt.want {
			assert.Equal(t, want, d.Moved[name], "%s: %s", tt.name, name)
		}
		for _, u := range d.Moved {
			sum = sum.plus(u)
		}
		assert.Equal(t, sum, d.Traffic, tt.name)
	}
	for opt, bytes := range map[Option]int{0: 4, BFloat16: 2, Int8: 1} {
		p, err := Build(NewParams(1), Key{}, func(g *Builder) {
			g.Output("y", g.MatMul(g.Input("x", 1, D), g.Param("W", Glorot, D, H)))
		}, opt)
		require.NoError(t, err)
		assert.Equal(t, Traffic{Read: 4*D + bytes*D*H, Written: 4 * H}, p.Plan().Moved["MatMul"], "%v", opt)
	}
}

// The words have the numbers.
func TestExplain(t *testing.T) {
	p, err := Build(NewParams(1), Key{B: 2}, func(g *Builder) {
		g.Output("y", g.Tanh(g.MatMul(g.Input("x", 1000, 100), g.Param("W", Glorot, 100, 50))))
	})
	require.NoError(t, err)
	text := p.Explain()
	assert.Contains(t, text, "3 operations in 1 segments, 1 of them matrix products of 10.0 MFLOP\n")
	assert.Contains(t, text, "0.82 MB read, 0.60 MB written\n")
	assert.Contains(t, text, "1  MatMul                   0.420 MB read     0.200 MB written\n")
	p.Close()
	assert.Equal(t, Plan{}, p.Plan())
}
