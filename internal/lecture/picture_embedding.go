package lecture

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/models/plot"
)

// pictureEmbedding is chapter 12: the streets' rows in the plane.
func pictureEmbedding(context.Context, Choice) ([]Picture, error) {
	rows, err := datasets.Rents{}.Rows(8000, 1)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, r := range rows {
		names = append(names, r.Street)
	}
	streets, err := datasets.NewCategories(datasets.CategoriesOptions{}, names...)
	if err != nil {
		return nil, err
	}
	E, err := learnStreets(io.Discard, rows, streets)
	if err != nil {
		return nil, err
	}
	series := quarters(streets, E)
	return []Picture{{
		Name:  "12-embedding",
		Title: Text{"Streets in the plane of their embedding", "임베딩 평면 위의 거리들"},
		Caption: Text{
			"Each street has two numbers, learnt with the rent. Colours are the quarters, which the network was never told.",
			"거리마다 임대료와 함께 학습한 수 두 개가 있습니다. 색은 구역이며, 신경망에는 구역을 알려 준 적이 없습니다.",
		},
		draw: func(l Lang) chart {
			return plot.Scatter{
				Title: l.of("Streets in the plane of their embedding", "임베딩 평면 위의 거리들"), Lang: string(l), Series: series,
				X: plot.Axis{Label: l.of("first column of E", "E의 첫째 열")}, Y: plot.Axis{Label: l.of("second column of E", "E의 둘째 열")},
			}
		},
	}}, nil
}

// quarters are the rows of E by the first word of the street's name.
func quarters(streets *datasets.Categories, E []float64) []plot.Points {
	of := map[string]*plot.Points{}
	for id, street := range streets.Names() {
		quarter, _, numbered := strings.Cut(street, " ")
		if !numbered {
			continue // what stands for unknown streets
		}
		p := of[quarter]
		if p == nil {
			p = &plot.Points{Name: quarter}
			of[quarter] = p
		}
		p.X, p.Y, p.Labels = append(p.X, E[2*id]), append(p.Y, E[2*id+1]), append(p.Labels, street)
	}
	var series []plot.Points
	for _, p := range of {
		series = append(series, *p)
	}
	slices.SortFunc(series, func(a, b plot.Points) int { return strings.Compare(a.Name, b.Name) })
	return series
}
