package graph

import (
	"math"
	"slices"
)

// together says whether an operand and its reader share a band and a
// direction, so that the reader stands in a later layer.
func together(c, m *mark) bool {
	a, b := &c.spot, &m.spot
	return a.band == b.band && a.pass == b.pass && a.lane.back == b.lane.back && a.lane.rev == b.lane.rev
}

// findLayers is the longest path within each band; what has no operand there
// moves next to its reader.
func (l *layout) findLayers() {
	deepest := make(map[[2]int]int) // by lane and band
	for _, m := range l.pic.marks {
		for _, c := range m.in {
			if together(c, m) {
				m.spot.layer = max(m.spot.layer, c.spot.layer+1)
			}
		}
		k := [2]int{m.spot.lane.index, m.spot.band}
		deepest[k] = max(deepest[k], m.spot.layer)
	}
	for i := len(l.pic.marks) - 1; i >= 0; i-- {
		m := l.pic.marks[i]
		if slices.ContainsFunc(m.in, func(c *mark) bool { return together(c, m) }) {
			continue
		}
		late := -1
		for _, o := range m.out {
			if together(m, o) && (late < 0 || o.spot.layer-1 < late) {
				late = o.spot.layer - 1
			}
		}
		if late < 0 && len(m.in) == 0 {
			late = deepest[[2]int{m.spot.lane.index, m.spot.band}]
		}
		m.spot.layer = max(m.spot.layer, late)
	}
}

// findColumns turns bands and layers into columns.
func (l *layout) findColumns() {
	wide := make([]int, l.bands)
	for _, m := range l.pic.marks {
		wide[m.spot.band] = max(wide[m.spot.band], m.spot.layer+1)
	}
	l.first = make([]int, l.bands+1)
	for b, n := range wide {
		l.first[b+1] = l.first[b] + n
	}
	for _, m := range l.pic.marks {
		m.spot.col = l.first[m.spot.band] + m.spot.layer
		if m.spot.lane.rev {
			m.spot.col = l.first[m.spot.band+1] - 1 - m.spot.layer
		}
	}
}

// sweeps is how often the order of rows is improved.
const sweeps = 12

// orderRows gives each mark a row in its lane: sweeps over the columns, from
// the left and from the right in turn, put each column into the order of the
// barycentres of its neighbours. The best of all sweeps stays.
func (l *layout) orderRows() {
	columns := l.stackColumns()
	best, rows := math.Inf(1), make([]int, len(l.pic.marks))
	for s := 0; s <= sweeps; s++ {
		if cost := l.cost(); cost < best {
			best = cost
			for i, m := range l.pic.marks {
				rows[i] = m.spot.row
			}
		}
		for i := range columns {
			if s%2 == 1 {
				i = len(columns) - 1 - i
			}
			for _, ms := range columns[i] {
				settle(ms)
			}
		}
	}
	for i, m := range l.pic.marks {
		m.spot.row = rows[i]
	}
}

// stackColumns gives rows in the order of creation and collects the marks by
// column and lane.
func (l *layout) stackColumns() [][][]*mark {
	columns := make([][][]*mark, l.first[l.bands])
	for _, n := range l.lanes {
		byCol := make(map[int][]*mark)
		for _, m := range n.marks {
			m.spot.row = len(byCol[m.spot.col])
			byCol[m.spot.col] = append(byCol[m.spot.col], m)
			n.rows = max(n.rows, len(byCol[m.spot.col]))
		}
		for col := range columns {
			if ms := byCol[col]; len(ms) > 0 {
				columns[col] = append(columns[col], ms)
			}
		}
	}
	base := 0
	for _, n := range l.lanes {
		n.base = base
		base += n.rows + 1
	}
	return columns
}

// pos is the row of a mark counted from the top of the picture.
func (s *place) pos() int { return s.lane.base + s.row }

// weight is how much an edge pulls: one of many from a node pulls little.
func weight(from *mark) float64 { return 1 / float64(len(from.out)) }

// cost is the length of the edges across rows.
func (l *layout) cost() float64 {
	sum := 0.0
	for _, m := range l.pic.marks {
		for _, c := range m.in {
			sum += weight(c) * math.Abs(float64(m.spot.pos()-c.spot.pos()))
		}
	}
	return sum
}

// settle orders the marks of one column of a lane by their barycentres and
// gives them rows close to those.
func settle(ms []*mark) {
	want := make(map[*mark]float64, len(ms))
	for _, m := range ms {
		want[m] = m.barycentre()
	}
	slices.SortStableFunc(ms, func(a, b *mark) int {
		switch {
		case want[a] < want[b]:
			return -1
		case want[a] > want[b]:
			return 1
		}
		return a.id - b.id
	})
	n := ms[0].spot.lane
	next := 0
	for i, m := range ms {
		row := int(math.Round(want[m])) - n.base
		row = min(max(row, next), n.rows-(len(ms)-i))
		m.spot.row = row
		next = row + 1
	}
}

// barycentre is the mean position of the neighbours; those in the same lane
// count more, so that a chain becomes straight, those of the other pass less.
func (m *mark) barycentre() float64 {
	sum, all := 0.0, 0.0
	pull := func(o *mark, w float64) {
		switch {
		case o.back != m.back:
			w /= 20
		case o.spot.lane == m.spot.lane && o.step >= 0 && m.step >= 0:
			w *= 16
		case o.spot.lane == m.spot.lane:
			w *= 4
		}
		sum += w * float64(o.spot.pos())
		all += w
	}
	for _, c := range m.in {
		pull(c, weight(c))
	}
	for _, o := range m.out {
		pull(o, weight(m))
	}
	if all == 0 {
		return float64(m.spot.pos())
	}
	return sum / all
}
