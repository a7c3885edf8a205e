package plot

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/unroll-go/unroll/internal/svg"
)

const (
	maxTokens = 4000
	tokenSize = 15.0 // of letters
	tokenHigh = 24.0
)

// Text is tokens, characters or words, each on the colour of a value: what a
// unit does along a text, how surprised a model is. A new line in a token ends
// the line; white space is drawn as it is, on its colour.
//
// More than 4000 tokens are left out, at the end, and the picture says so.
type Text struct {
	Title, Note, Lang string
	Tokens            []string
	Values            []float64 // one for each token
	Unknown           bool      // tokens whose value is NaN have no colour; else NaN is an error
	Scale             Scale
	Width             float64 // where lines end; 0: 720
}

// SVG writes the picture. It is an error if there is no value, there are not as
// many tokens as values, or a value cannot be drawn.
func (t Text) SVG(w io.Writer) error { return named("text", t.Title, t.draw(w)) }

func (t Text) draw(w io.Writer) error {
	if t.Width == 0 {
		t.Width = 720
	}
	c, err := t.colors()
	if err != nil {
		return err
	}
	p, err := newPage(t.Title, t.Lang, t.Width)
	if err != nil {
		return err
	}
	shown := t.Tokens[:min(len(t.Tokens), maxTokens)]
	lo, hi := c.ends()
	p.desc = fmt.Sprintf(p.words.text, len(t.Tokens), number(lo), number(hi), strings.Join(shown, ""))
	p.height += 4
	for _, line := range lines(shown, t.Width-2*border) {
		x := border
		for i := line.from; i < line.to; i++ {
			x += p.token(c, shown[i], t.Values[i], x)
		}
		p.height += tokenHigh + 4
	}
	p.bar(c, border)
	p.leftOut(p.tokensCut, len(shown), len(t.Tokens))
	p.note(t.Note)
	return p.write(w)
}

// colors checks all values.
func (t Text) colors() (*colors, error) {
	if !(t.Width >= minSize && t.Width <= maxSize) {
		return nil, fmt.Errorf("the width is %g, %d to %d wanted", t.Width, minSize, maxSize)
	}
	if len(t.Tokens) != len(t.Values) {
		return nil, fmt.Errorf("there are %d tokens and %d values", len(t.Tokens), len(t.Values))
	}
	var known []int
	for i, v := range t.Values {
		if !t.Unknown || !math.IsNaN(v) {
			known = append(known, i)
		}
	}
	if len(known) == 0 {
		return nil, fmt.Errorf("there are no values")
	}
	return t.Scale.colors(len(known), func(i int) (float64, string) {
		return t.Values[known[i]], fmt.Sprintf("token %d, %q", known[i], t.Tokens[known[i]])
	})
}

// token draws one token and says how wide it is.
func (p *page) token(c *colors, s string, v, x float64) float64 {
	shown := signs.Replace(s)
	wide := tokenWidth(s)
	class, tip := "", visible(s)
	if !math.IsNaN(v) {
		class, tip = c.class(v), tip+": "+number(v)
	}
	if class == "" {
		class = "q"
	}
	p.rect(class, x, p.height, wide, tokenHigh, tip)
	if strings.TrimSpace(shown) != "" {
		text := "c"
		if class != "q" {
			text += " " + class
		}
		p.text(text, x+wide/2, p.height+tokenHigh*0.7, svg.Fit(shown, 2*maxSize, tokenSize))
	}
	return wide
}

// tokenWidth is for a font whose letters have one width, and East Asian ones
// twice that.
func tokenWidth(s string) float64 {
	em := 0.0
	for _, r := range signs.Replace(s) {
		switch w := svg.Width(string(r), 1); {
		case w >= 1 && r >= 0x1100:
			em += 1.08
		case w > 0:
			em += 0.62
		}
	}
	return em*tokenSize + 1
}

// textLine is the tokens from one to another.
type textLine struct{ from, to int }

// lines breaks tokens after white space where there is some, anywhere else
// where not, and after new lines.
func lines(tokens []string, width float64) []textLine {
	var ls []textLine
	from, space, used := 0, 0, 0.0
	for i := 0; i < len(tokens); i++ {
		w := tokenWidth(tokens[i])
		if used+w > width && i > from {
			end := i
			if space > from && i-space < 24 {
				end = space
			}
			ls = append(ls, textLine{from, end})
			from, used = end, 0
			i = end - 1
			continue
		}
		used += w
		if strings.HasSuffix(tokens[i], " ") || strings.HasPrefix(tokens[i], " ") {
			space = i + 1
			if tokens[i] != " " && strings.HasPrefix(tokens[i], " ") {
				space = i
			}
		}
		if strings.Contains(tokens[i], "\n") {
			ls = append(ls, textLine{from, i + 1})
			from, used = i+1, 0
		}
	}
	if from < len(tokens) {
		ls = append(ls, textLine{from, len(tokens)})
	}
	return ls
}
