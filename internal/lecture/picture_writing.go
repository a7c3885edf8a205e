package lecture

import (
	"context"
	"math/rand/v2"
	"strings"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models/plot"
)

// pictureWriting is chapter 3: the probabilities of the next character.
func pictureWriting(context.Context, Choice) ([]Picture, error) {
	params := graph.NewParams64(1)
	if err := learnWords(params); err != nil {
		return nil, err
	}
	prog, err := graph.Build(params, graph.Key{B: 1, T: 1}, nextCharacter)
	if err != nil {
		return nil, err
	}
	read, p, err := written(prog, 24)
	if err != nil {
		return nil, err
	}
	return []Picture{{
		Name:  "03-next-character",
		Title: Text{"Probability of the next character", "다음 글자의 확률"},
		Caption: Text{
			"A column for each character that is read, from left to right; the strong cells are what may come next. " +
				"After “h” there are four words to choose from, after “he” only one.",
			"읽은 글자마다 한 열씩, 왼쪽에서 오른쪽으로 늘어섭니다. 진한 칸이 다음에 올 수 있는 글자입니다. " +
				"“h” 다음에는 네 단어가 가능하지만 “he” 다음에는 하나뿐입니다.",
		},
		draw: func(l Lang) chart {
			return plot.HeatMap{
				Title: l.of("Probability of the next character", "다음 글자의 확률"), Lang: string(l),
				ColTitle: l.of("character that is read", "읽은 글자"), Cols: read,
				RowTitle: l.of("next character", "다음 글자"), Rows: strings.Split(alphabet, ""),
				Values: p, Scale: plot.Scale{Max: 1, Label: l.of("probability", "확률")},
			}
		},
	}}, nil
}

// written draws n characters as write does, and keeps what was read and, for
// each character of the alphabet, its probabilities [V][n].
func written(prog *graph.Program, n int) (read []string, p [][]float64, err error) {
	rng := rand.New(rand.NewPCG(2, 0))
	id := strings.IndexByte(alphabet, ' ')
	p = make([][]float64, len(alphabet))
	for range n {
		if err := prog.SetIDs("ids", []int{id}); err != nil {
			return nil, nil, err
		}
		q, err := run(prog, "p")
		if err != nil {
			return nil, nil, err
		}
		read = append(read, alphabet[id:id+1])
		for i := range p {
			p[i] = append(p[i], q[i])
		}
		id = draw(rng, q)
	}
	return read, p, nil
}
