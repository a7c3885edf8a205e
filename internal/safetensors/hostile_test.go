package safetensors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// raw is a file of this header and n bytes of data.
func raw(header string, n int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, n)...)
}

func TestReadAccepts(t *testing.T) {
	tests := map[string][]byte{
		"nothing":       raw(`{}`, 0),
		"null metadata": raw(`{"__metadata__":null}`, 0),
		"white space":   raw("{ \"a\" :\n{\"dtype\": \"U8\", \"shape\": [ 1 , 2 ], \"data_offsets\": [0,\t2]} }  ", 2),
		"other keys":    raw(`{"a":{"extra":[{"deep":null}],"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1),
		"any order":     raw(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"b":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}`, 2),
		"empty in the middle": raw(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},`+
			`"b":{"dtype":"F32","shape":[0],"data_offsets":[1,1]},"c":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`, 2),
		"odd alignment": raw(`{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F64","shape":[],"data_offsets":[1,9]}}`, 9),
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Read(bytes.NewReader(data), 0)
			assert.NoError(t, err)
		})
	}
}

func TestReadRefuses(t *testing.T) {
	one := func(dtype, shape, offsets string) string {
		return `{"a":{"dtype":` + dtype + `,"shape":` + shape + `,"data_offsets":` + offsets + `}}`
	}
	two := func(a, b string) string {
		return `{"a":{"dtype":"U8","shape":[2],"data_offsets":` + a + `},"b":{"dtype":"U8","shape":[2],"data_offsets":` + b + `}}`
	}
	tests := map[string]struct {
		data []byte
		want string
	}{
		"empty":                 {nil, "offset 0: header length: wanted 8 bytes, got 0"},
		"header of 2^60 bytes":  {binary.LittleEndian.AppendUint64(nil, 1<<60), "offset 0: header length: wanted at most 100000000, got 1152921504606846976"},
		"header of 2^64-1":      {binary.LittleEndian.AppendUint64(nil, math.MaxUint64), "offset 0"},
		"header longer":         {append([]byte{99, 0, 0, 0, 0, 0, 0, 0}, "{}"...), "offset 8: header: wanted 99 bytes, got 2"},
		"no header":             {raw(``, 0), `offset 8: header: wanted {, got ""`},
		"starts with space":     {raw(` {}`, 0), `offset 8: header: wanted {, got " "`},
		"not an object":         {raw(`[]`, 0), "wanted {"},
		"not JSON":              {raw(`{"a":}`, 0), "offset 14: header: wanted JSON, got invalid character '}'"},
		"two values":            {raw(`{}{}`, 0), "wanted JSON"},
		"not UTF-8":             {raw("{\"\xff\":1}", 0), "wanted UTF-8"},
		"nested too deep":       {raw(`{"a":{"x":`+strings.Repeat("[", 20000)+strings.Repeat("]", 20000)+`}}`, 0), "wanted JSON"},
		"entry is no object":    {raw(`{"a":[]}`, 0), `tensor "a": wanted {, got [`},
		"entry is null":         {raw(`{"a":null}`, 0), `wanted {, got null`},
		"name twice":            {raw(`{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}`, 0), `wanted each key once, got another "a"`},
		"key twice":             {raw(`{"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}`, 0), `another "dtype"`},
		"metadata twice":        {raw(`{"__metadata__":{},"__metadata__":{}}`, 0), `another "__metadata__"`},
		"metadata key twice":    {raw(`{"__metadata__":{"a":"","a":""}}`, 0), `another "a"`},
		"metadata is no object": {raw(`{"__metadata__":"a"}`, 0), `wanted {, got a`},
		"metadata is no string": {raw(`{"__metadata__":{"a":1}}`, 0), `__metadata__ "a": wanted a string, got 1`},
		"nothing in the entry":  {raw(`{"a":{}}`, 0), "dtype"},
		"keys in another case":  {raw(`{"a":{"DType":"U8","Shape":[0],"Data_Offsets":[0,0]}}`, 0), "dtype"},
		"no shape":              {raw(`{"a":{"dtype":"U8","data_offsets":[0,1]}}`, 1), "shape: wanted a list, got none"},
		"no offsets":            {raw(`{"a":{"dtype":"U8","shape":[0]}}`, 0), "wanted [begin, end], got 0 numbers"},
		"unknown dtype":         {raw(one(`"F31"`, `[1]`, `[0,4]`), 4), `tensor "a": dtype: wanted a known one, got "F31"`},
		"dtype is a number":     {raw(one(`1`, `[1]`, `[0,4]`), 4), "dtype: wanted a string, got 1"},
		"shape null":            {raw(one(`"U8"`, `null`, `[0,1]`), 1), "shape: wanted [, got null"},
		"dimension null":        {raw(one(`"U8"`, `[null]`, `[0,0]`), 0), "got null"},
		"dimension negative":    {raw(one(`"U8"`, `[-1]`, `[0,1]`), 1), "shape: wanted integers of at least 0 that fit an int, got -1"},
		"two negative":          {raw(one(`"U8"`, `[-1,-1]`, `[0,1]`), 1), "got -1"},
		"dimension fraction":    {raw(one(`"U8"`, `[1.0]`, `[0,1]`), 1), "got 1.0"},
		"dimension exponent":    {raw(one(`"U8"`, `[1e2]`, `[0,100]`), 100), "got 1e2"},
		"dimension string":      {raw(one(`"U8"`, `["1"]`, `[0,1]`), 1), "got 1"},
		"dimension 2^64":        {raw(one(`"U8"`, `[18446744073709551616]`, `[0,0]`), 0), "got 18446744073709551616"},
		"shape overflows":       {raw(one(`"U8"`, `[4294967296,4294967296]`, `[0,0]`), 0), `tensor "a"`},
		"overflows to a fit":    {raw(one(`"F32"`, `[4611686018427387905]`, `[0,4]`), 4), `tensor "a"`},
		"size too small":        {raw(one(`"F32"`, `[2]`, `[0,4]`), 4), `bytes of tensor "a" F32 [2]: wanted 8, got 4`},
		"size too large":        {raw(one(`"F32"`, `[1]`, `[0,8]`), 8), "wanted 4, got 8"},
		"one offset":            {raw(one(`"U8"`, `[0]`, `[0]`), 0), "got 1 numbers"},
		"three offsets":         {raw(one(`"U8"`, `[0]`, `[0,0,0]`), 0), "got 3 numbers"},
		"offset negative":       {raw(one(`"U8"`, `[1]`, `[-1,0]`), 0), "got -1"},
		"end before begin":      {raw(one(`"U8"`, `[1]`, `[1,0]`), 1), "wanted 1, got -1"},
		"hole in front":         {raw(one(`"U8"`, `[1]`, `[1,2]`), 2), `begin of tensor "a" U8 [1]: wanted 0, got 1`},
		"hole":                  {raw(two(`[0,2]`, `[3,5]`), 5), `begin of tensor "b" U8 [2]: wanted 2, got 3`},
		"overlap":               {raw(two(`[0,2]`, `[1,3]`), 3), "wanted 2, got 1"},
		"same place":            {raw(two(`[0,2]`, `[0,2]`), 2), "wanted 2, got 0"},
		"out of range":          {raw(one(`"U8"`, `[2]`, `[0,2]`), 1), `tensor "a" U8 [2]: wanted 2 bytes, got 1`},
		"trailing byte":         {raw(one(`"U8"`, `[1]`, `[0,1]`), 2), "data: wanted end of file, got more bytes"},
		"trailing, no tensors":  {raw(`{}`, 1), "wanted end of file"},
		"checksum too short":    {raw(`{"__metadata__":{"unroll.checksum":"12"}}`, 0), "unroll.checksum: wanted 64 digits, got 2"},
		"checksum missing":      {raw(`{"__metadata__":{"unroll.checksum.kind":"sha256"}}`, 0), "wanted sha256 in unroll.checksum"},
		"checksum of new kind":  {raw(`{"__metadata__":{"unroll.checksum":"`+noSum+`","unroll.checksum.kind":"md5"}}`, 0), "wanted sha256"},
		"checksum with escapes": {raw(`{"__metadata__":{"unroll.checksum":"\u0030`+noSum[1:]+`"}}`, 0), "wanted digits without escapes"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Read(bytes.NewReader(tc.data), 0)
			require.ErrorIs(t, err, ErrFormat)
			assert.ErrorContains(t, err, tc.want)
			assert.ErrorContains(t, err, "offset ")
		})
	}
}

func TestCutAtEveryLength(t *testing.T) {
	for _, write := range []func(io.Writer, *File) error{Write, WritePlain} {
		var b bytes.Buffer
		require.NoError(t, write(&b, example()))
		for n := range b.Len() {
			_, err := Read(bytes.NewReader(b.Bytes()[:n]), 0)
			require.ErrorIs(t, err, ErrFormat, "%d of %d bytes", n, b.Len())
		}
	}
}

// Not only single bits: each byte takes all 255 other values.
func TestEachByteChanged(t *testing.T) {
	good := written(t, &File{
		Metadata: map[string]string{"a": "b"},
		Tensors: []Tensor{
			FromFloat32s("w", []int{1}, []float32{1}),
			FromBytes("spaces", []int{9}, []byte("  } \n\t  x")), // could pass for header
		},
	})
	for i := range good {
		for x := 1; x < 256; x++ {
			bad := bytes.Clone(good)
			bad[i] ^= byte(x)
			if _, err := Read(bytes.NewReader(bad), 0); !errors.Is(err, ErrFormat) && !errors.Is(err, ErrChecksum) {
				t.Fatalf("byte %d of %d, %q for %q: got error %v", i, len(good), bad[i], good[i], err)
			}
		}
	}
}

func TestChangedDataIsAChecksumError(t *testing.T) {
	bad := written(t, example())
	bad[len(bad)-1] ^= 1
	_, err := Read(bytes.NewReader(bad), 0)
	assert.ErrorIs(t, err, ErrChecksum)
	assert.NotErrorIs(t, err, ErrFormat)
}

func TestLimit(t *testing.T) {
	data := written(t, example())
	for limit := int64(1); limit < int64(len(data)); limit++ {
		r := bytes.NewReader(data)
		_, err := Read(r, limit)
		require.ErrorIs(t, err, ErrFormat)
		require.LessOrEqual(t, int64(len(data)-r.Len()), max(limit, lengthSize), "bytes read")
	}
	_, err := Read(bytes.NewReader(data), int64(len(data)))
	assert.NoError(t, err)
}

// A claim costs a chunk, not what it claims.
func TestClaimsDoNotAllocate(t *testing.T) {
	const size = "1099511627776" // 2^40
	tests := map[string][]byte{
		"header": binary.LittleEndian.AppendUint64(nil, maxHeader),
		"data":   raw(`{"a":{"dtype":"U8","shape":[`+size+`],"data_offsets":[0,`+size+`]}}`, 10),
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Read(bytes.NewReader(data), 0)
			runtime.ReadMemStats(&after)
			require.ErrorIs(t, err, ErrFormat)
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(2*chunk))
		})
	}
}

// More than one chunk, so that the buffer grows.
func TestLargeTensor(t *testing.T) {
	v := make([]byte, 5*chunk+3)
	for i := range v {
		v[i] = byte(i * 7 >> 3)
	}
	data := written(t, &File{Tensors: []Tensor{FromBytes("x", []int{len(v)}, v)}})
	got, err := Read(bytes.NewReader(data), 0)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(v, got.Tensors[0].Data))
	_, err = Read(bytes.NewReader(data[:len(data)-chunk]), 0)
	assert.ErrorIs(t, err, ErrFormat)
}

func TestMessagesStayShort(t *testing.T) {
	long := strings.Repeat("n", 100_000)
	dims := strings.Repeat("1,", 50_000) + "1"
	for _, header := range []string{
		`{"` + long + `":{"dtype":"` + long + `","shape":[],"data_offsets":[0,1]}}`,
		`{"` + long + `":{"dtype":"F32","shape":[` + dims + `],"data_offsets":[0,1]}}`,
		`{"` + long + `":{"dtype":"F32","shape":[],"data_offsets":[` + dims + `]}}`,
		`{"` + long + `":"` + long + `"}`,
		`{"__metadata__":{"unroll.checksum.kind":"` + long + `"}}`,
	} {
		_, err := Read(bytes.NewReader(raw(header, 0)), 0)
		require.ErrorIs(t, err, ErrFormat)
		assert.Less(t, len(err.Error()), 500)
	}
}
