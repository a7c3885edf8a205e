package models_test

import (
	"bytes"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/internal/safetensors"
	"github.com/unroll-go/unroll/models"
)

func savedForecaster(t testing.TB, m *models.Forecaster) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, m.Save(&b))
	return b.Bytes()
}

// A forecaster read back is the same to the bit, answers the same and is written
// as it was.
func TestForecasterSaveLoad(t *testing.T) {
	for name, c := range forecasterVariants() {
		m := newForecaster(t, c)
		for i := range m.Shifts {
			m.Shifts[i] = float64(i) / 7
		}
		data := savedForecaster(t, m)
		got, err := models.LoadForecaster(bytes.NewReader(data))
		require.NoError(t, err, name)
		assert.Equal(t, m.Names, got.Names)
		assert.Equal(t, m.Inputs, got.Inputs)
		assert.Equal(t, m.Targets, got.Targets)
		assert.Equal(t, m.Shifts, got.Shifts)
		assert.Equal(t, bits(m.Params), bits(got.Params), name)
		assert.Equal(t, data, savedForecaster(t, got))
		want, err := m.Forecast(wave(t, 50))
		require.NoError(t, err)
		answer, err := got.Forecast(wave(t, 50))
		require.NoError(t, err)
		assert.Equal(t, want, answer)
	}
}

// TestForecasterFileIsPyTorchs: names and shapes are those of a module with rnn
// and out.
func TestForecasterFileIsPyTorchs(t *testing.T) {
	f := read(t, savedForecaster(t, newForecaster(t, forecasterVariants()["gru last every=true"])))
	got := map[string][]int{}
	for _, x := range f.Tensors {
		got[x.Name] = x.Shape
	}
	assert.Equal(t, map[string][]int{ // the change, the value, the other variable; 2 ahead, mean and 3 quantiles
		"rnn.weight_ih_l0": {9, 3}, "rnn.weight_hh_l0": {9, 3}, "rnn.bias_ih_l0": {9}, "rnn.bias_hh_l0": {9},
		"out.weight": {8, 3}, "out.bias": {8},
	}, got)
	keys := []string{"format", "unroll.config", "unroll.kind", "unroll.scalers", "unroll.shifts", "unroll.variables"}
	assert.Equal(t, keys, slices.Sorted(maps.Keys(f.Metadata)))
}

func TestLoadForecasterRefusesMetadata(t *testing.T) {
	good := savedForecaster(t, newForecaster(t, forecasterVariants()["rnn none every=false"]))
	for name, c := range map[string]struct{ key, value, want string }{
		"a classifier":   {"unroll.kind", "classifier/1", `unroll.kind is "classifier/1", "forecaster/1" wanted`},
		"no config":      {"unroll.config", "", "unroll.config: unexpected end"},
		"other base":     {"unroll.config", `{"cell":"rnn","hidden":3,"layers":1,"window":6,"horizon":2,"base":"x"}`, `base "x" is unknown`},
		"window 2^40":    {"unroll.config", `{"cell":"rnn","hidden":3,"layers":1,"window":1099511627776,"horizon":2,"base":"none"}`, "window must be in"},
		"horizon 2^40":   {"unroll.config", `{"cell":"rnn","hidden":3,"layers":1,"window":6,"horizon":1099511627776,"base":"none"}`, "horizon must be in"},
		"horizon 3":      {"unroll.config", `{"cell":"rnn","hidden":3,"layers":1,"window":6,"horizon":3,"base":"none"}`, "unroll.scalers: 3 columns wanted, got 2"},
		"no quantiles":   {"unroll.config", `{"cell":"rnn","hidden":3,"layers":1,"window":6,"horizon":2,"base":"none"}`, "unroll.shifts: 0 wanted, got 6"},
		"no variables":   {"unroll.variables", `[]`, "a forecaster reads 1 to 4096 variables, got 0"},
		"one variable":   {"unroll.variables", `["x"]`, "unroll.scalers: 1 columns wanted, got 2"},
		"no scaler":      {"unroll.scalers", `{}`, "unroll.scalers: one is missing"},
		"scale 0":        {"unroll.scalers", `{"inputs":{"kind":"standard","shift":[0,0],"scale":[1,0]}}`, "unroll.scalers: datasets: scaler: column 1"},
		"shifts of text": {"unroll.shifts", `"no"`, "unroll.shifts: "},
	} {
		t.Run(name, func(t *testing.T) {
			f := read(t, good)
			if f.Metadata[c.key] = c.value; c.value == "" {
				delete(f.Metadata, c.key)
			}
			m, err := models.LoadForecaster(bytes.NewReader(write(t, f)))
			require.ErrorIs(t, err, models.ErrFormat)
			assert.ErrorContains(t, err, c.want)
			assert.Nil(t, m)
		})
	}
}

func TestForecasterSaveFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.safetensors")
	m := newForecaster(t, forecasterVariants()["gru none every=false"])
	require.NoError(t, m.SaveFile(path))
	got, err := models.LoadForecasterFile(path)
	require.NoError(t, err)
	assert.Equal(t, bits(m.Params), bits(got.Params))
	_, err = models.LoadClassifierFile(path)
	assert.ErrorContains(t, err, path+`: models: not a model file of this kind: unroll.kind is "forecaster/1", "classifier/1" wanted`)
}

// FuzzLoadForecaster: any bytes give an error that says so, or a forecaster that
// is written as it was read.
func FuzzLoadForecaster(f *testing.F) {
	for _, name := range []string{"rnn none every=false", "lstm last every=true", "gru season every=false"} {
		data := savedForecaster(f, newForecaster(f, forecasterVariants()[name]))
		f.Add(data)
		var plain bytes.Buffer
		require.NoError(f, safetensors.WritePlain(&plain, read(f, data)))
		f.Add(plain.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := models.LoadForecaster(bytes.NewReader(data))
		if err != nil {
			require.ErrorIs(t, err, models.ErrFormat)
			require.Nil(t, m)
			return
		}
		require.NoError(t, m.Config.Validate())
		again, err := models.LoadForecaster(bytes.NewReader(savedForecaster(t, m)))
		require.NoError(t, err)
		require.Equal(t, bits(m.Params), bits(again.Params))
		s := wave(t, 50)
		if len(m.Names) == s.D() {
			s.Names = m.Names
			f, err := m.Forecast(s) // an error where a season is longer, or a parameter no number
			if err == nil {
				require.Len(t, f.Values, m.Config.Horizon)
			}
		}
	})
}
