package datasets

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// Mosaics are rows of handwritten digits with their names as captions: "three five nine", or "삼 오 구". Each is Min to Max
// digits from left to right, with random gaps, black like the digits' own ground, as large as Max digits. Every digit of
// the data is either for training or held out, before rows are made: [Mosaics.HeldOut] shows hands that [Mosaics.Examples]
// never does.
type Mosaics struct {
	images, labels *IDX
	opt            MosaicOptions
	rest, held     []int // of the pictures
}

// MosaicOptions are the choices of [NewMosaics].
type MosaicOptions struct {
	Min, Max int     // digits in a row, all numbers equally likely; 1 ≤ Min ≤ Max ≤ 16. 0 both: 1 to 3
	Part     float64 // of the digits that is held out. 0: a tenth
	Seed     uint64  // says which
	Language Language
}

// fill checks the options and puts the defaults where they are zero.
func (opt *MosaicOptions) fill() error {
	if opt.Min == 0 && opt.Max == 0 {
		opt.Min, opt.Max = 1, 3
	}
	if opt.Part == 0 {
		opt.Part = 0.1
	}
	if opt.Min < 1 || opt.Min > opt.Max || opt.Max > 16 {
		return fmt.Errorf("rows of %d to %d digits, wanted 1 to 16", opt.Min, opt.Max)
	}
	return opt.Language.check()
}

// NewMosaics takes pictures [N, rows, columns] and labels [N] from 0 to 9, as [NewSequentialMNIST] does. Other shapes and
// labels, options out of range, and too few digits for both sides are errors.
func NewMosaics(images, labels *IDX, opt MosaicOptions) (*Mosaics, error) {
	err := cmp.Or(opt.fill(), checkDigits(images, labels))
	if err == nil {
		err = checkSize(images.Shape[1], images.Shape[2]*opt.Max)
	}
	if err != nil {
		return nil, fmt.Errorf("datasets: mosaics: %w", err)
	}
	all := make([]int, images.Len())
	for i := range all {
		all[i] = i
	}
	m := &Mosaics{images: images, labels: labels, opt: opt}
	m.rest, m.held, err = HoldOut(all, opt.Part, opt.Seed)
	return m, err
}

// Size is the height and the width of all pictures, which have 1 channel.
func (m *Mosaics) Size() (height, width int) {
	return m.images.Shape[1], m.images.Shape[2] * m.opt.Max
}

// Examples draws n rows of digits for training by the seed. A negative or enormous n is an error.
func (m *Mosaics) Examples(n int, seed uint64) ([]Captioned, error) { return m.of(m.rest, n, seed) }

// HeldOut is Examples of the digits that are held out.
func (m *Mosaics) HeldOut(n int, seed uint64) ([]Captioned, error) { return m.of(m.held, n, seed) }

func (m *Mosaics) of(digits []int, n int, seed uint64) ([]Captioned, error) {
	height, width := m.Size()
	out, err := generate("mosaics", n, height*width, seed, func(rng *rand.Rand) Captioned {
		return m.draw(rng, digits)
	})
	return numbered(out), err
}

// numbered names examples by their number.
func numbered(all []Captioned) []Captioned {
	for i := range all {
		all[i].Name = strconv.Itoa(i)
	}
	return all
}

// draw lays a row of digits out: the space that is left over is cut at random places.
func (m *Mosaics) draw(rng *rand.Rand, digits []int) Captioned {
	height, width := m.Size()
	side := m.images.Shape[2]
	gaps := make([]int, between(rng, m.opt.Min, m.opt.Max))
	for i := range gaps {
		gaps[i] = rng.IntN(width - side*len(gaps) + 1)
	}
	slices.Sort(gaps)
	c := Captioned{Image: Image{height, width, 1, make([]byte, height*width)}}
	words := make([]string, len(gaps))
	for i, gap := range gaps {
		at := digits[rng.IntN(len(digits))]
		c.Image.put(Image{height, side, 1, m.images.Item(at)}, 0, gap+i*side)
		words[i] = m.opt.Language.digit(m.labels.Data[at])
	}
	c.Captions = []string{strings.Join(words, " ")}
	return c
}

// digit names one.
func (l Language) digit(n byte) string {
	if l == InKorean {
		return string([]rune(sinoDigits)[n])
	}
	return [...]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}[n]
}

// Baseline is the part of exact matches of the best caption that is given without looking: Min times the commonest digit
// of those for training, which is p of them: p^Min / (Max-Min+1). It is 0.1124/3 for one to three digits of MNIST, or near.
func (m *Mosaics) Baseline() float64 {
	var count [10]int
	for _, i := range m.rest {
		count[m.labels.Data[i]]++
	}
	p := float64(slices.Max(count[:])) / float64(len(m.rest))
	return math.Pow(p, float64(m.opt.Min)) / float64(m.opt.Max-m.opt.Min+1)
}
