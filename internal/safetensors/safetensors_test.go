package safetensors

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// example holds every kind of thing a file can: all typed tensors, a scalar, an
// empty one, names and metadata that need escapes.
func example() *File {
	return &File{
		Metadata: map[string]string{"vocab": "a\n\"b\"<&>\u2028가", "": "empty key"},
		Tensors: []Tensor{
			FromFloat32s("layer0/Wx", []int{2, 3}, []float32{1, -2, 3.5, 0, float32(math.Inf(1)), 1e-45}),
			FromFloat64s("scalar", nil, []float64{math.Pi}),
			FromInt64s("steps", []int{2}, []int64{math.MinInt64, math.MaxInt64}),
			FromInt32s("ids \"<>\"", []int{1, 2}, []int32{-1, math.MaxInt32}),
			FromBytes("가", []int{3}, []byte{0, 127, 255}),
			FromFloat32s("empty", []int{0, 4}, nil),
		},
	}
}

func written(t require.TestingT, f *File) []byte {
	var b bytes.Buffer
	require.NoError(t, Write(&b, f))
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	want := example()
	data := written(t, want)
	got, err := Read(iotest.OneByteReader(bytes.NewReader(data)), int64(len(data)))
	require.NoError(t, err)
	assert.Equal(t, want.Metadata, got.Metadata)
	assert.Len(t, got.Checksum, 64)
	require.Len(t, got.Tensors, len(want.Tensors))
	for _, w := range want.Tensors {
		g := got.Find(w.Name)
		require.NotNil(t, g, w.Name)
		assert.Equal(t, w.DType, g.DType)
		assert.Equal(t, append([]int{}, w.Shape...), g.Shape)
		assert.True(t, bytes.Equal(w.Data, g.Data), w.Name)
	}
	assert.Nil(t, got.Find("none"))
	assert.Equal(t, data, written(t, got), "what was read is written as the same bytes")
}

// The bytes that the reference implementation's own tests expect.
func TestPlainBytesAreTheReferences(t *testing.T) {
	f := &File{Tensors: []Tensor{FromInt32s("test", []int{2, 2}, make([]int32, 4))}}
	var b bytes.Buffer
	require.NoError(t, WritePlain(&b, f))
	want := "@\x00\x00\x00\x00\x00\x00\x00" +
		`{"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}}    ` + string(make([]byte, 16))
	assert.Equal(t, want, b.String())

	got, err := Read(&b, 0)
	require.NoError(t, err)
	assert.Empty(t, got.Checksum)
	assert.Equal(t, f.Tensors, got.Tensors)
}

// Wide types come first, so every tensor's data is aligned to its element.
func TestOrderOfDataIsAligned(t *testing.T) {
	f := &File{Tensors: []Tensor{
		FromBytes("a", []int{1}, []byte{1}),
		FromFloat32s("c", nil, []float32{1}),
		FromFloat32s("b", nil, []float32{1}),
		FromFloat64s("d", nil, []float64{1}),
	}}
	got, err := Read(bytes.NewReader(written(t, f)), 0)
	require.NoError(t, err)
	var names []string
	for _, x := range got.Tensors {
		names = append(names, x.Name)
	}
	assert.Equal(t, []string{"d", "b", "c", "a"}, names)
	assert.Equal(t, "a", f.Tensors[0].Name, "the caller's order is left alone")
}

func TestBytesDoNotDependOnOrder(t *testing.T) {
	f := example()
	want := written(t, f)
	rapid.Check(t, func(t *rapid.T) {
		g := example()
		g.Tensors = rapid.Permutation(g.Tensors).Draw(t, "order")
		assert.Equal(t, want, written(t, g))
	})
}

func TestWriteRefuses(t *testing.T) {
	ok := FromFloat32s("x", []int{2}, []float32{1, 2})
	tests := map[string]*File{
		"shape does not fit":     {Tensors: []Tensor{FromFloat32s("x", []int{3}, []float32{1, 2})}},
		"negative dimension":     {Tensors: []Tensor{{Name: "x", DType: F32, Shape: []int{-1, -2}, Data: ok.Data}}},
		"shape overflows":        {Tensors: []Tensor{{Name: "x", DType: F32, Shape: []int{math.MaxInt, 2}}}},
		"size overflows":         {Tensors: []Tensor{{Name: "x", DType: F32, Shape: []int{math.MaxInt / 2}}}},
		"unknown dtype":          {Tensors: []Tensor{{Name: "x", DType: "F31"}}},
		"name twice":             {Tensors: []Tensor{ok, ok}},
		"name of metadata":       {Tensors: []Tensor{FromBytes("__metadata__", []int{0}, nil)}},
		"name not UTF-8":         {Tensors: []Tensor{FromBytes("\xff", []int{0}, nil)}},
		"metadata not UTF-8":     {Metadata: map[string]string{"a": "\xff"}},
		"metadata key not UTF-8": {Metadata: map[string]string{"\xff": "a"}},
		"reserved metadata":      {Metadata: map[string]string{"unroll.checksum": "0"}},
	}
	for name, f := range tests {
		t.Run(name, func(t *testing.T) {
			for _, write := range []func(io.Writer, *File) error{Write, WritePlain} {
				var b bytes.Buffer
				assert.ErrorIs(t, write(&b, f), ErrFormat)
				assert.Zero(t, b.Len())
			}
		})
	}
}

// stops refuses everything after n bytes.
type stops struct{ n int }

var errStopped = errors.New("stopped")

func (s *stops) Write(p []byte) (int, error) {
	if s.n -= len(p); s.n < 0 {
		return 0, errStopped
	}
	return len(p), nil
}

func TestErrorsOfReaderAndWriterArePassedOn(t *testing.T) {
	data := written(t, example())
	for n := range data {
		assert.ErrorIs(t, Write(&stops{n}, example()), errStopped)

		r := io.MultiReader(bytes.NewReader(data[:n]), iotest.ErrReader(errStopped))
		_, err := Read(r, 0)
		assert.ErrorIs(t, err, errStopped)
		assert.NotErrorIs(t, err, ErrFormat)
	}
}

func TestConverters(t *testing.T) {
	f := example()
	f32, err := f.Find("layer0/Wx").Float32s()
	require.NoError(t, err)
	assert.Equal(t, []float32{1, -2, 3.5, 0, float32(math.Inf(1)), 1e-45}, f32)
	f64, err := f.Find("scalar").Float64s()
	require.NoError(t, err)
	assert.Equal(t, []float64{math.Pi}, f64)
	i64, err := f.Find("steps").Int64s()
	require.NoError(t, err)
	assert.Equal(t, []int64{math.MinInt64, math.MaxInt64}, i64)
	i32, err := f.Find("ids \"<>\"").Int32s()
	require.NoError(t, err)
	assert.Equal(t, []int32{-1, math.MaxInt32}, i32)
	u8, err := f.Find("가").Bytes()
	require.NoError(t, err)
	assert.Equal(t, []byte{0, 127, 255}, u8)

	_, err = f.Find("scalar").Float32s()
	assert.ErrorIs(t, err, ErrFormat)
	assert.ErrorContains(t, err, `tensor "scalar" F64 []: wanted dtype F32`)
	_, err = f.Find("layer0/Wx").Float64s()
	assert.ErrorIs(t, err, ErrFormat)
	_, err = (&Tensor{DType: F32, Shape: []int{2}, Data: make([]byte, 7)}).Float32s()
	assert.ErrorIs(t, err, ErrFormat)
}

// Every bit pattern of a float survives, NaN payloads too.
func TestFloatBitsSurvive(t *testing.T) {
	for _, bits := range []uint32{0x80000000, 1, 0x7fc00001, 0xffc12345, 0x7f800000} {
		x := FromFloat32s("x", nil, []float32{math.Float32frombits(bits)})
		v, err := x.Float32s()
		require.NoError(t, err)
		assert.Equal(t, bits, math.Float32bits(v[0]))
	}
}

func TestHalfPrecision(t *testing.T) {
	tests := []struct {
		dtype string
		bits  uint16
		want  float64
	}{
		{F16, 0x0000, 0},
		{F16, 0x3c00, 1},
		{F16, 0xc000, -2},
		{F16, 0x3555, 1365.0 / 4096},
		{F16, 0x7bff, 65504},
		{F16, 0x0400, 0x1p-14},
		{F16, 0x0001, 0x1p-24},
		{F16, 0x83ff, -1023 * 0x1p-24},
		{F16, 0x7c00, math.Inf(1)},
		{F16, 0xfc00, math.Inf(-1)},
		{F16, 0x7e00, math.NaN()},
		{BF16, 0x3f80, 1},
		{BF16, 0xc049, -3.140625},
		{BF16, 0x0001, 0x1p-133},
		{BF16, 0x7f80, math.Inf(1)},
		{BF16, 0x7fc0, math.NaN()},
	}
	for _, tc := range tests {
		x := Tensor{DType: tc.dtype, Data: []byte{byte(tc.bits), byte(tc.bits >> 8)}}
		got, err := x.Float32s()
		require.NoError(t, err)
		if math.IsNaN(tc.want) {
			assert.True(t, math.IsNaN(float64(got[0])))
			continue
		}
		assert.Equal(t, float32(tc.want), got[0], "%s %04x", tc.dtype, tc.bits)
	}
	assert.True(t, math.Signbit(float64(half(0x8000))))
}

func Example() {
	var disk bytes.Buffer
	err := Write(&disk, &File{
		Metadata: map[string]string{"model": "charlm"},
		Tensors:  []Tensor{FromFloat32s("layer0/Wx", []int{2, 2}, []float32{1, 2, 3, 4})},
	})
	if err != nil {
		fmt.Println(err)
	}

	f, err := Read(&disk, 1<<30)
	if err != nil {
		fmt.Println(err)
	}
	Wx := f.Find("layer0/Wx")
	values, err := Wx.Float32s()
	fmt.Println(f.Metadata["model"], Wx, values, err)
	// Output: charlm tensor "layer0/Wx" F32 [2 2] [1 2 3 4] <nil>
}
