package graph

import (
	"cmp"
	"math"
	"slices"
)

// wire is one edge: out of a box into the channel beside it, along a row or a
// hall to the channel before the reader, and into that.
type wire struct {
	from, to *mark
	operand  int
	way      way
	hall     int

	arrives int     // -1 from above, 1 from below, 0 straight
	portY   float64 // where it meets the reader
}

// way is where a wire runs when it has to pass columns.
type way uint8

const (
	direct   way = iota // both ends are at one channel
	alongOut            // along the row of the source
	alongIn             // along the row of the reader
	byHall
)

// hall is the space between lanes.
type hall struct {
	spans []span
	track map[*mark]int
	count int
	y     float64 // of track 0
}

// channel is the space to the left of a column.
type channel struct {
	spans []span
	slot  map[*mark]int
	count int
	x     float64 // of slot 0
}

// span is what the wires of one source take of a hall or channel.
type span struct {
	of     *mark
	lo, hi float64
}

// out and into are the channels that a mark writes to and reads from.
func (s *place) out() int {
	if s.lane.rev {
		return s.col
	}
	return s.col + 1
}

func (s *place) into() int {
	if s.lane.rev {
		return s.col + 1
	}
	return s.col
}

type cell struct{ lane, row, col int }

// router knows which cells are taken.
type router struct {
	*layout
	boxes map[cell]bool
	wired map[cell]*mark // by the wires of this source
}

// route chooses the way of each wire, short ones first.
func (l *layout) route() {
	r := &router{l, map[cell]bool{}, map[cell]*mark{}}
	for _, m := range l.pic.marks {
		r.boxes[cell{m.spot.lane.index, m.spot.row, m.spot.col}] = true
		for i, c := range m.in {
			l.wires = append(l.wires, &wire{from: c, to: m, operand: i})
		}
	}
	l.halls = make([]hall, len(l.lanes)+1)
	l.channels = make([]channel, l.first[l.bands]+1)
	order := slices.Clone(l.wires)
	slices.SortStableFunc(order, func(a, b *wire) int { return cmp.Compare(a.reach(), b.reach()) })
	for _, w := range order {
		r.choose(w)
		w.arrive()
	}
	for i := range l.halls {
		l.halls[i].track, l.halls[i].count = pack1D(l.halls[i].spans, 0)
	}
}

// reach is how many columns a wire passes.
func (w *wire) reach() int {
	d := w.from.spot.out() - w.to.spot.into()
	return max(d, -d)
}

func (r *router) choose(w *wire) {
	a, b := &w.from.spot, &w.to.spot
	if w.reach() == 0 {
		return
	}
	switch {
	case r.take(w, a):
		w.way = alongOut
	case r.take(w, b):
		w.way = alongIn
	default:
		w.way, w.hall = byHall, r.nearest(w)
		h := &r.halls[w.hall]
		h.spans = cover(h.spans, w.from, float64(a.out()), float64(b.into()))
	}
}

// take reserves the cells of a row between the two ends if they are free.
func (r *router) take(w *wire, row *place) bool {
	lo, hi := w.from.spot.out(), w.to.spot.into()
	if lo > hi {
		lo, hi = hi, lo
	}
	for col := lo; col < hi; col++ {
		k := cell{row.lane.index, row.row, col}
		if by := r.wired[k]; r.boxes[k] || (by != nil && by != w.from) {
			return false
		}
	}
	for col := lo; col < hi; col++ {
		r.wired[cell{row.lane.index, row.row, col}] = w.from
	}
	return true
}

// nearest is the hall with the shortest way, preferably one in use already.
func (r *router) nearest(w *wire) int {
	best, cost := 0, math.Inf(1)
	for i := range r.halls {
		if w.from.back == w.to.back && r.border > 0 && (i > r.border) != w.to.back {
			continue // each pass keeps to its side
		}
		y := -0.75 // above the first row
		if i < len(r.lanes) {
			y += float64(r.lanes[i].base)
		} else {
			last := r.lanes[len(r.lanes)-1]
			y += float64(last.base + last.rows + 1)
		}
		c := math.Abs(y-float64(w.from.spot.pos())) + math.Abs(y-float64(w.to.spot.pos()))
		if !slices.ContainsFunc(r.halls[i].spans, func(s span) bool { return s.of == w.from }) {
			c++
		}
		if c < cost {
			best, cost = i, c
		}
	}
	return best
}

// arrive counts on which side of the middle the wire meets its reader. The
// middle itself is for what comes straight, so that no two wires meet there.
func (w *wire) arrive() {
	a, b := &w.from.spot, &w.to.spot
	switch {
	case w.way == byHall && w.hall <= b.lane.index:
		w.arrives = -1
	case w.way == byHall:
		w.arrives = 1
	default:
		w.arrives = cmp.Compare(a.pos(), b.pos())
	}
	switch w.arrives {
	case -1:
		b.above++
	case 1:
		b.below++
	}
}

// cover extends the span of a source, or begins one.
func cover(spans []span, of *mark, a, b float64) []span {
	lo, hi := min(a, b), max(a, b)
	for i := range spans {
		if s := &spans[i]; s.of == of {
			s.lo, s.hi = min(s.lo, lo), max(s.hi, hi)
			return spans
		}
	}
	return append(spans, span{of, lo, hi})
}

// pack1D gives each span the first track in which nothing is closer than gap.
func pack1D(spans []span, gap float64) (track map[*mark]int, count int) {
	slices.SortStableFunc(spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.lo, b.lo), cmp.Compare(a.of.id, b.of.id))
	})
	track = make(map[*mark]int, len(spans))
	var ends []float64
	for _, s := range spans {
		t := slices.IndexFunc(ends, func(end float64) bool { return end+gap < s.lo })
		if t < 0 {
			t = len(ends)
			ends = append(ends, 0)
		}
		ends[t] = s.hi
		track[s.of] = t
	}
	return track, len(ends)
}
