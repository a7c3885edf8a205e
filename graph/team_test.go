package graph

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// withProcessors runs f under GOMAXPROCS n.
func withProcessors(n int, f func()) {
	old := runtime.GOMAXPROCS(n)
	defer runtime.GOMAXPROCS(old)
	f()
}

// enlarge makes a program large enough to be worth a team of any size.
func enlarge(p *Program) {
	pl := planOf(p)
	pl.flops, pl.crew = 1e12, 1<<20
}

func planOf(p *Program) *plan {
	if p.m64 != nil {
		return p.m64.p
	}
	return p.m32.p
}

// Sixteen rows are work for four, however many processors there are; a single
// row is shared by columns between two.
func TestTeamsAreNoLargerThanTheirWork(t *testing.T) {
	withProcessors(64, func() {
		for rows, want := range map[int]int{16: 4, 1: 2} {
			p, err := Build(NewParams(1), Key{B: rows, T: 6, Train: true}, smallLSTM(16, 11, nil))
			require.NoError(t, err)
			planOf(p).flops = 1e12
			setText(t, p, 11)
			require.NoError(t, p.Run())
			assert.Equal(t, want, p.m32.team.size, "%d rows", rows)
		}
	})
}

// Any number of workers computes, bit for bit, what the formula says: shares,
// segments and memory that follows other memory within a segment. More workers
// than rows leave some without work.
func TestTeamsComputeTheFormula(t *testing.T) {
	defer goleak.VerifyNone(t)
	for _, n := range []int{2, 3, 7} {
		withProcessors(n, func() {
			for seed := range trials(300) {
				p, err := randomProgram(seed, false)
				require.NoError(t, err)
				enlarge(p)
				for range 2 {
					require.NoError(t, runAgainst(p), "formula %d, %+v, %d workers", seed, randomKey(seed), n)
				}
				require.NotNil(t, p.m64.team, "a team was wanted")
			}
		})
	}
}

// wideLSTM trains an LSTM with dropout on 13 rows for some steps, in float32.
func wideLSTM(t *testing.T, workers int) (values []float64) {
	withProcessors(workers, func() {
		ps := NewParams(3)
		p, err := Build(ps, Key{B: 13, T: 9, Train: true}, smallLSTM(40, 20, func(g *Builder, y *Node) {
			g.Output("dropped", g.SumAll(g.Dropout(g.Softmax(g.Input("logits", g.B, 50)), 0.2)))
		}))
		require.NoError(t, err)
		enlarge(p)
		setText(t, p, 20)
		for range 100 {
			require.NoError(t, p.Run())
			require.NoError(t, ps.Update(func(q *Param) error {
				for i, d := range q.Grad32s() {
					q.Float32s()[i] -= 0.1 * d
				}
				return nil
			}))
		}
		for _, q := range ps.All() {
			values = append(values, q.Values()...)
		}
	})
	return values
}

func TestTeamsGiveTheSameBits(t *testing.T) {
	want := wideLSTM(t, 1)
	for _, n := range []int{2, 3, 7} {
		assert.Equal(t, want, wideLSTM(t, n), "%d workers", n)
	}
}

// wideAttention is the gradients of a network of steps that look at a memory whose rows are longer
// than a vector, in float32: many queries share tanh by columns, rows and batch.
func wideAttention(t *testing.T, workers int) (values []float64) {
	withProcessors(workers, func() {
		const S, W = 21, 301
		ps := NewParams(3)
		p, err := Build(ps, Key{B: 13, T: 5, Train: true}, func(g *Builder) {
			memory := g.Tanh(g.Param("memory", Normal(1), S, g.B, W))
			h, v, lens := g.Param("h", Normal(1), g.B, W), g.Param("v", Normal(1), W), g.IDs("lens", g.B)
			for t := range g.T {
				g.InStep(t, func() {
					e := g.Add(g.AdditiveScores(h, memory, v), g.BatchMatMulT(h, memory))
					h = g.Tanh(g.Add(h, g.BatchMatMul(g.MaskedSoftmax(e, lens), memory)))
				})
			}
			g.Minimise("loss", g.Mean(g.Square(h)))
		})
		require.NoError(t, err)
		enlarge(p)
		require.NoError(t, p.SetIDs("lens", []int{21, 0, 1, 2, 3, 5, 7, 11, 13, 16, 17, 20, 22}))
		require.NoError(t, p.Run())
		for _, q := range ps.All() {
			values = append(values, q.Grads()...)
		}
	})
	return values
}

func TestTeamsAttendWithTheSameBits(t *testing.T) {
	want := wideAttention(t, 1)
	for _, n := range []int{2, 3, 7} {
		assert.Equal(t, want, wideAttention(t, n), "%d workers", n)
	}
}

func TestTeamsAllocateNothing(t *testing.T) {
	withProcessors(2, func() {
		p, err := Build(NewParams(1), Key{B: 8, T: 6, Train: true}, smallLSTM(16, 11, nil))
		require.NoError(t, err)
		enlarge(p)
		setText(t, p, 11)
		for range 1000 { // the runtime keeps some hundred goroutines that have ended
			require.NoError(t, p.Run())
		}
		const runs = 200
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range runs {
			require.NoError(t, p.Run())
		}
		runtime.ReadMemStats(&after)
		assert.Less(t, float64(after.Mallocs-before.Mallocs)/runs, 0.5)
	})
}

// An error of one worker is the error of the run, named once, and the next run
// is sound again.
func TestTeamsReportErrors(t *testing.T) {
	withProcessors(3, func() {
		p, err := Build(NewParams64(1), Key{B: 3}, func(g *Builder) {
			g.Output("y", g.Scope("embed").Gather(g.Param("E", Zeros, 5, 2), g.IDs("ids", 4, g.B)))
		})
		require.NoError(t, err)
		enlarge(p)
		ids := make([]int, 12)
		ids[10] = 5
		require.NoError(t, p.SetIDs("ids", ids))
		assert.EqualError(t, p.Run(), "graph: embed: Gather: id 5 at position [3 1] is outside [0, 5)")
		ids[10] = 4
		require.NoError(t, p.SetIDs("ids", ids))
		assert.NoError(t, p.Run())
	})
}

// All steps of a layer are one segment, forward and backward.
func TestStepsAreOneSegment(t *testing.T) {
	count := func(T int) int {
		p, err := Build(NewParams(1), Key{B: 8, T: T, Train: true}, smallLSTM(16, 11, nil))
		require.NoError(t, err)
		return len(p.m32.p.segs)
	}
	assert.Equal(t, count(4), count(40), "the number of segments must not grow with T")
	assert.Less(t, count(4), 40, fmt.Sprint("segments: ", count(4)))
}

// A single row with large weights is shared by columns, with the same bits.
func TestTeamsShareColumns(t *testing.T) {
	run := func(workers int) (y []float64) {
		withProcessors(workers, func() {
			p, err := Build(NewParams(1), Key{B: 1}, func(g *Builder) {
				x := g.Input("x", g.B, 300)
				W, E := g.Param("W", Glorot, 300, 1000), g.Param("E", Glorot, 1001, 1000)
				y := g.Affine(g.Param("b", Normal(1), 1000), x, W)
				g.Output("y", g.MatMulT(g.Tanh(y), E))
			})
			require.NoError(t, err)
			enlarge(p)
			x := make([]float32, 300)
			for i := range x {
				x[i] = float32(i%7) - 3
			}
			require.NoError(t, p.SetFloats("x", x))
			require.NoError(t, p.Run())
			y, err = p.Float64s("y")
			require.NoError(t, err)
		})
		return y
	}
	want := run(1)
	for _, n := range []int{2, 3, 7} {
		assert.Equal(t, want, run(n), "%d workers", n)
	}
}
