package graph

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// fold says which operations of a picture become one box.
type fold struct {
	collapse bool
	open     []int // steps that collapse leaves as they are
	lo, hi   int   // the steps that share one box for each scope; none if hi < lo
}

// foldKey is what the operations of one box have in common.
type foldKey struct {
	path string
	back bool
	step int // the first
}

// key is the box of m, if m shares one.
func (f fold) key(m *mark) (foldKey, bool) {
	if m.step < 0 || (m.role != roleOp && m.role != roleGrad) {
		return foldKey{}, false
	}
	if f.lo <= m.step && m.step <= f.hi {
		return foldKey{m.path, m.back, f.lo}, true
	}
	return foldKey{m.path, m.back, m.step}, f.collapse && !slices.Contains(f.open, m.step)
}

// group is a box of the folded picture: one mark, or all that share a key.
type group struct {
	key    foldKey
	shared bool
	marks  []*mark
	in     []*group
	mark   *mark

	low, order int // of Tarjan's search, order from 1
	stacked    bool
}

// grouping makes a new picture of groups.
type grouping struct {
	fold
	groups []*group
	of     map[*mark]*group
	apart  map[foldKey]bool // keys that would make a circle through other steps

	order int
	stack []*group
	parts [][]*group // strongly connected, operands first
}

// folded is the picture with boxes for groups. A group that reads what depends
// on itself within the same step takes that in; through other steps, it stays
// as many single boxes.
func (d *picture) folded(f fold) *picture {
	r := &grouping{fold: f, apart: map[foldKey]bool{}}
	for r.gather(d) {
	}
	to := &picture{title: d.title, words: d.words, titles: map[int]string{}}
	for _, part := range r.parts {
		r.draw(to, part)
	}
	if f.hi > f.lo {
		to.titles[f.lo] = fmt.Sprintf(d.words.steps, f.lo, f.hi)
		to.title += "; " + fmt.Sprintf(d.words.asOne, f.lo, f.hi)
	}
	return to
}

// gather finds the groups and their order, and whether some had to be put
// apart, so that it has to begin anew.
func (r *grouping) gather(d *picture) (again bool) {
	r.groups, r.of, r.order, r.parts = nil, make(map[*mark]*group, len(d.marks)), 0, nil
	byKey := make(map[foldKey]*group)
	for _, m := range d.marks {
		key, shared := r.key(m)
		shared = shared && !r.apart[key]
		g := byKey[key]
		if !shared || g == nil {
			g = &group{key: key, shared: shared}
			r.groups = append(r.groups, g)
		}
		if shared {
			byKey[key] = g
		}
		g.marks = append(g.marks, m)
		r.of[m] = g
	}
	r.connect()
	for _, g := range r.groups {
		if g.order == 0 {
			r.search(g)
		}
	}
	for _, part := range r.parts {
		again = r.separate(part) || again
	}
	return again
}

// connect gives groups the groups that they read, each once. What only picks
// rows, outside of steps, is not drawn when its reader is folded: the reader
// reads what the rows are of.
func (r *grouping) connect() {
	for _, g := range r.groups {
		seen := map[*group]bool{g: true}
		for _, m := range g.marks {
			for _, c := range m.in {
				for g.shared && c.view && c.step < 0 {
					c = c.in[0]
				}
				if from := r.of[c]; !seen[from] {
					seen[from] = true
					g.in = append(g.in, from)
				}
			}
		}
	}
}

// search is that of Tarjan (1972) for strongly connected groups; operands come
// first.
func (r *grouping) search(g *group) {
	r.order++
	g.order, g.low, g.stacked = r.order, r.order, true
	r.stack = append(r.stack, g)
	for _, c := range g.in {
		if c.order == 0 {
			r.search(c)
			g.low = min(g.low, c.low)
		} else if c.stacked {
			g.low = min(g.low, c.order)
		}
	}
	if g.low < g.order {
		return
	}
	i := slices.Index(r.stack, g)
	part := slices.Clone(r.stack[i:])
	for _, c := range part {
		c.stacked = false
	}
	r.stack = r.stack[:i]
	r.parts = append(r.parts, part)
}

// separate puts the keys of a circle apart unless all are of one step.
func (r *grouping) separate(part []*group) bool {
	steps := make(map[int]bool)
	for _, g := range part {
		if step := g.marks[0].step; r.lo <= step && step <= r.hi {
			steps[r.lo] = true
		} else if step >= 0 {
			steps[step] = true
		}
	}
	if len(steps) < 2 {
		return false
	}
	for _, g := range part {
		if g.shared {
			r.apart[g.key] = true
		}
	}
	return true
}

// draw adds the mark of groups that are one box.
func (r *grouping) draw(to *picture, part []*group) {
	if len(part) == 1 && len(part[0].marks) == 1 {
		r.drawOne(to, part[0])
		return
	}
	var marks []*mark
	m := &mark{role: roleCell, step: -1}
	seen := map[*mark]bool{nil: true} // nil: the box itself, which is not drawn yet
	for _, g := range part {
		marks = append(marks, g.marks...)
		if g.shared && m.step < 0 {
			m.path, m.back, m.step = g.key.path, g.key.back, g.key.step
		}
		for _, c := range g.in {
			if !seen[c.mark] {
				seen[c.mark] = true
				m.in = append(m.in, c.mark)
			}
		}
	}
	slices.SortFunc(marks, func(a, b *mark) int { return a.id - b.id })
	m.name = path.Base("/" + m.path)
	if m.path == "" {
		m.name = fmt.Sprintf(to.words.step, m.step)
	}
	m.shape = fmt.Sprintf(to.words.operations, len(marks))
	m.holds = listed(marks, to.words)
	m.ports = make([]string, len(m.in))
	for _, g := range part {
		g.mark = m
	}
	to.add(m)
}

// drawOne is a mark as it was, unless only folded groups read its rows.
func (r *grouping) drawOne(to *picture, g *group) {
	old := g.marks[0]
	if old.view && old.step < 0 && len(old.out) > 0 && !slices.ContainsFunc(old.out, func(o *mark) bool { return !r.of[o].shared }) {
		g.mark = r.of[old.in[0]].mark
		return
	}
	m := *old
	m.in, m.out = nil, nil
	for _, c := range old.in {
		m.in = append(m.in, r.of[c].mark)
	}
	g.mark = to.add(&m)
}

// listed names operations in order, those that repeat once with their number.
func listed(marks []*mark, words *wording) string {
	const most = 12
	count := make(map[string]int)
	var names []string
	for _, m := range marks {
		if count[m.name]++; count[m.name] == 1 {
			names = append(names, m.name)
		}
	}
	for i, n := range names {
		if count[n] > 1 {
			names[i] = fmt.Sprintf("%d %s", count[n], n)
		}
	}
	if len(names) > most {
		names = append(names[:most], fmt.Sprintf(words.more, len(names)-most))
	}
	return strings.Join(names, ", ")
}
