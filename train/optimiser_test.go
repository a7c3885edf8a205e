package train_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/train"
)

// trajectory is a case of testdata/optim.json, which cells/testdata/golden.py
// makes with PyTorch and describes.
type trajectory struct {
	Name, Optimiser string
	LR, Eps         float64
	Betas           [2]float64
	WeightDecay     float64 `json:"weight_decay"`
	Momentum, Clip  float64
	Nesterov        bool
	W0              []float64
	Steps           []trajectoryStep
}

type trajectoryStep struct {
	G, Clipped, W []float64
	Norm          float64
}

func (c trajectory) optimiser() train.Optimiser {
	if c.Optimiser == "adam" || c.Optimiser == "adamw" {
		return &train.Adam{Rate: c.LR, Beta1: c.Betas[0], Beta2: c.Betas[1], Eps: c.Eps, Decay: c.WeightDecay}
	}
	return &train.SGD{Rate: c.LR, Momentum: c.Momentum, Nesterov: c.Nesterov, Decay: c.WeightDecay}
}

// TestOptimisersArePyTorchs runs the loop itself, over a program's gradients:
// gradient, its length, clipping and the step all have to be PyTorch's.
func TestOptimisersArePyTorchs(t *testing.T) {
	data, err := os.ReadFile("testdata/optim.json")
	require.NoError(t, err)
	var all struct{ Cases []trajectory }
	require.NoError(t, json.Unmarshal(data, &all))
	require.Len(t, all.Cases, 10)

	for name, p := range map[string]struct {
		params    func(uint64) *graph.Params
		tolerance float64
	}{"float64": {graph.NewParams64, 1e-12}, "float32": {graph.NewParams, 1e-5}} {
		for _, c := range all.Cases {
			t.Run(name+"/"+c.Name, func(t *testing.T) {
				task := newSlope(t, p.params(1), c.W0)
				n := 0
				loop := train.Loop{
					Task: task, Optimiser: c.optimiser(), Clip: c.Clip, Steps: len(c.Steps),
					On: []func(train.Event) error{func(e train.Event) error {
						want := c.Steps[n]
						near(t, p.tolerance, want.G, task.Params().Get("w").Grads(), "gradient %d", n)
						near(t, p.tolerance, []float64{want.Norm}, []float64{e.Norm}, "norm %d", n)
						near(t, p.tolerance, want.W, task.w(), "w %d", n)
						n++
						return nil
					}},
				}
				_, err := loop.Run(t.Context())
				require.NoError(t, err)
				assert.Equal(t, len(c.Steps), n)
			})
		}
	}
}

// near compares vectors, relative to the length of want.
func near(t *testing.T, tolerance float64, want, got []float64, what string, args ...any) {
	t.Helper()
	require.Len(t, got, len(want), what)
	var apart, length float64
	for k := range want {
		apart = math.Hypot(apart, want[k]-got[k])
		length = math.Hypot(length, want[k])
	}
	assert.LessOrEqualf(t, apart, tolerance*length, what, args...)
}

// Zero stands for the usual constants.
func TestAdamDefaults(t *testing.T) {
	var got [2][]float64
	for i, o := range []train.Optimiser{train.NewAdam(0.1), &train.Adam{Rate: 0.1, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8}} {
		task := newSlope(t, graph.NewParams64(1), start)
		_, err := (&train.Loop{Task: task, Optimiser: o, Steps: 4}).Run(t.Context())
		require.NoError(t, err)
		got[i] = task.w()
	}
	assert.Equal(t, got[1], got[0])
}

// A parameter that no program trains stays as it is.
func TestOptimisersLeaveOthersAlone(t *testing.T) {
	for name, optimiser := range optimisers(t) {
		t.Run(name, func(t *testing.T) {
			params := graph.NewParams(1)
			_, err := graph.Build(params, graph.Key{}, func(g *graph.Builder) {
				g.Output("y", g.Param("frozen", graph.Glorot, 2, 3))
			})
			require.NoError(t, err)
			before := bits(params)["frozen"]
			task := newSlope(t, params, start)
			_, err = (&train.Loop{Task: task, Optimiser: optimiser(), Steps: 3}).Run(t.Context())
			require.NoError(t, err)
			assert.Equal(t, before, bits(params)["frozen"])
			assert.NotEqual(t, start, task.w())
		})
	}
}

func TestOptimisersRefuse(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	const rate = "train: the learning rate must be above 0 and below 1e+06, got "
	for want, o := range map[string]train.Optimiser{
		rate + "NaN":     train.NewAdam(nan),
		rate + "0":       train.NewAdam(0),
		rate + "-0.5":    train.NewAdam(-0.5),
		rate + "+Inf":    train.NewAdam(inf),
		rate + "-Inf":    &train.SGD{Rate: -inf},
		rate + "1e+06":   &train.SGD{Rate: 1e6},
		rate + "-1e-300": &train.SGD{Rate: -1e-300},
		"train: adam: beta1 and beta2 must be in [0, 1), got 1 and 0":              &train.Adam{Rate: 1, Beta1: 1},
		"train: adam: beta1 and beta2 must be in [0, 1), got 0 and NaN":            &train.Adam{Rate: 1, Beta2: nan},
		"train: adam: eps must be a finite number of at least 0, got -1":           &train.Adam{Rate: 1, Eps: -1},
		"train: the weight decay must be a finite number of at least 0, got NaN":   &train.Adam{Rate: 1, Decay: nan},
		"train: the weight decay must be a finite number of at least 0, got -0.25": &train.SGD{Rate: 1, Decay: -0.25},
		"train: sgd: momentum must be in [0, 1), got 1":                            &train.SGD{Rate: 1, Momentum: 1},
		"train: sgd: momentum must be in [0, 1), got NaN":                          &train.SGD{Rate: 1, Momentum: nan},
		"train: sgd: nesterov needs momentum":                                      &train.SGD{Rate: 1, Nesterov: true},
	} {
		task := newSlope(t, graph.NewParams64(1), start)
		_, err := (&train.Loop{Task: task, Optimiser: o, Steps: 1}).Run(t.Context())
		assert.EqualError(t, err, want)
		assert.EqualError(t, o.Step(task.Params(), 1, 1), want)
		assert.Equal(t, start, task.w(), want)
		assert.Zero(t, task.pos, "no batch was computed")
		assert.Zero(t, o.Memory().Steps)
	}
}
