package datasets

import "fmt"

// CommonestCaption is the caption that pictures have most often, of equal counts the first in alphabetical order; "" without
// captions. A captioner that says it of every picture has learnt nothing of pictures: what it scores is to be beaten.
func CommonestCaption(fit []Captioned) string {
	count := map[string]int{}
	best := ""
	for _, p := range fit {
		for _, text := range p.Captions {
			count[text]++
		}
	}
	for text, n := range count {
		if n > count[best] || n == count[best] && text < best {
			best = text
		}
	}
	return best
}

// NearestImage finds the picture that another is most like, pixel by pixel: a captioner that says what the nearest picture
// of the training data is called is the baseline that takes no learning.
type NearestImage struct{ images []Image }

// NewNearestImage keeps the pictures of fit. It is an error if there are none, or if they differ in size.
func NewNearestImage(fit []Captioned) (*NearestImage, error) {
	if len(fit) == 0 {
		return nil, fmt.Errorf("datasets: nearest: %w to compare with", ErrNoImage)
	}
	n := &NearestImage{}
	for _, p := range fit {
		if err := n.fits(p.Image); err != nil {
			return nil, fmt.Errorf("datasets: nearest: picture %s: %w", shortened(p.Name), err)
		}
		n.images = append(n.images, p.Image)
	}
	return n, nil
}

// fits refuses a picture that differs in size from the first.
func (n *NearestImage) fits(m Image) error {
	if err := m.check(); err != nil || len(n.images) == 0 {
		return err
	}
	if first := n.images[0]; m.Height != first.Height || m.Width != first.Width || m.Channels != first.Channels {
		return fmt.Errorf("%d x %d x %d, wanted %d x %d x %d as the others",
			m.Height, m.Width, m.Channels, first.Height, first.Width, first.Channels)
	}
	return nil
}

// Find returns the index in fit of the picture with the least sum of squared differences of its bytes to m, of equally near
// ones the first. A picture of another size is an error.
func (n *NearestImage) Find(m Image) (int, error) {
	if len(n.images) == 0 {
		return 0, fmt.Errorf("datasets: nearest: %w to compare with", ErrNoImage)
	}
	if err := n.fits(m); err != nil {
		return 0, fmt.Errorf("datasets: nearest: %w", err)
	}
	best, least := 0, int64(-1)
	for i, other := range n.images {
		if d := distance(m.Pix, other.Pix, least); least < 0 || d < least {
			best, least = i, d
		}
	}
	return best, nil
}

// distance is the sum of squared differences, or some sum that is not below least, unless that is negative.
func distance(a, b []byte, least int64) int64 {
	const piece = 1 << 10
	sum := int64(0)
	for at := 0; at < len(a) && (least < 0 || sum < least); at += piece {
		end := min(at+piece, len(a))
		x, y := a[at:end], b[at:end]
		for i := range x {
			d := int64(x[i]) - int64(y[i])
			sum += d * d
		}
	}
	return sum
}
