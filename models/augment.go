package models

import (
	"fmt"
	"math/rand/v2"

	"github.com/unroll-go/unroll/datasets"
)

// Augment changes pictures a little each time they are seen, so that the encoder
// learns what stays the same. What is drawn depends on the seed of the training,
// the number of the batch and the row alone.
type Augment struct {
	Shift int  // at most so many pixels in each direction; what comes in repeats the edge
	Flip  bool // left and right exchanged, every other time
}

// validate names the field that is out of range.
func (a Augment) validate() error {
	if a.Shift < 0 || a.Shift > maxSide {
		return fmt.Errorf("models: shift must be in [0, %d] pixels, got %d", maxSide, a.Shift)
	}
	return nil
}

// changes are the augmentation of one batch.
type changes struct {
	Augment
	seed uint64
	pos  int
}

// of is the augmentation of batch number pos.
func (a Augment) of(seed uint64, pos int) changes { return changes{a, seed, pos} }

// image is a picture that row i of the batch sees.
func (c changes) image(m datasets.Image, i int) datasets.Image {
	if c.Augment == (Augment{}) {
		return m
	}
	rng := rand.New(rand.NewPCG(c.seed, uint64(c.pos)<<24^uint64(i)))
	dy, dx := rng.IntN(2*c.Shift+1)-c.Shift, rng.IntN(2*c.Shift+1)-c.Shift
	flip := rng.IntN(2) == 1 && c.Flip
	return moved(m, dy, dx, flip)
}

// moved is a picture of which pixel y, x is pixel y - dy, x - dx of m, or of the
// flipped m, the nearest one where that lies outside.
func moved(m datasets.Image, dy, dx int, flip bool) datasets.Image {
	out := m
	out.Pix = make([]byte, len(m.Pix))
	C := m.Channels
	for y := range m.Height {
		from := min(max(y-dy, 0), m.Height-1) * m.Width
		for x := range m.Width {
			at := min(max(x-dx, 0), m.Width-1)
			if flip {
				at = m.Width - 1 - at
			}
			copy(out.Pix[(y*m.Width+x)*C:][:C], m.Pix[(from+at)*C:])
		}
	}
	return out
}
