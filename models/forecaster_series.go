package models

import (
	"fmt"
	"math"
	"slices"

	"github.com/unroll-go/unroll/datasets"
)

// history is a series of N moments as a forecaster sees it.
type history struct {
	inputs  []float64 // [N·D] what is read at each moment; NaN before it is known
	targets []float64 // [N·Horizon] what the base's forecasts from each moment lack; NaN where a value is missing
	base    []float64 // [N·Horizon] the base's forecasts from each moment
	known   []bool    // [N] the value is not missing
	first   int       // from here on all inputs and the base are known
}

// maxHistory bounds the numbers of a history, N·(D + Horizon).
const maxHistory = 1 << 27

// newHistory works out what the network reads and forecasts, not yet scaled.
// Missing values are the last known ones before them where they are read, and
// nothing where they would be forecast.
func newHistory(c ForecasterConfig, s *datasets.Series) (*history, error) {
	if n, most := s.Len(), maxHistory/(c.inputs(s.D())+c.Horizon); n > most {
		return nil, fmt.Errorf("models: at most %d moments wanted for a horizon of %d, got %d", most, c.Horizon, n)
	}
	filled := s.Filled(0)
	x, truth := filled.Column(0), s.Column(0)
	if c.Log {
		if err := takeLogs(x, truth); err != nil {
			return nil, fmt.Errorf("models: %s: %w", s.Names[0], err)
		}
	}
	N, H := s.Len(), c.Horizon
	h := &history{known: make([]bool, N), base: make([]float64, N*H), targets: make([]float64, N*H)}
	for t := range N {
		h.known[t] = !math.IsNaN(truth[t])
		for k := range H {
			at := t*H + k
			if c.Base != "none" {
				h.base[at] = c.naive().Forecast(x, t, k+1)
			}
			h.targets[at] = math.NaN()
			if t+k+1 < N && h.known[t] {
				h.targets[at] = truth[t+k+1] - h.base[at]
			}
		}
	}
	h.inputs = inputsOf(c, filled, x, h.base)
	h.first = max(unknown(h.inputs, c.inputs(s.D())), unknown(h.base, H))
	return h, nil
}

// unknown is how many rows of D numbers there are up to the last with NaN.
func unknown(x []float64, D int) int {
	for i := len(x) - 1; i >= 0; i-- {
		if math.IsNaN(x[i]) {
			return i/D + 1
		}
	}
	return 0
}

// inputsOf are the columns that are read [N·D]; x is the filled variable.
func inputsOf(c ForecasterConfig, filled *datasets.Series, x, base []float64) []float64 {
	N, others := filled.Len(), filled.D()-1
	in := make([]float64, 0, N*c.inputs(filled.D()))
	for t := range N {
		if c.Base != "none" {
			lacked := math.NaN()
			if t > 0 {
				lacked = x[t] - base[(t-1)*c.Horizon]
			}
			in = append(in, lacked)
		}
		if c.Base == "none" || c.Level {
			in = append(in, x[t])
		}
		in = append(in, filled.Values[t*(others+1)+1:(t+1)*(others+1)]...)
	}
	return in
}

// takeLogs replaces values by their logarithms.
func takeLogs(columns ...[]float64) error {
	for _, x := range columns {
		for t, v := range x {
			if v <= 0 {
				return fmt.Errorf("moment %d: log needs values above 0, got %v", t+1, v)
			}
			x[t] = math.Log(v)
		}
	}
	return nil
}

// history is the scaled history of a series of the forecaster's variables.
func (m *Forecaster) history(s *datasets.Series) (*history, error) {
	if !slices.Equal(s.Names, m.Names) {
		return nil, fmt.Errorf("models: a series of %.200q wanted, got %.200q", m.Names, s.Names)
	}
	h, err := newHistory(m.Config, s)
	if err != nil {
		return nil, err
	}
	if h.inputs, err = m.Inputs.Transform(h.inputs); err != nil {
		return nil, err
	}
	h.targets, err = m.Targets.Transform(h.targets)
	return h, err
}

// Windows cuts a series into examples, one for each moment from which forecasts
// reach into from ≤ t < to (to 0: the end) alone, every stride moments. X [Steps·D] is what the
// network reads: up to Window moments, which may lie before from. Y is what it
// should answer, scaled: [Horizon], with EveryStep [Steps·Horizon] with NaN where
// a value is missing. At is the last moment that is read. Moments whose
// value is missing, and those whose future is, are left out. It is an error if
// there is none.
func (m *Forecaster) Windows(s *datasets.Series, from, to, stride int) ([]datasets.Numeric, error) {
	h, err := m.history(s)
	if err != nil {
		return nil, err
	}
	N, H := s.Len(), m.Config.Horizon
	if to <= 0 || to > N {
		to = N
	}
	var out []datasets.Numeric
	for last := max(h.first, from-1); last+H < to; last += max(stride, 1) {
		if y := h.targets[last*H : (last+1)*H]; !slices.ContainsFunc(y, math.IsNaN) {
			out = append(out, m.window(h, last))
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("models: moments %d to %d of %d have none to forecast %d from: %d are needed before, %d values are missing",
			from+1, to, N, H, h.first+1, s.Missing())
	}
	return out, nil
}

// window is the example that reads up to a moment.
func (m *Forecaster) window(h *history, last int) datasets.Numeric {
	D, H := m.Inputs.Columns(), m.Config.Horizon
	from := max(h.first, last+1-m.Config.Window)
	w := datasets.Numeric{X: h.inputs[from*D : (last+1)*D], Steps: last + 1 - from, At: last}
	if m.Config.EveryStep {
		w.Y = h.targets[from*H : (last+1)*H]
	} else {
		w.Y = h.targets[last*H : (last+1)*H]
	}
	return w
}

// ForecasterTraining says how a forecaster is trained; the zero value is plain
// training in batches of 32.
type ForecasterTraining struct {
	Batch  int    // windows of a batch; 0: 32
	Seed   uint64 // of the order of the windows
	Stride int    // moments from one window to the next; 0: 1, with EveryStep a quarter of the window
}

// Task prepares training on a series, all of it.
func (m *Forecaster) Task(fit *datasets.Series, c ForecasterTraining) (*BatchTask[datasets.Numeric], error) {
	if c.Stride < 0 {
		return nil, fmt.Errorf("models: stride must be at least 0, got %d", c.Stride)
	}
	if c.Stride == 0 && m.Config.EveryStep {
		c.Stride = max(1, m.Config.Window/4)
	}
	windows, err := m.Windows(fit, 0, 0, c.Stride)
	if err != nil {
		return nil, err
	}
	opt := datasets.BatchOptions{Size: c.Batch, Bucket: bucket(m.Config.Window), Shuffle: true, Seed: c.Seed}
	batches, err := datasets.NewBatches(windows, datasets.Numeric.Len, opt)
	if err != nil {
		return nil, err
	}
	return m.network.Task(m.Params, batches)
}
