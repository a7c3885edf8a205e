package lecture

import (
	"context"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/models/plot"
	"github.com/unroll-go/unroll/train"
)

// pictureAttention trains a translator with attention on the sentences of
// chapter 6 and shows where it looks.
func pictureAttention(ctx context.Context, c Choice) ([]Picture, error) {
	learnt, others := sentencePairs()
	m, err := learnLooking(ctx, learnt, c.Seed)
	if err != nil {
		return nil, err
	}
	said, err := m.Translate(models.Translating{Looks: true}, others[0][0])
	if err != nil {
		return nil, err
	}
	t := said[0][0]
	return []Picture{{
		Name:  "06-attention",
		Title: Text{"Where a translator looks", "번역기가 바라보는 곳"},
		Caption: Text{
			"For each Korean word that is written, a row of weights over the English words. In Korean the verb comes last, so the look goes " +
				"back for it. It may fall beside the word that is meant: the state there, which has read that word, knows it too.",
			"한국어 단어를 하나 쓸 때마다 영어 단어에 주는 가중치가 한 행입니다. 한국어에서는 동사가 마지막에 오므로 그때 시선이 앞으로 되돌아갑니다. " +
				"대응하는 단어의 옆을 볼 때도 있는데, 그 단어를 읽고 난 상태도 그것을 알고 있기 때문입니다.",
		},
		draw: func(l Lang) chart {
			end := l.of("(end)", "(끝)")
			return plot.HeatMap{
				Title: l.of("Attention of a translator", "번역기의 어텐션"), Lang: string(l),
				RowTitle: l.of("written", "쓴 단어"), Rows: withEnd(t.TargetText, end, len(t.Looks)), ColTitle: l.of("read", "읽은 단어"), Cols: withEnd(t.SourceText, end, len(t.Looks[0])),
				Values: t.Looks, Scale: plot.Scale{Max: 1, Label: l.of("weight", "가중치")}, Numbers: true,
			}
		},
	}}, nil
}

// withEnd are the names of n tokens; the end of a sentence has no text.
func withEnd(words []string, end string, n int) []string {
	shown := make([]string, n)
	for i := range shown {
		if shown[i] = end; i < len(words) && words[i] != "" {
			shown[i] = words[i]
		}
	}
	return shown
}

// learnLooking trains a small translator with the attention of Bahdanau et al.
// (2015).
func learnLooking(ctx context.Context, pairs [][2]string, seed uint64) (*models.Translator, error) {
	var texts [2][]string
	for _, p := range pairs {
		texts[0], texts[1] = append(texts[0], p[0]), append(texts[1], p[1])
	}
	source, err := datasets.NewWords(datasets.WordsOptions{}, texts[0]...)
	if err != nil {
		return nil, err
	}
	target, err := datasets.NewWords(datasets.WordsOptions{}, texts[1]...)
	if err != nil {
		return nil, err
	}
	m, err := models.NewTranslator(models.TranslatorConfig{
		Recurrent: models.Recurrent{Cell: "gru", Embed: 16, Hidden: 32, Layers: 1},
		Attention: "bahdanau", Longest: 8, LongestTarget: 8,
	}, source, target, seed)
	if err != nil {
		return nil, err
	}
	var parallel []models.Parallel
	for _, p := range pairs {
		one, err := m.Parallel(p[0], p[1])
		if err != nil {
			return nil, err
		}
		parallel = append(parallel, one)
	}
	task, err := m.Task(parallel, models.TranslatorTraining{Seed: seed})
	if err != nil {
		return nil, err
	}
	const steps = 400
	loop := train.Loop{Task: task, Optimiser: train.NewAdam(5e-3), Clip: 1, Steps: steps, Schedule: train.Cosine(steps, 0, 0.1)}
	_, err = loop.Run(ctx)
	return m, err
}
