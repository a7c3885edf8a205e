package graph

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/internal/svg"
)

// drawRNN is a recurrent network over a sequence, with a loss at each step.
func drawRNN(g *Builder) {
	const D, H, V = 4, 5, 6
	x := g.Input("x", g.T, g.B, D)
	s := g.Scope("rnn")
	Wx, Wh, b := s.Param("Wx", Glorot, D, H), s.Param("Wh", Orthogonal, H, H), s.Param("b", Zeros, H)
	h := g.Carry("state", []*Node{g.Zeros(g.B, H)})[0]
	var hs []*Node
	for t, xt := range g.Unstack(x) {
		s.InStep(t, func() { h = s.Tanh(s.Affine(b, xt, Wx, h, Wh)) })
		hs = append(hs, h)
	}
	g.Next("state", []*Node{h})
	o := g.Scope("out")
	logits := o.Affine(o.Param("b", Zeros, V), o.Stack(hs...), o.Param("W", Glorot, H, V))
	g.Output("logits", logits)
	g.Minimise("loss", g.CrossEntropy(logits, g.IDs("정답", g.T, g.B)))
}

// drawLSTM is two layers of it, the second from the last step to the first.
func drawLSTM(g *Builder) {
	const H = 3
	xs := g.Input("x", g.T, g.B, H)
	for layer := range 2 {
		s := g.Scope(fmt.Sprint("layer", layer))
		Wx, Wh, b := s.Param("Wx", Glorot, H, 4*H), s.Param("Wh", Glorot, H, 4*H), s.Param("b", Zeros, 4*H)
		h, c := s.Zeros(g.B, H), s.Zeros(g.B, H)
		hs := make([]*Node, g.T)
		parts := s.Unstack(xs)
		for i := range parts {
			t := i
			if layer == 1 {
				t = g.T - 1 - i
			}
			s.InStep(t, func() {
				i, f, u, o := s.Chunk4(s.Affine(b, parts[t], Wx, h, Wh))
				c = s.Add(s.Mul(s.Sigmoid(f), c), s.Mul(s.Sigmoid(i), s.Tanh(u)))
				h = s.Mul(s.Sigmoid(o), s.Tanh(c))
			})
			hs[t] = h
		}
		xs = s.Stack(hs...)
	}
	g.Minimise("loss", g.Mean(g.Square(xs)))
}

// drawBox is a formula without time steps, and an output that is a gradient.
func drawBox(g *Builder) {
	x := g.Input("x", g.B, 3)
	y := g.Mean(g.Square(g.Sub(g.Sigmoid(x), x)))
	g.Output("dx", g.Grad([]*Node{y}, nil, []*Node{x})[0])
}

type drawing struct {
	name    string
	key     Key
	formula func(*Builder)
	opts    []Option
}

func drawings() []drawing {
	return []drawing{
		{"rnn", Key{B: 2, T: 3}, drawRNN, nil},
		{"rnn train", Key{B: 2, T: 3, Train: true}, drawRNN, nil},
		{"rnn of one step", Key{B: 2, T: 1, Train: true}, drawRNN, nil},
		{"rnn of many steps", Key{B: 2, T: 40, Train: true}, drawRNN, nil},
		{"lstm", Key{B: 2, T: 3}, drawLSTM, nil},
		{"lstm train", Key{B: 2, T: 5, Train: true}, drawLSTM, nil},
		{"lstm plain", Key{B: 2, T: 3, Train: true}, drawLSTM, []Option{Plain}},
		{"no steps", Key{B: 2}, drawBox, nil},
	}
}

func (d drawing) build(t *testing.T) *Program {
	t.Helper()
	p, err := Build(NewParams(1), d.key, d.formula, d.opts...)
	require.NoError(t, err)
	return p
}

// edgeSegments are the straight parts of a wire.
func edgeSegments(l *layout, w *wire) [][2]corner {
	ps := l.path(w)
	var segs [][2]corner
	for i := 1; i < len(ps); i++ {
		a, b := ps[i-1], ps[i]
		segs = append(segs, [2]corner{{min(a.x, b.x), min(a.y, b.y)}, {max(a.x, b.x), max(a.y, b.y)}})
	}
	return segs
}

// Nothing lies over anything else: boxes are apart, hold their text, and no
// line crosses a box but at its ends.
func TestLayoutIsFree(t *testing.T) {
	for _, d := range drawings() {
		t.Run(d.name, func(t *testing.T) {
			pic, err := d.build(t).picture()
			require.NoError(t, err)
			l := newLayout(pic)
			crosses := func(m *mark, a, b corner) bool {
				s := &m.spot
				return a.x < s.x+s.w-1 && b.x > s.x+1 && a.y < s.y+s.h/2-1 && b.y > s.y-s.h/2+1
			}
			for i, m := range pic.marks {
				s := &m.spot
				assert.LessOrEqual(t, max(svg.Width(s.label, nameSize), svg.Width(m.shape, shapeSize)), s.w-8, m.name)
				assert.True(t, s.x > 0 && s.x+s.w < l.width && s.y-s.h/2 > 0 && s.y+s.h/2 < l.height, "%s is outside", m.name)
				for _, o := range pic.marks[:i] {
					assert.False(t, crosses(m, corner{o.spot.x, o.spot.y - o.spot.h/2}, corner{o.spot.x + o.spot.w, o.spot.y + o.spot.h/2}),
						"%s lies on %s", m.name, o.name)
				}
			}
			for _, w := range l.wires {
				for _, seg := range edgeSegments(l, w) {
					for _, m := range pic.marks {
						inset := m == w.from || m == w.to // a leaning side
						assert.False(t, !inset && crosses(m, seg[0], seg[1]), "%s → %s crosses %s", w.from.name, w.to.name, m.name)
					}
				}
			}
		})
	}
}

// Lines of different nodes may cross, they never lie on each other: a reader
// can follow each one.
func TestLinesAreApart(t *testing.T) {
	for _, d := range drawings() {
		t.Run(d.name, func(t *testing.T) {
			pic, err := d.build(t).picture()
			require.NoError(t, err)
			l := newLayout(pic)
			type run struct {
				of     *mark
				lo, hi float64
			}
			flat, steep := map[float64][]run{}, map[float64][]run{}
			for _, w := range l.wires {
				for _, s := range edgeSegments(l, w) {
					if s[0].y == s[1].y {
						flat[s[0].y] = append(flat[s[0].y], run{w.from, s[0].x, s[1].x})
					} else {
						steep[s[0].x] = append(steep[s[0].x], run{w.from, s[0].y, s[1].y})
					}
				}
			}
			for _, lines := range []map[float64][]run{flat, steep} {
				for at, rs := range lines {
					for i, a := range rs {
						for _, b := range rs[:i] {
							assert.False(t, a.of != b.of && a.lo < b.hi && b.lo < a.hi,
								"at %v: %s %v-%v and %s %v-%v", at, a.of.name, a.lo, a.hi, b.of.name, b.lo, b.hi)
						}
					}
				}
			}
		})
	}
}

// Time runs to the right, and back to the left in the gradients below.
func TestLayoutFollowsTime(t *testing.T) {
	for _, d := range drawings() {
		pic, err := d.build(t).picture()
		require.NoError(t, err)
		l := newLayout(pic)
		for _, m := range pic.marks {
			if m.step >= 0 {
				i := slices.Index(l.steps, m.step)
				assert.True(t, l.first[i+1] <= m.spot.col && m.spot.col < l.first[i+2], "%s: %s of step %d", d.name, m.name, m.step)
			}
			assert.Equal(t, m.back, l.split > 0 && m.spot.y > l.split, "%s: %s", d.name, m.name)
			for _, c := range m.in {
				if c.spot.lane == m.spot.lane && c.step == m.step && c.spot.band == m.spot.band {
					assert.Equal(t, m.spot.lane.rev, m.spot.col < c.spot.col, "%s: %s → %s", d.name, c.name, m.name)
				}
			}
		}
	}
}
