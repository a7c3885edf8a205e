package cells_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/graph"
)

// translator is an encoder and a decoder with attention, as two programs for
// generation and as one for training.
type translator struct {
	cells.Attention
	encoder, decoder cells.GRU
}

func newTranslator(a cells.Attention, memory int) translator {
	return translator{a, cells.GRU{In: 2, Hidden: memory}, cells.GRU{In: 2 + memory, Hidden: 3}}
}

func (m translator) encode(g *graph.Builder) (memory *graph.Node) {
	memory, _ = cells.Of(m.encoder).Bind(g.Scope("encoder"))(g.Input("source", g.N, g.B, 2),
		cells.Seq{Init: m.encoder.Zero(g), Lens: g.IDs("lens", g.B)})
	return memory
}

// step looks at the memory with the state it comes from.
func (m translator) step(g *graph.Builder, read cells.Read) cells.Step {
	step := m.decoder.Bind(g.Scope("decoder"))
	return func(x *graph.Node, s cells.State) (*graph.Node, cells.State) {
		context, weights := read(s[0])
		g.Tap("weights", weights)
		return step(g.Concat(x, context), s)
	}
}

func (m translator) whole(g *graph.Builder) {
	memory := m.encode(g)
	lens := g.IDs("memory lens", g.B)
	read := m.Bind(g.Scope("attention")).To(memory, lens)
	ys, _ := cells.Unroll(g, m.step(g, read), g.Input("target", g.T, g.B, 2), cells.Seq{Init: m.decoder.Zero(g)})
	g.Output("ys", ys)
}

func (m translator) encodes(g *graph.Builder) {
	memory := m.encode(g)
	g.Output("memory", memory)
	g.Output("keys", m.Bind(g.Scope("attention")).Keys(memory))
}

func (m translator) decodes(g *graph.Builder) {
	memory, keys := g.Input("memory", g.N, g.B, m.encoder.Hidden), g.Input("keys", g.N, g.B, m.KeyWidth())
	read := m.Bind(g.Scope("attention")).With(memory, keys, g.IDs("lens", g.B))
	s := g.Carry("state", m.decoder.Zero(g))
	y, next := m.step(g, read)(g.Input("x", g.B, 2), s)
	g.Next("state", next)
	g.Output("y", y)
}

// Decoding step by step, with the memory and its keys handed over once and
// repeated for a beam of two, is what the unrolled decoder computes: also after
// a hypothesis has taken the place of another.
func TestDecodingStepByStep(t *testing.T) {
	const T, B, S, beam = 3, 2, 4, 2
	for name, a := range attentions {
		t.Run(name, func(t *testing.T) {
			m := newTranslator(a.Attention, a.memory)
			params := graph.NewParams64(1)
			build := func(key graph.Key, f func(*graph.Builder)) *graph.Program {
				p, err := graph.Build(params, key, f)
				require.NoError(t, err)
				return p
			}
			source, lens := waves(S*B*2, 1), []int{4, 2}
			good, bad := waves(T*B*2, 2), waves(T*B*2, 5)

			whole := build(graph.Key{B: B, T: T, N: S}, m.whole)
			require.NoError(t, whole.SetFloat64s("source", source))
			require.NoError(t, whole.SetFloat64s("target", good))
			require.NoError(t, whole.SetIDs("lens", lens))
			require.NoError(t, whole.SetIDs("memory lens", lens))
			require.NoError(t, whole.Run())
			want, weights := output(t, whole, "ys"), output(t, whole, "weights")

			encoder := build(graph.Key{B: B, N: S}, m.encodes)
			require.NoError(t, encoder.SetFloat64s("source", source))
			require.NoError(t, encoder.SetIDs("lens", lens))
			require.NoError(t, encoder.Run())
			decoder := build(graph.Key{B: B * beam, N: S}, m.decodes)
			require.NoError(t, decoder.CopyFrom("memory", encoder, "memory"))
			require.NoError(t, decoder.CopyFrom("keys", encoder, "keys"))
			require.NoError(t, decoder.SetIDs("lens", []int{4, 4, 2, 2}))
			for s := range T {
				// the first hypothesis of each sentence hears something else and is given up for the second
				var x []float64
				for b := range B {
					at := (s*B + b) * 2
					x = append(append(x, bad[at:at+2]...), good[at:at+2]...)
				}
				require.NoError(t, decoder.SetFloat64s("x", x))
				require.NoError(t, decoder.Run())
				y, w := output(t, decoder, "y"), output(t, decoder, "weights")
				for b := range B {
					assert.InDeltaSlice(t, want[(s*B+b)*3:(s*B+b+1)*3], y[(b*beam+1)*3:(b*beam+2)*3], 1e-12)
					assert.InDeltaSlice(t, weights[(s*B+b)*S:(s*B+b+1)*S], w[(b*beam+1)*S:(b*beam+2)*S], 1e-12)
				}
				require.NoError(t, decoder.Reorder("state", []int{1, 1, 3, 3}))
			}
			for range 2 {
				assert.Zero(t, testing.AllocsPerRun(5, func() { _ = decoder.Run() }))
			}
		})
	}
}
