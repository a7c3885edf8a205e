package celltest

import (
	"testing"

	"github.com/unroll-go/unroll/graph"
)

func uses(t *testing.T, s *subject) {
	for name, w := range ways {
		t.Run(name, func(t *testing.T) {
			w.train = true
			params := s.moved(t, double())
			whole := s.walk(t, params, w).grads
			for path, want := range whole {
				s.checkUses(t, params, w, path, want)
			}
		})
	}
}

// checkUses takes the gradient of one parameter apart and compares the sum.
func (s *subject) checkUses(t *testing.T, params *graph.Params, w walk, path string, want []float64) {
	t.Helper()
	inputs := map[string]int{}
	key := graph.Key{B: w.B, T: w.T}
	paths, err := graph.NewPaths(params, key, s.formula(w, inputs), graph.PathsOf{Loss: "loss", Param: path, Routes: true})
	if err == nil {
		err = w.setter(inputs)(paths.Program)
	}
	if err != nil {
		t.Fatalf("%+v: %s: %v", s.cell, path, err)
	}
	r, err := paths.Report()
	if err != nil {
		t.Fatalf("%+v: %s: %v", s.cell, path, err)
	}
	near(t, "the sum over the uses of "+path, r.Losses[0].Sum, want, double().tolerance)
	for _, u := range r.Losses[0].Uses {
		sum := make([]float64, len(u.Matrix))
		for _, route := range u.Routes {
			for i, x := range route.Matrix {
				sum[i] += x
			}
		}
		near(t, "the sum over the routes of "+path, sum, u.Matrix, double().tolerance)
	}
}
