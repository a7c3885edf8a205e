package graph

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sketched is the picture of a program, checked: operands come first, edges are
// known at both ends.
func sketched(t *testing.T, p *Program, s Sketch) *picture {
	t.Helper()
	whole, err := p.picture()
	require.NoError(t, err)
	pic := whole.sketched(s)
	edges := 0
	for i, m := range pic.marks {
		require.Equal(t, i, m.id)
		require.Len(t, m.ports, len(m.in))
		edges += len(m.in)
		for _, c := range m.in {
			require.Less(t, c.id, i, "%s reads %s", m.describe(), c.describe())
			require.Same(t, pic.marks[c.id], c)
			require.Contains(t, c.out, m)
		}
	}
	require.Equal(t, edges, pic.edges)
	return pic
}

// count is how many marks have a role.
func (d *picture) count(r role) (n int) {
	for _, m := range d.marks {
		if m.role == r {
			n++
		}
	}
	return n
}

// Each cell is one box for each step, forward and backward; nothing but
// operations is folded, and what a box stands for is told.
func TestSketchCollapse(t *testing.T) {
	p := drawing{"", Key{B: 2, T: 4}, drawRNN, []Option{Plain}}.build(t)
	whole := sketched(t, p, Sketch{})
	pic := sketched(t, p, Sketch{Collapse: true})
	assert.Equal(t, 4, pic.count(roleCell))
	assert.Zero(t, whole.count(roleCell))
	for _, r := range []role{roleInput, roleParam, roleState, roleOutput} {
		assert.Equal(t, whole.count(r), pic.count(r), r.String())
	}
	steps := map[int]bool{}
	for _, m := range pic.marks {
		if m.role == roleCell {
			steps[m.step] = true
			assert.Equal(t, "rnn", m.name)
			assert.Contains(t, m.describe(), "Tanh")
			assert.NotEmpty(t, m.in)
		}
		assert.False(t, m.view, "rows that only cells read are not drawn")
	}
	assert.Len(t, steps, 4)
	var b bytes.Buffer
	require.NoError(t, p.Sketch(&b, Sketch{Collapse: true}))
	texts, titles := svgTexts(t, b.Bytes())
	assert.Contains(t, texts, "step 3")
	assert.Contains(t, strings.Join(titles, "\n"), "Tanh")
	assert.NotContains(t, texts, "Tanh")

	train := drawing{"", Key{B: 2, T: 4, Train: true}, drawRNN, []Option{Plain}}.build(t)
	back := 0
	for _, m := range sketched(t, train, Sketch{Collapse: true}).marks {
		if m.role == roleCell && m.back {
			back++
		}
	}
	assert.Equal(t, 3, back, "of the last step there is one operation, which stays itself")
}

// An open step shows its operations, the others do not.
func TestSketchOpen(t *testing.T) {
	p := drawing{"", Key{B: 2, T: 4}, drawRNN, []Option{Plain}}.build(t)
	pic := sketched(t, p, Sketch{Collapse: true, Open: []int{2}})
	assert.Equal(t, 3, pic.count(roleCell))
	var tanh []int
	for _, m := range pic.marks {
		if m.name == "Tanh" {
			tanh = append(tanh, m.step)
		}
	}
	assert.Equal(t, []int{2}, tanh)
}

// All drawings collapse without a circle, also with layers in both directions.
func TestSketchAll(t *testing.T) {
	for _, d := range drawings() {
		t.Run(d.name, func(t *testing.T) {
			p := d.build(t)
			whole := sketched(t, p, Sketch{})
			pic := sketched(t, p, Sketch{Collapse: true})
			assert.LessOrEqual(t, len(pic.marks), len(whole.marks))
			var a, b bytes.Buffer
			require.NoError(t, p.Sketch(&a, Sketch{Collapse: true}))
			require.NoError(t, p.Sketch(&b, Sketch{Collapse: true}))
			assert.Equal(t, a.String(), b.String())
			svgTexts(t, a.Bytes())
		})
	}
}

// Operations of two scopes that read each other within a step are one box.
func TestSketchCircle(t *testing.T) {
	p := drawing{"", Key{B: 1, T: 3}, func(g *Builder) {
		h := g.Input("h", g.B, 2)
		a, b := g.Scope("a"), g.Scope("b")
		for step := range g.T {
			g.InStep(step, func() {
				u := a.Tanh(h)
				v := b.Sigmoid(u)
				h = a.Mul(u, v)
			})
		}
		g.Output("y", h)
	}, []Option{Plain}}.build(t)
	pic := sketched(t, p, Sketch{Collapse: true})
	assert.Equal(t, 3, pic.count(roleCell))
	for _, m := range pic.marks {
		if m.role == roleCell {
			assert.Equal(t, "3 operations", m.shape)
		}
	}
}

// One scope that runs through the steps in both directions is not folded: that
// would be a circle.
func TestSketchBothDirections(t *testing.T) {
	p := drawing{"", Key{B: 1, T: 3}, func(g *Builder) {
		s := g.Scope("s")
		h := g.Input("h", g.B, 2)
		for i := range 2 * g.T {
			g.InStep(min(i, 2*g.T-1-i), func() { h = s.Tanh(h) })
		}
		g.Output("y", h)
	}, []Option{Plain}}.build(t)
	pic := sketched(t, p, Sketch{Collapse: true})
	assert.Zero(t, pic.count(roleCell))
	assert.Equal(t, 6, pic.count(roleOp))
}

// A long formula is a picture that says what it does not show.
func TestSVGTooLarge(t *testing.T) {
	p := drawing{"", Key{B: 1, T: 700, Train: true}, drawRNN, nil}.build(t)
	whole, err := p.picture()
	require.NoError(t, err)
	pic := sketched(t, p, Sketch{})
	assert.True(t, pic.fits())
	assert.Contains(t, pic.title, fmt.Sprintf("%d nodes", len(whole.marks)))
	assert.Contains(t, pic.title, "; steps 16 to 683 are drawn as one")
	var b bytes.Buffer
	require.NoError(t, p.SVG(&b))
	texts, _ := svgTexts(t, b.Bytes())
	assert.Contains(t, texts, "steps 16 to 683")
	assert.Contains(t, texts, "step 684")
	assert.NotContains(t, texts, "step 17")
	assert.NoError(t, p.DOT(io.Discard))
}

// A hundred thousand nodes take less than a few seconds.
func TestSVGHuge(t *testing.T) {
	d := &picture{title: "huge", words: english()}
	last := d.add(&mark{role: roleInput, name: "h", step: -1})
	for step := range 10_000 {
		for range 10 {
			last = d.add(&mark{role: roleOp, name: "Tanh", step: step, path: "rnn", in: []*mark{last}, ports: []string{""}})
		}
	}
	began := time.Now()
	pic := d.sketched(Sketch{Collapse: true})
	assert.True(t, pic.fits())
	s := &svgWriter{l: newLayout(pic)}
	s.document()
	assert.Less(t, time.Since(began), 20*time.Second)
	assert.Contains(t, s.String(), "steps 16 to 9983 are drawn as one")
	assert.Contains(t, s.String(), "99680 operations")
}

// What has no steps is cut at the end.
func TestSVGCut(t *testing.T) {
	p := drawing{"", Key{B: 1}, func(g *Builder) {
		x := g.Input("x", g.B, 2)
		for range 5000 {
			x = g.Tanh(x)
		}
		g.Output("y", x)
	}, nil}.build(t)
	pic := sketched(t, p, Sketch{})
	assert.Len(t, pic.marks, MaxSVGNodes)
	assert.Contains(t, pic.title, "; the last 3002 nodes are left out")
}

// What the picture says by itself is in the language that is asked for; names
// stay.
func TestSketchKorean(t *testing.T) {
	p := drawing{"", Key{B: 2, T: 60, Train: true}, drawRNN, []Option{Plain}}.build(t)
	var b bytes.Buffer
	require.NoError(t, p.Sketch(&b, Sketch{Collapse: true, Open: []int{1}, Lang: "ko"}))
	texts, titles := svgTexts(t, b.Bytes())
	for _, want := range []string{"시점 3", "입력", "파라미터", "이어지는 상태", "→ 순방향", "← 기울기", "rnn", "Tanh"} {
		assert.Contains(t, texts, want)
	}
	assert.Contains(t, titles[0], "B=2 T=60의 계산식: 노드 ")
	all := strings.Join(append(texts, titles...), "\n")
	for _, english := range []string{"step", "operation", "gradient", "input", "scope"} {
		assert.False(t, strings.Contains(all, english), english)
	}
	require.EqualError(t, p.Sketch(&b, Sketch{Lang: "fr"}), `graph: Sketch: the language is "fr", en or ko wanted`)
	for r := range roles {
		assert.NotEmpty(t, korean().roles[r])
		assert.NotEmpty(t, english().roles[r])
	}
}
