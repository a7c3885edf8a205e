package datasets_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

func zipped(t testing.TB, text string) string {
	t.Helper()
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return buf.String()
}

// A piece is 64 KiB; fill puts what follows across the border of two.
var fill = strings.Repeat("x", 64<<10-1)

func TestReadText(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "가나다\nabc", "가나다\nabc"},
		{"byte order mark", "\uFEFFa", "a"},
		{"only the first mark", "\uFEFF\uFEFFa\uFEFF", "\uFEFFa\uFEFF"},
		{"CRLF", "a\r\nb\r\n", "a\nb\n"},
		{"lone CR stays", "a\rb\r", "a\rb\r"},
		{"CR before CRLF stays", "a\r\r\nb", "a\r\nb"},
		{"LF CR stays", "a\n\rb", "a\n\rb"},
		{"only CRLF", "\r\n", "\n"},
		{"NUL", "a\x00b", "a\x00b"},
		{"U+FFFD", "a\uFFFD", "a\uFFFD"},
		{"CRLF across pieces", fill + "\r\nb", fill + "\nb"},
		{"rune across pieces", fill + "가b", fill + "가b"},
		{"CR at the end of a piece", fill + "\rb", fill + "\rb"},
		{"single gzip header byte", "\x1f", "\x1f"},
	}
	for _, tt := range tests {
		readers := map[string]io.Reader{
			"plain":         strings.NewReader(tt.in),
			"gzip":          strings.NewReader(zipped(t, tt.in)),
			"byte by byte":  iotest.OneByteReader(strings.NewReader(tt.in)),
			"end with data": iotest.DataErrReader(strings.NewReader(tt.in)),
		}
		for how, r := range readers {
			t.Run(tt.name+"/"+how, func(t *testing.T) {
				got, err := datasets.ReadText(r, datasets.TextOptions{})
				require.NoError(t, err)
				assert.True(t, tt.want == got, "got %d bytes, want %d", len(got), len(tt.want))
			})
		}
	}
}

func TestReadTextErrors(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"empty", "", "datasets: text: empty text"},
		{"byte order mark only", "\uFEFF", "empty text"},
		{"empty gzip", zipped(t, ""), "empty text"},
		{"invalid byte", "가\xffa", "datasets: text: byte 3: invalid UTF-8 (0xff)"},
		{"offset counts mark and CR", "\uFEFFa\r\n\xff", "byte 6: invalid UTF-8 (0xff)"},
		{"cut rune at the end", "a\xea\xb0", "byte 1: invalid UTF-8 (0xea)"},
		{"surrogate", "\xed\xa0\x80", "byte 0: invalid UTF-8 (0xed)"},
		{"overlong", "a\xc0\x80", "byte 1: invalid UTF-8 (0xc0)"},
		{"EUC-KR", "\xb0\xa1", "byte 0: invalid UTF-8 (0xb0)"},
		{"UTF-16", "\xff\xfea\x00", "byte 0: invalid UTF-8 (0xff): the text begins like UTF-16"},
		{"second piece", fill + "가\xff", "byte 65538: invalid UTF-8 (0xff)"},
		{"inside gzip", zipped(t, "ab\xff"), "byte 2: invalid UTF-8 (0xff)"},
		{"gzip header only", "\x1f\x8b", "unexpected EOF"},
		{"gzip cut off", zipped(t, "hello")[:20], "unexpected EOF"},
		{"garbage after gzip", zipped(t, "hello") + "x", "unexpected EOF"},
		{"gzip of gzip", zipped(t, zipped(t, "a")), "byte 1: invalid UTF-8 (0x8b)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := datasets.ReadText(strings.NewReader(tt.in), datasets.TextOptions{})
			assert.ErrorContains(t, err, tt.want)
			_, again := datasets.ReadText(iotest.OneByteReader(strings.NewReader(tt.in)), datasets.TextOptions{})
			assert.EqualError(t, again, err.Error(), "read byte by byte")
		})
	}
	_, err := datasets.ReadText(strings.NewReader(""), datasets.TextOptions{})
	assert.ErrorIs(t, err, datasets.ErrEmpty)

	broken := errors.New("broken")
	_, err = datasets.ReadText(io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(broken)), datasets.TextOptions{})
	assert.ErrorIs(t, err, broken)
	assert.ErrorContains(t, err, "byte 3")
}

func TestReadTextLimit(t *testing.T) {
	limit := datasets.TextOptions{Limit: 1 << 20}
	fits, over := strings.Repeat("a", 1<<20), strings.Repeat("a", 1<<20+1)
	for name, wrap := range map[string]func(string) string{
		"plain": func(s string) string { return s },
		"gzip":  func(s string) string { return zipped(t, s) },
	} {
		t.Run(name, func(t *testing.T) {
			got, err := datasets.ReadText(strings.NewReader(wrap(fits)), limit)
			require.NoError(t, err)
			assert.Len(t, got, len(fits))

			_, err = datasets.ReadText(strings.NewReader(wrap(over)), limit)
			assert.ErrorIs(t, err, datasets.ErrTooLarge)
			assert.EqualError(t, err, "datasets: text: too large: more than 1048576 bytes")
		})
	}
	_, err := datasets.ReadText(strings.NewReader("a"), datasets.TextOptions{Limit: -1})
	assert.ErrorContains(t, err, "limit of -1 bytes")
}

// A gzip bomb costs its limit, not its contents: here 16 MiB behind 16 KiB.
func TestReadTextGzipBomb(t *testing.T) {
	bomb := zipped(t, strings.Repeat("a", 16<<20))
	got := allocated(func() {
		_, err := datasets.ReadText(strings.NewReader(bomb), datasets.TextOptions{Limit: 1 << 16})
		assert.ErrorIs(t, err, datasets.ErrTooLarge)
	})
	assert.Less(t, got, uint64(2<<20))
}

// Text is what the plain definition says, however it comes in pieces; nothing is repaired in silence.
func FuzzReadText(f *testing.F) {
	f.Add([]byte("\uFEFFa\r\n가"))
	f.Fuzz(func(t *testing.T, data []byte) {
		const limit = 1 << 16
		got, err := datasets.ReadText(bytes.NewReader(data), datasets.TextOptions{Limit: limit})
		again, errAgain := datasets.ReadText(iotest.OneByteReader(bytes.NewReader(data)), datasets.TextOptions{Limit: limit})
		require.Equal(t, got, again)
		require.Equal(t, err == nil, errAgain == nil)
		if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
			require.LessOrEqual(t, len(got), limit)
			require.True(t, utf8.ValidString(got))
			return
		}
		want := strings.ReplaceAll(strings.TrimPrefix(string(data), "\uFEFF"), "\r\n", "\n")
		if want == "" || len(data) > limit || !utf8.Valid(data) {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}
