package graph

import "slices"

// layout places a picture on a grid for SVG. Columns run with time: those
// before the steps, those of each step, those after. Rows are gathered in
// lanes, one for each pass over the steps and scope, forward lanes above those
// of gradients, whose columns run backwards. All lines between nodes run in
// channels between columns, in corridors between lanes or through free cells,
// so that no line crosses a box.
type layout struct {
	pic      *picture
	steps    []int // the time steps, in order
	lanes    []*lane
	bands    int
	first    []int // column of each band, and the number of columns
	channels []channel
	halls    []hall // halls[i] is above lane i, the last below all
	wires    []*wire

	left, wide    []float64 // columns
	width, height float64
	border        int     // the empty lane between forward and gradients, 0 without
	split         float64 // its middle
}

// place is where a mark stands.
type place struct {
	half  int // 2p: before pass p over the steps, or after pass p-1; 2p+1: in it
	leads bool
	pass  int // over the steps
	lane  *lane
	band  int // 0: before the steps, then one for each, then after
	layer int // within the band, in the direction of the lane
	col   int
	row   int

	x, y, w, h   float64 // the box, y being its middle
	above, below int     // lines that arrive from there
	label        string
}

// lane is the rows of one scope in one pass, and of others that use other
// bands.
type lane struct {
	index int
	back  bool
	pass  int
	path  string
	rev   bool // runs from right to left
	marks []*mark
	uses  []bool // by band

	base        int // position of its first row, counted from the top
	rows        int
	y           []float64 // middle of each row
	top, bottom float64
}

func newLayout(pic *picture) *layout {
	l := &layout{pic: pic}
	l.findSteps()
	for _, back := range []bool{false, true} {
		l.findHalves(back)
	}
	l.makeLanes()
	l.findLayers()
	l.findColumns()
	l.orderRows()
	l.route()
	l.measure()
	return l
}

func (l *layout) findSteps() {
	for _, m := range l.pic.marks {
		if m.step >= 0 {
			l.steps = append(l.steps, m.step)
		}
	}
	slices.Sort(l.steps)
	l.steps = slices.Compact(l.steps)
	l.bands = 1
	if len(l.steps) > 0 {
		l.bands = len(l.steps) + 2
	}
}

// findHalves says for each mark of one direction to which pass over the steps
// it belongs, as early as its operands allow; what stands outside of steps
// moves as late as its readers allow.
func (l *layout) findHalves(back bool) {
	odd := func(m *mark) bool { return m.step >= 0 }
	for _, m := range l.pic.marks {
		h := 0
		for _, c := range m.in {
			if c.back == back {
				h = max(h, c.spot.half)
			}
		}
		if m.back == back {
			m.spot.half = h
			if odd(m) != (h%2 == 1) {
				m.spot.half++
			}
		}
	}
	for i := len(l.pic.marks) - 1; i >= 0; i-- {
		m := l.pic.marks[i]
		late := -1
		for _, o := range m.out {
			if m.back != back || o.back != back {
				continue
			}
			h := o.spot.half
			if odd(o) != odd(m) {
				h--
			}
			if late < 0 || h < late {
				late = h
			}
		}
		if late > m.spot.half && (len(m.in) == 0 || !odd(m)) {
			m.spot.half = late
		}
		m.spot.lead(m)
	}
}

// lead notes whether the steps of the next pass read m, which then stands
// before them.
func (s *place) lead(m *mark) {
	for _, o := range m.out {
		if m.step < 0 && o.back == m.back {
			s.leads = s.leads || (o.step >= 0 && o.spot.half == s.half+1) ||
				(o.step < 0 && o.spot.half == s.half && o.spot.leads)
		}
	}
}

// makeLanes assigns lanes and bands.
func (l *layout) makeLanes() {
	type id struct {
		back bool
		pass int
		path string
	}
	var lanes []*lane
	byID := make(map[id]*lane)
	for _, m := range l.pic.marks {
		s := &m.spot
		s.pass = s.half / 2
		switch {
		case m.step >= 0:
			i, _ := slices.BinarySearch(l.steps, m.step)
			s.band = i + 1
		case !s.leads && s.pass > 0:
			s.pass--
			s.band = l.bands - 1
		}
		k := id{m.back, s.pass, m.path}
		if byID[k] == nil {
			byID[k] = &lane{back: m.back, pass: s.pass, path: m.path, rev: m.back, uses: make([]bool, l.bands)}
			lanes = append(lanes, byID[k])
		}
		s.lane = byID[k]
		s.lane.marks = append(s.lane.marks, m)
	}
	slices.SortStableFunc(lanes, func(a, b *lane) int {
		if a.back != b.back {
			return sign(a.back)
		}
		return a.pass - b.pass
	})
	l.stackLanes(lanes)
}

// stackLanes puts lanes below each other, with an empty one, the border,
// between the forward pass and the gradients.
func (l *layout) stackLanes(lanes []*lane) {
	for i, n := range lanes {
		if i > 0 && n.back && !lanes[i-1].back {
			l.border = len(l.lanes)
			l.lanes = append(l.lanes, &lane{index: l.border, uses: make([]bool, l.bands)})
		}
		n.turn(l.bands)
		l.shelve(n)
	}
}

// shelve puts the marks of n into a lane that uses other bands, if there is
// one, which keeps the picture low.
func (l *layout) shelve(n *lane) {
	for _, to := range l.lanes {
		if to.back != n.back || to.rev != n.rev || len(to.marks) == 0 || to.overlaps(n) {
			continue
		}
		for _, m := range n.marks {
			m.spot.lane = to
			to.uses[m.spot.band] = true
		}
		to.marks = append(to.marks, n.marks...)
		return
	}
	n.index = len(l.lanes)
	l.lanes = append(l.lanes, n)
}

func (n *lane) overlaps(o *lane) bool {
	for b := range n.uses {
		if n.uses[b] && o.uses[b] {
			return true
		}
	}
	return false
}

// sign is 1 for true and -1 for false.
func sign(b bool) int {
	if b {
		return 1
	}
	return -1
}

// turn finds the direction of a lane from that of its recurrence, and mirrors
// the bands of one that runs to the left.
func (n *lane) turn(bands int) {
	balance := 0
	for _, m := range n.marks {
		for _, c := range m.in {
			if c.spot.lane == n && c.step >= 0 && m.step >= 0 {
				balance += m.step - c.step
			}
		}
	}
	if balance != 0 {
		n.rev = balance < 0
	}
	for _, m := range n.marks {
		if n.rev && m.step < 0 {
			m.spot.band = bands - 1 - m.spot.band
		}
		n.uses[m.spot.band] = true
	}
}
