package datasets_test

import (
	"bytes"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// captions reads all of a text.
func captions(text string, opt datasets.CaptionsOptions) (all []datasets.Caption, err error) {
	for c, e := range datasets.ReadCaptions(strings.NewReader(text), "x", opt) {
		if e != nil {
			return all, e
		}
		all = append(all, c)
	}
	return all, nil
}

func ExampleReadCaptions() {
	const lines = `{"identifier":"7-0","sentence":"There is a tower.","label":"true"}
{"identifier":"7-1","sentence":"There is none.","label":"false"}`
	opt := datasets.CaptionsOptions{Name: "dev-*-0.png", Where: "label=true"}
	for c, err := range datasets.ReadCaptions(strings.NewReader(lines), "dev.jsonl", opt) {
		fmt.Println(c.Image, c.Text, err)
	}
	// Output: dev-7-0-0.png There is a tower. <nil>
}

func ExampleJoinCaptions() {
	images := &datasets.Images{Names: []string{"0", "1"}, Items: []datasets.Image{
		{Height: 1, Width: 1, Channels: 1, Pix: []byte{0}}, {Height: 1, Width: 1, Channels: 1, Pix: []byte{255}},
	}}
	all, err := datasets.JoinCaptions(images, []datasets.Caption{
		{Image: "1", Text: "white"}, {Image: "0", Text: "black"}, {Image: "1", Text: "snow"},
	}, false)
	for _, p := range all {
		fmt.Println(p.Name, p.Image.Pix, p.Captions)
	}
	fmt.Println(err)
	// Output:
	// 0 [0] [black]
	// 1 [255] [white snow]
	// <nil>
}

// A captioner has to beat these: one caption for all pictures, and that of the picture most alike.
func ExampleNewNearestImage() {
	gray := func(x byte) datasets.Image { return datasets.Image{Height: 1, Width: 1, Channels: 1, Pix: []byte{x}} }
	fit := []datasets.Captioned{
		{Image: gray(0), Captions: []string{"dark"}},
		{Image: gray(20), Captions: []string{"dark"}},
		{Image: gray(200), Captions: []string{"bright"}},
	}
	nearest, err := datasets.NewNearestImage(fit)
	if err != nil {
		fmt.Println(err)
		return
	}
	at, err := nearest.Find(gray(140))
	fmt.Println(datasets.CommonestCaption(fit), fit[at].Captions[0], err)
	// Output: dark bright <nil>
}

func ExampleEmojiBase() {
	for _, codepoints := range []string{"1f3c3_1f3fd_200d_2642", "U+1F469 U+1F3FC U+200D U+1F52C", "1f9d1-200d-1f52c", "2764_fe0f"} {
		fmt.Println(datasets.EmojiBase(codepoints))
	}
	// Output:
	// 1f3c3
	// 1f9d1_200d_1f52c
	// 1f9d1_200d_1f52c
	// 2764
}

func TestReadCaptions(t *testing.T) {
	const table = "row\tcode\ten\tko\n0\t1f600\tgrinning face\t활짝 웃는 얼굴 \n1\t1f601\tbeaming face\t웃는 얼굴\n"
	tests := []struct {
		name, text string
		opt        datasets.CaptionsOptions
		want       []datasets.Caption
	}{
		{
			"first and last column", table,
			datasets.CaptionsOptions{},
			[]datasets.Caption{{Image: "0", Text: "활짝 웃는 얼굴", Line: 2}, {Image: "1", Text: "웃는 얼굴", Line: 3}},
		},
		{
			"named columns", table,
			datasets.CaptionsOptions{Image: "1", Text: "en", Key: "code", Name: "*.png", Where: "row=1"},
			[]datasets.Caption{{Image: "1.png", Text: "beaming face", Key: "1f601", Line: 3}},
		},
		{"nothing chosen", table, datasets.CaptionsOptions{Where: "row=2"}, nil},
		{
			"JSON lines",
			"\uFEFF{\"identifier\": 12, \"sentence\": \" a \\u00e9 \", \"x\": {\"y\": []}}\r\n\n{\"sentence\":\"b\",\"identifier\":true}",
			datasets.CaptionsOptions{},
			[]datasets.Caption{{Image: "12", Text: "a é", Line: 1}, {Image: "true", Text: "b", Line: 3}},
		},
		{
			"escapes", `{"identifier":"\ufffd","sentence":"\ud83d\ude00 \uFFFD �"}`,
			datasets.CaptionsOptions{},
			[]datasets.Caption{{Image: "\uFFFD", Text: "😀 \uFFFD \uFFFD", Line: 1}},
		},
		{
			"fields", `{"file":"a=b","text":"c","n":1.50}`,
			datasets.CaptionsOptions{Image: "file", Text: "text", Key: "n", Where: "file=a=b"},
			[]datasets.Caption{{Image: "a=b", Text: "c", Key: "1.50", Line: 1}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, text := range []string{tt.text, zipped(t, tt.text)} {
				got, err := captions(text, tt.opt)
				require.NoError(t, err)
				assert.Equal(t, tt.want, got)
			}
		})
	}
}

func TestReadCaptionsErrors(t *testing.T) {
	const table = "image\tcaption\na.png\tb\n"
	tests := []struct {
		name, text, want string
		opt              datasets.CaptionsOptions
	}{
		{"empty", "", "datasets: x: empty text", datasets.CaptionsOptions{}},
		{"no such column", table, `datasets: x: no column "en"; there are 2, cut at '\t': 1 "image", 2 "caption"`, datasets.CaptionsOptions{Text: "en"}},
		{"no such column to choose by", table, `no column "label"`, datasets.CaptionsOptions{Where: "label=true"}},
		{"no caption", table + "c.png\t \n", `datasets: x: line 3: empty text: got "", wanted a caption`, datasets.CaptionsOptions{}},
		{"no picture", table + "\tc\n", `datasets: x: line 3: empty text: got "", wanted the name of a picture`, datasets.CaptionsOptions{}},
		{"a cell too few", table + "c\n", `datasets: x: line 3: got 1 when cut at '\t', wanted 2 cells`, datasets.CaptionsOptions{}},
		{"senseless choice", table, `only rows where "label", wanted a column, = and its value`, datasets.CaptionsOptions{Where: "label"}},
		{"senseless name", table, `pictures called "a.png", wanted one * where the cell stands`, datasets.CaptionsOptions{Name: "a.png"}},
		{"senseless limit", "{}", "limits of -1 bytes", datasets.CaptionsOptions{Table: datasets.TableOptions{Limit: -1}}},
		{"no JSON", "{}\n{,", `datasets: x: line 1: no field "identifier"; there are none`, datasets.CaptionsOptions{}},
		{"half an object", `{"identifier":1`, "datasets: x: line 1: unexpected end of JSON input", datasets.CaptionsOptions{}},
		{"a list", "{\"identifier\":1,\"sentence\":[\"a\"]}", `datasets: x: line 1: field "sentence": got "[\"a\"]", wanted a text, a number, true or false`, datasets.CaptionsOptions{}},
		{"null", `{"identifier":null,"sentence":"a"}`, `field "identifier": got "null", wanted a text`, datasets.CaptionsOptions{}},
		{"no field", `{"a":1,"b":2,"c":3,"d":4}`, `no field "identifier"; there are "a", "b", "c", ...`, datasets.CaptionsOptions{}},
		{"no caption in JSON", `{"identifier":1,"sentence":""}`, `datasets: x: line 1: empty text: got "", wanted a caption`, datasets.CaptionsOptions{}},
		{"half a character in JSON", `{"identifier":1,"sentence":"a\ud83d"}`, `field "sentence": got "\"a\\ud83d\"", wanted both halves of a character`, datasets.CaptionsOptions{}},
		{"invalid UTF-8 in JSON", "{\"identifier\":1,\"sentence\":\"\xff\"}", "datasets: x: line 1: byte 28: invalid UTF-8 (0xff)", datasets.CaptionsOptions{}},
		{"enormous line", "{" + strings.Repeat(" ", 200), "datasets: x: line 1: too large: more than 160 bytes on a line", datasets.CaptionsOptions{Table: datasets.TableOptions{Cell: 10}}},
		{"deep JSON", "{\"a\":" + strings.Repeat("[", 20000), "line 1: ", datasets.CaptionsOptions{}},
		{"gzip cut", zipped(t, table)[:20], "unexpected EOF", datasets.CaptionsOptions{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := captions(tt.text, tt.opt)
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

func TestJoinCaptionsErrors(t *testing.T) {
	images := &datasets.Images{Names: []string{"a", "b", "c", "d", "e"}, Items: make([]datasets.Image, 5)}
	said := func(names ...string) (all []datasets.Caption) {
		for i, name := range names {
			all = append(all, datasets.Caption{Image: name, Text: "x", Line: i + 2})
		}
		return all
	}
	_, err := datasets.JoinCaptions(images, said("a", "z", "y", "z"), false)
	assert.EqualError(t, err, `datasets: captions: line 3: there is no picture "z"; 2 pictures are named and missing: "z", "y"; there are "a", "b", "c", ...`)
	_, err = datasets.JoinCaptions(images, said("b"), false)
	assert.EqualError(t, err, `datasets: captions: 4 of 5 pictures have none: "a", "c", "d", ...`)
	got, err := datasets.JoinCaptions(images, said("d", "b", "d"), true)
	require.NoError(t, err)
	assert.Equal(t, []datasets.Captioned{{Name: "b", Captions: []string{"x"}}, {Name: "d", Captions: []string{"x", "x"}}}, got)
	two := said("a", "a")
	two[1].Key = "k"
	_, err = datasets.JoinCaptions(images, two, true)
	assert.EqualError(t, err, `datasets: captions: line 3: picture "a" has the key "k", and before it had ""`)
	_, err = datasets.JoinCaptions(&datasets.Images{Names: []string{"a"}}, said("a"), true)
	assert.EqualError(t, err, "datasets: captions: 1 names of 0 pictures")
	_, err = datasets.JoinCaptions(&datasets.Images{Names: []string{"a", "a"}, Items: make([]datasets.Image, 2)}, said("a"), true)
	assert.EqualError(t, err, `datasets: captions: pictures 0 and 1 are both "a"`)
	_, err = datasets.JoinCaptions(&datasets.Images{}, said("a"), true)
	assert.ErrorContains(t, err, "there are none")
}

func TestLoadCaptioned(t *testing.T) {
	dir := t.TempDir()
	write := func(name, data string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(data), 0o600))
		return path
	}
	dot := pngOf(t, one(color.White, 1, 1))
	zip := write("x.zip", zipOf(t, "a.png", dot, "b.png", dot))
	table := write("x.tsv", "image\tok\tcaption\na.png\tyes\tone\nb.png\tno\ttwo\n")
	all, err := datasets.LoadCaptioned(zip, table, datasets.ImageOptions{}, datasets.CaptionsOptions{})
	require.NoError(t, err)
	assert.Len(t, all, 2)
	all, err = datasets.LoadCaptioned(zip, table, datasets.ImageOptions{}, datasets.CaptionsOptions{Where: "ok=yes"})
	require.NoError(t, err)
	assert.Equal(t, []string{"one"}, all[0].Captions)
	assert.Len(t, all, 1)
	_, err = datasets.LoadCaptioned(zip, table, datasets.ImageOptions{}, datasets.CaptionsOptions{Name: "*.jpg"})
	assert.ErrorContains(t, err, `line 2: there is no picture "a.png.jpg"; 2 pictures are named and missing: "a.png.jpg", "b.png.jpg"; there are "a.png", "b.png" (pictures of `+zip)
	_, err = datasets.LoadCaptioned(zip, write("none.tsv", "a\tb\n"), datasets.ImageOptions{}, datasets.CaptionsOptions{})
	assert.ErrorIs(t, err, datasets.ErrEmpty)
	_, err = datasets.LoadCaptioned(filepath.Join(dir, "no.zip"), table, datasets.ImageOptions{}, datasets.CaptionsOptions{})
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestCaptionBaselines(t *testing.T) {
	assert.Empty(t, datasets.CommonestCaption(nil))
	for range 20 { // whatever the order of a map
		assert.Equal(t, "a", datasets.CommonestCaption([]datasets.Captioned{{Captions: []string{"b", "a"}}, {Captions: []string{"a", "b", "c"}}}))
	}

	_, err := datasets.NewNearestImage(nil)
	assert.ErrorIs(t, err, datasets.ErrNoImage)
	m := datasets.Image{Height: 40, Width: 40, Channels: 1, Pix: make([]byte, 1600)}
	_, err = datasets.NewNearestImage([]datasets.Captioned{{Image: m}, {Name: "p", Image: datasets.Image{Height: 1, Width: 1, Channels: 1, Pix: []byte{1}}}})
	assert.EqualError(t, err, `datasets: nearest: picture "p": 1 x 1 x 1, wanted 40 x 40 x 1 as the others`)

	far, near := m, m // differ in the last byte alone, beyond the first piece
	far.Pix, near.Pix = bytes.Clone(m.Pix), bytes.Clone(m.Pix)
	far.Pix[1599], near.Pix[1599], near.Pix[0] = 255, 9, 1
	n, err := datasets.NewNearestImage([]datasets.Captioned{{Image: far}, {Image: near}, {Image: near}})
	require.NoError(t, err)
	at, err := n.Find(m)
	require.NoError(t, err)
	assert.Equal(t, 1, at)
	_, err = n.Find(datasets.Image{})
	assert.ErrorContains(t, err, "datasets: nearest: a picture of 0 channels")
	_, err = new(datasets.NearestImage).Find(m)
	assert.EqualError(t, err, "datasets: nearest: no picture to compare with")
}

func TestEmojiBase(t *testing.T) {
	for codepoints, want := range map[string]string{
		"1f600":       "1f600",
		"1F44B_1F3FC": "1f44b",
		"1f6b6_1f3fe_200d_2642_fe0f_200d_27a1_fe0f": "1f6b6",
		"1f468_1f3fb":           "1f9d1",
		"1f469_200d_1f9b0":      "1f9d1", // red hair
		"1f9d4_1f3fb_200d_2642": "1f9d1", // a beard
		"1f467":                 "1f9d2",
		"1f478":                 "1fac5",
		"1f936":                 "1f9d1_200d_1f384",
		"1f469_1f3ff_200d_2764_fe0f_200d_1f48b_200d_1f468_1f3fb": "1f48f",
		"1f468_200d_2764_200d_1f468":                             "1f491",
		"1f9d1_1f3fb_200d_1f91d_200d_1f9d1_1f3fc":                "1f46b",
		"1f468_200d_1f469_200d_1f467":                            "1f46a",
		"1f46d_1f3fd":                                            "1f46b",
		"1faf1_1f3fb_200d_1faf2_1f3fd":                           "1f91d",
		"0023_20e3":                                              "23_20e3",
		"2640":                                                   "2640", // a sign by itself is an emoji
		"2642_fe0f":                                              "2642",
		"1f3fb":                                                  "1f3fb",
		"1f1f0_1f1f7":                                            "1f1f0_1f1f7",
		"":                                                       "",
		"200d":                                                   "200d",
		"Not A List":                                             "not a list",
	} {
		assert.Equal(t, want, datasets.EmojiBase(codepoints), codepoints)
	}
}

// The real captioned pictures: their number, and that all variants of an emoji are on one side.
func TestRealCaptions(t *testing.T) {
	emoji, err := datasets.LoadCaptioned(dataFile(t, "caption/emoji32/images-rgba-idx4.gz"), dataFile(t, "caption/emoji32/captions.tsv"),
		datasets.ImageOptions{}, datasets.CaptionsOptions{Text: "caption_en", Key: "codepoints"})
	require.NoError(t, err)
	assert.Len(t, emoji, 3059)
	assert.Equal(t, "keycap: #", emoji[0].Captions[0])
	base := func(p datasets.Captioned) string { return datasets.EmojiBase(p.Key) }
	rest, held, err := datasets.HoldOutBy(emoji, base, 0.1, 1)
	require.NoError(t, err)
	title := func(p datasets.Captioned) string { // "astronaut" of "woman astronaut: dark skin tone"
		name, _, _ := strings.Cut(p.Captions[0], ":")
		for _, who := range []string{"man ", "woman ", "person ", "men ", "women ", "people "} {
			name = strings.TrimPrefix(name, who)
		}
		return name
	}
	seen := map[string]bool{}
	for _, p := range rest {
		seen[title(p)] = true
	}
	for _, p := range held {
		if strings.Contains(p.Captions[0], "skin tone") {
			assert.False(t, seen[title(p)], "%s is on both sides", title(p))
		}
	}
	t.Logf("%d pictures to learn from, %d held out", len(rest), len(held))

	scenes, err := datasets.LoadCaptioned(dataFile(t, "caption/nlvr/dev_images.zip"), dataFile(t, "caption/nlvr/dev.jsonl.gz"),
		datasets.ImageOptions{}, datasets.CaptionsOptions{Name: "dev-*-0.png", Where: "label=true"})
	require.NoError(t, err)
	assert.Len(t, scenes, 547)
	assert.Equal(t, [2]int{100, 400}, [2]int{scenes[0].Image.Height, scenes[0].Image.Width})

	photos, err := datasets.LoadCaptioned(dataFile(t, "caption/coco_cc/images_256.zip"), dataFile(t, "caption/coco_cc/captions.tsv"),
		datasets.ImageOptions{Height: 64, Width: 64, Fit: true}, datasets.CaptionsOptions{})
	require.NoError(t, err)
	assert.Len(t, photos, 90)
	for _, p := range photos {
		assert.Len(t, p.Captions, 5)
		assert.Len(t, p.Image.Pix, 64*64*3)
	}
}

// Captions from anywhere are an error or texts that are not empty.
func FuzzReadCaptions(f *testing.F) {
	f.Add([]byte("row\ten\n0\ta face\n"), "", "en", "", "", "")
	f.Add([]byte("{\"identifier\":1,\"sentence\":\"a\",\"label\":true}\n"), "", "", "label", "x*", "label=true")
	f.Add([]byte("{\"a\":\"b\",\"c\":{\"d\":[null]}}"), "a", "c", "", "", "")
	f.Fuzz(func(t *testing.T, data []byte, image, text, key, name, where string) {
		opt := datasets.CaptionsOptions{
			Image: image, Text: text, Key: key, Name: name, Where: where,
			Table: datasets.TableOptions{Limit: 1 << 16, Cell: 1 << 10},
		}
		for c, err := range datasets.ReadCaptions(bytes.NewReader(data), "x", opt) {
			if err != nil {
				require.Zero(t, c)
				return
			}
			require.NotEmpty(t, c.Text)
			require.NotEmpty(t, c.Image)
			require.Positive(t, c.Line)
		}
	})
}

// A key is a key of itself, whatever the text.
func FuzzEmojiBase(f *testing.F) {
	f.Add("1f469_1f3ff_200d_2764_200d_1f48b_200d_1f468")
	f.Add("200d_200d-fe0f U+")
	f.Fuzz(func(t *testing.T, codepoints string) {
		base := datasets.EmojiBase(codepoints)
		require.Equal(t, base, datasets.EmojiBase(base))
	})
}
