package datasets

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Captioned is a picture and what is said of it.
type Captioned struct {
	Name     string
	Key      string // that of its captions
	Image    Image
	Captions []string // at least 1, in the order of their file
}

// JoinCaptions gives each picture its captions, in the order of the pictures. Errors name what does not fit: captions of
// pictures that are not there; pictures without a caption, unless partial says that these are left out; captions of one
// picture with different keys; pictures of one name.
func JoinCaptions(images *Images, captions []Caption, partial bool) ([]Captioned, error) {
	if images == nil {
		return nil, fmt.Errorf("datasets: captions: there are no pictures, got nil")
	}
	if len(images.Names) != len(images.Items) {
		return nil, fmt.Errorf("datasets: captions: %d names of %d pictures", len(images.Names), len(images.Items))
	}
	at := make(map[string]int, images.Len())
	all := make([]Captioned, images.Len())
	for i, name := range images.Names {
		if first, ok := at[name]; ok {
			return nil, fmt.Errorf("datasets: captions: pictures %d and %d are both %s", first, i, shortened(name))
		}
		at[name] = i
		all[i] = Captioned{Name: name, Image: images.Items[i]}
	}
	lost := map[string]int{} // pictures that are not there, and the line that wants them
	for _, c := range captions {
		i, ok := at[c.Image]
		if !ok {
			if _, again := lost[c.Image]; !again {
				lost[c.Image] = c.Line
			}
			continue
		}
		p := &all[i]
		if len(p.Captions) > 0 && p.Key != c.Key {
			return nil, fmt.Errorf("datasets: captions: line %d: picture %s has the key %s, and before it had %s",
				c.Line, shortened(c.Image), shortened(c.Key), shortened(p.Key))
		}
		p.Key, p.Captions = c.Key, append(p.Captions, c.Text)
	}
	if len(lost) > 0 {
		return nil, lostPictures(lost, images.Names)
	}
	return withCaptions(all, partial)
}

// withCaptions leaves pictures without a caption out; unless partial allows it they are an error.
func withCaptions(all []Captioned, partial bool) ([]Captioned, error) {
	var bare []string
	for _, p := range all {
		if len(p.Captions) == 0 {
			bare = append(bare, p.Name)
		}
	}
	if len(bare) > 0 && !partial {
		return nil, fmt.Errorf("datasets: captions: %d of %d pictures have none: %s", len(bare), len(all), few(bare))
	}
	return slices.DeleteFunc(all, func(p Captioned) bool { return len(p.Captions) == 0 }), nil
}

// lostPictures is the error for captions of pictures that are not there.
func lostPictures(lost map[string]int, names []string) error {
	list := slices.SortedFunc(maps.Keys(lost), func(a, b string) int {
		return cmp.Or(lost[a]-lost[b], strings.Compare(a, b))
	})
	return fmt.Errorf("datasets: captions: line %d: there is no picture %s; %d pictures are named and missing: %s; there are %s",
		lost[list[0]], shortened(list[0]), len(list), few(list), few(names))
}

// few lists the first of some names.
func few(names []string) string {
	const most = 3
	if len(names) == 0 {
		return "none"
	}
	quoted := make([]string, min(most, len(names)))
	for i := range quoted {
		quoted[i] = shortened(names[i])
	}
	list := strings.Join(quoted, ", ")
	if len(names) > most {
		list += ", ..."
	}
	return list
}

// some lists the first of the fields of an object.
func some[V any](object map[string]V) string { return few(slices.Sorted(maps.Keys(object))) }

// LoadCaptioned joins the pictures of [LoadImages] with the captions of [LoadCaptions]. With said.Where, pictures without a
// caption are left out; otherwise they are an error.
func LoadCaptioned(images, captions string, seen ImageOptions, said CaptionsOptions) ([]Captioned, error) {
	texts, err := LoadCaptions(captions, said)
	if err != nil {
		return nil, err
	}
	set, err := LoadImages(images, seen)
	if err != nil {
		return nil, err
	}
	all, err := JoinCaptions(set, texts, said.Where != "")
	if err != nil {
		return nil, fmt.Errorf("%w (pictures of %s, captions of %s)", err, images, captions)
	}
	return all, nil
}
