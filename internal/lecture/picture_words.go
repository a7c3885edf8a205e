package lecture

import (
	"context"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models/plot"
)

// pictureWords is chapter 11: what a word table covers, and what its rows cost.
func pictureWords(context.Context, Choice) ([]Picture, error) {
	english, err := covered(datasets.English())
	if err != nil {
		return nil, err
	}
	korean, err := covered(datasets.Korean())
	if err != nil {
		return nil, err
	}
	return []Picture{
		{
			Name:  "11-coverage",
			Title: Text{"What the most frequent words cover", "자주 쓰이는 단어가 차지하는 비율"},
			Caption: Text{
				"The part of a text that the N most frequent words are. What a table of N entries does not have is “other”. Korean words " +
					"come with many endings, so a table of words covers less.",
				"가장 자주 쓰이는 단어 N개가 글에서 차지하는 비율입니다. 단어표 N개에 들지 못한 단어는 “기타”가 됩니다. 한국어는 같은 단어에 여러 조사와 어미가 붙으므로 " +
					"같은 크기의 단어표가 덜 덮습니다.",
			},
			draw: func(l Lang) chart {
				return plot.Lines{
					Title: l.of("What the N most frequent words cover", "자주 쓰이는 단어 N개가 차지하는 비율"), Lang: string(l),
					X: plot.Axis{Label: l.of("N, words in the table", "단어표의 크기 N"), Log: true},
					Y: plot.Axis{Label: l.of("part of the text", "글에서 차지하는 비율"), Max: 1},
					Series: []plot.Series{
						{Name: l.of("English text", "영어 글"), X: counting(len(english)), Y: english},
						{Name: l.of("Korean text", "한국어 글"), X: counting(len(korean)), Y: korean},
					},
				}
			},
		},
		{
			Name:  "11-cost",
			Title: Text{"One-hot rows against an embedding", "원-핫과 임베딩의 비용"},
			Caption: Text{
				"The weights between the words and an LSTM of 128 units. With one-hot rows each word has 4·128 weights of its own; an " +
					"embedding of 64 has 64 for each word and one matrix for all. Only the touched rows of either are computed with.",
				"단어에서 128유닛 LSTM까지의 가중치 수입니다. 원-핫이면 단어마다 4·128개가 필요하고, 64차원 임베딩이면 단어마다 64개에 공용 행렬 하나만 있으면 됩니다.",
			},
			draw: drawCost,
		},
	}, nil
}

// drawCost is the table of chapter 11 as curves.
func drawCost(l Lang) chart {
	const D, H = 64, 128
	var V, oneHot, embedding, row []float64
	for v := 8.0; v < 100_000; v *= 2 {
		V = append(V, v)
		oneHot = append(oneHot, v*4*H)
		embedding = append(embedding, v*D+D*4*H)
		row = append(row, v)
	}
	return plot.Lines{
		Title: l.of("Weights between the words and an LSTM of 128", "단어와 128유닛 LSTM 사이의 가중치"), Lang: string(l),
		X: plot.Axis{Label: l.of("words in the table", "단어표의 크기"), Log: true},
		Y: plot.Axis{Label: l.of("numbers", "수의 개수"), Log: true},
		Series: []plot.Series{
			{Name: l.of("weights, one-hot rows", "가중치, 원-핫"), X: V, Y: oneHot},
			{Name: l.of("weights, embedding of 64", "가중치, 64차원 임베딩"), X: V, Y: embedding},
			{Name: l.of("numbers in one one-hot row", "원-핫 행 하나의 길이"), X: V, Y: row},
		},
	}
}

// covered is what part of a text its most frequent words are, by their number.
func covered(text string) ([]float64, error) {
	words, err := datasets.NewWords(datasets.WordsOptions{Lower: true, NoPunct: true}, text)
	if err != nil {
		return nil, err
	}
	var sums []float64
	sum := 0.0
	for _, n := range words.Counts() {
		sum += float64(n)
		sums = append(sums, sum)
	}
	for i := range sums {
		sums[i] /= sum
	}
	return sums, nil
}

// counting is 1, 2, .. n.
func counting(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i + 1)
	}
	return x
}
