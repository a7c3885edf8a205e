package safetensors

import (
	"bytes"
	"errors"
	"testing"
)

// FuzzRead: any bytes give a file or one of the two errors, never a panic; and a
// file that was read can be written, and reads back as the same bytes.
func FuzzRead(f *testing.F) {
	f.Add(written(f, example()))
	f.Add(raw(`{"a":{"dtype":"F16","shape":[1,2],"data_offsets":[0,4]}}`, 4))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read(bytes.NewReader(data), 1<<20)
		if err != nil {
			if !errors.Is(err, ErrFormat) && !errors.Is(err, ErrChecksum) {
				t.Fatalf("got error %v", err)
			}
			return
		}
		for i := range file.Tensors {
			x := &file.Tensors[i]
			if _, err := x.Float32s(); err != nil && (x.DType == F32 || x.DType == F16 || x.DType == BF16) {
				t.Fatal(err)
			}
		}
		once := written(t, file)
		again, err := Read(bytes.NewReader(once), 0)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(once, written(t, again)) {
			t.Fatal("second writing differs")
		}
	})
}
