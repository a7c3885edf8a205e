package main

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"path/filepath"
	"strings"

	"github.com/unroll-go/unroll/internal/atomicfile"
	"github.com/unroll-go/unroll/internal/lecture"
)

//go:embed lecture_page.html
var lecturePage string

// pageData is what index.html shows. It needs no other file.
type pageData struct {
	Lang                                 lecture.Lang
	Title, Intro, Contents               string
	SliderTitle, SliderText, SliderLabel string
	Weights                              []pageWeight
	Start, Last                          int // of the slider
	Pictures                             []pagePicture
}

type pageWeight struct {
	Radius, Says string
	SVG          template.HTML
}

type pagePicture struct {
	Name, Title, Caption string
	SVG                  template.HTML // inline, or, of a formula, whose rules of style would reach the page:
	Image                template.URL
	Details              bool // shut at first
}

// page is index.html in a language, for pictures that have been drawn.
func (j *lectureJob) page(shown []pagePicture) error {
	l := lecture.Lang(j.lang)
	data, err := newPageData(l, shown)
	if err != nil {
		return err
	}
	t, err := template.New("page").Parse(lecturePage)
	if err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(j.out, "index.html"), func(w io.Writer) error { return t.Execute(w, data) })
}

func newPageData(l lecture.Lang, shown []pagePicture) (*pageData, error) {
	of := func(en, ko string) string { return lecture.Text{En: en, Ko: ko}.In(l) }
	d := &pageData{
		Lang:     l,
		Pictures: shown,
		Title:    of("How recurrent networks work", "순환 신경망은 어떻게 동작하는가"),
		Intro: of("Pictures of the lecture, computed by unroll on this machine. Point at a cell, a mark or a character to see its value.",
			"unroll이 이 컴퓨터에서 계산한 강의 그림입니다. 칸이나 점, 글자에 마우스를 올리면 값을 볼 수 있습니다."),
		Contents:    of("Contents", "차례"),
		SliderTitle: of("The gradient by the recurrent weight", "순환 가중치에 따른 기울기"),
		SliderText: of("Whh is a rotation times a number, its radius. Each step back multiplies the gradient by Whh once more: below 1 it vanishes, "+
			"above 1 it explodes. With real inputs tanh makes it smaller. Move the slider, or use the arrow keys.",
			"Whh는 회전에 반지름이라는 수를 곱한 행렬입니다. 한 시점을 거슬러 갈 때마다 기울기에 Whh가 한 번 더 곱해지므로 반지름이 1보다 작으면 소실되고 1보다 크면 폭발합니다. "+
				"실제 입력이 있으면 tanh 때문에 더 작아집니다. 슬라이더를 움직이거나 방향키를 눌러 보세요."),
		SliderLabel: of("Radius of the recurrent weight Whh, 0.50 to 1.50", "순환 가중치 Whh의 반지름, 0.50부터 1.50까지"),
	}
	weights, err := lecture.Weights()
	if err != nil {
		return nil, err
	}
	d.Last, d.Start = len(weights)-1, len(weights)/2
	for _, w := range weights {
		var b strings.Builder
		if err := w.Chart(l).SVG(&b); err != nil {
			return nil, err
		}
		d.Weights = append(d.Weights, pageWeight{fmt.Sprintf("%.2f", w.Radius), w.Says.In(l), template.HTML(b.String())})
	}
	return d, nil
}

// shown is a picture as the page has it.
func shown(p *lecture.Picture, l lecture.Lang) (pagePicture, []byte, error) {
	var b bytes.Buffer
	if err := p.SVG(l, &b); err != nil {
		return pagePicture{}, nil, err
	}
	v := pagePicture{Name: p.Name, Title: p.Title.In(l), Caption: p.Caption.In(l), Details: strings.HasSuffix(p.Name, "-open")}
	if strings.HasPrefix(b.String(), `<svg class="plot`) {
		v.SVG = template.HTML(b.String())
	} else {
		v.Image = template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(b.Bytes()))
	}
	return v, b.Bytes(), nil
}
