package datasets

import "math/rand/v2"

// shapeUnit is the fineness of places and sizes: parts of a pixel.
const shapeUnit = 16

// shape is one of a scene. Its place and radius are in units.
type shape struct{ colour, form, x, y, r int }

// scene is one shape, or two of which the first is wider.
type scene struct {
	shapes   []shape
	relation int
}

// drawScene draws what is to be seen.
func drawScene(rng *rand.Rand, width int) scene {
	a := shape{colour: rng.IntN(len(shapeColours)), form: rng.IntN(len(shapeForms))}
	if rng.IntN(single) == 0 {
		a.r = between(rng, 5*shapeUnit, 11*shapeUnit)
		a.x = between(rng, a.r+shapeUnit, width*shapeUnit-a.r-shapeUnit)
		a.y = between(rng, a.r+shapeUnit, 32*shapeUnit-a.r-shapeUnit)
		return scene{shapes: []shape{a}}
	}
	b := a // any kind but that of a
	for b.colour == a.colour && b.form == a.form {
		b.colour, b.form = rng.IntN(len(shapeColours)), rng.IntN(len(shapeForms))
	}
	s := scene{relation: rng.IntN(len(relations))}
	a.r, b.r = between(rng, 104, 120), between(rng, 60, 72) // so that any shape of a's size is wider than any of b's
	s.shapes = []shape{a, b}
	s.place(rng, width*shapeUnit)
	return s
}

// place puts two shapes side by side or one above the other, apart from each other and from the border, and else where
// there is room.
func (s scene) place(rng *rand.Rand, width int) {
	const height, gap = 32 * shapeUnit, shapeUnit
	a, b := &s.shapes[0], &s.shapes[1]
	along, across := width, height
	way := relations[s.relation]
	if way.dx == 0 {
		along, across = height, width
	}
	// from the border: gap, the first shape, gap, the second, gap, and what is left over shared out
	room := between(rng, 0, along-2*a.r-2*b.r-3*gap)
	before := between(rng, 0, room)
	first, second := a, b
	if way.dx+way.dy > 0 {
		first, second = b, a
	}
	at := gap + before + first.r
	to := at + first.r + gap + (room - before) + second.r
	level := between(rng, a.r+3*gap, across-a.r-3*gap)
	off := between(rng, -2*gap, 2*gap)
	if way.dx != 0 {
		first.x, second.x, a.y, b.y = at, to, level, level+off
	} else {
		first.y, second.y, a.x, b.x = at, to, level, level+off
	}
}

// caption says what is to be seen.
func (s scene) caption(l Language) string {
	a := s.shapes[0].name(l)
	if len(s.shapes) == 1 {
		return a
	}
	b, way := s.shapes[1].name(l), relations[s.relation].names[l]
	if l == InKorean {
		return b + " " + way + " " + a
	}
	return a + " " + way + " " + b
}

func (s shape) name(l Language) string {
	name := shapeColours[s.colour].names[l] + " " + shapeForms[s.form].names[l]
	if l == InEnglish {
		name = "a " + name
	}
	return name
}

// picture draws the scene on a light ground.
func (s scene) picture(rng *rand.Rand, width int) Image {
	m := blank(32, width, 3)
	for c := range 3 {
		ground := byte(between(rng, 232, 255))
		for i := c; i < len(m.Pix); i += 3 {
			m.Pix[i] = ground
		}
	}
	for _, shape := range s.shapes {
		rgb := shapeColours[shape.colour].rgb
		for c := range rgb {
			rgb[c] = max(0, min(255, rgb[c]+between(rng, -15, 15)))
		}
		shape.paint(m, rgb)
	}
	return m
}

// samples is how many points of a pixel, each way, tell how much of it is covered.
const samples = 4

// paint draws a shape, mixing its colour with what is there by the part of a pixel that it covers. All of it is whole
// numbers, so that pictures are the same on any machine.
func (s shape) paint(m Image, rgb [3]int) {
	reach := s.r + s.r/8 // no corner is farther
	for y := max(0, (s.y-reach)/shapeUnit); y < min(m.Height, (s.y+reach)/shapeUnit+1); y++ {
		for x := max(0, (s.x-reach)/shapeUnit); x < min(m.Width, (s.x+reach)/shapeUnit+1); x++ {
			n := s.covers(x, y)
			for c := range rgb {
				p := &m.Pix[3*(y*m.Width+x)+c]
				*p = byte((rgb[c]*n + int(*p)*(samples*samples-n) + samples*samples/2) / (samples * samples))
			}
		}
	}
}

// covers counts the points of pixel (x, y) that are in the shape.
func (s shape) covers(x, y int) int {
	const step = shapeUnit / samples
	n := 0
	for i := range samples * samples {
		px := x*shapeUnit + i%samples*step + step/2 - s.x
		py := y*shapeUnit + i/samples*step + step/2 - s.y
		if s.has(px, py) {
			n++
		}
	}
	return n
}

// has reports whether a point, seen from the middle, is in the shape: for a polygon, whether a line from it to the right
// crosses an odd number of edges.
func (s shape) has(px, py int) bool {
	corners := shapeForms[s.form].corners
	if len(corners) == 0 {
		return px*px+py*py <= s.r*s.r
	}
	x, y, r := 1000*int64(px), 1000*int64(py), int64(s.r)
	inside := false
	from := corners[len(corners)-1]
	for _, to := range corners {
		x0, y0, x1, y1 := from[0]*r, from[1]*r, to[0]*r, to[1]*r
		if (y0 > y) != (y1 > y) && ((x1-x0)*(y-y0) > (x-x0)*(y1-y0)) == (y1 > y0) {
			inside = !inside
		}
		from = to
	}
	return inside
}
