package graph

import (
	"fmt"
	"io"
)

// The largest formula that SVG draws in full: nobody reads a larger picture.
const (
	MaxSVGNodes = 2000  // values and results
	MaxSVGEdges = 20000 // operands
)

// Sketch says how much of a formula a picture shows.
type Sketch struct {
	// Collapse draws all operations of one scope in one time step as one box: each
	// cell once for each step. Parameters, inputs and outputs stay.
	Collapse bool

	Open []int // steps that Collapse leaves as they are

	Lang string // of what the picture says by itself: en, which is the default, or ko
}

// SVG draws the program's formula: time steps from left to right, the forward
// pass above, the gradients below it and running to the left. Each node shows
// its operation and shape; tooltips add the scope, the step and uncut names.
// Inputs, parameters, carried state, constants, outputs and gradients differ in
// shape and in colour, and the picture follows the reader's light or dark
// scheme. It needs no other program and no network.
//
// The same formula gives the same bytes. Of a formula with more than
// MaxSVGNodes nodes or MaxSVGEdges edges the steps in the middle are drawn as
// one box for each scope, and what is too much even so is left out; the title
// says it. DOT has no limit. The error is ErrClosed after Close, or the
// writer's.
func (p *Program) SVG(w io.Writer) error { return p.Sketch(w, Sketch{}) }

// Sketch is SVG with a choice of what is drawn.
func (p *Program) Sketch(w io.Writer, s Sketch) error {
	words, err := wordings(s.Lang)
	if err != nil {
		return err
	}
	pic, err := p.pictureIn(words)
	if err != nil {
		return err
	}
	d := &svgWriter{l: newLayout(pic.sketched(s))}
	d.document()
	_, err = w.Write(d.Bytes())
	return err
}

// sketched is the picture as s wants it, and small enough.
func (d *picture) sketched(s Sketch) *picture {
	f := fold{collapse: s.Collapse, open: s.Open, lo: 0, hi: -1}
	small := d
	if s.Collapse {
		small = d.folded(f)
	}
	first, last := d.steps()
	for _, sides := range []int{16, 8, 4, 2, 1} {
		if small.fits() {
			return small
		}
		if f.lo, f.hi = first+sides, last-sides; f.hi > f.lo {
			small = d.folded(f)
		}
	}
	if !small.fits() {
		small = small.cut()
	}
	return small
}

func (d *picture) fits() bool { return len(d.marks) <= MaxSVGNodes && d.edges <= MaxSVGEdges }

// steps are the first and the last.
func (d *picture) steps() (first, last int) {
	first, last = -1, -1
	for _, m := range d.marks {
		if m.step >= 0 {
			if first < 0 || m.step < first {
				first = m.step
			}
			last = max(last, m.step)
		}
	}
	return first, last
}

// cut is as many of the first marks as fit.
func (d *picture) cut() *picture {
	to := &picture{titles: d.titles, words: d.words}
	kept := make(map[*mark]*mark)
	for _, old := range d.marks {
		if len(to.marks) == MaxSVGNodes || to.edges+len(old.in) > MaxSVGEdges {
			break
		}
		m := *old
		m.out, m.in = nil, nil
		for _, c := range old.in {
			m.in = append(m.in, kept[c])
		}
		kept[old] = to.add(&m)
	}
	to.title = d.title + "; " + fmt.Sprintf(d.words.cut, len(d.marks)-len(to.marks))
	return to
}
