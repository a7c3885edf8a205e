package datasets_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/unroll-go/unroll/datasets"
)

// square writes a picture of one gray.
func square(w io.Writer, size int, gray uint8) error {
	m := image.NewGray(image.Rect(0, 0, size, size))
	for i := range m.Pix {
		m.Pix[i] = gray
	}
	return png.Encode(w, m)
}

// Two pictures of 2 x 2 bytes: type and number of dimensions, each dimension,
// the data. What does not fit is named.
func ExampleReadIDX() {
	const file = "\x00\x00\x08\x03" + "\x00\x00\x00\x02" + "\x00\x00\x00\x02" + "\x00\x00\x00\x02" + "\x01\x02\x03\x04\x05\x06\x07\x08"
	x, err := datasets.ReadIDX(strings.NewReader(file), datasets.IDXOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(x.Shape, x.Item(1))

	_, err = datasets.ReadIDX(strings.NewReader(file[:20]), datasets.IDXOptions{})
	fmt.Println(err)
	// Output:
	// [2 2 2] [5 6 7 8]
	// datasets: IDX: byte 20: the file ends, 8 bytes of data wanted for [2 2 2], got 4
}

// The labels of handwritten digits, from a file as MNIST has them.
func ExampleLoadIDX() {
	dir, err := os.MkdirTemp("", "mnist")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "labels-idx1-ubyte")
	if err := os.WriteFile(path, []byte("\x00\x00\x08\x01\x00\x00\x00\x03\x07\x02\x01"), 0o600); err != nil {
		log.Fatal(err)
	}
	labels, err := datasets.LoadIDX(path)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(labels.Len(), labels.Data)
	// Output: 3 [7 2 1]
}

// All pictures below a directory, made gray and of one size.
func ExampleLoadImages() {
	dir, err := os.MkdirTemp("", "pictures")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for name, gray := range map[string]uint8{"dark.png": 0, "light.png": 255} {
		var file bytes.Buffer
		if err := square(&file, 9, gray); err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), file.Bytes(), 0o600); err != nil {
			log.Fatal(err)
		}
	}
	images, err := datasets.LoadImages(dir, datasets.ImageOptions{Channels: 1, Height: 2, Width: 2})
	if err != nil {
		log.Fatal(err)
	}
	for i, m := range images.Items {
		fmt.Println(images.Names[i], m.Size(), m.Float32())
	}
	// Output:
	// dark.png 4 [0 0 0 0]
	// light.png 4 [1 1 1 1]
}

// Pictures straight from an archive; other files in it are passed over.
func ExampleReadImagesZip() {
	var file bytes.Buffer
	archive := zip.NewWriter(&file)
	for _, name := range []string{"README", "digits/7.png"} {
		w, err := archive.Create(name)
		if err != nil {
			log.Fatal(err)
		}
		if err := square(w, 3, 128); err != nil {
			log.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		log.Fatal(err)
	}
	images, err := datasets.ReadImagesZip(bytes.NewReader(file.Bytes()), int64(file.Len()), "digits.zip", datasets.ImageOptions{})
	if err != nil {
		log.Fatal(err)
	}
	m := images.Items[0]
	fmt.Println(images.Names, m.Height, m.Width, m.Channels, m.Pix[:3])
	// Output: [digits/7.png] 3 3 3 [128 128 128]
}
