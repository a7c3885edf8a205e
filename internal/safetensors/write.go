package safetensors

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	metadataKey = "__metadata__"
	maxHeader   = 100_000_000 // bytes, the reference's limit
	alignment   = 8           // of the data, in the file

	// The checksum's value is the SHA-256 over header (with this value as zeros) and
	// data, without the eight bytes of length: a file with another length there is
	// invalid anyway. The kind demands the checksum: without it a damaged key would
	// look like a file that has none.
	sumKey  = "unroll.checksum"
	kindKey = "unroll.checksum.kind"
	kind    = "sha256"
)

var noSum = strings.Repeat("0", 2*sha256.Size)

// Write writes f with a checksum. Equal files give equal bytes. A file that cannot
// be written is an ErrFormat, before the first byte; other errors are w's.
func Write(w io.Writer, f *File) error { return write(w, f, true) }

// WritePlain is Write without the checksum and its two metadata entries.
func WritePlain(w io.Writer, f *File) error { return write(w, f, false) }

func write(w io.Writer, f *File, checked bool) error {
	tensors := inOrder(f.Tensors)
	header, sumAt, err := encodeHeader(f.Metadata, tensors, checked)
	if err != nil {
		return err
	}
	if checked {
		h := sha256.New()
		h.Write(header)
		for _, t := range tensors {
			h.Write(t.Data)
		}
		hex.Encode(header[sumAt:], h.Sum(nil))
	}

	out := append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...)
	if _, err := w.Write(out); err != nil {
		return fmt.Errorf("safetensors: write header: %w", err)
	}
	for _, t := range tensors {
		if _, err := w.Write(t.Data); err != nil {
			return fmt.Errorf("safetensors: write %v: %w", &t, err)
		}
	}
	return nil
}

// encodeHeader returns the padded JSON, and where in it the checksum goes. Tensors
// are in the order of their data.
func encodeHeader(metadata map[string]string, tensors []Tensor, checked bool) (header []byte, sumAt int, err error) {
	var b bytes.Buffer
	b.WriteByte('{')
	if len(metadata) > 0 || checked {
		if sumAt, err = encodeMetadata(&b, metadata, checked); err != nil {
			return nil, 0, err
		}
	}
	seen := map[string]bool{}
	begin := 0
	for i := range tensors {
		t := &tensors[i]
		if err := t.check(); err != nil {
			return nil, 0, err
		}
		if seen[t.Name] {
			return nil, 0, fmt.Errorf("%w: %v: name occurs twice", ErrFormat, t)
		}
		seen[t.Name] = true

		end := begin + len(t.Data)
		comma(&b)
		b.Write(quote(t.Name))
		fmt.Fprintf(&b, `:{"dtype":"%s","shape":%s,"data_offsets":[%d,%d]}`, t.DType, list(t.Shape), begin, end)
		begin = end
	}
	b.WriteByte('}')
	for b.Len()%alignment != 0 {
		b.WriteByte(' ')
	}
	if b.Len() > maxHeader {
		return nil, 0, fmt.Errorf("%w: header: wanted at most %d bytes, got %d", ErrFormat, maxHeader, b.Len())
	}
	return b.Bytes(), sumAt, nil
}

// encodeMetadata returns where in b the checksum goes; until then there are zeros.
func encodeMetadata(b *bytes.Buffer, metadata map[string]string, checked bool) (sumAt int, err error) {
	entries := map[string]string{}
	for k, v := range metadata {
		switch {
		case !utf8.ValidString(k) || !utf8.ValidString(v):
			return 0, fmt.Errorf("%w: metadata %q: key or value is not UTF-8", ErrFormat, k)
		case k == sumKey || k == kindKey:
			return 0, fmt.Errorf("%w: metadata %q: reserved key", ErrFormat, k)
		}
		entries[k] = v
	}
	if checked {
		entries[sumKey], entries[kindKey] = noSum, kind
	}

	b.WriteString(`"` + metadataKey + `":{`)
	for _, k := range slices.Sorted(maps.Keys(entries)) {
		comma(b)
		b.Write(quote(k))
		b.WriteByte(':')
		if k == sumKey {
			sumAt = b.Len() + 1 // behind the quotation mark
		}
		b.Write(quote(entries[k]))
	}
	b.WriteByte('}')
	return sumAt, nil
}

// comma separates a member from one before it, if any.
func comma(b *bytes.Buffer) {
	if last := b.Bytes()[b.Len()-1]; last != '{' {
		b.WriteByte(',')
	}
}

// quote makes a JSON string, leaving <, > and & as they are.
func quote(s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic("internal error: a string does not encode: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func list(shape []int) string { return strings.ReplaceAll(fmt.Sprint(shape), " ", ",") }
