package plot

import (
	"math"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func parseHex(t *testing.T, s string) rgb {
	t.Helper()
	m := regexp.MustCompile(`#([0-9a-f]{6}|[0-9a-f]{3})\b`).FindStringSubmatch(s)
	require.NotNil(t, m, s)
	h := m[1]
	if len(h) == 3 {
		h = string([]byte{h[0], h[0], h[1], h[1], h[2], h[2]})
	}
	v, err := strconv.ParseUint(h, 16, 32)
	require.NoError(t, err)
	return hexOf(uint32(v))
}

func contrast(a, b rgb) float64 {
	x, y := a.luminance()+0.05, b.luminance()+0.05
	return max(x, y) / min(x, y)
}

func ruleOf(t *testing.T, selector string) rule {
	t.Helper()
	for _, r := range rules {
		if r.selector == selector {
			return r
		}
	}
	require.Fail(t, selector)
	return rule{}
}

// Texts have the contrast that WCAG 2 asks for, 4.5, and curves more than its
// 3, in light and in dark.
func TestContrast(t *testing.T) {
	page, text, small := ruleOf(t, ".bg"), ruleOf(t, "text"), ruleOf(t, ".n")
	light, dark := parseHex(t, page.light), parseHex(t, page.dark)
	for _, r := range []rule{text, small} {
		assert.GreaterOrEqual(t, contrast(parseHex(t, r.light), light), 7.0, r.selector)
		assert.GreaterOrEqual(t, contrast(parseHex(t, r.dark), dark), 7.0, r.selector)
	}
	for _, c := range palette {
		assert.GreaterOrEqual(t, contrast(parseHex(t, c[0]), light), 4.0, c[0])
		assert.GreaterOrEqual(t, contrast(parseHex(t, c[1]), dark), 4.0, c[1])
	}
	for i := range ramps {
		for _, r := range rampRules(i) {
			if r.selector[0] == '.' {
				continue
			}
			for k, colour := range []string{r.light, r.dark} {
				level, err := strconv.Atoi(r.selector[len("text.a"):])
				require.NoError(t, err)
				box := ramp(levels, ramps[i][k]...)[level]
				assert.GreaterOrEqual(t, contrast(parseHex(t, colour), box), 4.5, "%s %s", r.selector, colour)
			}
		}
	}
}

// The colours of values of one sign become steadily darker, or lighter: grey
// print and eyes that see no hue read them. With two signs both halves do.
func TestRampsAreMonotone(t *testing.T) {
	for i, pair := range ramps {
		for k, anchors := range pair {
			cs := ramp(levels, anchors...)
			for j := 1; j < levels; j++ {
				step := cs[j].lab()[0] - cs[j-1].lab()[0]
				up := (k == 1) != (i == 1 && j <= levels/2)
				assert.Equal(t, up, step > 0, "ramp %d %d, level %d", i, k, j)
				assert.Greater(t, math.Abs(step), 0.005, "ramp %d %d, level %d", i, k, j)
			}
		}
	}
}

// OKLab and back is the same colour; white has lightness 1, grey no hue.
func TestOKLab(t *testing.T) {
	for _, v := range []uint32{0, 0xffffff, 0x123456, 0xfedcba} {
		assert.Equal(t, hexOf(v).String(), ofLab(hexOf(v).lab()).String())
	}
	assert.InDelta(t, 1, hexOf(0xffffff).lab()[0], 1e-6)
	assert.InDelta(t, 0, hexOf(0x808080).lab()[1], 1e-6)
}

func TestNumber(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0", 0.05: "0.05", -0.5: "-0.5", 1234: "1234", 12345: "12,345", 999999: "999,999", -40000: "-40,000",
		1e6: "10⁶", 2.5e-7: "2.5·10⁻⁷", -1e-6: "−10⁻⁶", 1e300: "10³⁰⁰", 9999.9: "10,000", 0.001: "0.001", 0.30000000000000004: "0.3",
	} {
		assert.Equal(t, want, number(x))
	}
}
