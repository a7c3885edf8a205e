package graph

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// grower grows a random formula: a pool of nodes from which the next operation
// takes its operands.
type grower struct {
	g      *Builder
	rng    *rand.Rand
	smooth bool // no operation whose value or derivative jumps
	pool   []*Node
	ids    []*Node
	n      int // of names
}

// randomFormula is formula number seed: the same operations whenever it is
// called. Smooth ones can be compared between two orders of summation.
func randomFormula(seed uint64, smooth bool) func(g *Builder) {
	return func(g *Builder) {
		w := &grower{g: g, rng: rand.New(rand.NewPCG(seed, 3)), smooth: smooth}
		w.grow()
	}
}

func (w *grower) grow() {
	g := w.g
	H := 2 * (1 + w.rng.IntN(2))
	w.push(g.Input("x", g.B, H), g.Input("xs", g.T, g.B, H), w.param(H), w.param(g.B, H))
	w.ids = append(w.ids, g.IDs("ids", g.T, g.B), g.IDs("one", g.B))
	states := g.Carry("s", []*Node{g.Zeros(g.B, H), g.Const(0.5, g.B, H), g.Zeros(g.B, H)})
	w.push(states...)
	w.push(g.Zeros(g.B, H), g.Zeros(H), g.Zeros(g.B, 1), g.Const(1), g.Zeros())
	for range 4 + w.rng.IntN(25) {
		w.op()
	}
	var next []*Node
	for range states {
		next = append(next, w.like(g.Shape(states[0])))
	}
	g.Next("s", next)
	for range 1 + w.rng.IntN(4) {
		g.Output(w.name("out"), w.any())
	}
	if len(w.ids) > 2 {
		g.Output(w.name("outids"), w.ids[len(w.ids)-1])
	}
	loss := g.Mean(g.Tanh(w.any()))
	for range w.rng.IntN(4) {
		loss = g.Add(loss, g.Mean(g.Square(g.Tanh(w.any()))))
	}
	g.Minimise("loss", loss)
}

func (w *grower) name(s string) string {
	w.n++
	return s + strconv.Itoa(w.n)
}

func (w *grower) param(shape ...int) *Node {
	return w.g.Param(w.name("p"), Normal(0.7), shape...)
}

// push enters nodes into the pool unless they are large.
func (w *grower) push(ns ...*Node) {
	for _, n := range ns {
		if w.g.Err() == nil && size(w.g.Shape(n)) <= 200 {
			w.pool = append(w.pool, n)
		}
	}
}

// any picks a node, most often a recent one.
func (w *grower) any() *Node {
	k := len(w.pool)
	if w.rng.IntN(2) == 0 {
		return w.pool[k-1-w.rng.IntN(min(k, 5))]
	}
	return w.pool[w.rng.IntN(k)]
}

// pick picks a node that satisfies ok, nil when there is none.
func (w *grower) pick(ok func(shape []int) bool) *Node {
	at := w.rng.IntN(len(w.pool))
	for i := range w.pool {
		if n := w.pool[(at+i)%len(w.pool)]; ok(w.g.Shape(n)) {
			return n
		}
	}
	return nil
}

func (w *grower) like(shape []int) *Node {
	return w.pick(func(s []int) bool { return sameShape(s, shape) })
}

// op applies one operation.
func (w *grower) op() {
	g := w.g
	x := w.any()
	shape := g.Shape(x)
	rows, cols := dims(shape)
	y := w.like(shape)
	tall := len(shape) >= 2
	switch w.rng.IntN(28) {
	case 0, 1:
		w.push(w.unary(x))
	case 2, 3, 4:
		w.push(w.binary(x, y))
	case 5: // broadcasting, from anything that fits
		if b := w.pick(func(s []int) bool { return !sameShape(s, shape) && spreads(s, shape) }); b != nil {
			if w.rng.IntN(2) == 0 {
				w.push(w.binary(x, b))
			} else {
				w.push(w.binary(b, x))
			}
		}
	case 6:
		for _, n := range []int{4, 3, 2} {
			if len(shape) > 0 && cols%n == 0 {
				w.push(g.Chunk(x, n)...)
				break
			}
		}
	case 7:
		if len(shape) > 0 && cols > 1 {
			lo := w.rng.IntN(cols)
			w.push(g.Cols(x, lo, lo+1+w.rng.IntN(cols-lo)))
		}
	case 8:
		parts := []*Node{x}
		for range 1 + w.rng.IntN(3) {
			if p := w.pick(func(s []int) bool {
				return len(s) > 0 && len(shape) > 0 && sameShape(withCols(s, 1), withCols(shape, 1))
			}); p != nil {
				parts = append(parts, p)
			}
		}
		if len(shape) > 0 {
			w.push(g.Concat(parts...))
		}
	case 9:
		if tall {
			w.push(g.At(x, w.rng.IntN(shape[0])))
		}
	case 10:
		if tall {
			parts := g.Unstack(x)
			if w.rng.IntN(2) == 0 {
				slices.Reverse(parts)
			}
			w.push(parts...)
			w.push(g.Stack(parts...))
		}
	case 11, 12: // parts in any order, some more than once
		if len(shape) > 0 {
			parts := []*Node{x, y}
			for range w.rng.IntN(3) {
				parts = append(parts, w.like(shape))
			}
			w.push(g.Stack(parts...))
			if w.rng.IntN(2) == 0 {
				slices.Reverse(parts)
				w.push(g.Stack(parts[1:]...))
			}
		}
	case 13:
		if tall {
			lo := w.rng.IntN(shape[0])
			w.push(g.Rows(x, lo, lo+1+w.rng.IntN(shape[0]-lo)))
		}
	case 14:
		w.product(x, cols)
	case 15: // an addend that is a factor, or lies in one
		if len(shape) > 0 {
			w.push(g.Tanh(g.Affine(y, x, w.param(cols, cols))))
		}
	case 16:
		w.recur(x)
	case 17:
		w.choice(x, y, shape)
	case 18:
		w.lookup(x, shape)
	case 19:
		if len(shape) > 0 {
			w.push(g.Softmax(x), g.LogSoftmax(x))
		}
	case 20:
		if len(shape) > 0 {
			w.push(g.SumRows(x), g.SumCols(x))
		}
		w.push(g.SumAll(x), g.Mean(x))
	case 21:
		w.push(g.Alias(x), g.Dropout(x, 0.3))
	case 22:
		if len(shape) == 2 && rows == w.g.B && cols > 1 {
			w.push(g.SmoothCrossEntropies(x, g.ArgMax(y), float64(w.rng.IntN(2))*0.3))
		}
	case 23: // neighbours: views that overlap
		if tall && shape[0] > 1 {
			w.push(w.binary(g.Rows(x, 1, shape[0]), g.Rows(x, 0, shape[0]-1)))
		} else if len(shape) > 0 && cols > 1 {
			w.push(w.binary(g.Cols(x, 1, cols), g.Cols(x, 0, cols-1)))
		}
	case 25, 26:
		w.attend(x, shape)
	case 27:
		if len(shape) == 3 {
			w.push(g.SwapAxes(x))
		}
	case 24: // eps is large, so that a row of equal elements has a moderate slope
		if len(shape) > 0 {
			gain := w.like([]int{cols})
			w.push(g.LayerNorm(x, gain, w.like([]int{cols}), 0.5))
		}
	}
}

func (w *grower) unary(x *Node) *Node {
	g := w.g
	fs := []func(*Node) *Node{
		g.Tanh, g.Sigmoid, g.Neg,
		func(x *Node) *Node { return g.Tanh(g.Square(x)) },
		func(x *Node) *Node { return g.Scale(x, 0.5) },
		func(x *Node) *Node { return g.AddConst(x, 0.25) },
		func(x *Node) *Node { return g.Exp(g.Tanh(x)) },
		func(x *Node) *Node { return g.Log(g.AddConst(g.Square(x), 1)) },
		func(x *Node) *Node { return g.Sqrt(g.AddConst(g.Square(x), 1)) },
		g.ReLU, g.Abs,
	}
	if w.smooth {
		fs = fs[:len(fs)-2]
	}
	return fs[w.rng.IntN(len(fs))](x)
}

func (w *grower) binary(a, b *Node) *Node {
	g := w.g
	switch w.rng.IntN(5) {
	case 0:
		return g.Add(a, b)
	case 1:
		return g.Sub(a, b)
	case 2:
		return g.Div(a, g.AddConst(g.Square(b), 1))
	case 3: // keeps an operand in use beside the sum
		return g.Sub(g.Tanh(g.Add(a, b)), b)
	}
	return g.Mul(g.Tanh(a), b)
}

func (w *grower) product(x *Node, cols int) {
	g := w.g
	shape := g.Shape(x)
	if len(shape) == 0 {
		return
	}
	N := 2 * (1 + w.rng.IntN(3))
	switch w.rng.IntN(5) {
	case 0:
		w.push(g.MatMul(x, w.param(cols, N)))
	case 1:
		w.push(g.MatMulT(x, w.param(N, cols)))
	case 2: // both factors from the pool
		if b := w.pick(func(s []int) bool { return len(s) == 2 && s[0] == cols }); b != nil {
			w.push(g.Tanh(g.MatMul(x, b)))
		}
		if b := w.pick(func(s []int) bool { return len(s) == 2 && s[1] == cols }); b != nil {
			w.push(g.Tanh(g.MatMulT(x, b)))
		}
	case 3:
		var b *Node
		if w.rng.IntN(2) == 0 {
			b = w.param(N)
		}
		pairs := []*Node{x, w.param(cols, N)}
		if y := w.like(shape); w.rng.IntN(2) == 0 {
			pairs = append(pairs, y, w.param(cols, N))
		}
		w.push(g.Tanh(g.Affine(b, pairs...)))
	case 4:
		y := w.like(shape)
		w.push(g.Tanh(g.MatMul(g.Concat(x, y), w.param(2*cols, N))))
	}
}

// recur is a recurrent layer over x, and stacks of its states as they are, one
// step late and in reverse order.
func (w *grower) recur(x *Node) {
	g := w.g
	shape := g.Shape(x)
	if len(shape) != 3 {
		return
	}
	h := w.like([]int{shape[1], shape[2]})
	if h == nil {
		return
	}
	D := shape[2]
	Wx, Wh, b := w.param(D, D), w.param(D, D), w.param(D)
	hs := []*Node{h}
	for t, xt := range g.Unstack(x) {
		g.InStep(t, func() { h = g.Tanh(g.Affine(b, xt, Wx, h, Wh)) })
		hs = append(hs, h)
	}
	w.push(hs[1:]...)
	w.push(g.Stack(hs[1:]...))
	if w.rng.IntN(2) == 0 {
		w.push(g.Stack(hs[:len(hs)-1]...))
	}
	if w.rng.IntN(3) == 0 {
		slices.Reverse(hs)
		w.push(g.Stack(hs...))
	}
}

// attend multiplies row by row of a batch: x, a step or a sequence, by a memory.
func (w *grower) attend(x *Node, shape []int) {
	g := w.g
	if len(shape) != 2 && len(shape) != 3 {
		return
	}
	B, K := shape[len(shape)-2], shape[len(shape)-1]
	memory := func(ok func(s []int) bool) *Node {
		return w.pick(func(s []int) bool { return len(s) == 3 && s[1] == B && ok(s) })
	}
	switch w.rng.IntN(5) {
	case 4:
		if m := memory(func(s []int) bool { return s[2] == K }); m != nil {
			w.push(g.AdditiveScores(x, m, w.param(K)))
		}
	case 0:
		w.push(g.BatchMatMul(x, w.param(K, B, 1+w.rng.IntN(4))))
	case 1:
		if m := memory(func(s []int) bool { return s[0] == K }); m != nil {
			w.push(g.Tanh(g.BatchMatMul(x, m)))
		}
	case 2:
		if m := memory(func(s []int) bool { return s[2] == K }); m != nil {
			w.push(g.Tanh(g.BatchMatMulT(x, m)))
		}
	case 3: // attention in each step of a sequence
		if m := memory(func(s []int) bool { return s[2] == K }); m != nil {
			h, additive := g.Zeros(B, K), w.like([]int{K})
			xs := []*Node{x}
			if len(shape) == 3 {
				xs = g.Unstack(x)
			}
			for t, q := range xs {
				g.InStep(t, func() {
					scores := g.BatchMatMulT(g.Tanh(g.Add(h, q)), m)
					if additive != nil {
						scores = g.AdditiveScores(g.Add(h, q), m, additive)
					}
					weights := g.Softmax(scores)
					if B == g.B {
						weights = g.MaskedSoftmax(scores, w.ids[1])
					}
					h = g.BatchMatMul(weights, m)
				})
				w.push(h)
			}
		}
	}
}

func (w *grower) choice(x, y *Node, shape []int) {
	if len(shape) == 0 {
		return
	}
	g := w.g
	mask := w.pick(func(s []int) bool { return sameShape(s, shape) || sameShape(s, withCols(shape, 1)) })
	if w.smooth {
		mask = g.Const(float64(w.rng.IntN(2)), withCols(shape, 1)...)
	} else if w.rng.IntN(2) == 0 {
		mask = g.ReLU(mask)
	}
	w.push(g.Where(mask, x, y))
	if len(shape) == 2 && shape[0] == g.B {
		w.push(g.Where(g.LengthMask(w.ids[1], w.rng.IntN(3)), y, x))
	}
}

func (w *grower) lookup(x *Node, shape []int) {
	g := w.g
	const V = 4 // fillInputs draws ids below 2
	ids := w.ids[w.rng.IntN(2)]
	switch w.rng.IntN(5) {
	case 0:
		w.push(g.Gather(w.param(V, 4), ids))
	case 1:
		w.push(g.MatMul(g.Gather(w.param(V, 3), ids), w.param(3, 4)))
	case 2:
		w.push(g.OneHot(ids, V))
	case 3:
		if len(shape) == 2 && shape[0] > 1 { // a table that is computed
			w.push(g.Gather(x, ids))
		}
	case 4:
		if len(shape) > 1 && !w.smooth {
			a := g.ArgMax(x)
			w.ids = append(w.ids, a)
			w.push(g.Gather(w.param(shape[len(shape)-1], 2), a))
		}
	}
}

// fillInputs sets all inputs to what follows from seed and their names; ids
// are 0 or 1.
func fillInputs(p *Program, seed uint64) {
	for _, name := range p.Names() {
		h := fnv.New64a()
		_, _ = h.Write([]byte(name))
		rng := rand.New(rand.NewPCG(seed, h.Sum64()))
		if v, err := p.find(name, true, true); err == nil {
			for i := range p.idsOf(v) {
				p.idsOf(v)[i] = rng.IntN(2)
			}
		}
		if v, err := p.find(name, false, true); err == nil {
			x := make([]float64, size(v.shape))
			for i := range x {
				x[i] = rng.NormFloat64()
			}
			_ = p.SetFloat64s(name, x)
		}
	}
}

func randomKey(seed uint64) Key {
	rng := rand.New(rand.NewPCG(seed, 4))
	return Key{B: 1 + rng.IntN(3), T: 1 + rng.IntN(4), Train: rng.IntN(3) > 0}
}

// trials is how many random formulas a test tries.
func trials(n int) uint64 {
	if testing.Short() {
		n /= 10
	}
	if s := os.Getenv("UNROLL_TRIALS"); s != "" {
		n, _ = strconv.Atoi(s)
	}
	return uint64(n)
}

// A program gives the same bits as its formula evaluated value by value: no
// value is overwritten before its last reader, no two overlap in the arena, no
// view shows the wrong place.
func TestProgramIsItsFormula(t *testing.T) {
	if s := os.Getenv("UNROLL_SEED"); s != "" {
		seed, _ := strconv.ParseUint(s, 10, 64)
		p, err := randomProgram(seed, false)
		require.NoError(t, err)
		for _, v := range p.m64.p.order {
			t.Log(describeValue(p, v))
		}
	}
	bad := 0
	for seed := range trials(3000) {
		if err := tryFormula(seed); err != nil {
			t.Errorf("formula %d, %+v: %v", seed, randomKey(seed), err)
			if bad++; bad >= 10 {
				break
			}
		}
	}
}

func tryFormula(seed uint64) error {
	p, err := randomProgram(seed, false)
	if err != nil {
		return err
	}
	for range 2 {
		if err := runAgainst(p); err != nil {
			return err
		}
	}
	return nil
}

func randomProgram(seed uint64, smooth bool, opts ...Option) (*Program, error) {
	p, err := Build(NewParams64(seed), randomKey(seed), randomFormula(seed, smooth), opts...)
	if err == nil {
		fillInputs(p, seed)
	}
	return p, err
}

// describeValue is a line about a value and where it lies, for a failing seed.
func describeValue(p *Program, v *value) string {
	pl := p.m64.p
	s := fmt.Sprintf("%d t=%d %s%+v %v <-", v.index, pl.at(v).time, v.kind.name(), v.kind, v.shape)
	for _, c := range v.in {
		s += fmt.Sprintf(" %d", c.index)
	}
	if !v.ids {
		st, r, c := pl.locate(v)
		s += fmt.Sprintf(" at store %d (%d,%d) last %d", st.id, r, c, pl.at(v).last)
	}
	return s
}

// What the engine takes off a formula changes nothing but the order of sums.
func TestRewritingKeepsTheMeaning(t *testing.T) {
	bad := 0
	for seed := range trials(1500) {
		if err := comparePlain(seed); err != nil {
			t.Errorf("formula %d, %+v: %v", seed, randomKey(seed), err)
			if bad++; bad >= 10 {
				break
			}
		}
	}
}

func comparePlain(seed uint64) error {
	a, err := randomProgram(seed, true)
	if err != nil {
		return err
	}
	b, err := randomProgram(seed, true, Plain)
	if err != nil {
		return err
	}
	for range 2 {
		if err := a.Run(); err != nil {
			return err
		}
		if err := b.Run(); err != nil {
			return err
		}
		for _, name := range b.Names() {
			if _, err := b.find(name, true, false); err == nil {
				continue
			}
			if _, err := a.find(name, false, false); err != nil {
				continue // an input that lost its use
			}
			x, _ := a.Float64s(name)
			y, _ := b.Float64s(name)
			if e := distance(x, y); !(e <= 1e-12) {
				return fmt.Errorf("%s: relative difference %g", name, e)
			}
		}
		for _, q := range a.params.All() {
			if e := distance(q.Grads(), b.params.Get(q.path).Grads()); !(e <= 1e-12) {
				return fmt.Errorf("gradient %s: relative difference %g", q.path, e)
			}
		}
	}
	return nil
}

// distance is |x-y| relative to |y|, in the Euclidean norm; small norms count
// as 1e-3, since sums of terms near 1 may cancel.
func distance(x, y []float64) float64 {
	if len(x) != len(y) {
		return math.Inf(1)
	}
	d, n := 0.0, 0.0
	for i := range x {
		d += (x[i] - y[i]) * (x[i] - y[i])
		n += y[i] * y[i]
	}
	return math.Sqrt(d) / max(math.Sqrt(n), 1e-3)
}
