package lecture

import (
	"context"
	"math/rand/v2"
	"slices"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/models/plot"
)

// pictureCaptions is chapter 5: a picture, and the probabilities of the words
// that describe it.
func pictureCaptions(context.Context, Choice) ([]Picture, error) {
	params := graph.NewParams64(1)
	if err := learnCaptions(params); err != nil {
		return nil, err
	}
	prog, err := graph.Build(params, graph.Key{B: 1, T: 7}, describe)
	if err != nil {
		return nil, err
	}
	pixels := picture(rand.New(rand.NewPCG(7, 0)), [2]string{"cross", "square"})
	said, p, err := described(prog, pixels)
	if err != nil {
		return nil, err
	}
	var rows [][]float64
	for y := range 5 {
		rows = append(rows, pixels[11*y:11*y+11])
	}
	return []Picture{
		{
			Name:  "05-picture",
			Title: Text{"What goes in: one picture", "들어가는 것: 그림 하나"},
			Caption: Text{
				"A cross left of a square, 11 × 5 pixels, some of them wrong. It is read once, as a vector of 55 numbers.",
				"십자 오른쪽에 사각형이 있는 11 × 5픽셀 그림이며 잘못된 픽셀이 섞여 있습니다. 신경망은 수 55개의 벡터로 한 번만 읽습니다.",
			},
			draw: func(l Lang) chart {
				return plot.HeatMap{
					Title: l.of("The picture", "그림"), Lang: string(l), Values: rows,
					Scale: plot.Scale{Max: 1, Label: l.of("pixel", "픽셀")},
				}
			},
		},
		captionPicture(said, p),
	}, nil
}

// captionPicture is the words' probabilities, step by step.
func captionPicture(said []string, p [][]float64) Picture {
	return Picture{
		Name:  "05-caption",
		Title: Text{"What comes out: a word at each step", "나오는 것: 시점마다 단어 하나"},
		Caption: Text{
			"A column for each step, with the word that was written. The full stop ends the sentence.",
			"시점마다 한 열이며, 그때 쓴 단어를 위에 적었습니다. 마침표가 나오면 문장이 끝납니다.",
		},
		draw: func(l Lang) chart {
			return plot.HeatMap{
				Title: l.of("Probability of each word", "단어의 확률"), Lang: string(l), Rows: captionWords(), Cols: said, Values: p,
				ColTitle: l.of("word that is written", "쓴 단어"), Scale: plot.Scale{Max: 1, Label: l.of("probability", "확률")},
			}
		},
	}
}

// described is the sentence for a picture, up to its end, and the probability
// of each word at each step, [V][steps].
func described(prog *graph.Program, pixels []float64) (said []string, p [][]float64, err error) {
	V := len(captionWords())
	if err := prog.SetFloat64s("features", pixels); err != nil {
		return nil, nil, err
	}
	if err := prog.SetIDs("begin", slices.Repeat([]int{V - 1}, prog.Key().T)); err != nil {
		return nil, nil, err
	}
	all, err := run(prog, "p") // [T, 1, V]
	if err != nil {
		return nil, nil, err
	}
	ids, err := prog.Integers("words")
	if err != nil {
		return nil, nil, err
	}
	p = make([][]float64, V)
	for t, id := range ids {
		for i := range p {
			p[i] = append(p[i], all[t*V+i])
		}
		if said = append(said, captionWords()[id]); id == V-1 {
			break
		}
	}
	return said, p, nil
}
