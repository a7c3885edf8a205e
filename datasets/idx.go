package datasets

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// maxRank bounds the dimensions of an IDX file.
const maxRank = 8

// IDX is an array of bytes, as the MNIST files hold their pictures and labels.
type IDX struct {
	Shape []int  // each at least 1; the first is the number of items
	Data  []byte // row by row, the last dimension fastest
}

// IDXOptions are the choices of [ReadIDX].
type IDXOptions struct {
	Limit int64 // most bytes of data, after decompression. 0: DefaultLimit
}

// idxTypes are the names of the element types, by their code in the magic number.
var idxTypes = map[byte]string{
	0x08: "unsigned byte", 0x09: "signed byte", 0x0b: "int16", 0x0c: "int32", 0x0d: "float32", 0x0e: "float64",
}

// ReadIDX reads an IDX file of unsigned bytes (LeCun, Cortes and Burges, the MNIST database): the magic number 00 00 08
// and the number of dimensions, each dimension as a big-endian uint32, then the data. Gzip is recognised by its first
// bytes. The file need not be trusted: memory grows with the data that is there, not with what the head claims.
//
// Errors name the byte, what was wanted and what is there: another magic number or element type, no dimension or more
// than 8, one of 0, more data than the limit (wraps [ErrTooLarge]), and less or more data than the dimensions say.
func ReadIDX(r io.Reader, opt IDXOptions) (*IDX, error) {
	if opt.Limit < 0 {
		return nil, fmt.Errorf("datasets: IDX: limit of %d bytes, wanted 0 (for %d) or more", opt.Limit, DefaultLimit)
	}
	if opt.Limit == 0 {
		opt.Limit = DefaultLimit
	}
	x, err := readIDX(r, opt.Limit)
	if err != nil {
		return nil, fmt.Errorf("datasets: IDX: %w", err)
	}
	return x, nil
}

// LoadIDX is [ReadIDX] for the file at name, which the errors name.
func LoadIDX(name string) (*IDX, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("datasets: %w", err)
	}
	defer f.Close()
	x, err := readIDX(f, DefaultLimit)
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: IDX: %w", name, err)
	}
	return x, nil
}

func readIDX(r io.Reader, limit int64) (*IDX, error) {
	src, _, err := decompress(r)
	if err != nil {
		return nil, err
	}
	shape, size, err := idxHead(src, limit)
	if err != nil {
		return nil, err
	}
	var data bytes.Buffer
	head := int64(4 + 4*len(shape))
	n, err := io.Copy(&data, io.LimitReader(src, size+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("byte %d: %w", head+n, err)
	case n < size:
		return nil, fmt.Errorf("byte %d: the file ends, %d bytes of data wanted for %v, got %d", head+n, size, shape, n)
	case n > size:
		return nil, fmt.Errorf("byte %d: more data than the %d bytes of %v", head+size, size, shape)
	}
	return &IDX{Shape: shape, Data: data.Bytes()}, nil
}

// idxHead reads the magic number and the dimensions, and returns how many bytes they make.
func idxHead(src io.Reader, limit int64) (shape []int, size int64, err error) {
	var magic [4]byte
	if n, err := io.ReadFull(src, magic[:]); err != nil {
		return nil, 0, idxCut(n, err)
	}
	rank := int(magic[3])
	name, known := idxTypes[magic[2]]
	switch {
	case magic[0] != 0 || magic[1] != 0 || !known:
		return nil, 0, fmt.Errorf("byte 0: magic number % x, wanted 00 00 08 and the number of dimensions", magic)
	case magic[2] != 0x08:
		return nil, 0, fmt.Errorf("byte 2: elements of type %s (0x%02x), wanted unsigned byte (0x08)", name, magic[2])
	case rank < 1 || rank > maxRank:
		return nil, 0, fmt.Errorf("byte 3: %d dimensions, wanted 1 to %d", rank, maxRank)
	}
	dims := make([]byte, 4*rank)
	if n, err := io.ReadFull(src, dims); err != nil {
		return nil, 0, idxCut(4+n, err)
	}
	shape, size = make([]int, rank), 1
	for i := range shape {
		n := int64(binary.BigEndian.Uint32(dims[4*i:]))
		if n == 0 {
			return nil, 0, fmt.Errorf("byte %d: dimension %d is 0, wanted at least 1", 4+4*i, i)
		}
		if n > limit/size {
			return nil, 0, fmt.Errorf("byte %d: dimension %d of %d: %w: more than %d bytes", 4+4*i, i, n, ErrTooLarge, limit)
		}
		shape[i], size = int(n), size*n
	}
	return shape, size, nil
}

// idxCut is the error for a head that ends after n bytes.
func idxCut(n int, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("byte %d: the file ends in its head: %w", n, io.ErrUnexpectedEOF)
	}
	return fmt.Errorf("byte %d: %w", n, err)
}

// check refuses an array that is not there, and one whose data are not what its shape says: it need not come from a file.
func (x *IDX) check() error {
	if x == nil {
		return errors.New("there is no array, got nil")
	}
	size := 1
	for _, n := range x.Shape {
		if n < 1 || n > len(x.Data)/size {
			size = -1
			break
		}
		size *= n
	}
	if size != len(x.Data) {
		return fmt.Errorf("an array of shape %v with %d bytes, wanted as many as its shape says and at least 1", x.Shape, len(x.Data))
	}
	return nil
}

// Len is the number of items.
func (x *IDX) Len() int {
	if len(x.Shape) == 0 {
		return 0
	}
	return x.Shape[0]
}

// Width is the number of bytes of an item.
func (x *IDX) Width() int { return len(x.Data) / max(x.Len(), 1) }

// Item returns the bytes of item i, which are part of Data; nil if there is no such item.
func (x *IDX) Item(i int) []byte {
	if i < 0 || i >= x.Len() {
		return nil
	}
	return x.Data[i*x.Width() : (i+1)*x.Width()]
}
