package benchmarks_test

import (
	"flag"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/benchmarks"
	"github.com/unroll-go/unroll/benchmarks/peers"
)

// small is a task that takes no time.
func small(task string) benchmarks.Config {
	c, _ := benchmarks.Preset(task)
	c.Vocab, c.Emb, c.Hidden, c.Batch = 11, 8, 16, 4
	c.Seq = min(c.Seq, 8)
	return c
}

// Whoever is measured must learn, or its speed means nothing.
func TestEnginesLearn(t *testing.T) {
	stock, err := peers.NewGorgonia(small("T2"), 0)
	require.NoError(t, err)
	works := map[string]benchmarks.Work{"gorgonia": small("T2").Feed(stock)}
	for _, task := range []string{"T1", "T2", "T3", "T4", "T5", "T6", "T7"} {
		works[task], err = small(task).Work(0)
		require.NoError(t, err)
	}
	for name, work := range works {
		var first, last float64
		for i := range 400 {
			loss, err := work()
			require.NoError(t, err)
			if i < 20 {
				first += loss / 20
			}
			if i >= 380 {
				last += loss / 20
			}
		}
		assert.Less(t, last, first-0.4, "%s: the loss must fall", name)
	}
}

// Each task measures, with the figures that belong together.
func TestMeasure(t *testing.T) {
	for _, preset := range benchmarks.Presets() {
		c := small(preset.Task)
		work, err := c.Work(0)
		require.NoError(t, err)
		r, err := c.Measure(work, benchmarks.Timing{Warm: 40})
		require.NoError(t, err)
		assert.Equal(t, 3, r.Steps)
		assert.InEpsilon(t, 1e3*float64(c.Tokens())/r.MsPerStep, r.TokensPerS, 2e-4, "%v: two roundings to five digits", c)
		assert.Equal(t, c.Trains(), r.Loss0 != nil && r.LossN != nil)
		assert.Empty(t, r.Warning)
	}
}

// A run that does not learn is marked, one that diverges is an error.
func TestMeasureMarksBadRuns(t *testing.T) {
	c := small("T1")
	r, err := c.Measure(func() (float64, error) { return 1, nil }, benchmarks.Timing{})
	require.NoError(t, err)
	assert.Equal(t, benchmarks.NotLearnt, r.Warning)
	_, err = c.Measure(func() (float64, error) { return math.NaN(), nil }, benchmarks.Timing{})
	assert.EqualError(t, err, "the loss is NaN; a smaller learning rate may help")
	_, err = c.Measure(func() (float64, error) { return 0, io.ErrUnexpectedEOF }, benchmarks.Timing{})
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

// Nine of ten tokens follow from the one before, give or take five deviations.
func TestStream(t *testing.T) {
	x := benchmarks.Stream(10001, 65, 1)
	follow := 0
	for i := 1; i < len(x); i++ {
		if x[i] == (5*x[i-1]+7)%65 {
			follow++
		}
	}
	want := 0.9 + 0.1/65 // a uniform token may be the right one
	assert.InDelta(t, want, float64(follow)/10000, 5*math.Sqrt(want*(1-want)/10000))
}

// A window is time-major, its targets are the tokens that come next, and the
// next window begins where it ends.
func TestWindows(t *testing.T) {
	c := small("T1")
	ws := c.Windows()
	lane := benchmarks.Stream(2*c.Seq+1, c.Vocab, 2)
	for i := range 2 * c.Seq {
		w, at := ws[i/c.Seq], i%c.Seq*c.Batch+2
		assert.Equal(t, [2]int{lane[i], lane[i+1]}, [2]int{w.X[at], w.Y[at]}, "step %d", i)
	}
	c = small("T7")
	w := c.Windows()[3]
	assert.Len(t, w.X, c.Tokens())
	assert.Equal(t, w.X[c.Tokens()-c.Batch:], w.Y, "the last token names the class")
}

func options(args ...string) (benchmarks.Options, error) {
	fs := flag.NewFlagSet("test", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	get := benchmarks.Flags(fs)
	if err := fs.Parse(args); err != nil {
		return benchmarks.Options{}, err
	}
	return get()
}

func TestFlags(t *testing.T) {
	o, err := options("--task", "T4", "--hidden=7", "--emb", "0", "--opt=sgd", "--threads", "2", "--tag", "x")
	require.NoError(t, err)
	assert.Equal(t, "gru V65 E0 H7 L1 B32 T64 sgd", o.Config.String())
	assert.Equal(t, 2, o.Threads)
	assert.Equal(t, 1.0, o.Config.Rate())
	o, err = options("--task=I1", "--precision=int8")
	require.NoError(t, err)
	assert.Equal(t, "lstm V65 E64 H128 L2 B1 T1 int8", o.Config.String())
	o, err = options("--task=T7", "--dense")
	require.NoError(t, err)
	assert.Equal(t, "lstm V20000 E100 H128 L1 B64 T40 C2 adam dense", o.Config.String())
}

// A product is measured in products, and by its floating-point operations.
func TestProduct(t *testing.T) {
	o, err := options("--product=3,5,7", "--seconds=0")
	require.NoError(t, err)
	assert.Equal(t, benchmarks.Product{M: 3, N: 5, K: 7}, o.Product)
	work, err := o.Work()
	require.NoError(t, err)
	r, err := o.Measure(work)
	require.NoError(t, err)
	assert.Equal(t, "product", r.Task)
	assert.Equal(t, "3x5x7", r.Config)
	assert.Nil(t, r.Loss0)
	assert.InEpsilon(t, 1e-9*2*3*5*7*r.TokensPerS, r.GFlops, 2e-4)
	assert.InEpsilon(t, 1e3/r.MsPerStep, r.TokensPerS, 2e-4)
	assert.Zero(t, testing.AllocsPerRun(10, func() { _, err = work() }))
	require.NoError(t, err)
}

func TestBadFlags(t *testing.T) {
	const batch = "batch and seq must be at least 1, and at most 1048576 tokens together, got "
	for args, want := range map[string]string{
		"":                           `task "" is unknown; there are T1, T2, T3, T4, T5, T6, T7, I1, I2, I3`,
		"--task=T9":                  `task "T9" is unknown; there are T1, T2, T3, T4, T5, T6, T7, I1, I2, I3`,
		"--task=T1 --cell=cnn":       `models: cell "cnn" is unknown; there are rnn, lstm, gru`,
		"--task=T1 --hidden=0":       "models: hidden must be in [1, 65536], got 0",
		"--task=T1 --vocab=1":        "vocab must be in [2, 1048576], got 1",
		"--task=T1 --batch=0":        batch + "0 and 64",
		"--task=T1 --seq=1234567890": batch + "32 and 1234567890",
		"--task=T7 --classes=1":      "classes must be 0, or from 2 to vocab, got 1",
		"--task=I1 --classes=2":      "classes need a training task, T1 to T7, and an embedding",
		"--task=T1 --opt=lion":       `opt "lion" is unknown; there are adam and sgd`,
		"--task=I1 --opt=sgd":        "I1 does not train, so it has no opt",
		"--task=T6 --dense":          "dense goes with adam",
		"--task=T1 --precision=bf16": "training is in f32; precision bf16 is for inference",
		"--task=I1 --precision=f16":  `models: precision "f16" is unknown; there are f32, bf16, int8`,
		"--task=T1 --threads=0":      "threads must be at least 1, got 0",
		"--task=T1 --seconds=NaN":    "seconds must be a finite number of at least 0, got NaN",
		"--task=T1 --warm=-1":        "warm must be at least 0, got -1",
		"--task=T1 --lr=-1":          "lr must be a finite number of at least 0, got -1",
		"--product=1,2":              `product must be three sizes m,n,k, got "1,2"`,
		"--product=1,2,3,4":          `product must be three sizes m,n,k, got "1,2,3,4"`,
		"--product=a":                `product must be three sizes m,n,k, got "a"`,
		"--product=1,2,0":            "sizes of a product must be in [1, 8192], got 0",
		"--product=1,2,99999":        "sizes of a product must be in [1, 8192], got 99999",
		"--product=1,2,3 --hidden=4": "hidden does not go with product",
		"--product=1,2,3 --task=T1":  "task does not go with product",
		"--product=1,2,3 --warm=-1":  "warm must be at least 0, got -1",
		"--task=T1 --engine=x":       `engine "x" is unknown; there are unroll, gorgonia and hand`,
	} {
		_, err := options(strings.Fields(args)...)
		assert.EqualError(t, err, want)
	}
}

func TestMedian(t *testing.T) {
	assert.Equal(t, 2.0, benchmarks.Median([]float64{3, 1, 2}))
	assert.Equal(t, 2.5, benchmarks.Median([]float64{4, 1, 2, 3}))
	assert.Equal(t, 7.0, benchmarks.Median([]float64{7}))
}
