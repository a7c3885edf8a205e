package datasets

import (
	"archive/zip"
	"fmt"
	"io"
	"path"
	"strings"
)

// ReadImagesZip reads the pictures of a ZIP archive of size bytes, in its order: the files that end in .png, .jpg, .jpeg or
// .gif. Other files, and those whose names, or whose folders' names, begin with a dot or with "__" (as some systems add), are
// passed over. The name is for errors.
//
// The archive need not be trusted: nothing is written, and neither the pictures nor what is decompressed for them may be
// more than opt.Limit bytes in all. Errors name the picture: those of [ReadImage]; a name that comes twice; a damaged archive;
// one without a picture, which wraps [ErrNoImage].
func ReadImagesZip(r io.ReaderAt, size int64, name string, opt ImageOptions) (*Images, error) {
	err := opt.fill()
	var s *Images
	if err == nil {
		s, err = imagesZip(r, size, opt)
	}
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", name, err)
	}
	return s, nil
}

func imagesZip(r io.ReaderAt, size int64, opt ImageOptions) (*Images, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("ZIP: %w", err)
	}
	g := gathering{opt: opt, left: opt.Limit}
	seen := map[string]bool{}
	unpacked := &limitReader{limit: opt.Limit} // of all pictures together
	for _, f := range archive.File {
		if f.Mode().IsDir() || hidden(f.Name) || !isImageFile(f.Name) {
			continue
		}
		if seen[f.Name] {
			return nil, fmt.Errorf("%s: the archive has two files of that name", shortened(f.Name))
		}
		seen[f.Name] = true
		if err := g.addZipped(f, unpacked); err != nil {
			return nil, err
		}
	}
	return &g.set, g.any()
}

// addZipped reads one picture of an archive.
func (g *gathering) addZipped(f *zip.File, unpacked *limitReader) error {
	if f.UncompressedSize64 > maxImageFile { // its head may lie: what is read is limited too
		return fmt.Errorf("%s: %w: %d bytes, wanted at most %d", shortened(f.Name), ErrTooLarge, f.UncompressedSize64, maxImageFile)
	}
	in, err := f.Open()
	if err != nil {
		return fmt.Errorf("%s: %w", shortened(f.Name), err)
	}
	defer in.Close()
	unpacked.in = in
	return g.add(f.Name, unpacked)
}

// hidden reports whether a part of a path begins with a dot or "__".
func hidden(name string) bool {
	for part := range strings.SplitSeq(path.Clean(name), "/") {
		if strings.HasPrefix(part, ".") || strings.HasPrefix(part, "__") {
			return true
		}
	}
	return false
}
