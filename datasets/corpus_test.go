package datasets_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// The embedded texts are what a reader would return: UTF-8 without a byte order mark, "\n" at line ends, no NUL, and
// composed syllables rather than single jamo.
func TestEmbeddedCorpora(t *testing.T) {
	for name, text := range map[string]string{"english": datasets.English(), "korean": datasets.Korean()} {
		t.Run(name, func(t *testing.T) {
			require.True(t, utf8.ValidString(text))
			read, err := datasets.ReadText(strings.NewReader(text), datasets.TextOptions{})
			require.NoError(t, err)
			assert.True(t, text == read, "the reader would change it")
			for _, r := range text {
				require.False(t, r == 0 || r == '\r' || r >= 0x1100 && r <= 0x11ff, "rune %U", r)
			}
		})
	}
	assert.True(t, strings.ContainsFunc(datasets.Korean(), func(r rune) bool { return unicode.Is(unicode.Hangul, r) }))
}
