package svg

import (
	"encoding/xml"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFit(t *testing.T) {
	for _, s := range []string{"", "x", "layer0/attention/Wquery/head12", strings.Repeat("한", 40), strings.Repeat("W", 300)} {
		got := Fit(s, 100, 12)
		assert.LessOrEqual(t, Width(got, 12), 100.0, s)
		if Width(s, 12) <= 100 {
			assert.Equal(t, s, got)
		}
	}
	assert.Equal(t, "…", Fit("한글", 12, 12))
}

func TestWidth(t *testing.T) {
	assert.InDelta(t, 24, Width("한글", 12), 1e-9)
	assert.InDelta(t, Width("a", 12), Width("á", 12), 1e-9, "a combining accent has no width")
	assert.Less(t, Width("il", 12), Width("mw", 12))
}

func TestEscape(t *testing.T) {
	hard := "<a href=\"x\">&amp;\x00\x1b\xff 한글\nend￾"
	got := Escape(hard)
	var back struct {
		Text string `xml:",chardata"`
	}
	require.NoError(t, xml.Unmarshal([]byte("<t>"+got+"</t>"), &back))
	assert.Equal(t, "<a href=\"x\">&amp;��� 한글 end�", back.Text)
}

func TestPx(t *testing.T) {
	for x, want := range map[float64]string{0: "0", -0.01: "0", 1.25: "1.3", 12: "12", -3.14: "-3.1"} {
		assert.Equal(t, want, Px(x))
	}
}
