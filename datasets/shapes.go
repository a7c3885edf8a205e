package datasets

import (
	"fmt"
	"math/rand/v2"
)

// Shapes are drawings of one or two coloured shapes, with a caption in English or Korean: pictures to learn from without a
// file at hand.
//
//	a green star                            초록 별
//	a red circle left of a blue square      파란 네모 왼쪽에 빨간 동그라미
//
// There are 6 colours, 4 shapes (circle, square, triangle, star) and 4 relations (left of, right of, above, below). Of two
// shapes, which differ in colour, in shape or in both, the wider is named first, so that the picture decides the caption.
// Places, sizes, tints and the light ground vary; edges are smooth. A quarter shows one shape. There are 2,232 captions.
//
// The key of an example is its caption in English: [HoldOutBy] keys asks for captions that were never seen.
type Shapes struct {
	Width    int // 32 or 64 pixels. 0: 32. The height is 32, the channels are 3
	Language Language
}

// single is the part, 1 of so many, of pictures of one shape.
const single = 4

// Baseline is the part of exact matches of the best caption that is given without looking, of any one shape:
// 1/4 · 1/24 = 1/96.
func (Shapes) Baseline() float64 { return 1 / float64(single*len(shapeColours)*len(shapeForms)) }

// Size is the height and the width of all pictures, which have 3 channels.
func (s Shapes) Size() (height, width int) { return 32, max(32, s.Width) }

func (s Shapes) check() error {
	if s.Width != 0 && s.Width != 32 && s.Width != 64 {
		return fmt.Errorf("datasets: shapes: width %d, wanted 32 or 64", s.Width)
	}
	if err := s.Language.check(); err != nil {
		return fmt.Errorf("datasets: shapes: %w", err)
	}
	return nil
}

// Examples draws n pictures by the seed, with a caption each. In every language they are the same pictures. Fields out of
// range, and a negative or enormous n, are errors.
func (s Shapes) Examples(n int, seed uint64) ([]Captioned, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	height, width := s.Size()
	out, err := generate("shapes", n, 3*height*width, seed, func(rng *rand.Rand) Captioned {
		scene := drawScene(rng, width)
		return Captioned{
			Image: scene.picture(rng, width), Captions: []string{scene.caption(s.Language)}, Key: scene.caption(InEnglish),
		}
	})
	return numbered(out), err
}

// Pairs are the captions of Examples as sentences to be translated, from English to Korean: the words come in another order.
// Language does not matter.
func (s Shapes) Pairs(n int, seed uint64) ([]Pair, error) {
	s.Language = InEnglish
	if err := s.check(); err != nil {
		return nil, err
	}
	_, width := s.Size()
	return generate("shapes", n, 32, seed, func(rng *rand.Rand) Pair {
		scene := drawScene(rng, width)
		return Pair{Source: scene.caption(InEnglish), Target: scene.caption(InKorean)}
	})
}

// shapeColours and shapeForms have the names in English and in Korean.
var (
	shapeColours = [...]struct {
		names [2]string
		rgb   [3]int
	}{
		{[2]string{"red", "빨간"}, [3]int{220, 40, 40}},
		{[2]string{"blue", "파란"}, [3]int{45, 85, 225}},
		{[2]string{"green", "초록"}, [3]int{35, 150, 60}},
		{[2]string{"yellow", "노란"}, [3]int{240, 205, 30}},
		{[2]string{"purple", "보라"}, [3]int{145, 55, 175}},
		{[2]string{"black", "검은"}, [3]int{40, 40, 40}},
	}
	shapeForms = [...]struct {
		names   [2]string
		corners [][2]int64 // of radius 1000, y downwards; none: a circle
	}{
		{[2]string{"circle", "동그라미"}, nil},
		{[2]string{"square", "네모"}, [][2]int64{{-840, -840}, {840, -840}, {840, 840}, {-840, 840}}},
		{[2]string{"triangle", "세모"}, [][2]int64{{0, -1000}, {980, 760}, {-980, 760}}},
		{[2]string{"star", "별"}, [][2]int64{
			{0, -1050},
			{236, -324},
			{999, -324},
			{381, 124},
			{617, 849},
			{0, 401},
			{-617, 849},
			{-381, 124},
			{-999, -324},
			{-236, -324},
		}},
	}
)

// relations are what the first shape is to the second, by direction from it.
var relations = [...]struct {
	names  [2]string
	dx, dy int
}{
	{[2]string{"left of", "왼쪽에"}, -1, 0},
	{[2]string{"right of", "오른쪽에"}, 1, 0},
	{[2]string{"above", "위에"}, 0, -1},
	{[2]string{"below", "아래에"}, 0, 1},
}
