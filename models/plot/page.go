package plot

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/unroll-go/unroll/internal/svg"
)

// Sizes in pixels.
const (
	textSize  = 12.0
	titleSize = 15.0
	border    = 14.0
	lineSkip  = 17.0
)

// page is a picture as it grows downwards: title, legend, plot, notes.
type page struct {
	strings.Builder
	words
	title, desc   string
	width, height float64 // height is that of what has been drawn so far
	ramps         [2]bool // the rules of colour that are needed: sequential, diverging
}

func newPage(title, lang string, width float64) (*page, error) {
	ws, ok := languages[cmp.Or(lang, "en")]
	if !ok {
		return nil, fmt.Errorf("the language is %q, en or ko wanted", lang)
	}
	p := &page{words: ws, title: title, width: width, height: border}
	if title != "" {
		p.paragraph("h", title, titleSize)
		p.height += 4
	}
	return p, nil
}

// maxLines is the length of a paragraph; what follows is left out.
const maxLines = 12

// paragraph writes lines of text that are no wider than the picture.
func (p *page) paragraph(class, s string, size float64) {
	all := wrapped(s, p.width-2*border, size)
	if len(all) > maxLines {
		all = append(all[:maxLines-1], "…")
	}
	for _, line := range all {
		p.height += size + 5
		p.text(class, border, p.height-5, line)
	}
}

// write ends the picture.
func (p *page) write(w io.Writer) error {
	width, height := svg.Px(p.width), svg.Px(p.height+border)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="plot" xmlns="http://www.w3.org/2000/svg" width="%[1]s" height="%[2]s" `+
		`viewBox="0 0 %[1]s %[2]s" role="img" font-family="%[3]s">`+"\n", width, height, svg.Escape(svg.Fonts))
	fmt.Fprintf(&b, "<title>%s</title>\n<desc>%s</desc>\n", svg.Escape(p.title), svg.Escape(p.desc))
	fmt.Fprintf(&b, "<style>%s</style>\n<rect class=\"bg\" width=\"%s\" height=\"%s\"/>\n", p.style(), width, height)
	b.WriteString(p.String())
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func (p *page) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

// text writes s from x; the class may place it otherwise: m at the middle, e at
// the end.
func (p *page) text(class string, x, y float64, s string) {
	p.line(`<text%s x="%s" y="%s">%s</text>`, classOf(class), svg.Px(x), svg.Px(y), svg.Escape(s))
}

// turned is text at an angle in degrees.
func (p *page) turned(class string, x, y, angle float64, s string) {
	p.line(`<text%s transform="translate(%s %s) rotate(%s)">%s</text>`,
		classOf(class), svg.Px(x), svg.Px(y), svg.Px(angle), svg.Escape(s))
}

func (p *page) rect(class string, x, y, w, h float64, tip string) {
	p.line(`<rect%s x="%s" y="%s" width="%s" height="%s"%s`,
		classOf(class), svg.Px(x), svg.Px(y), svg.Px(w), svg.Px(h), ending("rect", tip))
}

// ending closes an element, with a tip that shows under the pointer.
func ending(element, tip string) string {
	if tip == "" {
		return "/>"
	}
	return "><title>" + svg.Escape(tip) + "</title></" + element + ">"
}

func classOf(class string) string {
	if class == "" {
		return ""
	}
	return ` class="` + class + `"`
}

// wrapped breaks s at spaces, and cuts words that are too long for a line.
func wrapped(s string, width, size float64) []string {
	var lines []string
	line, used := "", 0.0
	for _, word := range strings.Fields(s) {
		w := svg.Width(word, size)
		switch {
		case line == "":
			line, used = word, w
		case used+0.4*size+w <= width:
			line, used = line+" "+word, used+0.4*size+w
		default:
			lines = append(lines, svg.Fit(line, width, size))
			line, used = word, w
		}
	}
	if line != "" {
		lines = append(lines, svg.Fit(line, width, size))
	}
	return lines
}

// finite says whether x can be drawn.
func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// named puts the kind of a chart and its title before an error.
func named(kind, title string, err error) error {
	if err == nil {
		return nil
	}
	if title != "" {
		kind = fmt.Sprintf("%s %q", kind, title)
	}
	return fmt.Errorf("plot: %s: %w", kind, err)
}
