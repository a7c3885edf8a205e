package graph

import (
	"fmt"
	"math"
	"strings"

	"github.com/unroll-go/unroll/internal/svg"
)

// skew is how far the sides of an input's box lean.
const skew = 10.0

// svgClasses are the classes of boxes, edgeClasses those of the edges that
// leave them.
var (
	svgClasses  = [roles]string{"input", "param", "state", "const", "op", "output", "grad", "slope", "cell"}
	edgeClasses = [roles]string{"ei", "ep", "es", "ec", "eo", "eo", "eg", "eg", "eo"}
)

// outline is that of a box of a role, its middle at the height y; rev
// says that it is read from the right.
func (r role) outline(x, y, w, h float64, rev bool) string {
	t, b, e := y-h/2, y+h/2, x+w
	switch r {
	case roleInput:
		return polygon("x", x+skew, t, e, t, e-skew, b, x, b)
	case roleParam:
		return polygon("x", x, y, x+skew, t, e-skew, t, e, y, e-skew, b, x+skew, b)
	case roleState:
		t, h = t-2, h+4 // the lid
		return fmt.Sprintf(`<path class="x" d="M%[1]s %[2]sv%[3]sa%[4]s 4 0 0 0 %[5]s 0v-%[3]sa%[4]s 4 0 0 0 -%[5]s 0a%[4]s 4 0 0 0 %[5]s 0"/>`,
			svg.Px(x), svg.Px(t+4), svg.Px(h-8), svg.Px(w/2), svg.Px(w))
	case roleConst:
		return rect("x", x, t, w, h, 0)
	case roleOutput:
		if rev {
			return polygon("x", x, y, x+skew, t, e, t, e, b, x+skew, b)
		}
		return polygon("x", x, t, e-skew, t, e, y, e-skew, b, x, b)
	case roleGrad:
		return octagon("x", x, t, e, b)
	case roleCell:
		return rect("x", x, t, w, h, 4) + rect("y", x+3, t+3, w-6, h-6, 2)
	case roleSlope:
		return octagon("x", x, t, e, b) + octagon("y", x+3, t+3, e-3, b-3)
	}
	return rect("x", x, t, w, h, 7)
}

func rect(class string, x, y, w, h, round float64) string {
	return fmt.Sprintf(`<rect class="%s" x="%s" y="%s" width="%s" height="%s" rx="%s"/>`,
		class, svg.Px(x), svg.Px(y), svg.Px(w), svg.Px(h), svg.Px(round))
}

func octagon(class string, l, t, r, b float64) string {
	c := min(6, (b-t)/3)
	return polygon(class, l+c, t, r-c, t, r, t+c, r, b-c, r-c, b, l+c, b, l, b-c, l, t+c)
}

func polygon(class string, xy ...float64) string {
	var s strings.Builder
	fmt.Fprintf(&s, `<polygon class="%s" points="`, class)
	for i, v := range xy {
		if i > 0 {
			s.WriteByte(' ')
		}
		s.WriteString(svg.Px(v))
	}
	return s.String() + `"/>`
}

// bent is the path through corners that are rounded, and the arrow at its end.
func bent(ps []corner) (line, arrow string) {
	const radius, tip = 5.0, 6.0
	var s strings.Builder
	last := len(ps) - 1
	from, to := ps[last-1], ps[last]
	dir := 1.0
	if to.x < from.x {
		dir = -1
	}
	fmt.Fprintf(&s, "M%s %s", svg.Px(ps[0].x), svg.Px(ps[0].y))
	for i := 1; i < last; i++ {
		before, at, after := ps[i-1], ps[i], ps[i+1]
		r := min(radius, stretch(before, at)/2, stretch(at, after)/2)
		in, out := toward(at, before, r), toward(at, after, r)
		fmt.Fprintf(&s, "L%s %sQ%s %s %s %s", svg.Px(in.x), svg.Px(in.y), svg.Px(at.x), svg.Px(at.y), svg.Px(out.x), svg.Px(out.y))
	}
	fmt.Fprintf(&s, "L%s %s", svg.Px(to.x-dir*tip/2), svg.Px(to.y))
	return s.String(), polygon("a", to.x, to.y, to.x-dir*tip, to.y-2.8, to.x-dir*tip, to.y+2.8)
}

func stretch(a, b corner) float64 { return math.Abs(a.x-b.x) + math.Abs(a.y-b.y) }

// toward is the point at distance r from a on the way to b.
func toward(a, b corner, r float64) corner {
	if d := stretch(a, b); d > 0 {
		return corner{a.x + (b.x-a.x)*r/d, a.y + (b.y-a.y)*r/d}
	}
	return a
}
