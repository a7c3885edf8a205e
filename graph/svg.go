package graph

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/unroll-go/unroll/internal/svg"
)

type svgWriter struct {
	bytes.Buffer
	l *layout
}

func (s *svgWriter) line(format string, args ...any) {
	fmt.Fprintf(s, format, args...)
	s.WriteByte('\n')
}

func (s *svgWriter) document() {
	l := s.l
	l.width = max(l.width, s.legendWidth()+2*margin)
	s.line(`<svg xmlns="http://www.w3.org/2000/svg" width="%[1]s" height="%[2]s" viewBox="0 0 %[1]s %[2]s"`+
		` role="img" aria-labelledby="title" font-family="%[3]s">`, svg.Px(l.width), svg.Px(l.height), svg.Escape(svg.Fonts))
	s.line(`<title id="title">%s</title>`, svg.Escape(l.pic.title))
	s.line("<style>%s</style>", strings.ReplaceAll(svgStyle, ">", "&gt;"))
	s.line(`%s`, rect("bg", 0, 0, l.width, l.height, 0))
	s.line(`<text class="t" x="%s" y="22">%s</text>`, svg.Px(margin), svg.Escape(l.pic.title))
	s.legend()
	s.bands()
	for _, n := range l.lanes {
		s.clusters(n)
	}
	for _, w := range l.wires {
		s.wire(w)
	}
	s.split()
	for _, m := range l.pic.marks {
		s.mark(m)
	}
	for _, w := range l.wires {
		s.ports(w)
	}
	s.line("</svg>")
}

// present are the roles of the picture.
func (s *svgWriter) present() []role {
	var has [roles]bool
	for _, m := range s.l.pic.marks {
		has[m.role] = true
	}
	var rs []role
	for r := range roles {
		if has[r] {
			rs = append(rs, r)
		}
	}
	return rs
}

func (s *svgWriter) legendWidth() float64 {
	w := 0.0
	for _, r := range s.present() {
		w += 56 + svg.Width(s.l.pic.words.roles[r], shapeSize)
	}
	return w
}

func (s *svgWriter) legend() {
	x := margin
	for _, r := range s.present() {
		s.line(`<g class="n %s">%s</g>`, svgClasses[r], r.outline(x, 40, 32, 16, false))
		s.line(`<text class="h" x="%s" y="44">%s</text>`, svg.Px(x+38), s.l.pic.words.roles[r])
		x += 56 + svg.Width(s.l.pic.words.roles[r], shapeSize)
	}
}

// bands shades the columns of each time step and names it.
func (s *svgWriter) bands() {
	l := s.l
	for i, t := range l.steps {
		x0, x1 := l.extent(l.first[i+1], l.first[i+2]-1, 11)
		s.line(`%s`, rect("b", x0, headSpace-18, x1-x0, l.height-headSpace+10, 6))
		s.line(`<text class="sw" x="%s" y="%s">%s</text>`, svg.Px((x0+x1)/2), svg.Px(headSpace-5), l.pic.stepName(t))
	}
}

// split names the two passes where they meet.
func (s *svgWriter) split() {
	if y := s.l.split; y > 0 {
		s.line(`<path class="sp" d="M%s %sH%s"/>`, svg.Px(margin), svg.Px(y), svg.Px(s.l.width-margin))
		s.line(`<text class="st" x="%s" y="%s">%s</text>`, svg.Px(margin), svg.Px(y-4), s.l.pic.words.forward)
		s.line(`<text class="st" x="%s" y="%s">%s</text>`, svg.Px(margin), svg.Px(y+11), s.l.pic.words.back)
	}
}

// extent is the left and right of some columns with a border.
func (l *layout) extent(from, to int, border float64) (x0, x1 float64) {
	return l.left[from] - border, l.left[to] + l.wide[to] + border
}

// clusters frames the marks of each scope in each band.
func (s *svgWriter) clusters(n *lane) {
	l := s.l
	for b := range l.bands {
		path, from, to := "", len(l.wide), -1
		for _, m := range n.marks {
			if m.spot.band == b && m.role != roleCell { // a cell tells its path itself
				path, from, to = m.path, min(from, m.spot.col), max(to, m.spot.col)
			}
		}
		if path == "" {
			continue
		}
		step := -1
		if b > 0 && b < l.bands-1 {
			step = l.steps[b-1]
		}
		path = l.pic.clusterName(path, step, n.back)
		x0, x1 := l.extent(from, to, 8)
		s.line(`<g>%s<text class="h" x="%s" y="%s">%s</text><title>%s</title></g>`,
			rect("cl", x0, n.top, x1-x0, n.bottom-n.top, 6), svg.Px(x0+6), svg.Px(n.top+13),
			svg.Escape(svg.Fit(path, x1-x0-12, shapeSize)), svg.Escape(path))
	}
}

// wire draws an edge; what runs between the passes is dashed.
func (s *svgWriter) wire(w *wire) {
	class := edgeClasses[w.from.role]
	if w.from.back != w.to.back {
		class += " ex"
	}
	line, arrow := bent(s.l.path(w))
	s.line(`<g class="e %s"><path d="%s"/>%s<title>%s</title></g>`, class, line, arrow, svg.Escape(s.l.pic.wireTip(w)))
}

func (s *svgWriter) mark(m *mark) {
	b := &m.spot
	y := b.y
	if m.role == roleState {
		y += 3 // below the lid
	}
	s.line(`<g class="n %s">%s`, svgClasses[m.role], m.role.outline(b.x, b.y, b.w, b.h, b.lane.rev))
	s.line(`<text class="m" x="%s" y="%s">%s</text><text class="s" x="%[1]s" y="%[4]s">%[5]s</text>`,
		svg.Px(b.x+b.w/2), svg.Px(y-1), svg.Escape(b.label), svg.Px(y+11), svg.Escape(m.shape))
	s.line(`<title>%s</title></g>`, svg.Escape(s.l.pic.words.describe(m)))
}

// ports names the operands beside where their wires arrive.
func (s *svgWriter) ports(w *wire) {
	if !w.to.labelled() {
		return
	}
	x := w.to.spot.edge(w.to, w.to.spot.lane.rev) + 6
	if w.to.spot.lane.rev {
		x -= 12
	}
	s.line(`<text class="p" x="%s" y="%s">%s</text>`, svg.Px(x), svg.Px(w.portY+2.7), svg.Escape(w.to.ports[w.operand]))
}
