package safetensors

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
)

const (
	lengthSize = 8       // bytes
	chunk      = 1 << 20 // bytes; the most that is allocated on a claim alone
)

// Read reads a file up to the end of r and verifies its checksum if it has one.
// A file of more than limit bytes is refused before its data is read; limit 0 means
// no limit, and then memory still grows only with what r delivers, to about twice of it.
//
// Errors wrap ErrFormat, ErrChecksum, or what r returned. A program that rewrites a
// file and copies its metadata must drop "unroll.checksum" and "unroll.checksum.kind".
func Read(r io.Reader, limit int64) (*File, error) {
	in := &input{r: r, hash: sha256.New()}
	raw, err := in.header(limit)
	if err != nil {
		return nil, err
	}
	h, err := parseHeader(raw)
	if err != nil {
		return nil, err
	}
	sum, err := h.takeSum(raw)
	if err != nil {
		return nil, err
	}
	if n := len(h.entries); n > 0 && limit > 0 && int64(h.entries[n-1].end) > limit-in.at {
		return nil, wrong(in.at, "data", fmt.Sprintf("at most %d bytes", limit-in.at), h.entries[n-1].end)
	}

	in.hash.Reset()
	in.hash.Write(raw) // takeSum has put zeros in place of the checksum
	f := &File{Metadata: h.metadata, Checksum: sum}
	for _, e := range h.entries {
		if e.Data, err = in.take(e.size, e.Tensor.String()); err != nil {
			return nil, err
		}
		f.Tensors = append(f.Tensors, e.Tensor)
	}
	if err := in.end(); err != nil {
		return nil, err
	}
	if got := hex.EncodeToString(in.hash.Sum(nil)); sum != "" && sum != got {
		return nil, fmt.Errorf("%w: header and %d bytes in all: wanted SHA-256 %s, got %s", ErrChecksum, in.at, sum, got)
	}
	return f, nil
}

// takeSum removes the checksum from the metadata and from raw and returns it.
func (h *header) takeSum(raw []byte) (string, error) {
	sum, ok := h.metadata[sumKey]
	if k, demanded := h.metadata[kindKey]; demanded && (!ok || k != kind) {
		return "", wrong(lengthSize, metadataKey, kind+" in "+sumKey, fmt.Sprintf("%.80q %.80q", k, sum))
	}
	if !ok {
		return "", nil
	}
	at := int64(lengthSize + h.sumAt)
	if len(sum) != len(noSum) {
		return "", wrong(at, sumKey, fmt.Sprintf("%d digits", len(noSum)), len(sum))
	}
	digits := raw[h.sumAt : h.sumAt+len(noSum)]
	if string(digits) != sum || raw[h.sumAt-1] != '"' {
		return "", wrong(at, sumKey, "digits without escapes", fmt.Sprintf("%q", digits))
	}
	copy(digits, noSum)
	delete(h.metadata, sumKey)
	delete(h.metadata, kindKey)
	return sum, nil
}

// input counts and hashes what is read.
type input struct {
	r    io.Reader
	at   int64 // offset in the file
	hash hash.Hash
}

func (in *input) header(limit int64) ([]byte, error) {
	length, err := in.take(lengthSize, "header length")
	if err != nil {
		return nil, err
	}
	most := uint64(maxHeader)
	if limit > 0 {
		most = min(most, uint64(max(0, limit-lengthSize)))
	}
	n := binary.LittleEndian.Uint64(length)
	if n > most {
		return nil, wrong(0, "header length", fmt.Sprintf("at most %d", most), n)
	}
	return in.take(int(n), "header")
}

// take reads n bytes. The buffer doubles as it fills, so a claim of any size costs
// no more than a chunk.
func (in *input) take(n int, what string) ([]byte, error) {
	buf := make([]byte, min(n, chunk))
	for got := 0; ; {
		k, err := io.ReadFull(in.r, buf[got:])
		got += k
		switch {
		case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			return nil, wrong(in.at, what, fmt.Sprintf("%d bytes", n), got)
		case err != nil:
			return nil, fmt.Errorf("safetensors: read %s at offset %d: %w", what, in.at+int64(got), err)
		case got == n:
			in.at += int64(n)
			in.hash.Write(buf)
			return buf, nil
		}
		grown := make([]byte, got+min(got, n-got))
		copy(grown, buf)
		buf = grown
	}
}

// end makes sure that nothing follows.
func (in *input) end() error {
	switch k, err := io.ReadFull(in.r, make([]byte, 1)); {
	case k != 0:
		return wrong(in.at, "data", "end of file", "more bytes")
	case !errors.Is(err, io.EOF):
		return fmt.Errorf("safetensors: read at offset %d: %w", in.at, err)
	}
	return nil
}
