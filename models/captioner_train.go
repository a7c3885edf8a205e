package models

import (
	"fmt"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// Pictured is a picture, or a vector, with one caption, as a captioner reads
// them.
type Pictured struct {
	Image    datasets.Image // of the model's size; its zero value with features
	Features []float32      // [Features]
	IDs      []int          // of the caption, without its end
}

// Len is the number of steps: one for each token, one for the end.
func (p Pictured) Len() int { return len(p.IDs) + 1 }

// Example is a picture with a caption, of which at most Longest tokens are read.
// A picture of another size or other channels is made like those of the model.
func (m *Captioner) Example(picture datasets.Image, caption string) (Pictured, error) {
	image, err := m.Image(picture)
	if err != nil {
		return Pictured{}, fmt.Errorf("models: %w", err)
	}
	ids, err := m.ids(caption)
	return Pictured{Image: image, IDs: ids}, err
}

// FeaturesExample is a vector with a caption.
func (m *Captioner) FeaturesExample(features []float32, caption string) (Pictured, error) {
	if err := m.checkFeatures(features); err != nil {
		return Pictured{}, fmt.Errorf("models: %w", err)
	}
	ids, err := m.ids(caption)
	return Pictured{Features: features, IDs: ids}, err
}

// ids are the tokens of a caption.
func (m *Captioner) ids(caption string) ([]int, error) {
	ids, err := m.Tokens.Encode(caption)
	if err != nil {
		return nil, fmt.Errorf("models: caption %.80q: %w", caption, err)
	}
	return ids[:min(len(ids), m.Config.Longest)], nil
}

// Image is a picture as the model sees it: of its channels and its size. It is an
// error if it is no picture, or the model wants vectors.
func (m *Captioner) Image(picture datasets.Image) (datasets.Image, error) {
	c := m.Config
	if c.Features > 0 {
		return datasets.Image{}, fmt.Errorf("the model wants vectors of %d features, got a picture", c.Features)
	}
	x, err := picture.To(c.Channels)
	if err != nil {
		return x, err
	}
	if c.Fit {
		return x.Fit(c.Height, c.Width)
	}
	return x.Resize(c.Height, c.Width)
}

// checkFeatures refuses vectors of another width.
func (m *Captioner) checkFeatures(x []float32) error {
	if m.Config.Features == 0 {
		return fmt.Errorf("the model wants pictures, got a vector of %d features", len(x))
	}
	if len(x) != m.Config.Features {
		return fmt.Errorf("a vector of %d features wanted, got %d", m.Config.Features, len(x))
	}
	return nil
}

// CaptionerTraining says how a captioner is trained; the zero value is plain
// training in batches of 32.
type CaptionerTraining struct {
	Batch     int     // captions of a batch; 0: 32
	Seed      uint64  // of the order of the captions and of the augmentation
	Smoothing float64 // part of each target that is spread over all tokens (Szegedy et al. 2016); 0: none
	Augment   Augment // of the pictures
}

// checkPictured refuses captions that no program reads.
func checkPictured(examples ...Pictured) error {
	for i, x := range examples {
		if x.Len() > maxLongest {
			return fmt.Errorf("models: example %d: a caption of %d tokens with its end, at most %d wanted", i, x.Len(), maxLongest)
		}
	}
	return nil
}

// Task prepares training.
func (m *Captioner) Task(examples []Pictured, c CaptionerTraining) (*BatchTask[Pictured], error) {
	if err := checkPictured(examples...); err != nil {
		return nil, err
	}
	if !probability(c.Smoothing) {
		return nil, fmt.Errorf("models: smoothing must be in [0, 1), got %v", c.Smoothing)
	}
	if err := c.Augment.validate(); err != nil {
		return nil, err
	}
	batches, err := datasets.NewBatches(examples, Pictured.Len,
		datasets.BatchOptions{Size: c.Batch, Bucket: 4, Shuffle: true, Seed: c.Seed})
	if err != nil {
		return nil, err
	}
	network := m.network
	network.Smoothing = c.Smoothing
	var t *BatchTask[Pictured]
	t, err = NewBatchTask(m.Params, batches, network.Train, func(p *graph.Program, b datasets.Batch[Pictured]) error {
		if err := m.feed(p, b, c.Augment.of(c.Seed, t.pos)); err != nil {
			return err
		}
		lens := b.Lens(Pictured.Len)
		return p.SetFloat64s("weight", datasets.StepWeights(lens, b.T))
	})
	return t, err
}

// feed sets the inputs of a program that is taught; augment changes pictures.
func (m *Captioner) feed(p *graph.Program, b datasets.Batch[Pictured], augment changes) error {
	inputs, targets := make([][]int, len(b.Rows)), make([][]int, len(b.Rows))
	for i, x := range b.Rows {
		inputs[i] = append([]int{m.end()}, x.IDs...)
		targets[i] = append(x.IDs[:len(x.IDs):len(x.IDs)], m.end())
	}
	if err := p.SetIDs("input", datasets.Pad(inputs, b.T, b.Size, m.end())); err != nil {
		return err
	}
	if err := p.SetIDs("target", datasets.Pad(targets, b.T, b.Size, m.end())); err != nil {
		return err
	}
	return m.show(p, b.Rows, b.Size, augment)
}

// show sets the pictures or vectors of a program with so many rows.
func (m *Captioner) show(p *graph.Program, rows []Pictured, B int, augment changes) error {
	c := m.Config
	if c.Blind {
		return nil
	}
	if c.Features > 0 {
		x := make([]float32, B*c.Features)
		for i, r := range rows {
			if err := m.checkFeatures(r.Features); err != nil {
				return fmt.Errorf("models: %w", err)
			}
			copy(x[i*c.Features:], r.Features)
		}
		return p.SetFloats(featuresInput, x)
	}
	n := c.Height * c.Width * c.Channels
	x := make([]float32, B*n)
	for i, r := range rows {
		if r.Image.Height != c.Height || r.Image.Width != c.Width || r.Image.Channels != c.Channels || len(r.Image.Pix) != n {
			return fmt.Errorf("models: a picture of %d x %d x %d wanted, got %d x %d x %d",
				c.Height, c.Width, c.Channels, r.Image.Height, r.Image.Width, r.Image.Channels)
		}
		copy(x[i*n:], augment.image(r.Image, i).Normal(0.5, 0.5))
	}
	return p.SetFloats(imagesInput, x)
}
