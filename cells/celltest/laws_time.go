package celltest

import (
	"math"
	"testing"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/graph/gradcheck"
)

func gradients(t *testing.T, s *subject) {
	for name, w := range ways {
		t.Run(name, func(t *testing.T) {
			w.train = true
			inputs := map[string]int{}
			options := gradcheck.Options{Set: w.setter(inputs)}
			params, key := s.moved(t, double()), graph.Key{B: w.B, T: w.T}
			if err := gradcheck.Check(params, key, s.formula(w, inputs), options); err != nil {
				t.Error(err)
			}
		})
	}
}

func lengths(t *testing.T, s *subject) {
	w := s.draw(t, walk{B: 4, T: 5, lens: []int{3, 5, 1, 0}})
	for b, n := range w.lens {
		for i := n; i < w.T; i++ { // what stands after the end must not matter
			spoil(row(row(w.x, w.T, i), w.B, b))
		}
	}
	s.cut(t, w, func(x []float64, _ int) []float64 { return x })
}

func reverse(t *testing.T, s *subject) {
	w := s.draw(t, walk{B: 4, T: 5, reverse: true})
	w.lens = []int{5, 5, 5, 5}
	s.cut(t, w, flipped)
	full := w
	full.lens = nil
	params := s.moved(t, double())
	s.walk(t, params, full).near(t, s.walk(t, params, w), double().tolerance)

	w.lens = []int{3, 5, 1, 0}
	s.cut(t, w, flipped)
}

// cut compares each row of a walk with a walk of its own, forward over the
// steps that the row has, in the order given.
func (s *subject) cut(t *testing.T, w walk, order func(x []float64, n int) []float64) {
	t.Helper()
	params := s.moved(t, double())
	got := s.walk(t, params, w)
	H := s.cell.Out()
	for b, n := range w.lens {
		one := got.row(w, b)
		bits(t, stateName("outputs after the end of row ", b), one.y[n*H:], make([]float64, (w.T-n)*H))
		one.y = one.y[:n*H]
		alone := walk{B: 1, T: n, x: order(column(w.x, w.T, w.B, b)[:n*s.in], n)}
		for _, x := range w.init {
			alone.init = append(alone.init, row(x, w.B, b))
		}
		if n == 0 {
			for i, x := range alone.init {
				bits(t, stateName("state of a row without steps, tensor ", i), one.final[i], x)
			}
			continue
		}
		want := s.walk(t, params, alone)
		want.y = order(want.y, n)
		one.near(t, want, double().tolerance)
	}
}

func spoil(x []float64) {
	for i := range x {
		x[i] = math.NaN()
	}
}

func rewriting(t *testing.T, s *subject) {
	const tolerance = 1e-10
	for name, w := range ways {
		for _, train := range []bool{false, true} {
			t.Run(name+map[bool]string{false: ", evaluating", true: ", training"}[train], func(t *testing.T) {
				w.train = train
				got := s.walk(t, s.moved(t, double()), w)
				w.opts = []graph.Option{graph.Plain}
				want := s.walk(t, s.moved(t, double()), w)

				got.near(t, want, tolerance)
				var all []float64
				for _, d := range want.grads {
					all = append(all, d...)
				}
				if len(got.grads) != len(want.grads) {
					t.Errorf("%d gradients, plain %d", len(got.grads), len(want.grads))
				}
				for path, d := range want.grads {
					if e := distance(got.grads[path], d, 1e-3*norm(all)); !(e <= tolerance) {
						t.Errorf("gradient of %s: relative error %.3g", path, e)
					}
				}
			})
		}
	}
}
