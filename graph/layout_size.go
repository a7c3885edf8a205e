package graph

import (
	"slices"

	"github.com/unroll-go/unroll/internal/svg"
)

// Sizes of the picture, in pixels.
const (
	margin    = 16.0
	headSpace = 74.0 // for the title, the legend and the names of the steps
	boxLow    = 34.0 // least height of a box
	boxThin   = 52.0 // least width
	portGap   = 9.0  // between lines that arrive at a box
	portsMost = 6    // beyond so many on one side they move closer
	wireGap   = 7.0  // between parallel lines
	sideSpace = 17.0 // between a box and the first line beside it
	rowSpace  = 12.0
	laneTitle = 18.0
	splitHigh = 30.0  // between the forward pass and the gradients
	longLabel = 132.0 // longer names are cut
)

// measure turns the grid into pixels: boxes, then rows and halls, then where
// wires meet boxes, then channels and columns.
func (l *layout) measure() {
	l.wide = make([]float64, l.first[l.bands])
	for _, m := range l.pic.marks {
		s := &m.spot
		s.size(m)
		l.wide[s.col] = max(l.wide[s.col], s.w)
	}
	l.measureRows()
	l.meet()
	l.measureColumns()
}

// size is that of the box of m.
func (s *place) size(m *mark) {
	s.label = svg.Fit(m.name, longLabel, nameSize)
	pad := 16.0
	switch m.role {
	case roleInput, roleParam, roleOutput:
		pad = 30
	case roleSlope:
		pad = 24
	}
	if m.labelled() {
		pad += 14
	}
	s.w = max(boxThin, pad+max(svg.Width(s.label, nameSize), svg.Width(m.shape, shapeSize)))
	n := float64(min(max(s.above, s.below), portsMost))
	s.h = max(boxLow, 2*(n*portGap+8))
}

// labelled says whether the operands of m are named at its box; the tooltips
// name those of a long list.
func (m *mark) labelled() bool {
	return len(m.ports) > 0 && len(m.ports) <= portsMost && m.ports[0] != ""
}

// titled says whether a cluster of the lane has a name.
func (n *lane) titled() bool {
	return slices.ContainsFunc(n.marks, func(m *mark) bool { return m.path != "" })
}

func (l *layout) measureRows() {
	y := headSpace
	for i, n := range l.lanes {
		y = l.halls[i].measure(y)
		n.top = y
		if i > 0 && i == l.border {
			l.split = y + splitHigh/2
			y += splitHigh
		}
		if n.titled() {
			y += laneTitle
		}
		high := make([]float64, n.rows)
		for _, m := range n.marks {
			high[m.spot.row] = max(high[m.spot.row], m.spot.h)
		}
		n.y = make([]float64, n.rows)
		for r, h := range high {
			if h == 0 {
				h = wireGap // no box in it, perhaps a line
			}
			y += rowSpace/2 + h/2
			n.y[r] = y
			y += rowSpace/2 + h/2
		}
		n.bottom = y
	}
	l.height = l.halls[len(l.lanes)].measure(y) + margin
	for _, m := range l.pic.marks {
		m.spot.y = m.spot.lane.y[m.spot.row]
	}
}

// measure places the hall below y and returns its end.
func (h *hall) measure(y float64) float64 {
	h.y = y + 9
	return y + 11 + wireGap*float64(h.count)
}

// meet finds where wires arrive and what they take of the channels.
func (l *layout) meet() {
	above, below := make(map[*mark]int), make(map[*mark]int)
	for _, w := range l.wires {
		s := &w.to.spot
		w.portY = s.y
		switch w.arrives {
		case -1:
			w.portY -= s.gap(s.above) * float64(s.above-above[w.to])
			above[w.to]++
		case 1:
			below[w.to]++
			w.portY += s.gap(s.below) * float64(below[w.to])
		}
		out, into := &l.channels[w.from.spot.out()], &l.channels[s.into()]
		y := l.level(w)
		if y != w.from.spot.y {
			out.spans = cover(out.spans, w.from, w.from.spot.y, y)
		}
		if y != w.portY {
			into.spans = cover(into.spans, w.from, y, w.portY)
		}
	}
	for i := range l.channels {
		l.channels[i].slot, l.channels[i].count = pack1D(l.channels[i].spans, 4)
	}
}

// gap is the distance between n lines that arrive on one side.
func (s *place) gap(n int) float64 {
	return min(portGap, (s.h/2-8)/float64(n))
}

// level is the height at which a wire runs from channel to channel.
func (l *layout) level(w *wire) float64 {
	switch w.way {
	case direct, alongIn:
		return w.portY
	case byHall:
		h := &l.halls[w.hall]
		return h.y + wireGap*float64(h.track[w.from])
	}
	return w.from.spot.y
}

// measureColumns places channels and columns in turn.
func (l *layout) measureColumns() {
	x := margin
	l.left = make([]float64, len(l.wide))
	for i := range l.channels {
		x += sideSpace
		l.channels[i].x = x
		x += wireGap*float64(max(l.channels[i].count-1, 0)) + sideSpace
		if i < len(l.wide) {
			l.left[i] = x
			x += l.wide[i]
		}
	}
	l.width = x + margin
	for _, m := range l.pic.marks {
		s := &m.spot
		s.x = l.left[s.col] + (l.wide[s.col]-s.w)/2
	}
}

type corner struct{ x, y float64 }

// path is the corners of a wire from box to box.
func (l *layout) path(w *wire) []corner {
	a, b := &w.from.spot, &w.to.spot
	y := l.level(w)
	ps := []corner{{a.edge(w.from, !a.lane.rev), a.y}}
	if y != a.y {
		x := l.channels[a.out()].at(w.from)
		ps = append(ps, corner{x, a.y}, corner{x, y})
	}
	if y != w.portY {
		x := l.channels[b.into()].at(w.from)
		ps = append(ps, corner{x, y}, corner{x, w.portY})
	}
	return append(ps, corner{b.edge(w.to, b.lane.rev), w.portY})
}

func (c *channel) at(of *mark) float64 { return c.x + wireGap*float64(c.slot[of]) }

// edge is the right or left side of a box.
func (s *place) edge(m *mark, right bool) float64 {
	inset := 0.0
	if m.role == roleInput {
		inset = skew / 2
	}
	if right {
		return s.x + s.w - inset
	}
	return s.x + inset
}
