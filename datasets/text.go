package datasets

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode/utf8"
)

// DefaultLimit is the largest text that is read unless [TextOptions] says otherwise: 1 GiB.
const DefaultLimit int64 = 1 << 30

// ErrTooLarge is wrapped by the errors for what is beyond a limit.
var ErrTooLarge = errors.New("too large")

// TextOptions are the choices of [ReadText].
type TextOptions struct {
	Limit int64 // most bytes of text, counted after decompression and before clean-up. 0: DefaultLimit
}

// ReadText reads all of r as UTF-8. Gzip is recognised by its first bytes and decompressed. A byte order mark at the
// start is dropped and every "\r\n" becomes "\n"; all else, lone "\r" and NUL included, stays as it is. It reads in
// pieces, so a long line costs no more than a short one; peak memory is at most about twice the text, and once if r
// tells its size (as files and bytes.Reader do).
//
// Errors: invalid UTF-8, with the offset of its first byte in the decompressed text (text in UTF-16 or EUC-KR must be
// converted first); more than opt.Limit bytes, which wraps [ErrTooLarge] and stops the decompression there; no text at
// all, which wraps [ErrEmpty]; and whatever r or gzip report.
func ReadText(r io.Reader, opt TextOptions) (string, error) {
	if opt.Limit < 0 {
		return "", fmt.Errorf("datasets: text: limit of %d bytes, wanted 0 (for %d) or more", opt.Limit, DefaultLimit)
	}
	t := textReader{limit: opt.Limit}
	if t.limit == 0 {
		t.limit = DefaultLimit
	}
	if err := t.append(r); err != nil {
		return "", fmt.Errorf("datasets: text: %w", err)
	}
	return t.text.String(), nil
}

// textReader gathers the text of one reader after the other under one limit.
type textReader struct {
	text  strings.Builder
	read  int64 // bytes so far, of all readers, decompressed
	limit int64
	apart bool // an empty line comes before what is added next
}

// append adds the text of r. Its errors name neither the package nor the file.
func (t *textReader) append(r io.Reader) error {
	src, size, err := decompress(r)
	if err != nil {
		return err
	}
	t.text.Grow(int(min(size, t.limit-t.read, DefaultLimit)))

	buf := make([]byte, 64<<10)
	var offset int64 // of buf[0] in src
	kept, wrote := 0, 0
	for {
		n, err := src.Read(buf[kept:])
		if err != nil && err != io.EOF {
			return fmt.Errorf("byte %d: %w", offset+int64(kept+n), err)
		}
		if t.read += int64(n); t.read > t.limit {
			return fmt.Errorf("%w: more than %d bytes", ErrTooLarge, t.limit)
		}
		chunk := buf[:kept+n]
		cut := len(chunk)
		if err == nil {
			cut = whole(chunk)
		}
		if at := invalidAt(chunk[:cut]); at >= 0 {
			return badByte(chunk, at, offset)
		}
		wrote += t.clean(chunk[:cut], offset == 0)
		if err == io.EOF {
			break
		}
		offset += int64(cut)
		kept = copy(buf, chunk[cut:])
	}
	if wrote == 0 {
		return ErrEmpty
	}
	return nil
}

// clean appends p without a byte order mark at the start and with "\n" for "\r\n", and returns how many bytes that is.
func (t *textReader) clean(p []byte, start bool) int {
	before := t.text.Len()
	if start {
		p = bytes.TrimPrefix(p, []byte("\uFEFF"))
	}
	if len(p) > 0 && t.apart {
		t.text.WriteString("\n\n")
		t.apart = false
	}
	for {
		cr := bytes.Index(p, []byte("\r\n"))
		if cr < 0 {
			break
		}
		t.text.Write(p[:cr])
		p = p[cr+1:] // from the \n on
	}
	t.text.Write(p)
	return t.text.Len() - before
}

// whole returns the length of the longest prefix of p that may be taken for itself: it does not end within a rune, nor
// with a \r whose \n may be still to come.
func whole(p []byte) int {
	n := len(p)
	if n > 0 && p[n-1] == '\r' {
		return n - 1
	}
	for i := n - 1; i >= max(0, n-utf8.UTFMax); i-- {
		if utf8.RuneStart(p[i]) {
			if !utf8.FullRune(p[i:]) {
				return i
			}
			break
		}
	}
	return n
}

// badByte is the error for the invalid byte chunk[at], where chunk[0] is at offset in its file.
func badByte(chunk []byte, at int, offset int64) error {
	hint := ""
	if offset == 0 && (bytes.HasPrefix(chunk, []byte{0xff, 0xfe}) || bytes.HasPrefix(chunk, []byte{0xfe, 0xff})) {
		hint = ": the text begins like UTF-16"
	}
	return fmt.Errorf("byte %d: invalid UTF-8 (0x%02x)%s", offset+int64(at), chunk[at], hint)
}

// decompress returns a reader of the plain text, and how many bytes it will give if r knows that, else 0.
func decompress(r io.Reader) (src io.Reader, size int64, err error) {
	size = sizeOf(r)
	in := bufio.NewReaderSize(r, 64<<10)
	magic, err := in.Peek(2)
	if err != nil && err != io.EOF {
		return nil, 0, err
	}
	if string(magic) != "\x1f\x8b" { // never the start of UTF-8: 0x8b continues a rune
		return in, size, nil
	}
	unzipped, err := gzip.NewReader(in)
	if err != nil {
		return nil, 0, err
	}
	return unzipped, 0, nil
}

// sizeOf returns the bytes that r says it has, or 0.
func sizeOf(r io.Reader) int64 {
	switch r := r.(type) {
	case interface{ Len() int }:
		return max(0, int64(r.Len()))
	case interface{ Stat() (fs.FileInfo, error) }:
		if info, err := r.Stat(); err == nil && info.Mode().IsRegular() {
			return max(0, info.Size())
		}
	}
	return 0
}
