package plot

import (
	"fmt"
	"slices"
	"strings"
)

// levels is how many colours a scale of colours has.
const levels = 33

// ramps are the colours of values: one hue for values of one sign, from the
// page's colour on, and two for values of both signs. Lightness alone tells the
// values of one sign apart; blue and orange are told apart by those who do not
// see red and green as two (Okabe and Ito 2008, https://jfly.uni-koeln.de/color/).
var ramps = [2][2][]uint32{
	{{0xf1f5f9, 0x63aed6, 0x0a5a9c, 0x06284f}, {0x20272e, 0x1f5f8f, 0x5fb4e6, 0xe6f5ff}},
	{{0x06417a, 0x5aa9d8, 0xf4f4f2, 0xe8935a, 0x8a2f00}, {0x9ad7ff, 0x2f78ab, 0x22272c, 0xb35a1f, 0xffbf8f}},
}

// rampClasses begin the names of classes of levels.
var rampClasses = [2]string{"a", "d"}

// rule is what one class looks like, in light and in dark.
type rule struct{ selector, light, dark string }

// rules are those of all pictures. Colours of series are near those of Okabe
// and Ito, changed to have a contrast of 4 with the page.
var rules = []rule{
	{".bg", "fill:#fff", "fill:#14171a"},
	{"text", "fill:#111;font-size:12px", "fill:#f2f2f2"},
	{".h", "font-size:15px;font-weight:bold", ""},
	{".n", "fill:#444;font-size:11px", "fill:#c8cdd2"},
	{".m", "text-anchor:middle", ""},
	{".e", "text-anchor:end", ""},
	{".c", "font-family:Consolas,Menlo,\"Noto Sans Mono CJK KR\",D2Coding,monospace;font-size:15px;text-anchor:middle", ""},
	{".g", "stroke:#dde2e7", "stroke:#30363d"},
	{".f", "stroke:#59636e;fill:none", "stroke:#9198a1"},
	{".l", "fill:none;stroke-width:1.8;stroke-linejoin:round", ""},
	{".w", "fill-opacity:.2", "fill-opacity:.28"},
	{".q", "fill:none;stroke:#8a949e;stroke-dasharray:2 2", "stroke:#76808a"},
	{".o", "paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round", "stroke:#14171a"},
}

// palette has the colours of series, light and dark.
var palette = [...][2]string{
	{"#0072b2", "#56b4e9"},
	{"#c04c00", "#f0935a"},
	{"#00805e", "#35c79a"},
	{"#9c4080", "#e49cc4"},
	{"#8a6500", "#e6c040"},
	{"#444444", "#d5d5d5"},
}

// dashes tell apart what colours alone may not.
var dashes = [...]string{"", "8 4", "3 3", "10 3 3 3", "1 4", "14 4"}

// style is the rules that the page needs. Everything is below svg.plot, so that
// pictures may stand inline in a page that has rules of its own.
func (p *page) style() string {
	all := slices.Clone(rules)
	for i, c := range palette {
		all = append(all,
			rule{fmt.Sprintf(".s%d", i), "stroke:" + c[0], "stroke:" + c[1]},
			rule{fmt.Sprintf(".t%d", i), "fill:" + c[0], "fill:" + c[1]})
	}
	for i, needed := range p.ramps {
		if needed {
			all = append(all, rampRules(i)...)
		}
	}
	var light, dark strings.Builder
	for _, r := range all {
		fmt.Fprintf(&light, "svg.plot %s{%s}", r.selector, r.light)
		if r.dark != "" {
			fmt.Fprintf(&dark, "svg.plot %s{%s}", r.selector, r.dark)
		}
	}
	return light.String() + "@media(prefers-color-scheme:dark){" + dark.String() + "}"
}

// rampRules are the boxes of each level, and the text on them.
func rampRules(i int) []rule {
	light, dark := ramp(levels, ramps[i][0]...), ramp(levels, ramps[i][1]...)
	var rs []rule
	for k := range levels {
		class := fmt.Sprintf(".%s%d", rampClasses[i], k)
		rs = append(rs,
			rule{class, "fill:" + light[k].String(), "fill:" + dark[k].String()},
			rule{"text" + class, "fill:" + light[k].ink(), "fill:" + dark[k].ink()})
	}
	return rs
}
