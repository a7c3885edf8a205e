package datasets_test

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// twoByThree is an IDX file of two items of three bytes.
const twoByThree = "\x00\x00\x08\x02\x00\x00\x00\x02\x00\x00\x00\x03abcdef"

func TestReadIDX(t *testing.T) {
	for name, file := range map[string]string{"plain": twoByThree, "gzip": zipped(t, twoByThree)} {
		t.Run(name, func(t *testing.T) {
			x, err := datasets.ReadIDX(iotest.OneByteReader(strings.NewReader(file)), datasets.IDXOptions{Limit: 6})
			require.NoError(t, err)
			assert.Equal(t, &datasets.IDX{Shape: []int{2, 3}, Data: []byte("abcdef")}, x)
			assert.Equal(t, []int{2, 3}, []int{x.Len(), x.Width()})
			assert.Equal(t, "def", string(x.Item(1)))
			assert.Nil(t, x.Item(2))
			assert.Nil(t, x.Item(-1))
		})
	}
}

func TestReadIDXErrors(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"empty", "", "byte 0: the file ends in its head"},
		{"cut in the magic number", twoByThree[:3], "byte 3: the file ends in its head: unexpected EOF"},
		{"cut in the dimensions", twoByThree[:9], "byte 9: the file ends in its head"},
		{"cut in the data", twoByThree[:16], "byte 16: the file ends, 6 bytes of data wanted for [2 3], got 4"},
		{"more data", twoByThree + "g", "byte 18: more data than the 6 bytes of [2 3]"},
		{"a picture", "\x89PNG\r\n", "byte 0: magic number 89 50 4e 47, wanted 00 00 08"},
		{"floats", "\x00\x00\x0d\x01\x00\x00\x00\x01abcd", "byte 2: elements of type float32 (0x0d), wanted unsigned byte"},
		{"no dimension", "\x00\x00\x08\x00", "byte 3: 0 dimensions, wanted 1 to 8"},
		{"many dimensions", "\x00\x00\x08\xff", "byte 3: 255 dimensions"},
		{"a dimension of 0", "\x00\x00\x08\x02\x00\x00\x00\x02\x00\x00\x00\x00", "byte 8: dimension 1 is 0"},
		{"too large", "\x00\x00\x08\x01\xff\xff\xff\xff", "byte 4: dimension 0 of 4294967295: too large: more than"},
		{"overflow", "\x00\x00\x08\x03\x00\x01\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff", "byte 8: dimension 1 of 4294967295"},
		{"gzip cut", zipped(t, twoByThree)[:20], "unexpected EOF"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := datasets.ReadIDX(strings.NewReader(tt.file), datasets.IDXOptions{Limit: 1 << 20})
			assert.ErrorContains(t, err, "datasets: IDX: ")
			assert.ErrorContains(t, err, tt.want)
		})
	}
	_, err := datasets.ReadIDX(strings.NewReader(twoByThree), datasets.IDXOptions{Limit: 5})
	assert.ErrorIs(t, err, datasets.ErrTooLarge)
	_, err = datasets.ReadIDX(strings.NewReader(twoByThree), datasets.IDXOptions{Limit: -1})
	assert.ErrorContains(t, err, "limit of -1 bytes")
}

// The head of a file may claim what it likes: little is allocated for it.
func TestReadIDXOfAClaim(t *testing.T) {
	claim := "\x00\x00\x08\x01\x3f\xff\xff\xff"
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := datasets.ReadIDX(strings.NewReader(claim), datasets.IDXOptions{})
	runtime.ReadMemStats(&after)
	require.ErrorContains(t, err, "the file ends, 1073741823 bytes of data wanted")
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20))
}

func TestLoadIDX(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.idx")
	_, err := datasets.LoadIDX(name)
	assert.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(name, []byte(twoByThree[:9]), 0o600))
	_, err = datasets.LoadIDX(name)
	assert.ErrorContains(t, err, "x.idx: IDX: byte 9")
	require.NoError(t, os.WriteFile(name, []byte(twoByThree), 0o600))
	x, err := datasets.LoadIDX(name)
	require.NoError(t, err)
	assert.Equal(t, 2, x.Len())
}

// The files that the digits come in, against the sums that are commonly listed for them.
func TestLoadMNIST(t *testing.T) {
	images, err := datasets.LoadIDX(referenceFile(t, "mnist", "train-images-idx3-ubyte.gz"))
	require.NoError(t, err)
	assert.Equal(t, []int{60000, 28, 28}, images.Shape)
	labels, err := datasets.LoadIDX(referenceFile(t, "mnist", "train-labels-idx1-ubyte.gz"))
	require.NoError(t, err)
	assert.Equal(t, []int{60000}, labels.Shape)
	h := md5.New()
	h.Write([]byte{0, 0, 8, 1, 0, 0, 0xea, 0x60})
	h.Write(labels.Data)
	assert.Equal(t, "a25bea736e30d166cdddb491f175f624", hex.EncodeToString(h.Sum(nil)))
}

// An IDX file from anywhere is an error or an array whose shape and data agree.
func FuzzReadIDX(f *testing.F) {
	f.Add([]byte(twoByThree))
	f.Add([]byte(zipped(f, twoByThree)))
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := datasets.ReadIDX(bytes.NewReader(data), datasets.IDXOptions{Limit: 1 << 16})
		if err != nil {
			return
		}
		size := 1
		for _, n := range x.Shape {
			require.Positive(t, n)
			size *= n
		}
		require.Len(t, x.Data, size)
		require.LessOrEqual(t, size, 1<<16)
		for i := range x.Len() {
			require.Len(t, x.Item(i), x.Width())
		}
	})
}
