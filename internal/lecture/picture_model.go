package lecture

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"path"
	"slices"
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

// gatePicture is the forget gates of the twelve units that vary most, under the
// first sentence.
func gatePicture(r *models.Recording) (Picture, error) {
	const most, units = 60, 12
	n := sentenceEnd(r.Tokens, most)
	type row struct {
		unit   int
		values []float64
		spread float64
	}
	var rows []row
	for u := range r.Width("rnn/layer0/f") {
		f, err := r.Unit("rnn/layer0/f", u)
		if err != nil {
			return Picture{}, err
		}
		rows = append(rows, row{u, f[:n], deviation(f[:n])})
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(b.spread, a.spread) })
	rows = rows[:min(units, len(rows))]
	slices.SortFunc(rows, func(a, b row) int { return a.unit - b.unit })
	var names []string
	var values [][]float64
	for _, r := range rows {
		names, values = append(names, fmt.Sprint(r.unit)), append(values, r.values)
	}
	return Picture{
		Name:  "13-gates",
		Title: Text{"Forget gates under a sentence", "한 문장을 읽는 망각 게이트"},
		Caption: Text{
			"The twelve units of the trained LSTM whose gate moves most, on text that it has not seen. Pale cells forget: look for units that " +
				"let go at every space, and for others that hold on throughout.",
			"학습한 LSTM에서 게이트가 가장 많이 움직이는 유닛 열두 개가 처음 보는 글을 읽는 모습입니다. 옅은 칸에서 잊습니다. 띄어쓰기마다 기억을 놓는 유닛과 끝까지 붙드는 유닛을 찾아보세요.",
		},
		draw: func(l Lang) chart {
			return plot.HeatMap{
				Title: l.of("Forget gate f of twelve units", "유닛 열두 개의 망각 게이트 f"), Lang: string(l),
				RowTitle: l.of("unit", "유닛"), Rows: names, ColTitle: l.of("character that is read", "읽은 글자"), Cols: r.Tokens[:n],
				Values: values, Scale: plot.Scale{Max: 1, Label: "f"}, Width: 960,
			}
		},
	}, nil
}

// sentenceEnd is how many of the first tokens are one sentence, at most most.
func sentenceEnd(tokens []string, most int) int {
	n := min(most, len(tokens)-1)
	for i := 20; i < n; i++ {
		if strings.ContainsAny(tokens[i], ".!?") {
			return i + 1
		}
	}
	return n
}

// followed is the gate, candidate or output that goes best with a feature of
// the text that is more than white space or punctuation. An LSTM's c is left
// out: it has no bounds, and the largest value of it would hide the others.
func followed(m *models.CharLM, text string) (best models.Found, err error) {
	features := slices.DeleteFunc(models.TextFeatures(), func(f models.TextFeature) bool {
		return f.Name == "after a space" || f.Name == "punctuation"
	})
	found, err := m.FindUnits(text, 8, features...)
	if err != nil {
		return best, err
	}
	for _, f := range found {
		if math.Abs(f.Held) > math.Abs(best.Held) && !strings.HasSuffix(f.Name, "/c") {
			best = f
		}
	}
	if best.Name == "" {
		return best, fmt.Errorf("no unit goes with a feature of the text")
	}
	return best, nil
}

// unitPicture is that unit along a text.
func unitPicture(m *models.CharLM, r *models.Recording, text string) (Picture, error) {
	best, err := followed(m, text)
	if err != nil {
		return Picture{}, err
	}
	values, err := r.Unit(best.Name, best.Unit)
	if err != nil {
		return Picture{}, err
	}
	scale := plot.Scale{Max: 1, Label: path.Base(best.Name)} // a gate
	if slices.Min(values) < 0 {
		scale.Min, scale.Diverging = -1, true
	}
	return Picture{
		Name:  "13-unit",
		Title: Text{"One unit along a text", "글을 따라 본 유닛 하나"},
		Caption: Text{
			fmt.Sprintf("Unit %d of %s, the one that goes best with “%s”: correlation %.2f where it was chosen, %.2f on the other half of the text.",
				best.Unit, best.Name, best.Feature, best.Correlation, best.Held),
			fmt.Sprintf("%s의 유닛 %d, 글의 특징 “%s”와 가장 잘 맞는 유닛입니다. 상관계수는 고를 때 쓴 절반에서 %.2f, 나머지 절반에서 %.2f입니다.",
				best.Name, best.Unit, featureName(best.Feature), best.Correlation, best.Held),
		},
		draw: func(l Lang) chart {
			return plot.Text{
				Title: fmt.Sprintf(l.of("Unit %d of %s", "%[2]s의 유닛 %[1]d"), best.Unit, best.Name), Lang: string(l),
				Tokens: r.Tokens[:len(values)], Values: values, Scale: scale,
			}
		},
	}, nil
}

// featureName is the name of a feature in Korean.
func featureName(s string) string {
	names := map[string]string{
		"in quotes": "따옴표 안", "in brackets": "괄호 안", "position in line": "줄에서의 위치", "capital letter": "대문자",
		"after a space": "띄어쓰기 뒤", "vowel": "모음", "punctuation": "문장 부호", "final consonant": "받침", "bright vowel": "양성 모음",
	}
	return cmp.Or(names[s], s)
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

// deviation is the standard deviation.
func deviation(x []float64) float64 {
	m, sum := mean(x), 0.0
	for _, v := range x {
		sum += (v - m) * (v - m)
	}
	return math.Sqrt(sum / float64(len(x)))
}
