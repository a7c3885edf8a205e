package graph

import (
	"fmt"

	"github.com/unroll-go/unroll/internal/kernel"
)

// Window says how a convolution or a pooling walks over pictures [B, H, W, C],
// rows before columns. With a size k, a stride s and a padding p a side of n
// pixels becomes (n + 2p - k)/s + 1, rounded down: a size of 3 and a padding of
// 1 keep it.
type Window struct {
	Size   [2]int // pixels; {0, 0}: that of the weights (convolution)
	Stride [2]int // pixels; 0: 1 (convolution), the size (pooling)
	Pad    [2]int // pixels of padding on each side
}

// Places is how many places the window has on a picture of h rows and w columns.
// It is an error when there are none, or when size, stride or padding make no
// sense; the padding must be smaller than the window.
func (w Window) Places(h, width int) (rows, cols int, err error) {
	side := [2]int{h, width}
	var out [2]int
	for i, k := range w.Size {
		name := [...]string{"rows", "columns"}[i]
		s, p := w.Stride[i], w.Pad[i]
		switch {
		case side[i] < 1 || side[i] > maxElements:
			return 0, 0, fmt.Errorf("a picture of %d %s: from 1 to %d", side[i], name, maxElements)
		case k < 1 || k > maxElements:
			return 0, 0, fmt.Errorf("a window of %d %s: at least 1 is needed", k, name)
		case s < 0 || s > maxElements:
			return 0, 0, fmt.Errorf("a stride of %d %s: at least 1 is needed", s, name)
		case p < 0 || p >= k:
			return 0, 0, fmt.Errorf("a padding of %d %s: from 0 to below the window's %d", p, name, k)
		case side[i]+2*p < k:
			return 0, 0, fmt.Errorf("a window of %d %s does not fit in %d with a padding of %d", k, name, side[i], p)
		}
		out[i] = (side[i]+2*p-k)/max(s, 1) + 1
	}
	return out[0], out[1], nil
}

// strides is the window with its default strides.
func (w Window) strides(size bool) Window {
	for i := range w.Stride {
		if w.Stride[i] == 0 {
			w.Stride[i] = 1
			if size {
				w.Stride[i] = w.Size[i]
			}
		}
	}
	return w
}

// on is the window on pictures of a shape [B, H, W, C].
func (w Window) on(shape []int) kernel.Windows {
	rows, cols, _ := w.Places(shape[1], shape[2])
	return kernel.Windows{
		H: shape[1], W: shape[2], KH: w.Size[0], KW: w.Size[1], SH: w.Stride[0], SW: w.Stride[1],
		PH: w.Pad[0], PW: w.Pad[1], OH: rows, OW: cols,
	}
}

// result is the shape of what a window makes of such pictures, with F channels.
func (w Window) result(shape []int, F int) []int {
	g := w.on(shape)
	return []int{shape[0], g.OH, g.OW, F}
}

// pictures checks that operand 0 is pictures on which the window has places.
func (w Window) pictures(name string, in []*value) error {
	if err := floats(name, in); err != nil {
		return err
	}
	x := in[0].shape
	if len(x) != 4 {
		return shapeError(name, in[:1], "pictures [B, H, W, C] are needed")
	}
	if _, _, err := w.Places(x[1], x[2]); err != nil {
		return shapeError(name, in[:1], "%v", err)
	}
	return nil
}
