package datasets

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path"
	"strings"
)

// DefaultPixels is the largest picture that is decoded unless [ImageOptions] says otherwise: 2^24 pixels, 4096 x 4096.
const DefaultPixels int64 = 1 << 24

// maxImageFile bounds the bytes of one file of a picture.
const maxImageFile = 64 << 20

// ImageOptions are the choices of readers of pictures. The zero value reads colours and keeps sizes.
type ImageOptions struct {
	Channels      int   // 1: gray, 3: red, green, blue. 0: 3
	Height, Width int   // each picture is made so large; 0 both: as it is
	Fit           bool  // as Image.Fit does, in its proportions; false: as Image.Resize
	Pixels        int64 // most pixels of one picture, checked before it is decoded. 0: DefaultPixels
	Limit         int64 // most bytes of all pictures, as they are kept and, in an archive, as they lie there. 0: DefaultLimit
}

// fill checks the options and puts the defaults where they are zero.
func (opt *ImageOptions) fill() error {
	if opt.Channels == 0 {
		opt.Channels = 3
	}
	if opt.Pixels == 0 {
		opt.Pixels = DefaultPixels
	}
	if opt.Limit == 0 {
		opt.Limit = DefaultLimit
	}
	switch {
	case opt.Channels != 1 && opt.Channels != 3:
		return fmt.Errorf("%d channels, wanted 1 or 3", opt.Channels)
	case opt.Pixels < 0 || opt.Pixels > 1<<28 || opt.Limit < 0:
		return fmt.Errorf("limits of %d pixels and %d bytes, wanted 0 or more, and at most %d pixels",
			opt.Pixels, opt.Limit, 1<<28)
	case opt.Height == 0 && opt.Width == 0:
		return nil
	}
	return checkSize(opt.Height, opt.Width)
}

// ReadImage reads a picture: PNG, JPEG, or GIF of one frame, which the first bytes tell. Whatever its colours are (gray,
// palette, CMYK, 16 bits), it becomes bytes of opt.Channels; what is transparent is laid on white. The orientation that a
// camera may have noted is not applied. The name is for errors.
//
// The file need not be trusted. Errors: more than 64 MiB, or more pixels than opt.Pixels as its head says, which wrap
// [ErrTooLarge] and come before anything is decoded; another format; a GIF that is animated; a file that is cut or damaged;
// senseless options.
func ReadImage(r io.Reader, name string, opt ImageOptions) (Image, error) {
	if err := opt.fill(); err != nil {
		return Image{}, fmt.Errorf("datasets: %s: %w", name, err)
	}
	m, err := readImage(r, opt)
	if err != nil {
		return Image{}, fmt.Errorf("datasets: %s: %w", name, err)
	}
	return m, nil
}

// LoadImage is [ReadImage] for the file at name.
func LoadImage(name string, opt ImageOptions) (Image, error) {
	f, err := os.Open(name)
	if err != nil {
		return Image{}, fmt.Errorf("datasets: %w", err)
	}
	defer f.Close()
	return ReadImage(f, name, opt)
}

func readImage(r io.Reader, opt ImageOptions) (Image, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxImageFile+1))
	switch {
	case err != nil:
		return Image{}, err
	case len(data) > maxImageFile:
		return Image{}, fmt.Errorf("%w: a picture in more than %d bytes", ErrTooLarge, maxImageFile)
	case len(data) == 0:
		return Image{}, fmt.Errorf("%w: the file is empty", ErrNoImage)
	}
	m, err := decodeImage(data, opt)
	if err != nil {
		return Image{}, err
	}
	return opt.apply(m), nil
}

// apply gives a picture the size and the channels of the options.
func (opt ImageOptions) apply(m Image) Image {
	m = m.to(opt.Channels)
	switch {
	case opt.Height == 0:
		return m
	case opt.Fit:
		return m.fit(opt.Height, opt.Width)
	}
	return m.resize(opt.Height, opt.Width)
}

// codec is a format of pictures.
type codec struct {
	name   string
	config func(io.Reader) (image.Config, error)
	check  func(data []byte) error // what else is refused before decoding; may be nil
	decode func(io.Reader) (image.Image, error)
}

// codecOf tells the format by the first bytes.
func codecOf(data []byte) (codec, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return codec{"PNG", png.DecodeConfig, nil, png.Decode}, nil
	case bytes.HasPrefix(data, []byte("\xff\xd8")):
		return codec{"JPEG", jpeg.DecodeConfig, fewScans, jpeg.Decode}, nil
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return codec{"GIF", gif.DecodeConfig, oneFrame, gif.Decode}, nil
	}
	return codec{}, fmt.Errorf("byte 0: % x, wanted the first bytes of a PNG, JPEG or GIF picture", data[:min(8, len(data))])
}

func decodeImage(data []byte, opt ImageOptions) (Image, error) {
	c, err := codecOf(data)
	if err != nil {
		return Image{}, err
	}
	head, err := c.config(bytes.NewReader(data))
	if err != nil {
		return Image{}, fmt.Errorf("%s: %w", c.name, cutShort(err))
	}
	w, h := int64(head.Width), int64(head.Height)
	if w < 1 || h < 1 {
		return Image{}, fmt.Errorf("%s: %d x %d pixels, wanted at least 1 each", c.name, h, w)
	}
	if h > opt.Pixels/w {
		return Image{}, fmt.Errorf("%s: %w: %d x %d pixels, wanted at most %d in all", c.name, ErrTooLarge, h, w, opt.Pixels)
	}
	if c.check != nil {
		if err := c.check(data); err != nil {
			return Image{}, fmt.Errorf("%s: %w", c.name, err)
		}
	}
	src, err := c.decode(bytes.NewReader(data))
	if err != nil {
		return Image{}, fmt.Errorf("%s: %w", c.name, cutShort(err))
	}
	return flatten(src, int(h), int(w)), nil
}

// cutShort names the end of a file that came too early.
func cutShort(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the file ends too early: %w", io.ErrUnexpectedEOF)
	}
	return err
}

// flatten lays a picture on white of the size that its head says, which is larger than the frame of some GIFs.
func flatten(src image.Image, height, width int) Image {
	out := blank(height, width, 3)
	if src, ok := src.(*image.NRGBA); ok && src.Rect == image.Rect(0, 0, width, height) {
		for i := range height * width {
			p := src.Pix[i/width*src.Stride+i%width*4:]
			for c := range 3 {
				out.Pix[3*i+c] = onWhite(p[c], p[3])
			}
		}
		return out
	}
	canvas := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(canvas, canvas.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(canvas, src.Bounds(), src, src.Bounds().Min, draw.Over)
	for i := range height * width {
		copy(out.Pix[3*i:3*i+3], canvas.Pix[4*i:])
	}
	return out
}

// maxScans bounds the passes of a progressive JPEG: each costs as much as its picture is large, and next to no bytes.
const maxScans = 500

func fewScans(data []byte) error {
	if n := bytes.Count(data, []byte("\xff\xda")); n > maxScans {
		return fmt.Errorf("%w: %d passes over the picture, wanted at most %d", ErrTooLarge, n, maxScans)
	}
	return nil
}

// isImageFile reports whether a file is called like a picture.
func isImageFile(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".png", ".jpg", ".jpeg", ".gif":
		return !strings.HasPrefix(path.Base(name), ".")
	}
	return false
}
