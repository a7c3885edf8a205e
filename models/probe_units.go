package models

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Found is a unit that goes with a feature of the text.
type Found struct {
	Feature string `json:"feature"`
	Name    string `json:"name"` // the value, such as rnn/layer1/c
	Unit    int    `json:"unit"`

	// Correlation is Pearson's, of the unit's value with the feature over the first half of the
	// text, in which the unit was chosen; Held that over the second half, which had no part in the
	// choice: luck does not survive it.
	Correlation float64 `json:"correlation"`
	Held        float64 `json:"held_back"`
}

// FindUnits searches all units of all values that the cells expose for those that go with features
// of the text, n for each feature, the strongest first: Karpathy's "cells that turn on inside
// quotes". Units are chosen on the first half of the text and tried on the second. A feature that
// varies at too few tokens of either half (less than 20, as (Σd²)²/Σd⁴ counts them, d from the
// mean) has none. Memory does not grow with the text, but for the features, 8 bytes for each
// token. Errors are those of Watch, and of a feature that does not give a number for each token.
func (m *CharLM) FindUnits(text string, n int, features ...TextFeature) ([]Found, error) {
	ids, err := m.Vocab.Encode(text)
	if err != nil {
		return nil, fmt.Errorf("models: probe: %w", err)
	}
	if n < 1 || len(features) == 0 {
		return nil, fmt.Errorf("models: %d units for each of %d features; at least one of each", n, len(features))
	}
	series, err := m.series(ids, features)
	if err != nil {
		return nil, err
	}
	search := map[string][]pairSums{} // by value: for each feature, half and unit
	err = m.watch(ids, func(w *Moments) error {
		for _, name := range w.Names() {
			width := w.Width(name)
			if search[name] == nil {
				search[name] = make([]pairSums, len(features)*2*width)
			}
			for f, s := range series {
				gather(search[name][f*2*width:(f+1)*2*width], w, w.Values(name), s)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return best(search, features, series, n), nil
}

// series are the features of a text.
func (m *CharLM) series(ids []int, features []TextFeature) ([][]float64, error) {
	tokens := make([]string, len(ids))
	for i, id := range ids {
		tokens[i] = m.token(id)
	}
	var all [][]float64
	for _, f := range features {
		if f.Of == nil {
			return nil, fmt.Errorf("models: feature %q has no function", f.Name)
		}
		s := f.Of(tokens)
		if len(s) != len(ids) {
			return nil, fmt.Errorf("models: feature %q gives %d numbers for %d tokens", f.Name, len(s), len(ids))
		}
		all = append(all, s)
	}
	return all, nil
}

// pairSums are sums over pairs, of which a correlation is made.
type pairSums struct{ n, x, y, xx, yy, xy float64 }

// gather adds a window to the pairSums of one feature: those of the first half, then those of the second.
func gather(to []pairSums, w *Moments, values []float32, feature []float64) {
	width := len(to) / 2
	for t := range w.IDs {
		y := feature[w.At+t]
		if math.IsNaN(y) {
			continue
		}
		half := to[:width]
		if w.At+t >= len(feature)/2 {
			half = to[width:]
		}
		for u, v := range values[t*width : (t+1)*width] {
			x, s := float64(v), &half[u]
			s.n++
			s.x += x
			s.y += y
			s.xx += x * x
			s.yy += y * y
			s.xy += x * y
		}
	}
}

// correlation is 0 where one of the two does not vary, or is not finite.
func (s pairSums) correlation() float64 {
	vx, vy := s.n*s.xx-s.x*s.x, s.n*s.yy-s.y*s.y
	if !(vx > 1e-12*s.n*s.xx) || !(vy > 1e-12*s.n*s.yy) { // also where they are not numbers
		return 0
	}
	return (s.n*s.xy - s.x*s.y) / math.Sqrt(vx*vy)
}

// best are the n units of each feature with the strongest correlation in the first half.
func best(search map[string][]pairSums, features []TextFeature, series [][]float64, n int) []Found {
	var out []Found
	for f, feature := range features {
		if s := series[f]; varying(s[:len(s)/2]) < minVarying || varying(s[len(s)/2:]) < minVarying {
			continue
		}
		var all []Found
		for name, s := range search {
			width := len(s) / len(features) / 2
			mine := s[f*2*width:]
			for u := range width {
				if r := mine[u].correlation(); r != 0 {
					all = append(all, Found{feature.Name, name, u, r, mine[width+u].correlation()})
				}
			}
		}
		slices.SortFunc(all, func(a, b Found) int {
			return cmp.Or(cmp.Compare(math.Abs(b.Correlation), math.Abs(a.Correlation)), cmp.Compare(a.Name, b.Name), a.Unit-b.Unit)
		})
		out = append(out, all[:min(n, len(all))]...)
	}
	return out
}

// minVarying is at how many tokens a feature must vary.
const minVarying = 20

// varying is at how many tokens a feature varies, (Σd²)²/Σd⁴ with d the distance from the mean:
// for something that is rarely true, about how often it is.
func varying(s []float64) float64 {
	n, sum, d2, d4 := 0.0, 0.0, 0.0, 0.0
	for _, y := range s {
		if !math.IsNaN(y) {
			n, sum = n+1, sum+y
		}
	}
	for _, y := range s {
		if !math.IsNaN(y) {
			d := (y - sum/n) * (y - sum/n)
			d2, d4 = d2+d, d4+d*d
		}
	}
	if d4 == 0 {
		return 0
	}
	return d2 * d2 / d4
}

// String is one line.
func (f Found) String() string {
	return fmt.Sprintf("%-18s %s unit %d: %+.3f, held back %+.3f", f.Feature, f.Name, f.Unit, f.Correlation, f.Held)
}
