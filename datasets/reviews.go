package datasets

import (
	"math/rand/v2"
	"strings"
)

// Review is a made-up opinion of a film.
type Review struct {
	Text  string
	Label string // negative, neutral or positive
}

// Reviews makes n reviews in English and Korean by a small grammar, for classifiers that want something to learn without
// data. Single words do not decide: "not good" is negative, "not boring" positive, and praise beside blame is neutral, so
// that what counts is the order. A neutral review is also one without an opinion. The same seed gives the same reviews.
func Reviews(n int, seed uint64) []Review {
	rng := rand.New(rand.NewPCG(seed, 0))
	out := make([]Review, max(n, 0))
	for i := range out {
		say := englishReviews
		if rng.IntN(2) == 1 {
			say = koreanReviews
		}
		out[i] = say().review(rng)
	}
	return out
}

// phrases are what a language's reviews are made of. What is said of a subject, the %, is good, bad or neither; less
// turns it round.
type phrases struct {
	before, after     []string
	subjects          []string
	good, bad         []string // the % is good
	notGood, notBad   []string
	neither           []string
	goodBut, badBut   []string // the first half of a contrast
	sentence, between string
}

// review draws one review.
func (p phrases) review(rng *rand.Rand) Review {
	pick := func(from []string) string { return from[rng.IntN(len(from))] }
	i := rng.IntN(len(p.subjects))
	about := func(from []string, i int) string { return strings.ReplaceAll(pick(from), "%", p.subjects[i]) }
	var r Review
	switch rng.IntN(9) {
	case 0, 1:
		r = Review{about(p.good, i), "positive"}
	case 2:
		r = Review{about(p.notBad, i), "positive"}
	case 3, 4:
		r = Review{about(p.bad, i), "negative"}
	case 5:
		r = Review{about(p.notGood, i), "negative"}
	case 6:
		r = Review{about(p.neither, i), "neutral"}
	default:
		j := (i + 1 + rng.IntN(len(p.subjects)-1)) % len(p.subjects) // another subject
		first, second := about(p.goodBut, i), about(p.bad, j)
		if rng.IntN(2) == 1 {
			first, second = about(p.badBut, i), about(p.good, j)
		}
		r = Review{first + p.between + second, "neutral"}
	}
	r.Text = pick(p.before) + r.Text + p.sentence + pick(p.after)
	return r
}

func englishReviews() phrases {
	return phrases{
		before:   []string{"", "", "Saw it last night. ", "My sister chose it. ", "Honestly, ", "For a first film, ", "We watched it twice; "},
		after:    []string{"", "", " That is all.", " The seats were full.", " It runs two hours.", " I went with friends."},
		subjects: []string{"the film", "the plot", "the acting", "the music", "the ending", "the camera work", "the dialogue", "the lead"},
		good:     []string{"% was wonderful", "% was moving", "I loved %", "% is a joy", "% was funny and warm", "% was a pleasant surprise"},
		bad:      []string{"% was dull", "% was boring", "I hated %", "% is a mess", "% was lifeless", "% was a waste of time"},
		notGood:  []string{"% was not good", "% was never funny", "nobody could love %", "% was not moving at all", "% was far from wonderful"},
		notBad:   []string{"% was not bad", "% was never dull", "nobody could hate %", "% was not boring at all", "% was far from lifeless"},
		neither:  []string{"% was average", "% was neither good nor bad", "I have no opinion of %", "% was what one expects", "% was watchable, no more"},
		goodBut:  []string{"% was wonderful", "% was moving", "I loved %", "% was funny"},
		badBut:   []string{"% was dull", "% was boring", "I hated %", "% was lifeless"},
		sentence: ".", between: ", but ",
	}
}

func koreanReviews() phrases {
	return phrases{
		before:   []string{"", "", "어제 봤다. ", "동생이 골랐다. ", "솔직히 ", "첫 작품치고는 ", "두 번 봤는데 "},
		after:    []string{"", "", " 이상이다.", " 자리가 꽉 찼다.", " 두 시간짜리다.", " 친구와 갔다."},
		subjects: []string{"영화", "연기", "노래", "대사", "이야기", "마무리", "영상미", "전개"},
		good:     []string{"%가 훌륭했다", "%가 감동적이었다", "%가 정말 좋았다", "%에 푹 빠졌다", "%가 재미있었다"},
		bad:      []string{"%가 지루했다", "%가 엉망이었다", "%가 정말 싫었다", "%에 실망했다", "%가 답답했다"},
		notGood:  []string{"%가 좋지 않았다", "%가 하나도 재미있지 않았다", "%가 훌륭하다고는 못 하겠다", "%가 전혀 감동적이지 않았다"},
		notBad:   []string{"%가 나쁘지 않았다", "%가 하나도 지루하지 않았다", "%가 엉망이라고는 못 하겠다", "%가 전혀 답답하지 않았다"},
		neither:  []string{"%가 그저 그랬다", "%가 보통이었다", "%가 좋지도 나쁘지도 않았다", "%는 볼 만한 정도였다", "%는 예상한 그대로였다"},
		goodBut:  []string{"%는 훌륭했지만", "%는 감동적이었지만", "%는 좋았지만", "%는 재미있었지만"},
		badBut:   []string{"%는 지루했지만", "%는 엉망이었지만", "%는 싫었지만", "%는 답답했지만"},
		sentence: ".", between: " ",
	}
}
