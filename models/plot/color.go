package plot

import (
	"fmt"
	"math"
)

// rgb is a colour, each part in [0, 1].
type rgb [3]float64

func hexOf(s uint32) rgb {
	return rgb{float64(s>>16) / 255, float64(s>>8&255) / 255, float64(s&255) / 255}
}

func (c rgb) String() string {
	v := 0
	for _, x := range c {
		v = v<<8 | int(math.Round(255*min(max(x, 0), 1)))
	}
	return fmt.Sprintf("#%06x", v)
}

// linear undoes the gamma of sRGB.
func linear(x float64) float64 {
	if x <= 0.04045 {
		return x / 12.92
	}
	return math.Pow((x+0.055)/1.055, 2.4)
}

func gamma(x float64) float64 {
	if x <= 0.0031308 {
		return 12.92 * x
	}
	return 1.055*math.Pow(x, 1/2.4) - 0.055
}

// luminance is that of WCAG 2, of which contrasts are ratios.
func (c rgb) luminance() float64 {
	return 0.2126*linear(c[0]) + 0.7152*linear(c[1]) + 0.0722*linear(c[2])
}

// lab is the colour in OKLab (Ottosson 2020,
// https://bottosson.github.io/posts/oklab/), where a straight line is even to
// the eye.
func (c rgb) lab() [3]float64 {
	r, g, b := linear(c[0]), linear(c[1]), linear(c[2])
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	return [3]float64{
		0.2104542553*l + 0.7936177850*m - 0.0040720468*s,
		1.9779984951*l - 2.4285922050*m + 0.4505937099*s,
		0.0259040371*l + 0.7827717662*m - 0.8086757660*s,
	}
}

// ofLab is the inverse of lab.
func ofLab(v [3]float64) rgb {
	l := v[0] + 0.3963377774*v[1] + 0.2158037573*v[2]
	m := v[0] - 0.1055613458*v[1] - 0.0638541728*v[2]
	s := v[0] - 0.0894841775*v[1] - 1.2914855480*v[2]
	l, m, s = l*l*l, m*m*m, s*s*s
	return rgb{
		gamma(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		gamma(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		gamma(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s),
	}
}

// ramp is n colours through anchors at equal distances.
func ramp(n int, anchors ...uint32) []rgb {
	cs := make([]rgb, n)
	for i := range cs {
		at := float64(i) / float64(n-1) * float64(len(anchors)-1)
		k := min(int(at), len(anchors)-2)
		a, b := hexOf(anchors[k]).lab(), hexOf(anchors[k+1]).lab()
		for j, f := range a {
			a[j] = f + (b[j]-f)*(at-float64(k))
		}
		cs[i] = ofLab(a)
	}
	return cs
}

// ink is black or white, whichever is easier to read on c; the contrast is 4.58
// at least.
func (c rgb) ink() string {
	if c.luminance() > 0.179 {
		return "#000"
	}
	return "#fff"
}
