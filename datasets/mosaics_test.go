package datasets_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// digitFiles are n pictures of one row of three equal bytes, n different ones, with labels from 0 to 9.
func digitFiles(n int) (images, labels *datasets.IDX) {
	images = &datasets.IDX{Shape: []int{n, 1, 3}}
	labels = &datasets.IDX{Shape: []int{n}}
	for i := range n {
		x := byte(i + 1)
		images.Data = append(images.Data, x, x, x)
		labels.Data = append(labels.Data, byte(i%10))
	}
	return images, labels
}

// A digit of a held-out row is in no row for training, rows say what is in them, and gaps stand anywhere.
func TestMosaics(t *testing.T) {
	images, labels := digitFiles(200)
	m, err := datasets.NewMosaics(images, labels, datasets.MosaicOptions{Min: 1, Max: 3, Part: 0.25, Seed: 4, Language: datasets.InKorean})
	require.NoError(t, err)
	names := []rune("영일이삼사오육칠팔구")
	height, width := m.Size()
	assert.Equal(t, [2]int{1, 9}, [2]int{height, width})
	look := func(draw func(int, uint64) ([]datasets.Captioned, error)) (digits map[byte]bool) {
		digits = map[byte]bool{}
		lengths, starts := map[int]int{}, map[int]bool{}
		all, err := draw(3000, 8)
		require.NoError(t, err)
		for _, e := range all {
			require.Len(t, e.Image.Pix, 9)
			said, n := "", 0
			for at := 0; at < 9; at++ {
				x := e.Image.Pix[at]
				if x == 0 {
					continue
				}
				require.Equal(t, []byte{x, x, x}, e.Image.Pix[at:at+3])
				if n == 0 {
					starts[at] = true
				} else {
					said += " "
				}
				said += string(names[int(x-1)%10])
				digits[x] = true
				n, at = n+1, at+2
			}
			require.Equal(t, []string{said}, e.Captions)
			lengths[n]++
		}
		assert.Len(t, lengths, 3)
		assert.Len(t, starts, 7, "a single digit stands at 0 to 6")
		for _, n := range lengths {
			assert.InDelta(t, 1000, n, 120)
		}
		return digits
	}
	rest, held := look(m.Examples), look(m.HeldOut)
	assert.Len(t, rest, 150)
	assert.Len(t, held, 50)
	for x := range held {
		assert.False(t, rest[x], "digit %d is on both sides", x)
	}
}

func TestMosaicsErrors(t *testing.T) {
	images, labels := digitFiles(10)
	tests := []struct {
		images, labels *datasets.IDX
		opt            datasets.MosaicOptions
		want           string
	}{
		{images, images, datasets.MosaicOptions{}, "datasets: mosaics: pictures [10 1 3] and labels [10 1 3], wanted [N rows columns] and [N]"},
		{images, &datasets.IDX{Shape: []int{1}, Data: []byte{0}}, datasets.MosaicOptions{}, "datasets: mosaics: 10 pictures and 1 labels"},
		{nil, labels, datasets.MosaicOptions{}, "datasets: mosaics: pictures: there is no array, got nil"},
		{images, nil, datasets.MosaicOptions{}, "datasets: mosaics: labels: there is no array, got nil"},
		{images, &datasets.IDX{Shape: []int{10}}, datasets.MosaicOptions{}, "labels: an array of shape [10] with 0 bytes, wanted as many"},
		{&datasets.IDX{Shape: []int{-1, 2, 2}}, labels, datasets.MosaicOptions{}, "pictures: an array of shape [-1 2 2] with 0 bytes"},
		{images, labels, datasets.MosaicOptions{Min: 2}, "rows of 2 to 0 digits, wanted 1 to 16"},
		{images, labels, datasets.MosaicOptions{Min: 2, Max: 17}, "rows of 2 to 17 digits"},
		{images, labels, datasets.MosaicOptions{Language: -1}, "language -1, wanted"},
		{images, labels, datasets.MosaicOptions{Part: 1}, "hold out: part 1, wanted"},
		{images, labels, datasets.MosaicOptions{Part: 0.01}, "of 10 items leaves 10 and 0"},
	}
	for _, tt := range tests {
		_, err := datasets.NewMosaics(tt.images, tt.labels, tt.opt)
		assert.ErrorContains(t, err, tt.want)
	}
	m, err := datasets.NewMosaics(images, labels, datasets.MosaicOptions{})
	require.NoError(t, err)
	_, err = m.Examples(-1, 1)
	assert.ErrorContains(t, err, "datasets: mosaics: -1 examples of 9 steps")
}

// The digits of MNIST: the stated baseline is that of counting.
func TestRealMosaics(t *testing.T) {
	images, err := datasets.LoadIDX(dataFile(t, "mnist/train-images-idx3-ubyte.gz"))
	require.NoError(t, err)
	labels, err := datasets.LoadIDX(dataFile(t, "mnist/train-labels-idx1-ubyte.gz"))
	require.NoError(t, err)
	m, err := datasets.NewMosaics(images, labels, datasets.MosaicOptions{})
	require.NoError(t, err)
	assert.InDelta(t, 0.1124/3, m.Baseline(), 0.0005)
	held, err := m.HeldOut(10000, 1)
	require.NoError(t, err)
	said := datasets.CommonestCaption(held)
	n := 0
	for _, e := range held {
		if e.Captions[0] == said {
			n++
		}
	}
	assert.InDelta(t, m.Baseline(), float64(n)/10000, 0.006)
	assert.Equal(t, 28*84, held[0].Image.Size())
}
