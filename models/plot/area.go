package plot

// area is a rectangle, by its upper left corner.
type area struct{ x, y, w, h float64 }

func (a area) meets(b area) bool {
	return a.x < b.x+b.w && b.x < a.x+a.w && a.y < b.y+b.h && b.y < a.y+a.h
}

// areas are those that are taken, found by the squares that they touch.
type areas struct {
	in      area
	squares map[[2]int][]area
}

const square = 40.0

func newAreas(in area) *areas { return &areas{in: in, squares: map[[2]int][]area{}} }

// touch calls f for each square of a until it returns false.
func (a area) touch(f func(at [2]int) bool) {
	for i := int(a.x / square); i <= int((a.x+a.w)/square); i++ {
		for j := int(a.y / square); j <= int((a.y+a.h)/square); j++ {
			if !f([2]int{i, j}) {
				return
			}
		}
	}
}

func (s *areas) add(a area) {
	a.touch(func(at [2]int) bool {
		s.squares[at] = append(s.squares[at], a)
		return true
	})
}

// free says whether a is inside and meets nothing.
func (s *areas) free(a area) bool {
	in := s.in
	free := a.x >= in.x && a.x+a.w <= in.x+in.w && a.y >= in.y && a.y+a.h <= in.y+in.h
	if !free {
		return false
	}
	a.touch(func(at [2]int) bool {
		for _, b := range s.squares[at] {
			free = free && !a.meets(b)
		}
		return free
	})
	return free
}

// room is a place for a name of width w near a point: right, left, above,
// below, then the corners, then the same a little farther.
func (s *areas) room(x, y, w float64) (area, bool) {
	const h = 13.0
	for _, far := range []float64{6, 13} {
		for _, a := range []area{
			{x + far, y - h/2, w, h},
			{x - far - w, y - h/2, w, h},
			{x - w/2, y - far - h, w, h},
			{x - w/2, y + far, w, h},
			{x + far, y - far - h, w, h},
			{x + far, y + far, w, h},
			{x - far - w, y - far - h, w, h},
			{x - far - w, y + far, w, h},
		} {
			if s.free(a) {
				return a, true
			}
		}
	}
	return area{}, false
}
