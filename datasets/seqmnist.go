package datasets

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// SequentialMNIST is the digits read in time (Le, Jaitly and Hinton 2015; Arjovsky et al. 2016): which digit was it,
// after the last step. By rows it is short, 28 steps of 28 numbers; by pixels it is a test of long memory, 784 steps of
// one; by pixels in one fixed random order neighbours are far apart too. Brightness is scaled to [0, 1].
//
// Known accuracies: by rows an LSTM reaches 0.98 to 0.99; by pixels an LSTM 0.98, in a fixed random order 0.88
// (Arjovsky et al.); a tanh network by pixels 0.35 (Le et al.). Bai, Kolter and Koltun (2018), all of 70,000 parameters:
// by pixels LSTM 0.872, GRU 0.962, tanh 0.215, in a random order 0.857, 0.873, 0.253.
//
// The pictures stay bytes; an example is made when it is asked for. Batches of them are batches of their numbers.
type SequentialMNIST struct {
	images *IDX
	labels *IDX
	opt    MNISTOptions
	order  []int // of the pixels; nil: as they are
}

// MNISTOptions are the choices of [NewSequentialMNIST].
type MNISTOptions struct {
	Pixels  bool   // a pixel per step, not a row
	Permute bool   // the pixels in one random order, the same for all pictures
	Seed    uint64 // of that order
}

// NewSequentialMNIST joins pictures [N, rows, columns] and labels [N] from 0 to 9. Other shapes and labels are errors.
func NewSequentialMNIST(images, labels *IDX, opt MNISTOptions) (*SequentialMNIST, error) {
	if err := checkDigits(images, labels); err != nil {
		return nil, fmt.Errorf("datasets: MNIST: %w", err)
	}
	m := &SequentialMNIST{images: images, labels: labels, opt: opt}
	if opt.Permute {
		m.order = rand.New(rand.NewPCG(opt.Seed, 0)).Perm(images.Width())
	}
	return m, nil
}

// checkDigits refuses what is not pictures of digits and their labels.
func checkDigits(images, labels *IDX) error {
	if err := images.check(); err != nil {
		return fmt.Errorf("pictures: %w", err)
	}
	if err := labels.check(); err != nil {
		return fmt.Errorf("labels: %w", err)
	}
	if len(images.Shape) != 3 || len(labels.Shape) != 1 {
		return fmt.Errorf("pictures %v and labels %v, wanted [N rows columns] and [N]", images.Shape, labels.Shape)
	}
	if images.Len() != labels.Len() {
		return fmt.Errorf("%d pictures and %d labels", images.Len(), labels.Len())
	}
	if i := slices.IndexFunc(labels.Data, func(c byte) bool { return c > 9 }); i >= 0 {
		return fmt.Errorf("label %d: %d, wanted 0 to 9", i, labels.Data[i])
	}
	return nil
}

// Len is the number of pictures.
func (m *SequentialMNIST) Len() int { return m.images.Len() }

// D is how many numbers a step has: a row of them, or 1.
func (m *SequentialMNIST) D() int {
	if m.opt.Pixels {
		return 1
	}
	return m.images.Shape[2]
}

// Steps is T, the length of every example.
func (m *SequentialMNIST) Steps() int { return m.images.Width() / m.D() }

// Classes is 10.
func (m *SequentialMNIST) Classes() int { return 10 }

// Baseline is the accuracy of always answering the most frequent digit: 0.1124 for the 60,000 training pictures.
func (m *SequentialMNIST) Baseline() float64 {
	var count [10]int
	for _, c := range m.labels.Data {
		count[c]++
	}
	return float64(slices.Max(count[:])) / float64(m.Len())
}

// Example makes an example of picture i: X [T·D] and its Label. A number out of range is an error.
func (m *SequentialMNIST) Example(i int) (Numeric, error) {
	pixels := m.images.Item(i)
	if pixels == nil {
		return Numeric{}, fmt.Errorf("datasets: MNIST: picture %d, wanted 0 to %d", i, m.Len()-1)
	}
	x := make([]float64, len(pixels))
	for k := range x {
		at := k
		if m.order != nil {
			at = m.order[k]
		}
		x[k] = float64(pixels[at]) / 255
	}
	return Numeric{X: x, Steps: m.Steps(), Label: int(m.labels.Data[i]), At: i}, nil
}

// Examples makes the examples of pictures from ≤ i < to, 8 bytes per pixel. A range that is not among them is an error.
func (m *SequentialMNIST) Examples(from, to int) ([]Numeric, error) {
	if from < 0 || to > m.Len() || from > to {
		return nil, fmt.Errorf("datasets: MNIST: pictures %d to %d, wanted a part of 0 to %d", from, to, m.Len())
	}
	out := make([]Numeric, 0, to-from)
	for i := from; i < to; i++ {
		e, err := m.Example(i)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}
