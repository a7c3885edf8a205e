package datasets

import (
	"bytes"
	"fmt"
	"math"
)

// Resize stretches a picture to a height and a width, by rows and then by columns: a pixel is the mean of those around its
// centre, weighted by a triangle that is as wide as two pixels of the smaller of both pictures. Where it grows that is
// bilinear interpolation; where it shrinks every pixel counts, so that nothing flickers away. The numbers are those of
// Pillow's Image.resize with BILINEAR, on every machine. Sizes outside [1, 16384] and beyond 2^24 pixels are an error.
func (m Image) Resize(height, width int) (Image, error) {
	err := m.check()
	if err == nil {
		err = checkSize(height, width)
	}
	if err != nil {
		return Image{}, fmt.Errorf("datasets: resize: %w", err)
	}
	return m.resize(height, width), nil
}

// Fit is Resize to the largest size within height and width that keeps the proportions (rounded, at least 1 pixel), in the
// middle, with white around it.
func (m Image) Fit(height, width int) (Image, error) {
	err := m.check()
	if err == nil {
		err = checkSize(height, width)
	}
	if err != nil {
		return Image{}, fmt.Errorf("datasets: fit: %w", err)
	}
	return m.fit(height, width), nil
}

func (m Image) fit(height, width int) Image {
	h, w := height, width
	if m.Width*height > m.Height*width { // the width decides
		h = max(1, (2*m.Height*width+m.Width)/(2*m.Width))
	} else {
		w = max(1, (2*m.Width*height+m.Height)/(2*m.Height))
	}
	inner := m.resize(h, w)
	if h == height && w == width {
		return inner
	}
	out := blank(height, width, m.Channels)
	out.put(inner, (height-h)/2, (width-w)/2)
	return out
}

// blank is a white picture.
func blank(height, width, channels int) Image {
	return Image{height, width, channels, bytes.Repeat([]byte{255}, height*width*channels)}
}

// put lays a picture over another, which has room for it.
func (m Image) put(over Image, top, left int) {
	n := over.Width * over.Channels
	for y := range over.Height {
		copy(m.Pix[((top+y)*m.Width+left)*m.Channels:], over.Pix[y*n:(y+1)*n])
	}
}

const (
	maxSide      = 1 << 14 // of a picture that is resized
	maxSidePixel = 1 << 24 // in all
)

func checkSize(height, width int) error {
	if height < 1 || width < 1 || height > maxSide || width > maxSide || height*width > maxSidePixel {
		return fmt.Errorf("%d x %d, wanted 1 to %d each and at most %d pixels", height, width, maxSide, maxSidePixel)
	}
	return nil
}

// maxStrip bounds the pixels between both steps: a tall picture that becomes a wide one would be large there.
const maxStrip = 1 << 20

func (m Image) resize(height, width int) Image {
	columns, rows := taps(m.Width, width), taps(m.Height, height)
	switch {
	case m.Width == width && m.Height == height:
		return m
	case m.Width == width:
		return m.down(rows)
	case m.Height == height:
		return m.across(columns)
	}
	n := max(1, maxStrip/m.Height)
	if n >= width {
		return m.across(columns).down(rows)
	}
	out := Image{height, width, m.Channels, make([]byte, height*width*m.Channels)}
	for at := 0; at < width; at += n {
		out.put(m.across(columns[at:min(at+n, width)]).down(rows), 0, at)
	}
	return out
}

// across makes each row of columns.
func (m Image) across(columns []tap) Image {
	out := Image{m.Height, len(columns), m.Channels, make([]byte, m.Height*len(columns)*m.Channels)}
	for y := range m.Height {
		blend(out.Pix[y*out.Width*m.Channels:], m.Pix[y*m.Width*m.Channels:], columns, m.Channels)
	}
	return out
}

// down makes each column of rows.
func (m Image) down(rows []tap) Image {
	out := Image{len(rows), m.Width, m.Channels, make([]byte, len(rows)*m.Width*m.Channels)}
	blend(out.Pix, m.Pix, rows, m.Width*m.Channels)
	return out
}

// weightBits are the bits of the fraction of a weight.
const weightBits = 22

// blend makes pieces of inner bytes, one for each tap.
func blend(dst, src []byte, taps []tap, inner int) {
	for i, t := range taps {
		to := dst[i*inner:]
		for c := range inner {
			sum := int64(1) << (weightBits - 1)
			at := t.first*inner + c
			for _, w := range t.weights {
				sum += w * int64(src[at])
				at += inner
			}
			to[c] = byte(max(0, min(255, sum>>weightBits)))
		}
	}
}

// tap is what a pixel is made of: weights of the pixels from first on.
type tap struct {
	first   int
	weights []int64
}

// taps are the weights of the triangle for each of out pixels, of in. The conversions keep a machine from fusing a product
// with a sum, which would change the last bit.
func taps(in, out int) []tap {
	scale := float64(in) / float64(out)
	width := max(1, scale)
	taps := make([]tap, out)
	w := make([]float64, 0, 2*int(width)+3)
	for i := range taps {
		centre := float64((float64(i) + 0.5) * scale)
		first := max(0, int(centre-width+0.5))
		last := min(in, int(centre+width+0.5))
		sum := 0.0
		w = w[:0]
		for x := first; x < last; x++ {
			weight := max(0, 1-math.Abs(float64((float64(x)-centre+0.5)*float64(1/width))))
			w = append(w, weight)
			sum += weight
		}
		taps[i] = tap{first, make([]int64, len(w))}
		for k := range w {
			taps[i].weights[k] = int64(math.Round(float64(w[k]/sum) * (1 << weightBits)))
		}
	}
	return taps
}
