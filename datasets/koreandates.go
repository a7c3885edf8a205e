package datasets

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// The classes of [KoreanDates].
const (
	DateOther   = iota // no part of the date, and what separates its parts
	DateYear           // 2024년, 24, 이천이십사년
	DateMonth          // 3월, 03, 삼월
	DateDay            // 5일, 05, 오일
	DateWeekday        // 화요일, 화
)

// KoreanDates is a tagging task with a known answer: Korean sentences with one date each, and the class of every
// character. The date is written in one of seven ways, in figures or in words, with a weekday or without:
//
//	text     회의는 2024년 3월 5일(화) 3시에 …
//	labels   0000YYYYY0MM0DD0W00000 …
//
// Other figures stand around it (times, prices, telephone numbers, 5일 as a span of time), and 일 may be a day, a one
// or a Sunday, so a character alone does not tell; its neighbours do, always.
type KoreanDates struct{}

// TaggedText is a text with a class for each rune.
type TaggedText struct {
	Text   string
	Labels []int // by rune
}

// Classes is 5, the number of labels.
func (KoreanDates) Classes() int { return 5 }

// Names are the classes in words, by label.
func (KoreanDates) Names() []string { return []string{"other", "year", "month", "day", "weekday"} }

// Baseline is the accuracy of the best tagger without memory, which answers each character with its most frequent
// class: 0.786, counted on 10,000 sentences of a seed of its own.
func (d KoreanDates) Baseline() float64 {
	count := map[rune]*[5]int{}
	total := 0
	sentences, err := d.Sentences(10000, 1<<63)
	if err != nil {
		return 0
	}
	for _, s := range sentences {
		for k, r := range []rune(s.Text) {
			if count[r] == nil {
				count[r] = new([5]int)
			}
			count[r][s.Labels[k]]++
			total++
		}
	}
	right := 0
	for _, c := range count {
		right += slices.Max(c[:])
	}
	return float64(right) / float64(total)
}

// Sentences draws n sentences by the seed. A negative or enormous n is an error.
func (d KoreanDates) Sentences(n int, seed uint64) ([]TaggedText, error) {
	return generate("Korean dates", n, 2*100, seed, d.draw)
}

// Vocab is the vocabulary of all characters that the sentences have, with an entry for others, so that a sentence of
// the user's can be tagged.
func (KoreanDates) Vocab() (*Vocab, error) {
	text := []string{"0123456789-.,/()년월요일 ", sinoDigits, sinoUnits, "유시", dateWeekdays}
	text = append(text, dateFrames[:]...)
	return NewVocab(VocabOptions{Unknown: true}, strings.Map(func(r rune) rune {
		if strings.ContainsRune("@#{}", r) {
			return -1
		}
		return r
	}, strings.Join(text, "")))
}

// Examples draws n sentences by the seed, as ids of Vocab.
func (d KoreanDates) Examples(n int, seed uint64) ([]Tagged, error) {
	vocab, err := d.Vocab()
	if err != nil {
		return nil, err
	}
	sentences, err := d.Sentences(n, seed)
	if err != nil {
		return nil, err
	}
	out := make([]Tagged, n)
	for i, s := range sentences {
		ids, err := vocab.Encode(s.Text)
		if err != nil {
			return nil, err
		}
		out[i] = Tagged{IDs: ids, Labels: s.Labels}
	}
	return out, nil
}

// draw fills one frame.
func (KoreanDates) draw(rng *rand.Rand) TaggedText {
	var w dateWriter
	frame := dateFrames[rng.IntN(len(dateFrames))]
	for _, r := range frame {
		switch r {
		case '@':
			w.date(rng, time.Date(between(rng, 1950, 2049), 1, between(rng, 1, 365), 0, 0, 0, 0, time.UTC))
		case '#': // a figure
			w.number(between(rng, 1, 9), 0, DateOther)
		default:
			w.write(string(r), DateOther)
		}
	}
	return TaggedText{Text: w.text.String(), Labels: w.labels}
}
