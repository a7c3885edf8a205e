package datasets_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image/color"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// crcOf is the sum at the end of a PNG chunk.
func crcOf(chunk []byte) []byte { return binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(chunk)) }

// zipOf is an archive of files: name, content, name, content.
func zipOf(t testing.TB, files ...string) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		require.NoError(t, err)
		_, err = f.Write([]byte(files[i+1]))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.String()
}

// unzip reads an archive in memory.
func unzip(file string, opt datasets.ImageOptions) (*datasets.Images, error) {
	return datasets.ReadImagesZip(strings.NewReader(file), int64(len(file)), "x.zip", opt)
}

func ExampleImagesOf() {
	// Two pictures of 1 x 2 pixels: red, and half of it transparent.
	x := &datasets.IDX{Shape: []int{2, 1, 2, 4}, Data: []byte{
		255, 0, 0, 255, 255, 0, 0, 128,
		0, 0, 255, 255, 0, 0, 255, 0,
	}}
	set, err := datasets.ImagesOf(x, datasets.ImageOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, m := range set.Items {
		fmt.Println(set.Names[i], m.Pix)
	}
	// Output:
	// 0 [255 0 0 255 127 127]
	// 1 [0 0 255 255 255 255]
}

func TestImagesOfErrors(t *testing.T) {
	tests := []struct {
		x    datasets.IDX
		opt  datasets.ImageOptions
		want string
	}{
		{datasets.IDX{Shape: []int{1, 4}, Data: make([]byte, 4)}, datasets.ImageOptions{}, "an array of shape [1 4], wanted [N height width]"},
		{datasets.IDX{Shape: []int{1, 2, 1, 2}, Data: make([]byte, 4)}, datasets.ImageOptions{}, "an array of shape [1 2 1 2], wanted 1, 3 or 4 channels"},
		{datasets.IDX{Shape: []int{1, 2, 2}, Data: make([]byte, 3)}, datasets.ImageOptions{}, "an array of shape [1 2 2] with 3 bytes, wanted as many as its shape says"},
		{datasets.IDX{Shape: []int{1, 1 << 20, 1}, Data: make([]byte, 1<<20)}, datasets.ImageOptions{}, "1048576 x 1, wanted 1 to 16384 each"},
		{datasets.IDX{Shape: []int{2, 1, 1}, Data: make([]byte, 2)}, datasets.ImageOptions{Limit: 5}, "too large: pictures of more than 5 bytes"},
		{datasets.IDX{}, datasets.ImageOptions{}, "an array of shape []"},
		{datasets.IDX{Shape: []int{1 << 62, 2, 2}}, datasets.ImageOptions{}, "an array of shape [4611686018427387904 2 2] with 0 bytes"}, // 2^64 of them
		{datasets.IDX{Shape: []int{-1, -2, 2}, Data: make([]byte, 4)}, datasets.ImageOptions{}, "an array of shape [-1 -2 2] with 4 bytes"},
		{datasets.IDX{}, datasets.ImageOptions{Width: 3}, "0 x 3, wanted 1 to 16384"},
	}
	for _, tt := range tests {
		_, err := datasets.ImagesOf(&tt.x, tt.opt)
		assert.ErrorContains(t, err, "datasets: pictures: ")
		assert.ErrorContains(t, err, tt.want)
	}
	_, err := datasets.ImagesOf(nil, datasets.ImageOptions{})
	assert.EqualError(t, err, "datasets: pictures: there is no array, got nil")
}

// The pictures of an archive in its order; what is none, or hidden, is passed over.
func TestReadImagesZip(t *testing.T) {
	red, blue := pngOf(t, one(color.NRGBA{255, 0, 0, 255}, 2, 3)), pngOf(t, one(color.NRGBA{0, 0, 255, 255}, 1, 1))
	file := zipOf(t, "b.png", red, "readme.txt", "no picture", "a/", "", "a/c.PNG", blue, "__MACOSX/b.png", "x", "a/.c.png", "x")
	set, err := unzip(file, datasets.ImageOptions{})
	require.NoError(t, err)
	assert.Equal(t, []string{"b.png", "a/c.PNG"}, set.Names)
	assert.Equal(t, 2, set.Len())
	assert.Equal(t, []int{3, 2}, []int{set.Items[0].Height, set.Items[0].Width})
	assert.Equal(t, []byte{0, 0, 255}, set.Items[1].Pix)

	small, err := unzip(file, datasets.ImageOptions{Height: 1, Width: 1, Channels: 1})
	require.NoError(t, err)
	assert.Equal(t, []byte{76}, small.Items[0].Pix)
	assert.Equal(t, []byte{29}, small.Items[1].Pix)
}

func TestReadImagesZipErrors(t *testing.T) {
	dot := pngOf(t, one(color.Black, 1, 1))
	bomb := zipOf(t, "bomb.png", strings.Repeat("\x00", 65<<20))
	require.Less(t, len(bomb), 1<<17, "it is small as a file")
	lie := []byte(bomb) // the directory says a smaller size than there is
	at := bytes.LastIndex(lie, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(lie[at+24:], 100)
	broken := strings.Replace(zipOf(t, "a.png", "stored data"), "stored", "st\x00red", 1)
	tests := []struct {
		name, file, want string
		opt              datasets.ImageOptions
	}{
		{"no archive", "PK nonsense", "datasets: x.zip: ZIP: zip: not a valid zip file", datasets.ImageOptions{}},
		{"cut", zipOf(t, "a.png", dot)[:80], "ZIP: zip: not a valid zip file", datasets.ImageOptions{}},
		{"no picture", zipOf(t, "a.txt", "x"), "datasets: x.zip: no picture: no file ends in .png, .jpg, .jpeg or .gif", datasets.ImageOptions{}},
		{"a picture that is none", zipOf(t, "a.png", dot, "b/c.png", "hello"), "datasets: x.zip: b/c.png: byte 0: 68 65 6c 6c 6f", datasets.ImageOptions{}},
		{"one name twice", zipOf(t, "a.png", dot, "a.png", dot), `"a.png": the archive has two files of that name`, datasets.ImageOptions{}},
		{"a bomb", bomb, `"bomb.png": too large: 68157440 bytes, wanted at most 67108864`, datasets.ImageOptions{}},
		{"a bomb that lies", string(lie), "bomb.png: ", datasets.ImageOptions{}},
		{"many bombs", zipOf(t, "a.png", dot, "b.png", strings.Repeat("\x00", 1<<20)), "b.png: too large: more than 1000000 bytes", datasets.ImageOptions{Limit: 1e6}},
		{"too many pictures", zipOf(t, "a.png", dot, "b.png", dot), "b.png: too large: pictures of more than 150 bytes", datasets.ImageOptions{Limit: 150, Height: 10, Width: 10, Channels: 1}},
		{"damaged", broken, "a.png: ", datasets.ImageOptions{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := unzip(tt.file, tt.opt)
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

// Whatever holds the pictures: a directory, a picture, an archive, an IDX file.
func TestLoadImages(t *testing.T) {
	dir := t.TempDir()
	dot := pngOf(t, one(color.NRGBA{1, 2, 3, 255}, 1, 1))
	write := func(name, data string) string {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(data), 0o600))
		return path
	}
	_, err := datasets.LoadImages(dir, datasets.ImageOptions{})
	assert.ErrorIs(t, err, datasets.ErrNoImage)
	_, err = datasets.LoadImages(filepath.Join(dir, "no"), datasets.ImageOptions{})
	assert.ErrorIs(t, err, fs.ErrNotExist)

	single := write("b.png", dot)
	write("a/c.gif.txt", "none")
	write("a/d.png", dot)
	write(".git/e.png", "none")
	set, err := datasets.LoadImages(dir, datasets.ImageOptions{})
	require.NoError(t, err)
	assert.Equal(t, []string{"a/d.png", "b.png"}, set.Names)

	idx := "\x00\x00\x08\x04\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x03\x01\x02\x03"
	for path, name := range map[string]string{
		single:                                   "b.png",
		write("one.zip", zipOf(t, "z.png", dot)): "z.png",
		write("x.idx", idx):                      "0",
		write("x.idx.gz", zipped(t, idx)):        "0",
	} {
		set, err := datasets.LoadImages(path, datasets.ImageOptions{})
		require.NoError(t, err)
		assert.Equal(t, []string{name}, set.Names)
		assert.Equal(t, []datasets.Image{{Height: 1, Width: 1, Channels: 3, Pix: []byte{1, 2, 3}}}, set.Items)
	}
	for name, want := range map[string]string{
		write("empty.png", ""):        "no picture: the file is empty",
		write("b.idx", idx[:9]):       "IDX: byte 9",
		write("text.png", "a text"):   "text.png: byte 0",
		write("b.zip", "PK\x03\x04x"): "ZIP: zip: not a valid",
	} {
		_, err := datasets.LoadImages(name, datasets.ImageOptions{})
		assert.ErrorContains(t, err, "datasets: "+name+": ")
		assert.ErrorContains(t, err, want)
	}
	_, err = datasets.LoadImages(dir, datasets.ImageOptions{})
	assert.ErrorContains(t, err, "empty.png: no picture: the file is empty")
}

// An archive from anywhere is an error or pictures within the limit.
func FuzzReadImagesZip(f *testing.F) {
	dot := pngOf(f, one(color.NRGBA{1, 2, 3, 4}, 2, 1))
	f.Add([]byte(zipOf(f, "a.png", dot, "b/c.txt", "hello", "b/d.PNG", dot)))
	f.Add([]byte(zipOf(f, "a.jpg", strings.Repeat("\x00", 1<<14))))
	f.Fuzz(func(t *testing.T, data []byte) {
		set, err := unzip(string(data), datasets.ImageOptions{Pixels: 1 << 10, Limit: 1 << 13})
		if err != nil {
			return
		}
		total := 0
		require.Len(t, set.Names, set.Len())
		for _, m := range set.Items {
			require.Len(t, m.Pix, m.Size())
			total += m.Size()
		}
		require.Positive(t, total)
		require.LessOrEqual(t, total, 1<<13)
	})
}
