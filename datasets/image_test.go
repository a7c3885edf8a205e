package datasets_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/unroll-go/unroll/datasets"
)

// pngOf is a picture as a PNG file.
func pngOf(t testing.TB, m image.Image) string {
	t.Helper()
	var file bytes.Buffer
	require.NoError(t, png.Encode(&file, m))
	return file.String()
}

// one is a picture of a single colour.
func one(c color.Color, width, height int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		m.Set(i%width, i/width, c)
	}
	return m
}

func ExampleReadImage() {
	var file bytes.Buffer
	half := one(color.NRGBA{255, 0, 0, 128}, 4, 2)
	if err := png.Encode(&file, half); err != nil {
		fmt.Println(err)
		return
	}
	m, err := datasets.ReadImage(&file, "half.png", datasets.ImageOptions{Height: 1, Width: 2})
	fmt.Println(m.Height, m.Width, m.Channels, m.Pix, err)
	fmt.Printf("%.2f\n", m.Float32())
	// Output:
	// 1 2 3 [255 127 127 255 127 127] <nil>
	// [1.00 0.50 0.50 1.00 0.50 0.50]
}

func ExampleImage_Fit() {
	wide := datasets.Image{Height: 1, Width: 2, Channels: 1, Pix: []byte{0, 100}}
	m, err := wide.Fit(4, 4)
	for y := range m.Height {
		fmt.Println(m.Pix[y*4 : y*4+4])
	}
	fmt.Println(err)
	// Output:
	// [255 255 255 255]
	// [0 25 75 100]
	// [0 25 75 100]
	// [255 255 255 255]
	// <nil>
}

func ExampleImage_To() {
	green := datasets.Image{Height: 1, Width: 1, Channels: 3, Pix: []byte{0, 255, 0}}
	gray, err := green.To(1)
	fmt.Println(gray.Pix, gray.Normal(0.5, 0.5), err)
	// Output: [150] [0.17647064] <nil>
}

// The numbers of Pillow: testdata/images.py.
func TestResizePillow(t *testing.T) {
	data, err := os.ReadFile("testdata/images/resize.json")
	require.NoError(t, err)
	var golden struct {
		Cases []struct {
			From [3]int
			To   [2]int
			Pix  []int
		}
	}
	require.NoError(t, json.Unmarshal(data, &golden))
	require.Len(t, golden.Cases, 14)
	for _, c := range golden.Cases {
		m := datasets.Image{Height: c.From[0], Width: c.From[1], Channels: c.From[2], Pix: make([]byte, c.From[0]*c.From[1]*c.From[2])}
		for i := range m.Pix {
			m.Pix[i] = byte(37*i + 11*(i/7))
		}
		got, err := m.Resize(c.To[0], c.To[1])
		require.NoError(t, err)
		pix := make([]int, len(got.Pix))
		for i, x := range got.Pix {
			pix[i] = int(x)
		}
		assert.Equal(t, c.Pix, pix, "%v to %v", c.From, c.To)
	}
}

// One colour stays one colour whatever the size, and fitting keeps the proportions.
func TestResizeFlat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side := rapid.IntRange(1, 40)
		x := rapid.Byte().Draw(t, "colour")
		m := datasets.Image{Height: side.Draw(t, "height"), Width: side.Draw(t, "width"), Channels: 1}
		m.Pix = bytes.Repeat([]byte{x}, m.Size())
		h, w := side.Draw(t, "to height"), side.Draw(t, "to width")
		got, err := m.Resize(h, w)
		require.NoError(t, err)
		require.Equal(t, datasets.Image{Height: h, Width: w, Channels: 1, Pix: bytes.Repeat([]byte{x}, h*w)}, got)

		fit, err := m.Fit(h, w)
		require.NoError(t, err)
		require.Len(t, fit.Pix, h*w)
		inner := bytes.Count(fit.Pix, []byte{x})
		full := bytes.Contains(fit.Pix, bytes.Repeat([]byte{x}, w)) || inner%h == 0
		require.True(t, x == 255 || full, "it touches two borders: %v", fit)
	})
}

// A tall picture becomes a wide one strip by strip, which are those of both steps one after the other.
func TestResizeInStrips(t *testing.T) {
	const tall, wide = 1 << 14, 200 // more pixels between both steps than a strip has
	m := datasets.Image{Height: tall, Width: 3, Channels: 3, Pix: make([]byte, tall*3*3)}
	for i := range m.Pix {
		m.Pix[i] = byte(i * i >> 3)
	}
	across, err := m.Resize(tall, wide)
	require.NoError(t, err)
	want, err := across.Resize(100, wide)
	require.NoError(t, err)
	got, err := m.Resize(100, wide)
	require.NoError(t, err)
	require.Equal(t, want, got)
}

func TestImageRefuses(t *testing.T) {
	m := datasets.Image{Height: 2, Width: 2, Channels: 1, Pix: make([]byte, 4)}
	for _, size := range [][2]int{{0, 1}, {1, -1}, {1 << 20, 1}, {1 << 13, 1 << 13}} {
		_, err := m.Resize(size[0], size[1])
		assert.ErrorContains(t, err, "datasets: resize: ")
		_, err = m.Fit(size[0], size[1])
		assert.ErrorContains(t, err, "datasets: fit: ")
	}
	for _, bad := range []datasets.Image{
		{},
		{Height: 2, Width: 2, Channels: 1, Pix: make([]byte, 3)},
		{Height: 2, Width: 2, Channels: 2, Pix: make([]byte, 8)},
		{Height: -2, Width: -2, Channels: 1, Pix: make([]byte, 4)},
		{Height: math.MaxInt, Width: 4, Channels: 1},
	} {
		_, err := bad.Resize(1, 1)
		assert.ErrorContains(t, err, "datasets: resize: a picture of")
		_, err = bad.Fit(1, 1)
		assert.ErrorContains(t, err, "datasets: fit: a picture of")
		_, err = bad.To(3)
		assert.ErrorContains(t, err, "datasets: channels: a picture of")
	}
	_, err := m.To(4)
	assert.EqualError(t, err, "datasets: channels: 4, wanted 1 or 3")
}

// All models of colour become red, green and blue on white.
func TestReadImageColours(t *testing.T) {
	palette := image.NewPaletted(image.Rect(0, 0, 2, 1), color.Palette{color.NRGBA{1, 2, 3, 255}, color.NRGBA{}})
	palette.SetColorIndex(1, 0, 1)
	gray16 := image.NewGray16(image.Rect(0, 0, 1, 1))
	gray16.SetGray16(0, 0, color.Gray16{0x8001})
	deep := image.NewNRGBA64(image.Rect(0, 0, 1, 1))
	deep.SetNRGBA64(0, 0, color.NRGBA64{0xffff, 0, 0, 0x8080})
	gray := image.NewGray(image.Rect(0, 0, 1, 1))
	gray.SetGray(0, 0, color.Gray{77})
	file := func(name string) string {
		data, err := os.ReadFile(filepath.Join("testdata", "images", name))
		require.NoError(t, err)
		return string(data)
	}
	repeat := func(n int, rgb ...byte) []byte { return bytes.Repeat(rgb, n) }
	white := repeat(1, 255, 255, 255)
	tests := []struct {
		name, file string
		size       [2]int
		want       []byte
		near       int // JPEG is inexact
	}{
		{"one pixel", pngOf(t, one(color.NRGBA{9, 8, 7, 255}, 1, 1)), [2]int{1, 1}, []byte{9, 8, 7}, 0},
		{"alpha", pngOf(t, one(color.NRGBA{0, 100, 200, 51}, 1, 1)), [2]int{1, 1}, []byte{204, 224, 244}, 0},
		{"transparent", pngOf(t, one(color.NRGBA{0, 100, 200, 0}, 1, 1)), [2]int{1, 1}, white, 0},
		{"palette", pngOf(t, palette), [2]int{1, 2}, append([]byte{1, 2, 3}, white...), 0},
		{"16 bits of gray", pngOf(t, gray16), [2]int{1, 1}, repeat(3, 0x80), 0},
		{"16 bits by Pillow", file("gray16.png"), [2]int{1, 2}, repeat(6, 0x80), 0},
		{"16 bits with alpha", pngOf(t, deep), [2]int{1, 1}, []byte{255, 127, 127}, 0},
		{"gray", pngOf(t, gray), [2]int{1, 1}, repeat(3, 77), 0},
		{"JPEG of CMYK", file("cmyk.jpg"), [2]int{8, 8}, repeat(64, 255, 0, 0), 2},
		{"JPEG of gray", file("gray.jpg"), [2]int{8, 8}, repeat(64, 77, 77, 77), 2},
		{"progressive JPEG", file("progressive.jpg"), [2]int{8, 16}, repeat(128, 10, 200, 30), 2},
		{
			"GIF whose frame is smaller than its screen", file("frame.gif"),
			[2]int{3, 4},
			slicesOf(repeat(5, 255, 255, 255), repeat(2, 255, 0, 0), repeat(5, 255, 255, 255)),
			0,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := datasets.ReadImage(strings.NewReader(tt.file), "x", datasets.ImageOptions{})
			require.NoError(t, err)
			assert.Equal(t, tt.size, [2]int{m.Height, m.Width})
			require.Len(t, m.Pix, len(tt.want))
			for i := range m.Pix {
				assert.InDelta(t, tt.want[i], m.Pix[i], float64(tt.near), "%v", m.Pix)
			}
			g, err := datasets.ReadImage(strings.NewReader(tt.file), "x", datasets.ImageOptions{Channels: 1})
			require.NoError(t, err)
			want, err := m.To(1)
			require.NoError(t, err)
			assert.Equal(t, want, g)
		})
	}
}

func slicesOf(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func TestReadImageErrors(t *testing.T) {
	whole := pngOf(t, one(color.Black, 50, 50))
	var jpg bytes.Buffer
	require.NoError(t, jpeg.Encode(&jpg, one(color.White, 50, 50), nil))
	animated, err := os.ReadFile("testdata/images/animated.gif")
	require.NoError(t, err)
	var two bytes.Buffer
	frame := image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.Black, color.White})
	require.NoError(t, gif.EncodeAll(&two, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{1, 1}}))
	huge := []byte(whole)
	copy(huge[16:], "\x00\x00\x4e\x20\x00\x00\x4e\x20") // 20,000 x 20,000, and the sum of the head no longer agrees
	sum := func(png []byte) string {
		out := bytes.Clone(png)
		copy(out[29:], crcOf(out[12:29]))
		return string(out)
	}
	scans := jpg.String()[:jpg.Len()-2] + strings.Repeat("\xff\xda", 501)
	tests := []struct {
		name, file, want string
		opt              datasets.ImageOptions
	}{
		{"empty", "", "datasets: x: no picture: the file is empty", datasets.ImageOptions{}},
		{"text", "hello, world", "byte 0: 68 65 6c 6c 6f 2c 20 77, wanted the first bytes of a PNG, JPEG or GIF", datasets.ImageOptions{}},
		{"cut in the head", whole[:20], "datasets: x: PNG: the file ends too early: unexpected EOF", datasets.ImageOptions{}},
		{"cut in the data", whole[:60], "datasets: x: PNG: png: invalid format: not enough pixel data", datasets.ImageOptions{}},
		{"damaged", whole[:50] + "????" + whole[54:], "datasets: x: PNG: flate: corrupt input", datasets.ImageOptions{}},
		{"JPEG cut", jpg.String()[:jpg.Len()/2], "datasets: x: JPEG: ", datasets.ImageOptions{}},
		{"GIF cut", two.String()[:20], "datasets: x: GIF: ", datasets.ImageOptions{}},
		{"enormous", sum(huge), "datasets: x: PNG: too large: 20000 x 20000 pixels, wanted at most 16777216 in all", datasets.ImageOptions{}},
		{"beyond the limit", whole, "50 x 50 pixels, wanted at most 2499 in all", datasets.ImageOptions{Pixels: 2499}},
		{"animated", two.String(), "datasets: x: GIF: it is animated, wanted a single frame", datasets.ImageOptions{}},
		{"animated by hand", string(animated), "it is animated", datasets.ImageOptions{}},
		{"many passes", scans, "JPEG: too large: 502 passes over the picture, wanted at most 500", datasets.ImageOptions{}},
		{"channels", whole, "datasets: x: 2 channels, wanted 1 or 3", datasets.ImageOptions{Channels: 2}},
		{"height alone", whole, "datasets: x: 5 x 0, wanted 1 to 16384 each", datasets.ImageOptions{Height: 5}},
		{"limits", whole, "limits of -1 pixels", datasets.ImageOptions{Pixels: -1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := datasets.ReadImage(strings.NewReader(tt.file), "x", tt.opt)
			assert.ErrorContains(t, err, tt.want)
			assert.Zero(t, m)
		})
	}
	_, err = datasets.ReadImage(strings.NewReader(sum(huge)), "x", datasets.ImageOptions{})
	assert.ErrorIs(t, err, datasets.ErrTooLarge)
	_, err = datasets.LoadImage(filepath.Join(t.TempDir(), "no.png"), datasets.ImageOptions{})
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// A picture from anywhere is an error or one whose size and bytes agree.
func FuzzReadImage(f *testing.F) {
	names, err := filepath.Glob("testdata/images/*.*")
	require.NoError(f, err)
	for _, name := range names {
		if filepath.Ext(name) == ".json" {
			continue
		}
		data, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(data, false)
	}
	f.Add([]byte(pngOf(f, one(color.NRGBA{1, 2, 3, 4}, 3, 2))), true)
	f.Fuzz(func(t *testing.T, data []byte, small bool) {
		opt := datasets.ImageOptions{Pixels: 1 << 12}
		if small {
			opt.Height, opt.Width, opt.Channels, opt.Fit = 4, 3, 1, true
		}
		m, err := datasets.ReadImage(bytes.NewReader(data), "x", opt)
		if err != nil {
			require.Zero(t, m)
			return
		}
		require.Len(t, m.Pix, m.Size())
		require.Positive(t, m.Size())
		require.LessOrEqual(t, m.Size(), 3<<12)
		if small {
			require.Equal(t, [3]int{4, 3, 1}, [3]int{m.Height, m.Width, m.Channels})
		}
	})
}
