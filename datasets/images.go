package datasets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// ErrNoImage is wrapped by the errors for a file, an archive or a directory without a picture.
var ErrNoImage = errors.New("no picture")

// Images is a set of pictures with a name for each.
type Images struct {
	Names []string // different: the file's name, within its archive or directory; the number, from 0, in an IDX file
	Items []Image
}

// Len is the number of pictures.
func (s *Images) Len() int { return len(s.Items) }

// LoadImages reads pictures from what is at name: an IDX file, plain or gzip ([ImagesOf]); a ZIP archive
// ([ReadImagesZip]); a directory, whose files ending in .png, .jpg, .jpeg or .gif are read, sub-directories included, in
// lexical order, and names that begin with a dot passed over; or a single picture.
//
// Errors name the file, and the picture within: those of [ReadImage] and [ReadIDX]; no picture at all, which wraps
// [ErrNoImage]; more bytes than opt.Limit, which wraps [ErrTooLarge].
func LoadImages(name string, opt ImageOptions) (*Images, error) {
	err := opt.fill()
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", name, err)
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("datasets: %w", err)
	}
	var s *Images
	if info.IsDir() {
		s, err = imagesIn(os.DirFS(name), opt)
	} else {
		s, err = imagesAt(name, info.Size(), opt)
	}
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", name, err)
	}
	return s, nil
}

// imagesAt reads a file of one or more pictures.
func imagesAt(name string, size int64, opt ImageOptions) (*Images, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var magic [4]byte
	n, err := io.ReadFull(f, magic[:])
	if err != nil && n == 0 {
		return nil, fmt.Errorf("%w: the file is empty", ErrNoImage)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	switch {
	case string(magic[:2]) == "PK":
		return imagesZip(f, size, opt)
	case string(magic[:2]) == "\x1f\x8b", string(magic[:2]) == "\x00\x00":
		x, err := readIDX(f, opt.Limit)
		if err != nil {
			return nil, fmt.Errorf("IDX: %w", err)
		}
		return imagesOf(x, opt)
	}
	g := gathering{opt: opt, left: opt.Limit}
	if err := g.add(filepath.Base(name), f); err != nil {
		return nil, err
	}
	return &g.set, nil
}

// imagesIn reads the pictures of a directory.
func imagesIn(root fs.FS, opt ImageOptions) (*Images, error) {
	g := gathering{opt: opt, left: opt.Limit}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir() || !isImageFile(name) || !regular(root, name):
			return nil
		}
		f, err := root.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		return g.add(name, f)
	})
	if err == nil {
		err = g.any()
	}
	return &g.set, err
}

// gathering is a set of pictures that grows within a limit.
type gathering struct {
	set  Images
	opt  ImageOptions
	left int64 // bytes that pictures may still take
}

// add reads a picture. Its errors name it.
func (g *gathering) add(name string, r io.Reader) error {
	m, err := readImage(r, g.opt)
	if err == nil {
		if g.left -= int64(len(m.Pix)); g.left < 0 {
			err = fmt.Errorf("%w: pictures of more than %d bytes", ErrTooLarge, g.opt.Limit)
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	g.set.Names, g.set.Items = append(g.set.Names, name), append(g.set.Items, m)
	return nil
}

// any refuses a set of nothing.
func (g *gathering) any() error {
	if g.set.Len() == 0 {
		return fmt.Errorf("%w: no file ends in .png, .jpg, .jpeg or .gif", ErrNoImage)
	}
	return nil
}

// ImagesOf makes pictures of an IDX array [N, height, width] of gray, or [N, height, width, channels] of 1 (gray), 3 (red,
// green, blue) or 4 channels (with alpha, not premultiplied: it is laid on white). They are named by their number, from 0.
// Other shapes and senseless options are errors, and more bytes than opt.Limit, which wraps [ErrTooLarge].
func ImagesOf(x *IDX, opt ImageOptions) (*Images, error) {
	err := opt.fill()
	var s *Images
	if err == nil {
		s, err = imagesOf(x, opt)
	}
	if err != nil {
		return nil, fmt.Errorf("datasets: pictures: %w", err)
	}
	return s, nil
}

func imagesOf(x *IDX, opt ImageOptions) (*Images, error) {
	if err := x.check(); err != nil {
		return nil, err
	}
	channels := 1
	switch len(x.Shape) {
	case 3:
	case 4:
		channels = x.Shape[3]
	default:
		return nil, fmt.Errorf("an array of shape %v, wanted [N height width] or [N height width channels]", x.Shape)
	}
	height, width := x.Shape[1], x.Shape[2]
	if channels != 1 && channels != 3 && channels != 4 {
		return nil, fmt.Errorf("an array of shape %v, wanted 1, 3 or 4 channels", x.Shape)
	}
	if err := checkSize(height, width); err != nil {
		return nil, err
	}
	s := &Images{}
	left := opt.Limit
	for i := range x.Len() {
		m := opt.apply(pictureOf(x.Item(i), height, width, channels))
		if left -= int64(len(m.Pix)); left < 0 {
			return nil, fmt.Errorf("%w: pictures of more than %d bytes", ErrTooLarge, opt.Limit)
		}
		s.Names, s.Items = append(s.Names, strconv.Itoa(i)), append(s.Items, m)
	}
	return s, nil
}

// pictureOf copies the bytes of a picture and lays what is transparent on white.
func pictureOf(data []byte, height, width, channels int) Image {
	if channels != 4 {
		return Image{height, width, channels, bytes.Clone(data)}
	}
	m := Image{height, width, 3, make([]byte, 3*height*width)}
	for i := range height * width {
		p := data[4*i : 4*i+4]
		for c := range 3 {
			m.Pix[3*i+c] = onWhite(p[c], p[3])
		}
	}
	return m
}
