package lecture

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/unroll-go/unroll/internal/svg"
)

// pictureForms is chapter 6: when something goes in and when something comes
// out.
func pictureForms(context.Context, Choice) ([]Picture, error) {
	return []Picture{{
		Name:  "06-forms",
		Title: Text{"The four forms", "네 가지 형태"},
		Caption: Text{
			"Inputs are below, states in the middle, outputs above; time runs to the right. In translation the whole sentence is read " +
				"before the first word is written, and each word that is written is read next.",
			"아래가 입력, 가운데가 상태, 위가 출력이며 시간은 오른쪽으로 흐릅니다. 번역에서는 문장을 끝까지 읽은 뒤에 첫 단어를 쓰고, 쓴 단어를 다음 시점에 다시 읽습니다.",
		},
		draw: func(l Lang) chart { return forms{l} },
	}}, nil
}

// form is one of them: which steps have an input, an output, and an output that
// is the next input.
type form struct {
	name, example Text
	in, out, fed  string // a letter for each step: x where there is one
	alone         bool   // no recurrence
}

func allForms() []form {
	return []form{
		{Text{"one to one", "단일 → 단일"}, Text{"feed-forward network", "순방향 신경망"}, "x", "x", ".", true},
		{Text{"one to many", "단일 → 다중"}, Text{"a sentence for a picture", "그림을 설명하는 문장"}, "x...", ".xxx", ".xx.", false},
		{Text{"many to one", "다중 → 단일"}, Text{"opinion of a review", "후기의 긍정·부정"}, "xxxx", "...x", "....", false},
		{Text{"many to many, step by step", "다중 → 다중(시점마다)"}, Text{"a label for each word", "단어별 태그"}, "xxxx", "xxxx", "....", false},
		{Text{"many to many, one after the other", "다중 → 다중(읽은 뒤 쓰기)"}, Text{"translation", "번역"}, "xxx...", "...xxx", "...xx.", false},
	}
}

// forms is the picture.
type forms struct{ Lang }

// Its sizes in pixels.
const (
	formBox, formGap, formHigh = 26.0, 20.0, 168.0
	formTop                    = 40.0
)

const formStyle = `svg.forms text{fill:#111;font-size:12px}svg.forms .h{font-size:15px;font-weight:bold}svg.forms .k{font-weight:bold}` +
	`svg.forms .bg{fill:#fff}svg.forms .x{fill:#d6ecfa;stroke:#0072b2}svg.forms .s{fill:#e6e8ee;stroke:#444}` +
	`svg.forms .y{fill:#fbe0cf;stroke:#b34700}svg.forms .a{stroke:#444;fill:none;stroke-width:1.4}svg.forms .t{fill:#444}` +
	`svg.forms .f{stroke:#b34700;fill:none;stroke-width:1.4;stroke-dasharray:4 3}` +
	`@media(prefers-color-scheme:dark){svg.forms text{fill:#f2f2f2}svg.forms .bg{fill:#14171a}svg.forms .x{fill:#0d3a57;stroke:#56b4e9}` +
	`svg.forms .s{fill:#30363d;stroke:#c8c8c8}svg.forms .y{fill:#5a2a0c;stroke:#f0935a}svg.forms .a{stroke:#c8c8c8}` +
	`svg.forms .t{fill:#c8c8c8}svg.forms .f{stroke:#f0935a}}`

// SVG draws the forms in two rows.
func (f forms) SVG(w io.Writer) error {
	const width, height = 720.0, formTop + 2*formHigh + 10
	var b strings.Builder
	title := f.of("The four forms", "네 가지 형태")
	fmt.Fprintf(&b, `<svg class="plot forms" xmlns="http://www.w3.org/2000/svg" width="%[1]v" height="%[2]v" viewBox="0 0 %[1]v %[2]v"`+
		` role="img" font-family="%[3]s"><title>%[4]s</title><style>%[5]s</style><rect class="bg" width="%[1]v" height="%[2]v"/>`+"\n",
		width, height, svg.Escape(svg.Fonts), title, formStyle)
	fmt.Fprintf(&b, `<text class="h" x="14" y="26">%s</text>`+"\n", title)
	x, y := 14.0, formTop
	for i, one := range allForms() {
		if i == 3 {
			x, y = 14, formTop+formHigh
		}
		f.form(&b, one, x, y)
		x += 240
		if i == 3 {
			x += 20
		}
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// form draws one of them from its upper left corner.
func (f forms) form(b *strings.Builder, one form, x, y float64) {
	fmt.Fprintf(b, `<text class="k" x="%v" y="%v">%s</text><text x="%[1]v" y="%[4]v">%[5]s</text>`+"\n",
		x, y+14, svg.Escape(one.name.In(f.Lang)), y+30, svg.Escape(one.example.In(f.Lang)))
	top, middle, bottom := y+40, y+82, y+124
	for t := range one.in {
		at := x + float64(t)*(formBox+formGap)
		box(b, "s", at, middle)
		if t > 0 && !one.alone {
			arrow(b, "a", at-formGap, middle+formBox/2, at, middle+formBox/2)
		}
		if one.in[t] == 'x' {
			box(b, "x", at, bottom)
			arrow(b, "a", at+formBox/2, bottom, at+formBox/2, middle+formBox)
		}
		if one.out[t] == 'x' {
			box(b, "y", at, top)
			arrow(b, "a", at+formBox/2, middle, at+formBox/2, top+formBox)
		}
		if one.fed[t] == 'x' { // what is written is read next
			next := at + formBox + formGap + formBox/2
			fmt.Fprintf(b, `<path class="f" d="M%v %vh%vV%vH%vV%v"/>`+"\n",
				at+formBox, top+formBox/2, formGap/2, bottom+8, next, middle+formBox+7)
			arrow(b, "f", next, middle+formBox+7, next, middle+formBox)
		}
	}
}

func box(b *strings.Builder, class string, x, y float64) {
	fmt.Fprintf(b, `<rect class="%s" x="%v" y="%v" width="%v" height="%[4]v" rx="4"/>`+"\n", class, x, y, formBox)
}

// arrow goes right or up.
func arrow(b *strings.Builder, class string, x0, y0, x1, y1 float64) {
	fmt.Fprintf(b, `<path class="%s" d="M%v %vL%v %v"/>`, class, x0, y0, x1, y1)
	if y0 == y1 {
		fmt.Fprintf(b, `<path class="t" d="M%v %vl-6 -3v6Z"/>`+"\n", x1, y1)
		return
	}
	fmt.Fprintf(b, `<path class="t" d="M%v %vl-3 6h6Z"/>`+"\n", x1, y1)
}
