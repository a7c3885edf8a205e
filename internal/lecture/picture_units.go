package lecture

import (
	"cmp"
	"fmt"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/models/plot"
)

// gatePicture is the forget gates of the twelve units that vary most, under the
// first sentence.
func gatePicture(r *models.Recording) (Picture, error) {
	const most, units = 60, 12
	n := sentenceEnd(r.Tokens, most)
	names, values, err := liveliest(r, "rnn/layer0/f", units, n)
	if err != nil {
		return Picture{}, err
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

// liveliest are the units of a value that move most over the first n tokens, in
// the order of their numbers.
func liveliest(r *models.Recording, name string, units, n int) (names []string, values [][]float64, err error) {
	type row struct {
		unit   int
		values []float64
		spread float64
	}
	var rows []row
	for u := range r.Width(name) {
		f, err := r.Unit(name, u)
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, row{u, f[:n], deviation(f[:n])})
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(b.spread, a.spread) })
	rows = rows[:min(units, len(rows))]
	slices.SortFunc(rows, func(a, b row) int { return a.unit - b.unit })
	for _, r := range rows {
		names, values = append(names, fmt.Sprint(r.unit)), append(values, r.values)
	}
	return names, values, nil
}

// deviation is the standard deviation.
func deviation(x []float64) float64 {
	m, sum := mean(x), 0.0
	for _, v := range x {
		sum += (v - m) * (v - m)
	}
	return math.Sqrt(sum / float64(len(x)))
}
