package lecture

import (
	"context"
	"fmt"
	"strings"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/models/plot"
	"github.com/unroll-go/unroll/train"
)

// What the language models of the pictures are.
const (
	modelHidden = 96
	modelSteps  = 600 // of the LSTM; the others, which are compared with it, take as many
)

// pictureModel trains three language models on a short text and looks into the
// LSTM: its gates under a sentence, a unit along a text, its surprise.
func pictureModel(ctx context.Context, c Choice) ([]Picture, error) {
	text := datasets.English()
	if c.Lang == Korean {
		text = datasets.Korean()
	}
	var losses []plot.Series
	var lstm *models.CharLM
	for _, cell := range []string{"rnn", "gru", "lstm"} {
		m, loss, err := learnText(ctx, cell, text, c.Seed)
		if err != nil {
			return nil, err
		}
		losses = append(losses, plot.Series{Name: strings.ToUpper(cell), Y: smoothed(loss, 20)})
		lstm = m
	}
	held := text[len(text)*9/10:]
	held = held[strings.Index(held, "\n\n")+2:] // from a new paragraph on
	r, err := lstm.Record(firstRunes(held, 400))
	if err != nil {
		return nil, err
	}
	gates, err := gatePicture(r)
	if err != nil {
		return nil, err
	}
	unit, err := unitPicture(lstm, r, text)
	if err != nil {
		return nil, err
	}
	return []Picture{lossPicture(losses), gates, unit, surprisePicture(r)}, nil
}

// learnText trains a language model on the first nine tenths of a text and
// returns its losses.
func learnText(ctx context.Context, cell, text string, seed uint64) (*models.CharLM, []float64, error) {
	vocab, err := datasets.NewVocab(datasets.VocabOptions{}, text)
	if err != nil {
		return nil, nil, err
	}
	ids, err := vocab.Encode(text)
	if err != nil {
		return nil, nil, err
	}
	m, err := models.NewCharLM(models.Config{Cell: cell, Embed: 32, Hidden: modelHidden, Layers: 1}, vocab, seed)
	if err != nil {
		return nil, nil, err
	}
	task, err := m.Task(ids[:len(ids)*9/10], 16, 48)
	if err != nil {
		return nil, nil, err
	}
	var losses []float64
	loop := train.Loop{
		Task: task, Optimiser: train.NewAdam(5e-3), Clip: 5, Steps: modelSteps, Schedule: train.Cosine(modelSteps, 0, 0.1),
		On: []func(train.Event) error{func(e train.Event) error {
			if !e.Valid {
				losses = append(losses, e.Loss)
			}
			return nil
		}},
	}
	_, err = loop.Run(ctx)
	return m, losses, err
}

func lossPicture(losses []plot.Series) Picture {
	return Picture{
		Name:  "13-losses",
		Title: Text{"Learning a text, three cells", "글 하나를 배우는 세 셀"},
		Caption: Text{
			fmt.Sprintf("The loss of language models with %d units on the built-in text, mean of 20 steps of 16 × 48 characters.", modelHidden),
			fmt.Sprintf("내장된 글을 배우는 %d유닛 언어 모델의 손실입니다. 한 단계에 글자 16 × 48개를 읽으며, 20단계의 평균입니다.", modelHidden),
		},
		draw: func(l Lang) chart {
			return plot.Lines{
				Title: l.of("Loss while learning", "학습 중의 손실"), Lang: string(l), Series: losses,
				X: plot.Axis{Label: l.of("training step", "학습 단계")},
				Y: plot.Axis{Label: l.of("loss, nats per character", "손실(글자당 내트)")},
			}
		},
	}
}

func surprisePicture(r *models.Recording) Picture {
	return Picture{
		Name:  "13-surprise",
		Title: Text{"What surprises the model", "모델이 놀라는 곳"},
		Caption: Text{
			"−ln p of each character on text that the model has not seen: the beginnings of words are hard to guess, their ends are not.",
			"모델이 처음 보는 글에서 글자마다 −ln p를 나타냅니다. 단어의 첫 글자는 맞히기 어렵고 끝 글자는 쉽습니다.",
		},
		draw: func(l Lang) chart {
			return plot.Text{
				Title: l.of("Surprise at each character", "글자마다의 놀람"), Lang: string(l), Tokens: r.Tokens, Values: r.Nats, Unknown: true,
				Scale: plot.Scale{Max: 8, Label: l.of("nats", "내트")},
			}
		},
	}
}

// firstRunes is the beginning of a text.
func firstRunes(s string, n int) string {
	rs := []rune(s)
	return string(rs[:min(n, len(rs))])
}
