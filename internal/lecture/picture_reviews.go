package lecture

import (
	"context"
	"strings"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models/plot"
)

// pictureReviews is chapter 4: the answer after each word.
func pictureReviews(context.Context, Choice) ([]Picture, error) {
	reviews := datasets.Reviews(1500, 1)
	m, err := newReviewer(reviews)
	if err != nil {
		return nil, err
	}
	if err := m.learn(reviews); err != nil {
		return nil, err
	}
	var tokens []string
	var values []float64
	for _, review := range []string{"the ending was not boring at all.", "연기가 나쁘지 않았다."} {
		words := strings.Fields(review)
		for i, part := range beginnings(review) {
			p, err := m.answer(part)
			if err != nil {
				return nil, err
			}
			end := " "
			if i == len(words)-1 {
				end = "\n"
			}
			tokens, values = append(tokens, words[i]+end), append(values, p[2]-p[0])
		}
	}
	return []Picture{{
		Name:  "04-review",
		Title: Text{"The answer after each word", "단어를 읽을 때마다 바뀌는 답"},
		Caption: Text{
			"The colour of a word is the answer once the network has read that far: orange is positive, blue negative. “boring” alone " +
				"would be negative; h still holds the “not”, and the answer is positive.",
			"단어의 색은 거기까지 읽었을 때의 답입니다. 주황은 긍정, 파랑은 부정입니다. “boring”만 있으면 부정이지만 h에 “not”이 남아 있으므로 답은 긍정입니다.",
		},
		draw: func(l Lang) chart {
			return plot.Text{
				Title: l.of("The answer after each word", "단어를 읽을 때마다 바뀌는 답"), Lang: string(l),
				Tokens: tokens, Values: values,
				Scale: plot.Scale{Min: -1, Max: 1, Diverging: true, Label: l.of("p(positive) − p(negative)", "p(긍정) − p(부정)")},
			}
		},
	}}, nil
}
