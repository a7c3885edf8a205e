package datasets_test

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// taskOf runs what holds for every generated task: the same seed gives the same examples, another seed others, more
// examples begin with the fewer, and a wrong number is refused.
func taskOf[E any](t *testing.T, examples func(n int, seed uint64) ([]E, error)) []E {
	t.Helper()
	all, err := examples(2000, 7)
	require.NoError(t, err)
	require.Len(t, all, 2000)
	again, err := examples(20, 7)
	require.NoError(t, err)
	assert.Equal(t, all[:20], again)
	other, err := examples(20, 8)
	require.NoError(t, err)
	assert.NotEqual(t, again, other)
	for _, n := range []int{-1, math.MaxInt} {
		_, err = examples(n, 7)
		assert.ErrorContains(t, err, " examples of ")
	}
	return all
}

func TestAdding(t *testing.T) {
	for _, steps := range []int{2, 3, 50} {
		a := datasets.Adding{Steps: steps}
		squares := 0.0
		places := make([]int, steps)
		for _, e := range taskOf(t, a.Examples) {
			require.Equal(t, steps, e.Len())
			require.Len(t, e.X, 2*steps)
			sum, marks := 0.0, []int{}
			for k := range steps {
				require.True(t, e.X[2*k] >= 0 && e.X[2*k] < 1)
				if e.X[2*k+1] == 1 {
					sum += e.X[2*k]
					marks = append(marks, k)
					places[k]++
				}
			}
			require.Len(t, marks, 2)
			require.True(t, marks[0] < steps/2 && marks[1] >= steps/2)
			require.Equal(t, []float64{sum}, e.Y)
			squares += (sum - 1) * (sum - 1)
		}
		assert.NotContains(t, places, 0, "every step is marked at times")
		assert.InDelta(t, a.Baseline(), squares/2000, 0.015)
	}
	_, err := datasets.Adding{Steps: 1}.Examples(1, 1)
	assert.EqualError(t, err, "datasets: adding: steps 1, wanted 2 to 16777216")
}

func TestCopyMemory(t *testing.T) {
	for _, wait := range []int{1, 20} {
		c := datasets.CopyMemory{Wait: wait}
		for _, e := range taskOf(t, c.Examples) {
			require.Len(t, e.IDs, wait+20)
			require.Len(t, e.Labels, wait+20)
			require.Equal(t, e.IDs[:10], e.Labels[wait+10:])
			require.Less(t, slices.Max(e.IDs[:10]), 8)
			for k, id := range e.IDs[10:] {
				want := 8
				if k == wait-1 {
					want = 9
				}
				require.Equal(t, want, id)
				require.Equal(t, 8, e.Labels[k])
			}
		}
	}
	for wait, want := range map[int]float64{20: 0.5199, 50: 0.2971, 100: 0.1733, 200: 0.0945, 500: 0.0400, 1000: 0.0204} {
		assert.InDelta(t, want, datasets.CopyMemory{Wait: wait}.Baseline(), 0.00005)
	}
	_, err := datasets.CopyMemory{}.Examples(1, 1)
	assert.ErrorContains(t, err, "copy memory: wait 0, wanted 1")
}

func TestTemporalOrder(t *testing.T) {
	for _, steps := range []int{10, 19, 50} {
		o := datasets.TemporalOrder{Steps: steps}
		count := make([]float64, o.Classes())
		for _, e := range taskOf(t, o.Examples) {
			require.Len(t, e.IDs, steps)
			label, places := 0, []int{}
			for k, id := range e.IDs {
				if id >= 4 {
					label = 2*label + id - 4
					places = append(places, k)
				}
			}
			require.Equal(t, label, e.Label)
			require.Len(t, places, 3)
			for i, tenth := range []int{1, 3, 6} {
				require.True(t, places[i] >= steps*tenth/10 && places[i] < steps*(tenth+1)/10, "%v of %d", places, steps)
			}
			count[e.Label]++
		}
		assert.InDelta(t, o.Baseline(), slices.Max(count)/2000, 0.02, "the most frequent class")
	}
	_, err := datasets.TemporalOrder{Steps: 9}.Examples(1, 1)
	assert.ErrorContains(t, err, "temporal order: steps 9, wanted 10")
}

func TestAnBn(t *testing.T) {
	l := datasets.AnBn{Min: 2, Max: 6}
	var from [3][3]float64
	steps := 0.0
	lengths := map[int]bool{}
	for _, e := range taskOf(t, l.Examples) {
		n := len(e.IDs) / 2
		require.Equal(t, 2*n+1, len(e.Labels))
		lengths[n] = true
		require.Equal(t, e.IDs[1:], e.Labels[:2*n])
		require.Equal(t, n+1, l.Counted(e))
		for k, id := range e.IDs {
			want := 1
			if k == 0 {
				want = 0
			} else if k >= l.Counted(e) {
				want = 2
			}
			require.Equal(t, want, id)
			from[id][e.Labels[k]]++
			steps++
		}
		require.Zero(t, e.Labels[2*n])
	}
	assert.Len(t, lengths, 5)
	nats := 0.0
	for _, row := range from {
		total := row[0] + row[1] + row[2]
		for _, n := range row {
			if n > 0 {
				nats -= n * math.Log(n/total)
			}
		}
	}
	assert.InDelta(t, l.Baseline(), nats/steps, 0.01, "counted")
	assert.InDelta(t, math.Log(5)/9, l.Floor(), 1e-15)
	assert.Less(t, l.Floor(), l.Baseline())
	assert.Zero(t, datasets.AnBn{Min: 1, Max: 1}.Baseline())

	for want, l := range map[string]datasets.AnBn{
		"least n 0, wanted 1":              {Max: 3},
		"greatest n 2, wanted 3":           {Min: 3, Max: 2},
		"greatest n 9223372036854775807, ": {Min: 3, Max: math.MaxInt},
	} {
		_, err := l.Examples(1, 1)
		assert.ErrorContains(t, err, want)
	}
}

func TestBrackets(t *testing.T) {
	for _, b := range []datasets.Brackets{{Depth: 1, Min: 1, Max: 9}, {Depth: 4, Min: 20, Max: 40}, {Depth: 8, Min: 30, Max: 30}} {
		count := make([][]float64, 3)
		for id := range count {
			count[id] = make([]float64, b.Classes())
		}
		steps := 0.0
		for _, e := range taskOf(t, b.Examples) {
			require.True(t, e.Len() >= b.Min && e.Len() <= b.Max)
			depth := 0
			for k, c := range b.Text(e.IDs) {
				depth += map[rune]int{'(': 1, ')': -1}[c]
				require.True(t, depth >= 0 && depth <= b.Depth)
				require.Equal(t, depth, e.Labels[k])
				count[e.IDs[k]][depth]++
				steps++
			}
		}
		right := slices.Max(count[0]) + slices.Max(count[1]) + slices.Max(count[2])
		assert.InDelta(t, b.Baseline(), right/steps, 0.015, "%+v", b)
	}
	for want, b := range map[string]datasets.Brackets{
		"depth 0, wanted 1 to 255":   {Min: 1, Max: 2},
		"depth 256":                  {Depth: 256, Min: 1, Max: 2},
		"least length 0, wanted 1":   {Depth: 2, Max: 2},
		"greatest length 1, wanted ": {Depth: 2, Min: 2, Max: 1},
	} {
		_, err := b.Examples(1, 1)
		assert.ErrorContains(t, err, want)
		assert.Zero(t, b.Baseline())
	}
	assert.Equal(t, "(?x", datasets.Brackets{}.Text([]int{0, -1, 2}))
}

// What a model is built for: ids below Inputs, labels below Classes, all of both used.
func TestSyntheticSizes(t *testing.T) {
	tasks := map[string]interface {
		Inputs() int
		Classes() int
		Examples(n int, seed uint64) ([]datasets.Tagged, error)
	}{
		"copy memory": datasets.CopyMemory{Wait: 3},
		"a^n b^n":     datasets.AnBn{Min: 1, Max: 3},
		"brackets":    datasets.Brackets{Depth: 2, Min: 9, Max: 9},
	}
	for name, task := range tasks {
		t.Run(name, func(t *testing.T) {
			examples, err := task.Examples(200, 1)
			require.NoError(t, err)
			var ids, labels []int
			for _, e := range examples {
				require.Equal(t, e.Len(), len(e.Labels))
				ids, labels = append(ids, e.IDs...), append(labels, e.Labels...)
			}
			slices.Sort(ids)
			slices.Sort(labels)
			assert.Equal(t, count(task.Inputs()), slices.Compact(ids))
			assert.Equal(t, count(task.Classes()), slices.Compact(labels))
		})
	}
	order := datasets.TemporalOrder{Steps: 20}
	examples, err := order.Examples(200, 1)
	require.NoError(t, err)
	for _, e := range examples {
		require.Equal(t, 20, e.Len())
		require.Less(t, slices.Max(e.IDs), order.Inputs())
	}
}

func TestSequentialMNIST(t *testing.T) {
	images := &datasets.IDX{Shape: []int{3, 2, 4}, Data: make([]byte, 24)}
	for k := range images.Data {
		images.Data[k] = byte(10 * k)
	}
	labels := &datasets.IDX{Shape: []int{3}, Data: []byte{5, 0, 5}}

	rows, err := datasets.NewSequentialMNIST(images, labels, datasets.MNISTOptions{})
	require.NoError(t, err)
	assert.Equal(t, []int{3, 2, 4, 10}, []int{rows.Len(), rows.Steps(), rows.D(), rows.Classes()})
	assert.InDelta(t, 2.0/3, rows.Baseline(), 1e-15)
	e, err := rows.Example(1)
	require.NoError(t, err)
	assert.Equal(t, datasets.Numeric{
		X:     []float64{80. / 255, 90. / 255, 100. / 255, 110. / 255, 120. / 255, 130. / 255, 140. / 255, 150. / 255},
		Steps: 2, Label: 0, At: 1,
	}, e)

	pixels, err := datasets.NewSequentialMNIST(images, labels, datasets.MNISTOptions{Pixels: true})
	require.NoError(t, err)
	assert.Equal(t, []int{8, 1}, []int{pixels.Steps(), pixels.D()})
	p, err := pixels.Example(1)
	require.NoError(t, err)
	assert.Equal(t, e.X, p.X, "the same numbers, more steps")

	mixed, err := datasets.NewSequentialMNIST(images, labels, datasets.MNISTOptions{Pixels: true, Permute: true, Seed: 3})
	require.NoError(t, err)
	all, err := mixed.Examples(0, 3)
	require.NoError(t, err)
	for k := range 8 {
		require.InDelta(t, all[0].X[k]+80./255, all[1].X[k], 1e-12, "one order for all pictures")
	}
	assert.NotEqual(t, e.X, all[1].X)
	assert.ElementsMatch(t, e.X, all[1].X)
}

func TestSequentialMNISTErrors(t *testing.T) {
	images := &datasets.IDX{Shape: []int{2, 1, 1}, Data: make([]byte, 2)}
	labels := &datasets.IDX{Shape: []int{2}, Data: []byte{1, 2}}
	for want, pair := range map[string][2]*datasets.IDX{
		"pictures [2] and labels [2 1 1], wanted":          {labels, images},
		"2 pictures and 3 labels":                          {images, {Shape: []int{3}, Data: make([]byte, 3)}},
		"labels: there is no array, got nil":               {images, nil},
		"pictures: an array of shape [2 1 1] with 1 bytes": {{Shape: []int{2, 1, 1}, Data: make([]byte, 1)}, labels},
		"label 1: 10, wanted 0 to 9":                       {images, {Shape: []int{2}, Data: []byte{1, 10}}},
	} {
		_, err := datasets.NewSequentialMNIST(pair[0], pair[1], datasets.MNISTOptions{})
		assert.ErrorContains(t, err, want)
	}
	m, err := datasets.NewSequentialMNIST(images, labels, datasets.MNISTOptions{})
	require.NoError(t, err)
	_, err = m.Example(2)
	assert.ErrorContains(t, err, "picture 2, wanted 0 to 1")
	for _, r := range [][2]int{{-1, 1}, {0, 3}, {2, 1}} {
		_, err = m.Examples(r[0], r[1])
		assert.ErrorContains(t, err, "wanted a part of 0 to 2")
	}
}

// The same seed must give the same data on every machine and in every release: a few drawn values, written down.
func TestSyntheticIsPinned(t *testing.T) {
	a, err := datasets.Adding{Steps: 2}.Examples(1, 1)
	require.NoError(t, err)
	assert.Equal(t, []float64{0.23842319087387442, 1, 0.50092138792625, 1}, a[0].X)
	c, err := datasets.CopyMemory{Wait: 1}.Examples(1, 1)
	require.NoError(t, err)
	assert.Equal(t, []int{3, 6, 2, 0, 4, 4, 6, 4, 1, 4}, c[0].IDs[:10])
	b := datasets.Brackets{Depth: 3, Min: 20, Max: 30}
	e, err := b.Examples(1, 1)
	require.NoError(t, err)
	assert.Equal(t, "(x(x)x)x()(x(x())x(x)((x))", b.Text(e[0].IDs))
	d, err := datasets.KoreanDates{}.Sentences(2, 1)
	require.NoError(t, err)
	assert.Equal(t, []string{
		"지난 1958년 9월 19일에 508명이 모였다.",
		"1개월 뒤인 2036. 11. 29.에 다시 만나요.",
	}, []string{d[0].Text, d[1].Text})
}
