package safetensors

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

var (
	// ErrFormat is wrapped by every error about a file, read or to be written, that
	// is not a valid one.
	ErrFormat = errors.New("safetensors: bad format")

	// ErrChecksum is wrapped by the error for a file whose checksum is not that of its content.
	ErrChecksum = errors.New("safetensors: checksum does not match")
)

// The types of elements that this library makes. Read and Write know the others of
// the format too, by size, except those narrower than a byte.
const (
	F64 = "F64"
	F32 = "F32"
	I64 = "I64"
	I32 = "I32"
	U8  = "U8"

	// F16 and BF16 are read by Float32s, not made.
	F16  = "F16"
	BF16 = "BF16"
)

// dtypes are the types and their sizes in bytes, in the reference's order: narrow ones first.
var dtypes = []struct {
	name string
	size int
}{
	{"BOOL", 1},
	{U8, 1},
	{"I8", 1},
	{"F8_E5M2", 1},
	{"F8_E4M3", 1},
	{"F8_E8M0", 1},
	{"I16", 2},
	{"U16", 2},
	{F16, 2},
	{BF16, 2},
	{I32, 4},
	{"U32", 4},
	{F32, 4},
	{"C64", 8},
	{F64, 8},
	{I64, 8},
	{"U64", 8},
}

// rank is the place of a type in dtypes, -1 for an unknown one.
func rank(dtype string) int {
	for i, d := range dtypes {
		if d.name == dtype {
			return i
		}
	}
	return -1
}

// Tensor is one named array. An empty Shape is a scalar, one element.
type Tensor struct {
	Name  string
	DType string // F32 and so on
	Shape []int
	Data  []byte // little-endian, row-major
}

// File is the content of a safetensors file.
type File struct {
	// Metadata is free text. The keys "unroll.checksum" and "unroll.checksum.kind"
	// are the package's own: Read takes them out, Write refuses them.
	Metadata map[string]string

	// Tensors have distinct names. Read gives them in the order of their data, Write
	// puts them in its own order.
	Tensors []Tensor

	// Checksum is the SHA-256 (hexadecimal) that Read found and verified, empty if
	// the file had none. Write ignores it.
	Checksum string
}

// Find returns the tensor of that name, nil if there is none.
func (f *File) Find(name string) *Tensor {
	for i := range f.Tensors {
		if f.Tensors[i].Name == name {
			return &f.Tensors[i]
		}
	}
	return nil
}

// String is for messages: tensor "layer0/Wx" F32 [2 3]. Very long names and shapes are cut.
func (t *Tensor) String() string {
	const most = 8
	shape := fmt.Sprint(t.Shape[:min(most, len(t.Shape))])
	if len(t.Shape) > most {
		shape = strings.TrimSuffix(shape, "]") + fmt.Sprintf(" and %d more]", len(t.Shape)-most)
	}
	return fmt.Sprintf("tensor %s %.8s %s", quoted(t.Name), t.DType, shape)
}

// Len returns the number of elements that Shape says, an error if a dimension is
// negative or the product too large.
func (t *Tensor) Len() (int, error) {
	n := 1
	for _, d := range t.Shape {
		if d < 0 || d > 0 && n > math.MaxInt/d {
			return 0, fmt.Errorf("%w: %v: shape is negative or too large", ErrFormat, t)
		}
		n *= d
	}
	return n, nil
}

// size returns the bytes that DType and Shape say.
func (t *Tensor) size() (int, error) {
	r := rank(t.DType)
	if r < 0 {
		return 0, fmt.Errorf("%w: %v: unknown dtype", ErrFormat, t)
	}
	n, err := t.Len()
	if err != nil {
		return 0, err
	}
	if n > math.MaxInt/dtypes[r].size {
		return 0, fmt.Errorf("%w: %v: shape is too large", ErrFormat, t)
	}
	return n * dtypes[r].size, nil
}

// check says what a header could not express or a reader would refuse.
func (t *Tensor) check() error {
	size, err := t.size()
	switch {
	case err != nil:
		return err
	case !utf8.ValidString(t.Name):
		return fmt.Errorf("%w: %v: name is not UTF-8", ErrFormat, t)
	case t.Name == metadataKey:
		return fmt.Errorf("%w: %v: reserved name", ErrFormat, t)
	case len(t.Data) != size:
		return fmt.Errorf("%w: %v: wanted %d bytes, got %d", ErrFormat, t, size, len(t.Data))
	}
	return nil
}

// inOrder returns the tensors as Write lays them out.
func inOrder(tensors []Tensor) []Tensor {
	sorted := slices.Clone(tensors)
	slices.SortStableFunc(sorted, func(a, b Tensor) int {
		if d := rank(b.DType) - rank(a.DType); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return sorted
}
