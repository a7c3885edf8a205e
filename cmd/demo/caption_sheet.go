package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/color"
	"image/png"
	"io"
	"slices"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
)

// sheetPage is a page of pictures with their captions that needs no other file.
var sheetPage = template.Must(template.New("sheet").Parse(`<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<title>{{.Title}}</title>
<style>
body { font: 15px/1.4 sans-serif; margin: 1em; color: #222; background: #fff; }
figure { display: inline-block; vertical-align: top; margin: 0 1em 1.5em 0; }
.p { position: relative; background-size: 100% 100%; image-rendering: pixelated; border: 1px solid #ccc; }
.p svg { position: absolute; left: 0; top: 0; width: 100%; height: 100%; }
figcaption { margin-top: .3em; max-width: 40em; }
small { color: #666; }
.w { display: inline-block; text-align: center; margin-right: .4em; }
{{range .Pictures}}.i{{.Number}} { background-image: url({{.Data}}); }
{{end}}</style>
</head>
<body>
{{range .Pictures}}<figure>
<div class="p i{{.Number}}" style="width:{{.Width}}px;height:{{.Height}}px"></div>
<figcaption><small>{{.Name}}</small>{{range .Captions}}<br>{{.Text}} <small>{{printf "%.3f" .Probability}}</small>{{end}}</figcaption>
{{if .Looks}}<div>{{$p := .}}{{range .Looks}}<div class="w"><div class="p i{{$p.Number}}" style="width:{{$p.Small}}px;height:{{$p.Low}}px">
<svg viewBox="0 0 {{.Cols}} {{.Rows}}" preserveAspectRatio="none">
{{range .Cells}}<rect x="{{.X}}" y="{{.Y}}" width="1" height="1" fill-opacity="{{printf "%.2f" .Dark}}"/>{{end}}</svg></div>
<small>{{.Word}}</small></div>{{end}}</div>
{{end}}</figure>
{{end}}</body>
</html>
`))

// sheetPicture is a picture of the page.
type sheetPicture struct {
	Number        int
	Name          string
	Data          template.URL
	Width, Height int // as it is shown, pixels
	Small, Low    int // below, for each word
	Captions      []models.Caption
	Looks         []sheetLook
}

// sheetLook is where a model looked as it said a word.
type sheetLook struct {
	Word       string
	Rows, Cols int
	Cells      []sheetCell
}

// sheetCell darkens what was not looked at.
type sheetCell struct {
	X, Y int
	Dark float64
}

// writeSheet writes the page.
func writeSheet(w io.Writer, m *models.Captioner, pictures *datasets.Images, found [][]models.Caption) error {
	page := struct {
		Title    string
		Pictures []sheetPicture
	}{Title: fmt.Sprintf("%d pictures", pictures.Len())}
	for i, p := range pictures.Items {
		data, err := dataOf(p)
		if err != nil {
			return fmt.Errorf("picture %s: %w", pictures.Names[i], err)
		}
		shown := sheetPicture{Number: i, Name: pictures.Names[i], Data: data, Captions: found[i]}
		shown.Width, shown.Height = shownSize(p, 192)
		shown.Small, shown.Low = shownSize(p, 72)
		if shown.Looks, err = looksOf(m, p, found[i]); err != nil {
			return err
		}
		page.Pictures = append(page.Pictures, shown)
	}
	return sheetPage.Execute(w, page)
}

// shownSize is the size of a picture whose longer side has so many pixels.
func shownSize(p datasets.Image, side int) (width, height int) {
	long := max(p.Width, p.Height)
	return max(1, p.Width*side/long), max(1, p.Height*side/long)
}

// looksOf is where a model with attention looked for the first caption.
func looksOf(m *models.Captioner, p datasets.Image, best []models.Caption) ([]sheetLook, error) {
	if m.Config.Attention == "none" || len(best) == 0 {
		return nil, nil
	}
	ids := best[0].IDs
	weights, err := m.Attention(models.Pictured{Image: p, IDs: ids})
	if err != nil {
		return nil, err
	}
	rows, cols := m.Maps()
	looks := make([]sheetLook, len(ids))
	for t, id := range ids {
		look := &looks[t]
		look.Rows, look.Cols = rows, cols
		if look.Word, err = m.Tokens.Decode([]int{id}); err != nil {
			return nil, err
		}
		most := slices.Max(weights[t])
		for s, x := range weights[t] {
			look.Cells = append(look.Cells, sheetCell{s % cols, s / cols, 0.85 * (1 - x/most)})
		}
	}
	return looks, nil
}

// dataOf is a picture as a data address.
func dataOf(p datasets.Image) (template.URL, error) {
	img := image.NewRGBA(image.Rect(0, 0, p.Width, p.Height))
	rgb, err := p.To(3)
	if err != nil {
		return "", err
	}
	for i := range p.Width * p.Height {
		at := rgb.Pix[3*i:]
		img.SetRGBA(i%p.Width, i/p.Width, color.RGBA{at[0], at[1], at[2], 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return "", err
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())), nil
}
