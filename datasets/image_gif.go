package datasets

import (
	"errors"
	"fmt"
	"io"
)

// oneFrame refuses a GIF of several frames, of which nobody said which is meant. It passes over blocks by their lengths and
// decodes nothing (CompuServe, GIF89a specification).
func oneFrame(data []byte) error {
	const descriptor, extension, trailer = 0x2c, 0x21, 0x3b
	b := blocks{data: data}
	b.skip(10)
	b.table(b.next())
	b.skip(2)
	for frames := 0; ; {
		switch kind := b.next(); {
		case b.short:
			return fmt.Errorf("the file ends too early: %w", io.ErrUnexpectedEOF)
		case kind == trailer:
			return nil
		case kind == extension:
			b.skip(1)
		case kind == descriptor:
			if frames++; frames > 1 {
				return errors.New("it is animated, wanted a single frame")
			}
			b.skip(8)
			b.table(b.next())
			b.skip(1)
		default:
			return fmt.Errorf("byte %d: block 0x%02x, wanted a frame, an extension or the end", b.at-1, kind)
		}
		b.subBlocks()
	}
}

// blocks walks over the bytes of a GIF; short is set when they end.
type blocks struct {
	data  []byte
	at    int
	short bool
}

func (b *blocks) skip(n int) {
	if b.at += n; b.at > len(b.data) {
		b.at, b.short = len(b.data), true
	}
}

func (b *blocks) next() byte {
	if b.skip(1); b.short {
		return 0
	}
	return b.data[b.at-1]
}

// table skips the colours that the flags announce.
func (b *blocks) table(flags byte) {
	if flags&0x80 != 0 {
		b.skip(3 << (flags&7 + 1))
	}
}

// subBlocks skips pieces with their lengths before them, to an empty one.
func (b *blocks) subBlocks() {
	for n := b.next(); n > 0 && !b.short; n = b.next() {
		b.skip(int(n))
	}
}
