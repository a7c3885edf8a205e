package main

import (
	"fmt"

	"github.com/unroll-go/unroll/datasets"
)

// generate makes the pictures of shapes, or mosaics of digits.
func (t *captioned) generate() (rest, test []datasets.Captioned, err error) {
	lang := map[string]datasets.Language{"en": datasets.InEnglish, "ko": datasets.InKorean}[t.language]
	if t.labels != "" {
		return t.mosaics(lang)
	}
	all, err := datasets.Shapes{Language: lang}.Examples(t.number(4000), t.split.seed)
	if err != nil || t.split.test == 0 {
		return all, nil, err
	}
	rest, test, err = datasets.HoldOutBy(all, func(p datasets.Captioned) string { return p.Key }, t.split.test, t.split.seed)
	if err != nil {
		return nil, nil, fmt.Errorf("--test: %w", err)
	}
	return rest, test, nil
}

// number is how many pictures are generated.
func (t *captioned) number(usual int) int {
	if t.count > 0 {
		return t.count
	}
	return usual
}

// mosaics are rows of three digits. The digits are split before rows are made of
// them.
func (t *captioned) mosaics(lang datasets.Language) (rest, test []datasets.Captioned, err error) {
	images, err := datasets.LoadIDX(t.images)
	if err != nil {
		return nil, nil, err
	}
	labels, err := datasets.LoadIDX(t.labels)
	if err != nil {
		return nil, nil, err
	}
	opt := datasets.MosaicOptions{Min: 3, Max: 3, Part: t.split.test, Seed: t.split.seed, Language: lang}
	m, err := datasets.NewMosaics(images, labels, opt)
	if err != nil {
		return nil, nil, fmt.Errorf("%s, %s: %w", t.images, t.labels, err)
	}
	n := t.number(20000)
	if rest, err = m.Examples(n, t.split.seed); err != nil || t.split.test == 0 {
		return rest, nil, err
	}
	test, err = m.HeldOut(max(1, int(t.split.test*float64(n))), t.split.seed+1)
	return rest, test, err
}
