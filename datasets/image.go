package datasets

import "fmt"

// Image is a picture of bytes, 0 black to 255 white.
type Image struct {
	Height, Width int
	Channels      int    // 1: gray; 3: red, green, blue
	Pix           []byte // [Height, Width, Channels], row by row
}

// check refuses what is no picture, such as the zero value.
func (m Image) check() error {
	switch {
	case m.Channels != 1 && m.Channels != 3:
		return fmt.Errorf("a picture of %d channels, wanted 1 or 3", m.Channels)
	case m.Height < 1 || m.Width < 1 || m.Height > maxSide || m.Width > maxSide:
		return fmt.Errorf("a picture of %d x %d, wanted 1 to %d each", m.Height, m.Width, maxSide)
	case len(m.Pix) != m.Height*m.Width*m.Channels:
		return fmt.Errorf("a picture of %d bytes, wanted %d for %d x %d x %d",
			len(m.Pix), m.Height*m.Width*m.Channels, m.Height, m.Width, m.Channels)
	}
	return nil
}

// Size is Height·Width·Channels, the numbers of the picture.
func (m Image) Size() int { return m.Height * m.Width * m.Channels }

// Float32 gives the numbers scaled to [0, 1], x/255, as [Height·Width·Channels].
func (m Image) Float32() []float32 { return m.Normal(0, 1) }

// Normal gives (x/255 - mean)/std, as [Height·Width·Channels]: with 0.5 and 0.5 the numbers are in [-1, 1].
func (m Image) Normal(mean, std float32) []float32 {
	var table [256]float32
	for x := range table {
		table[x] = (float32(x)/255 - mean) / std
	}
	out := make([]float32, len(m.Pix))
	for i, x := range m.Pix {
		out[i] = table[x]
	}
	return out
}

// To gives the picture with 1 or 3 channels: gray is 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), rounded, and the three
// colours of gray are equal. Another number of channels is an error.
func (m Image) To(channels int) (Image, error) {
	if err := m.check(); err != nil {
		return Image{}, fmt.Errorf("datasets: channels: %w", err)
	}
	if channels != 1 && channels != 3 {
		return Image{}, fmt.Errorf("datasets: channels: %d, wanted 1 or 3", channels)
	}
	return m.to(channels), nil
}

func (m Image) to(channels int) Image {
	if m.Channels == channels {
		return m
	}
	n := m.Height * m.Width
	out := Image{Height: m.Height, Width: m.Width, Channels: channels, Pix: make([]byte, n*channels)}
	for i := range n {
		if channels == 3 {
			out.Pix[3*i], out.Pix[3*i+1], out.Pix[3*i+2] = m.Pix[i], m.Pix[i], m.Pix[i]
			continue
		}
		out.Pix[i] = luma(m.Pix[3*i], m.Pix[3*i+1], m.Pix[3*i+2])
	}
	return out
}

func luma(r, g, b byte) byte { return byte((299*int(r) + 587*int(g) + 114*int(b) + 500) / 1000) }

// onWhite is a colour that covers white by alpha/255.
func onWhite(x, alpha byte) byte {
	return byte((int(x)*int(alpha) + 255*(255-int(alpha)) + 127) / 255)
}
