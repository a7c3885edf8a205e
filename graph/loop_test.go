package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/unroll-go/unroll/internal/kernel"
)

// gated is a random cell over T steps, with its gradients: some gates of a
// product, any elementwise operations on them and on two states.
func gated(seed uint64) func(g *Builder) {
	return func(g *Builder) {
		rng := rand.New(rand.NewPCG(seed, 5))
		w := &grower{g: g, rng: rng}
		H, gates := 1+rng.IntN(9), 1+rng.IntN(5)
		Wx, Wh := g.Param("Wx", Normal(0.7), 2, gates*H), g.Param("Wh", Normal(0.7), H, gates*H)
		b, row := g.Param("b", Normal(0.7), gates*H), g.Param("row", Normal(0.7), H)
		h, c := g.Const(0.5, g.B, H), g.Zeros(g.B, H)
		var hs []*Node
		for t, x := range g.Unstack(g.Input("x", g.T, g.B, 2)) {
			g.InStep(t, func() {
				rng := rand.New(rand.NewPCG(seed, 6)) // every step is the same
				w.rng = rng
				w.pool = append(g.Chunk(g.Affine(b, x, Wx, h, Wh), gates), h, c)
				for range 2 + rng.IntN(14) {
					x, y := w.any(), w.any()
					switch rng.IntN(9) {
					case 0, 1, 2:
						w.push(w.unary(x))
					case 3:
						w.push(w.binary(x, []*Node{row, g.Cols(y, 0, 1), g.Const(0.5)}[rng.IntN(3)]))
					case 4:
						w.push(g.Where(g.ReLU(g.Cols(y, 0, 1)), x, y))
					case 5:
						w.push(g.Where(g.ReLU(y), x, y))
					default:
						w.push(w.binary(x, y))
					}
				}
				h, c = g.Tanh(w.any()), g.Tanh(w.any())
				if rng.IntN(4) == 0 {
					g.Tap("tap", w.any())
				}
			})
			hs = append(hs, h)
		}
		g.Output("hs", g.Stack(hs...))
		g.Minimise("loss", g.Add(g.Mean(g.Square(g.Stack(hs...))), g.Mean(c)))
	}
}

// A program with loops has the bits of its operations one by one, each in memory
// of its own, for any cell and any number of workers.
func TestLoopsComputeTheFormula(t *testing.T) {
	defer goleak.VerifyNone(t)
	var loops, moved, copies, results int
	for seed := range trials(400) {
		rows := []int{3, 17}[seed%2] // 17 rows: a step makes its part of the input's product
		key := Key{B: rows, T: 1 + int(seed%4), Train: true}
		p, err := Build(NewParams64(seed), key, gated(seed))
		require.NoError(t, err)
		fillInputs(p, seed)
		enlarge(p)
		for _, workers := range []int{1, 2, 7} {
			withProcessors(workers, func() {
				require.NoError(t, runAgainst(p), "formula %d, %+v, %d workers", seed, key, workers)
			})
		}
		pl := planOf(p)
		for _, v := range pl.body {
			if l := pl.loops[v.index]; l != nil {
				loops++
				results = max(results, len(l.out))
				copies += len(slices.DeleteFunc(slices.Clone(l.recipe.steps), func(s kernel.Step) bool { return s.Op != kernel.OpCopy }))
			}
		}
		for i := range pl.spots {
			if st := pl.spots[i].st; st != nil && st.moved != nil {
				moved++
			}
		}
	}
	t.Logf("%d loops, up to %d results, %d copies, %d values written over", loops, results, copies, moved)
	assert.NotZero(t, copies, "results that lie over each other's operands")
	assert.NotZero(t, moved, "gradients over what they are made from")
}

// Loops have the bits of operations that are run one by one, in float32 too,
// where some chains have a kernel of their own.
func TestLoopsInFloat32(t *testing.T) {
	for seed := range trials(200) {
		f := func(g *Builder) {
			w := &grower{g: g, rng: rand.New(rand.NewPCG(seed, 7))}
			H := 1 + w.rng.IntN(70)
			w.push(g.Chunk(g.Input("x", g.B, 3*H), 3)...)
			w.pool = append(w.pool, g.Chunk(g.Input("y", g.B, 3*H), 3)...)
			slope := func(fn function, y, dy *Node) *Node { return g.apply(unaryGrad{fn: fn}, y, dy) }
			for range 12 {
				x, y, z := w.any(), w.any(), w.any()
				w.pool = append(w.pool, []*Node{
					g.Sigmoid(x), g.Tanh(x), g.Sub(x, y), g.Exp(g.Tanh(x)),
					g.Add(g.Mul(x, y), g.Mul(y, z)), g.Add(x, g.Mul(y, z)),
					slope(sigmoid, x, g.Mul(y, z)), g.Add(slope(tanh, x, g.Mul(y, z)), y),
				}[w.rng.IntN(8)])
			}
			for i, y := range w.pool[len(w.pool)-9:] {
				g.Output(fmt.Sprint(i), y)
			}
		}
		var got [2][]float64
		for i, opts := range [][]Option{nil, {Plain}} {
			p, err := Build(NewParams(1), Key{B: 1 + int(seed%9)}, f, opts...)
			require.NoError(t, err)
			fillInputs(p, seed)
			require.NoError(t, p.Run())
			for j := range 9 {
				x, err := p.Float64s(fmt.Sprint(j))
				require.NoError(t, err)
				got[i] = append(got[i], x...)
			}
		}
		require.Equal(t, bitsOf(got[1]), bitsOf(got[0]), "formula %d", seed)
	}
}

// Loops take what belongs together and nothing else.
func TestLoops(t *testing.T) {
	for _, tt := range []struct {
		name  string
		f     func(g *Builder, x, y *Node)
		fused int
		loops int
	}{
		{"a chain", func(g *Builder, x, _ *Node) { g.Output("o", g.Tanh(g.Exp(x))) }, 2, 1},
		{"operands in common", func(g *Builder, x, _ *Node) { g.Output("o", g.Exp(x)); g.Output("p", g.Tanh(x)) }, 2, 1},
		{"nothing in common", func(g *Builder, x, y *Node) { g.Output("o", g.Exp(x)); g.Output("p", g.Tanh(y)) }, 0, 0},
		{"two shapes", func(g *Builder, x, _ *Node) { g.Output("o", g.Tanh(g.Cols(g.Exp(x), 0, 2))) }, 0, 0},
		{"out and back", func(g *Builder, x, _ *Node) {
			e := g.Exp(x)
			g.Output("o", g.Mul(e, g.Softmax(e))) // the sum of a row is needed first
		}, 0, 0},
		{"a column of what is in the loop", func(g *Builder, x, _ *Node) {
			e := g.Exp(x)
			g.Output("o", g.Mul(e, g.Cols(e, 0, 1)))
		}, 0, 0},
		{"a column, a row and a scalar of others", func(g *Builder, x, y *Node) {
			g.Output("o", g.Mul(g.Add(g.Exp(x), g.Cols(y, 0, 1)), g.Const(2)))
		}, 3, 1},
		{"two steps", func(g *Builder, x, _ *Node) {
			g.InStep(0, func() { g.Output("o", g.Exp(x)) })
			g.InStep(1, func() { g.Output("p", g.Tanh(x)) })
		}, 0, 0},
		{"from step to step", func(g *Builder, x, y *Node) {
			for t := range 40 {
				g.InStep(t, func() { x = g.Add(g.Tanh(x), y) })
			}
			g.Output("o", x)
		}, 80, 2},
	} {
		f := func(g *Builder) { tt.f(g, g.Input("x", g.B, 4), g.Input("y", g.B, 4)) }
		p := requireInterpreted(t, Key{B: 3}, f)
		assert.Equal(t, tt.fused, p.Plan().Fused, tt.name)
		assert.Equal(t, tt.loops, p.Plan().ByName["Loop"], tt.name)
		plain := requireInterpreted(t, Key{B: 3}, f, Plain)
		assert.Zero(t, plain.Plan().Fused, tt.name)
	}
}

// The gradients of two gates, each of which needs the other, are written over
// the gates, and these over what they are made from: one matrix for each step.
func TestGradientsOverGates(t *testing.T) {
	const B, T, H = 16, 5, 8
	p := requireInterpreted(t, Key{B: B, T: T, Train: true}, func(g *Builder) {
		Wx, Wh := g.Param("Wx", Glorot, H, 2*H), g.Param("Wh", Glorot, H, 2*H)
		h := g.Zeros(g.B, H)
		for t, x := range g.Unstack(g.Input("x", g.T, g.B, H)) {
			g.InStep(t, func() {
				a, b := g.Chunk2(g.Affine(nil, x, Wx, h, Wh))
				h = g.Mul(g.Sigmoid(a), g.Tanh(b))
			})
		}
		g.Minimise("loss", g.Mean(g.Square(h)))
	})
	pl := planOf(p)
	places := map[*store]map[region]bool{}
	for _, v := range p.graph.values {
		if pl.at(v).live && v.step >= 0 && v.cols() == 2*H {
			st, r := pl.region(v)
			if places[st] == nil {
				places[st] = map[region]bool{}
			}
			places[st][r] = true
		}
	}
	require.Len(t, places, 1, "products, gates and gradients lie in one stack")
	for _, regions := range places {
		assert.Len(t, regions, T)
	}
}
