package lecture

import (
	"context"
	"fmt"
	"io"
)

// Lang is the language of the words in a picture.
type Lang string

// The languages.
const (
	English Lang = "en"
	Korean  Lang = "ko"
)

// Text is a text in both languages.
type Text struct{ En, Ko string }

// In is the text in one language.
func (t Text) In(l Lang) string {
	if l == Korean {
		return t.Ko
	}
	return t.En
}

// of chooses one of two texts.
func (l Lang) of(en, ko string) string { return Text{en, ko}.In(l) }

// Pictures are some pictures that share one computation. All of it is seeded.
type Pictures struct {
	Name string

	// Committed says that they are part of docs/lecture, computed in float64 with
	// the chapter's own seed; others follow the choice.
	Committed bool

	compute func(ctx context.Context, c Choice) ([]Picture, error)
}

// Choice is what pictures that are not part of docs/lecture follow.
type Choice struct {
	Seed uint64
	Lang Lang // of the text that is learnt
}

// Compute trains what is to be trained; a cancelled context is its error.
func (p Pictures) Compute(ctx context.Context, c Choice) ([]Picture, error) {
	all, err := p.compute(ctx, c)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("lecture: pictures %s: %w", p.Name, err)
	}
	return all, nil
}

// Picture is one picture with the words that belong to it.
type Picture struct {
	Name     string // of its file, without language and ending: 02-unrolled
	Title    Text
	Caption  Text // what is to be seen
	Measured bool // shows times, which differ from run to run

	draw func(l Lang) chart
}

// chart is what package plot has, or a formula.
type chart interface{ SVG(w io.Writer) error }

// SVG writes the picture with words in a language.
func (p *Picture) SVG(l Lang, w io.Writer) error { return p.draw(l).SVG(w) }

// AllPictures are the pictures in the order of the chapters.
func AllPictures() []Pictures {
	return []Pictures{
		{"next-value", true, pictureNextValue},
		{"unrolled", true, pictureUnrolled},
		{"writing", true, pictureWriting},
		{"reviews", true, pictureReviews},
		{"captions", true, pictureCaptions},
		{"forms", true, pictureForms},
		{"attention", false, pictureAttention},
		{"paths", true, picturePaths},
		{"vanishing", true, pictureVanishing},
		{"lstm", true, pictureLSTM},
		{"cells", true, pictureCells},
		{"gru", true, pictureGRU},
		{"words", true, pictureWords},
		{"look-up", false, pictureLookUp},
		{"embedding", true, pictureEmbedding},
		{"model", false, pictureModel},
	}
}
