package graph

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A run allocates nothing: neither a training step nor the step of a generator,
// also when the parameters have changed in between.
func TestRunsAllocateNothing(t *testing.T) {
	for _, ps := range []*Params{NewParams(1), NewParams64(1)} {
		for _, key := range []Key{{B: 3, T: 5, Train: true}, {B: 1, T: 1}} {
			p, err := Build(ps, key, smallLSTM(8, 11, func(g *Builder, _ *Node) {
				g.Output("best", g.ArgMax(g.Dropout(g.Softmax(g.Input("logits", g.B, 4)), 0.2)))
			}))
			require.NoError(t, err)
			setText(t, p, 11)
			require.NoError(t, p.Run())
			var failed error
			assert.Zero(t, testing.AllocsPerRun(20, func() {
				ps.version++ // as a writer does: what is derived from parameters is computed again
				if err := p.Run(); err != nil {
					failed = err
				}
			}), "%+v", key)
			require.NoError(t, failed)
		}
	}
}

// Products row by row of a batch, scores and masks allocate nothing either.
func TestAttentionAllocatesNothing(t *testing.T) {
	for _, ps := range []*Params{NewParams(1), NewParams64(1)} {
		p, err := Build(ps, Key{B: 2, T: 3, Train: true}, attending(5, nil))
		require.NoError(t, err)
		setText(t, p, 5)
		require.NoError(t, p.Run())
		assert.Zero(t, testing.AllocsPerRun(20, func() { _ = p.Run() }))
	}
}

// trained is the text of bits that some training steps give.
func trained(t *testing.T) (losses []float64, values []float64) {
	ps := NewParams(3)
	p, err := Build(ps, Key{B: 3, T: 6, Train: true}, smallLSTM(16, 20, nil))
	require.NoError(t, err)
	setText(t, p, 20)
	for range 5 {
		require.NoError(t, p.Run())
		loss, err := p.Scalar("loss")
		require.NoError(t, err)
		losses = append(losses, loss)
		require.NoError(t, ps.Update(func(q *Param) error {
			for i, d := range q.Grad32s() {
				q.Float32s()[i] -= 0.5 * d
			}
			return nil
		}))
	}
	for _, q := range ps.All() {
		values = append(values, q.Values()...)
	}
	return losses, values
}

// Training gives the same bits twice, and for any number of processors.
func TestSameBits(t *testing.T) {
	losses, values := trained(t)
	assert.Less(t, losses[4], losses[0])
	for _, n := range []int{1, 2} {
		old := runtime.GOMAXPROCS(n)
		l, v := trained(t)
		runtime.GOMAXPROCS(old)
		assert.Equal(t, losses, l)
		assert.Equal(t, values, v)
	}
}

// longLSTM is two layers of width H over T steps.
func longLSTM(H int) func(g *Builder) {
	return func(g *Builder) {
		xs := g.Input("x", g.T, g.B, H)
		for _, name := range []string{"layer0", "layer1"} {
			s := g.Scope(name)
			Wx, Wh, b := s.Param("Wx", Glorot, H, 4*H), s.Param("Wh", Glorot, H, 4*H), s.Param("b", Zeros, 4*H)
			h, c := g.Zeros(g.B, H), g.Zeros(g.B, H)
			var ys []*Node
			for t, x := range g.Unstack(xs) {
				g.InStep(t, func() {
					i, f, u, o := g.Chunk4(g.Affine(b, x, Wx, h, Wh))
					i, f, o = g.Sigmoid(i), g.Sigmoid(f), g.Sigmoid(o)
					c = g.Add(g.Mul(f, c), g.Mul(i, g.Tanh(u)))
					h = g.Mul(o, g.Tanh(c))
				})
				ys = append(ys, h)
			}
			xs = g.Stack(ys...)
		}
		g.Minimise("loss", g.Mean(g.Square(xs)))
	}
}

// Building is linear in the number of steps: a thousand steps of two layers
// with their gradients take about one second on a quiet machine.
func TestBuildingAThousandSteps(t *testing.T) {
	for _, B := range []int{1, 4} {
		ps := NewParams(1)
		_, err := Build(ps, Key{B: B, T: 2, Train: true}, longLSTM(128)) // draws the parameters
		require.NoError(t, err)
		var took [2]time.Duration
		for i, T := range []int{250, 1000} {
			start := time.Now()
			p, err := Build(ps, Key{B: B, T: T, Train: true}, longLSTM(128))
			require.NoError(t, err)
			took[i] = time.Since(start)
			t.Logf("B=%d T=%d: %v, %d values, arena of %d numbers", B, T, took[i], len(p.m32.p.order), p.m32.p.arena)
		}
		assert.Less(t, took[1], 10*time.Second) // a loaded machine is slow
	}
}

// A chain of thousands of operations that write over their operand is placed in
// reasonable time, and a run of it in the memory of one.
func TestLongChainInPlace(t *testing.T) {
	const n = 20000
	start := time.Now()
	p, err := Build(NewParams64(1), Key{Train: true}, func(g *Builder) {
		x := g.Input("x", 4)
		for i := range n {
			x = g.AddConst(x, float64(i%2*2-1))
		}
		g.Output("y", x)
	})
	require.NoError(t, err)
	took := time.Since(start)
	t.Logf("%d operations: %v", n, took)
	assert.Less(t, took, 5*time.Second)
	assert.LessOrEqual(t, p.m64.p.arena, line)
	require.NoError(t, p.Run())
	y, _ := p.Float64s("y")
	assert.Equal(t, []float64{0, 0, 0, 0}, y)
}
