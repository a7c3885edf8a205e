package pictures

import (
	"context"
	"io"
)

// Lang is the language of the words in a picture.
type Lang string

// The languages.
const (
	English Lang = "en"
	Korean  Lang = "ko"
)

// of chooses one of two texts.
func (l Lang) of(en, ko string) string {
	if l == Korean {
		return ko
	}
	return en
}

// Text is a text in every language.
type Text struct{ En, Ko string }

// In is the text in one language.
func (t Text) In(l Lang) string { return l.of(t.En, t.Ko) }

// Set is pictures that share one computation.
type Set struct {
	Name string

	// Committed says that the pictures are part of the documents; these take
	// seconds at most, and tests compare them with the files.
	Committed bool

	Compute func(ctx context.Context, seed uint64) ([]Drawing, error)
}

// Drawing is one picture.
type Drawing struct {
	Name    string // of its file, without language and ending: "02-unrolled"
	Title   Text
	Caption Text // a few sentences that say what is to be seen

	Measured bool // shows times, which differ from run to run

	draw func(l Lang, w io.Writer) error
}

// SVG writes the picture with words in a language.
func (d *Drawing) SVG(l Lang, w io.Writer) error { return d.draw(l, w) }

// Sets are all sets in the order of the lecture.
func Sets() []Set {
	return []Set{
		{"unrolled", true, unrolled},
	}
}
