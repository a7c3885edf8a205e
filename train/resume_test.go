package train_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/graph"
	"github.com/unroll-go/unroll/internal/safetensors"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/train"
)

// run is a training from the beginning with all that can be resumed: dropout,
// carried state, clipping, a schedule, validation.
type run struct {
	model *models.CharLM
	task  *models.Task
	loop  *train.Loop
	best  map[string][]uint64 // the parameters that Best kept
	seen  []train.Event
}

func newRun(t *testing.T, c models.Config, optimiser train.Optimiser, steps int) *run {
	t.Helper()
	r := &run{}
	r.model, r.task = newTask(t, c, 3, 2, 7)
	ids, err := r.model.Vocab.Encode(text(60))
	require.NoError(t, err)
	r.loop = &train.Loop{
		Task: r.task, Optimiser: optimiser, Clip: 0.5, Steps: steps, Schedule: train.Cosine(steps, 3, 0.1), ValidEvery: 4,
		Validate: func() (float64, error) {
			s, err := r.model.Score(ids, 1)
			return s.Nats, err
		},
		Best: func() error { r.best = bits(r.model.Params); return nil },
		On: []func(train.Event) error{func(e train.Event) error {
			e.Elapsed = 0
			r.seen = append(r.seen, e)
			return nil
		}},
	}
	return r
}

// TestResumeIsExact: training 2N steps is training N, writing a checkpoint,
// reading it into a fresh model, loop and optimiser, and training N more.
func TestResumeIsExact(t *testing.T) {
	const N = 9 // an epoch has 14 windows: carried state is under way at 9, a new epoch begins after it
	for cell, optimiser := range map[string]string{"rnn": "sgd", "lstm": "adam", "gru": "nesterov"} {
		t.Run(cell, func(t *testing.T) {
			make := optimisers(t)[optimiser]
			whole := newRun(t, small(cell), make(), 2*N)
			want, err := whole.loop.Run(t.Context())
			require.NoError(t, err)

			first := newRun(t, small(cell), make(), 2*N)
			ctx, cancel := context.WithCancel(t.Context())
			first.loop.On = append(first.loop.On, func(e train.Event) error {
				if e.Step == N {
					cancel()
				}
				return nil
			})
			var file bytes.Buffer
			first.loop.Save = func() error { return first.loop.Checkpoint(&file, "settings") }
			report, err := first.loop.Run(ctx)
			require.NoError(t, err)
			require.True(t, report.Interrupted)
			_, state, err := first.task.Position()
			require.NoError(t, err)
			require.NotZero(t, state[0][0], "state is carried")

			second := newRun(t, small(cell), make(), 2*N)
			require.NoError(t, second.loop.Resume(bytes.NewReader(file.Bytes()), "settings"))
			assert.Equal(t, bits(first.model.Params), bits(second.model.Params))
			var again bytes.Buffer
			require.NoError(t, second.loop.Checkpoint(&again, "settings"))
			assert.Equal(t, file.Bytes(), again.Bytes(), "a checkpoint of a checkpoint")

			got, err := second.loop.Run(t.Context())
			require.NoError(t, err)
			want.Elapsed, got.Elapsed = 0, 0
			assert.Equal(t, want, got)
			assert.Equal(t, bits(whole.model.Params), bits(second.model.Params))
			assert.Equal(t, whole.seen, append(first.seen, second.seen...), "losses, norms, rates and scores")
			if second.best == nil { // the best was in the first half
				second.best = first.best
			}
			assert.Equal(t, whole.best, second.best)
			assert.Equal(t, position(t, whole.task), position(t, second.task))
		})
	}
}

func position(t *testing.T, task train.Task) []any {
	t.Helper()
	pos, state, err := task.Position()
	require.NoError(t, err)
	return []any{pos, state}
}

// The best score of the first half has to be beaten in the second.
func TestResumeKeepsTheBest(t *testing.T) {
	score := 2.0
	loop := func() *train.Loop {
		return &train.Loop{
			Task: newSlope(t, graph.NewParams64(1), start), Optimiser: train.NewAdam(0.1), Steps: 1,
			Validate: func() (float64, error) { return score, nil },
		}
	}
	first := loop()
	_, err := first.Run(t.Context())
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, first.Checkpoint(&file, ""))

	for _, c := range []struct {
		score, best float64
		step        int
	}{{3, 2, 1}, {1, 1, 2}} {
		second := loop()
		require.NoError(t, second.Resume(bytes.NewReader(file.Bytes()), ""))
		second.Steps, score = 2, c.score
		report, err := second.Run(t.Context())
		require.NoError(t, err)
		assert.Equal(t, c.best, report.Best)
		assert.Equal(t, c.step, report.BestStep)
	}
}

// A checkpoint from before the first step, or without validation, is as good.
func TestResumeFromTheBeginning(t *testing.T) {
	var file bytes.Buffer
	first := newRun(t, small("lstm"), train.NewAdam(0.01), 4)
	require.NoError(t, first.loop.Checkpoint(&file, ""))
	_, err := first.loop.Run(t.Context())
	require.NoError(t, err)

	second := newRun(t, small("lstm"), train.NewAdam(0.01), 4)
	require.NoError(t, second.loop.Resume(&file, ""))
	report, err := second.loop.Run(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 4, report.BestStep)
	assert.Equal(t, bits(first.model.Params), bits(second.model.Params))
}

func TestCheckpointFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.checkpoint")
	first := newRun(t, small("gru"), train.NewAdam(0.01), 2)
	require.NoError(t, first.loop.CheckpointFile(path, "a"))
	_, err := first.loop.Run(t.Context())
	require.NoError(t, err)
	require.NoError(t, first.loop.CheckpointFile(path, "a"), "replaces the old one")

	second := newRun(t, small("gru"), train.NewAdam(0.01), 2)
	err = second.loop.ResumeFile(path, "b")
	assert.ErrorIs(t, err, train.ErrFormat)
	assert.ErrorContains(t, err, path+": train: ")
	assert.ErrorContains(t, err, "it was made with a, now b")
	require.NoError(t, second.loop.ResumeFile(path, "a"))
	assert.Equal(t, bits(first.model.Params), bits(second.model.Params))

	assert.ErrorIs(t, second.loop.ResumeFile(path+"x", ""), os.ErrNotExist)
}

// What the reader reports is not the file's fault.
func TestResumeReadError(t *testing.T) {
	r := newRun(t, small("rnn"), train.NewAdam(0.01), 2)
	err := r.loop.Resume(iotest.ErrReader(errTest), "")
	assert.ErrorIs(t, err, errTest)
	assert.False(t, errors.Is(err, train.ErrFormat))
}

// edited is a checkpoint after three steps of Adam on w [6], changed and signed anew.
func edited(t testing.TB, edit func(f *safetensors.File)) []byte {
	t.Helper()
	loop := adamLoop(t)
	_, err := loop.Run(t.Context())
	require.NoError(t, err)
	var file, out bytes.Buffer
	require.NoError(t, loop.Checkpoint(&file, "settings"))
	f, err := safetensors.Read(&file, 0)
	require.NoError(t, err)
	edit(f)
	require.NoError(t, safetensors.Write(&out, f))
	return out.Bytes()
}

func adamLoop(t testing.TB) *train.Loop {
	t.Helper()
	task := newSlope(t, graph.NewParams64(1), start)
	return &train.Loop{Task: task, Optimiser: train.NewAdam(0.1), Steps: 3}
}

// head replaces the JSON that a checkpoint has beside its tensors.
func head(text string) func(f *safetensors.File) {
	return func(f *safetensors.File) { f.Metadata["unroll.checkpoint"] = text }
}

func drop(name string) func(f *safetensors.File) {
	return func(f *safetensors.File) {
		f.Tensors = slices.DeleteFunc(f.Tensors, func(t safetensors.Tensor) bool { return t.Name == name })
	}
}

func add(t safetensors.Tensor) func(f *safetensors.File) {
	return func(f *safetensors.File) {
		drop(t.Name)(f)
		f.Tensors = append(f.Tensors, t)
	}
}

func TestResumeRefuses(t *testing.T) {
	six := make([]float64, 6)
	f64, f32 := safetensors.FromFloat64s, safetensors.FromFloat32s
	const rest = `"optimiser":"adam","seed":1,"note":"settings"`
	for name, c := range map[string]struct {
		edit func(f *safetensors.File)
		want string
	}{
		"no kind":              {func(f *safetensors.File) { delete(f.Metadata, "unroll.kind") }, `unroll.kind is "", "checkpoint/1" wanted`},
		"a model":              {func(f *safetensors.File) { f.Metadata["unroll.kind"] = "charlm/1" }, `unroll.kind is "charlm/1"`},
		"no header":            {func(f *safetensors.File) { delete(f.Metadata, "unroll.checkpoint") }, "unroll.checkpoint: "},
		"header is no JSON":    {head("{"), "unroll.checkpoint: "},
		"header is a list":     {head("[]"), "unroll.checkpoint: "},
		"NaN count":            {head(`{"steps":NaN,` + rest + `}`), "invalid character 'N'"},
		"NaN best":             {head(`{"best":NaN,` + rest + `}`), "invalid character 'N'"},
		"infinite best":        {head(`{"best":1e999,` + rest + `}`), "cannot unmarshal number 1e999"},
		"half a step":          {head(`{"steps":1.5,` + rest + `}`), "cannot unmarshal number 1.5"},
		"negative steps":       {head(`{"steps":-1,` + rest + `}`), "the count -1 is out of range"},
		"negative updates":     {head(`{"updates":-3,` + rest + `}`), "the count -3 is out of range"},
		"negative position":    {head(`{"position":-1,` + rest + `}`), "the count -1 is out of range"},
		"negative best step":   {head(`{"best_step":-1,` + rest + `}`), "the count -1 is out of range"},
		"updates overflow":     {head(`{"updates":9223372036854775807,` + rest + `}`), "is out of range"},
		"position overflows":   {head(`{"position":9223372036854775807,` + rest + `}`), "is out of range"},
		"beyond 64 bits":       {head(`{"steps":18446744073709551616,` + rest + `}`), "cannot unmarshal number"},
		"other note":           {head(`{"optimiser":"adam","seed":1,"note":"others"}`), "it was made with others, now settings"},
		"other optimiser":      {head(`{"optimiser":"sgd","seed":1,"note":"settings"}`), `optimiser "sgd", now "adam"`},
		"other seed":           {head(`{"optimiser":"adam","seed":2,"note":"settings"}`), "the seed of the parameters was 2, now 1"},
		"parameter missing":    {drop("param/w"), "parameter w is missing"},
		"m missing":            {drop("optimiser/m/w"), "optimiser/m/w is missing"},
		"v missing":            {drop("optimiser/v/w"), "optimiser/v/w is missing"},
		"other slot":           {add(f64("optimiser/z/w", []int{6}, six)), `the optimiser has no tensor "z"`},
		"other parameter":      {add(f64("param/x", []int{6}, six)), `tensor "param/x" F64 [6] belongs to no parameter`},
		"m of nothing":         {add(f64("optimiser/m/x", []int{6}, six)), `tensor "optimiser/m/x" F64 [6] belongs to no parameter`},
		"no path":              {add(f64("param", []int{6}, six)), "belongs to no parameter"},
		"slot without a path":  {add(f64("optimiser/m", []int{6}, six)), "belongs to no parameter"},
		"unknown group":        {add(f64("extra/w", []int{6}, six)), `tensor "extra/w" F64 [6] is unknown`},
		"parameter is longer":  {add(f64("param/w", []int{7}, make([]float64, 7))), `tensor "param/w" F64 [7]: shape [6] wanted`},
		"parameter is turned":  {add(f64("param/w", []int{2, 3}, six)), `tensor "param/w" F64 [2 3]: shape [6] wanted`},
		"parameter is empty":   {add(f64("param/w", []int{0}, nil)), "shape [6] wanted"},
		"m is shorter":         {add(f64("optimiser/m/w", []int{5}, six[:5])), `tensor "optimiser/m/w" F64 [5] does not fit w [6]`},
		"parameter is float32": {add(f32("param/w", []int{6}, make([]float32, 6))), "wanted dtype F64"},
		"m is float32":         {add(f32("optimiser/m/w", []int{6}, make([]float32, 6))), "wanted dtype F64"},
		"state is float32":     {add(f32("state/0", []int{1}, []float32{1})), "wanted dtype F64"},
		"state with a hole":    {add(f64("state/1", []int{1}, six[:1])), "state/0 of 1 is missing"},
		"state of no number":   {add(f64("state/00", []int{1}, six[:1])), "state/0 of 1 is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			data := edited(t, c.edit)
			loop := adamLoop(t)
			err := loop.Resume(bytes.NewReader(data), "settings")
			require.ErrorIs(t, err, train.ErrFormat)
			assert.ErrorContains(t, err, c.want)
			unchanged(t, loop)
		})
	}
	loop := adamLoop(t)
	require.NoError(t, loop.Resume(bytes.NewReader(edited(t, func(*safetensors.File) {})), "settings"), "unedited it is read")
}

// unchanged says that a loop of adamLoop has not begun.
func unchanged(t testing.TB, loop *train.Loop) {
	t.Helper()
	task := loop.Task.(*slope)
	assert.Equal(t, start, task.w())
	assert.Zero(t, task.pos)
	assert.Equal(t, train.Memory{}, *loop.Optimiser.Memory())
	report, err := (&train.Loop{Task: task, Optimiser: loop.Optimiser}).Run(t.Context())
	assert.NoError(t, err)
	assert.Zero(t, report.Steps)
}

// An SGD whose momentum came or went finds out.
func TestResumeWithOtherMomentum(t *testing.T) {
	plain, heavy := &train.SGD{Rate: 0.1}, &train.SGD{Rate: 0.1, Momentum: 0.9}
	for want, c := range map[string][2]*train.SGD{
		"optimiser/v/w is missing":        {plain, heavy},
		`the optimiser has no tensor "v"`: {heavy, plain},
	} {
		loop := adamLoop(t)
		loop.Optimiser = &train.SGD{Rate: c[0].Rate, Momentum: c[0].Momentum}
		_, err := loop.Run(t.Context())
		require.NoError(t, err)
		var file bytes.Buffer
		require.NoError(t, loop.Checkpoint(&file, ""))

		loop = adamLoop(t)
		loop.Optimiser = &train.SGD{Rate: c[1].Rate, Momentum: c[1].Momentum}
		err = loop.Resume(&file, "")
		assert.ErrorIs(t, err, train.ErrFormat)
		assert.ErrorContains(t, err, want)
		unchanged(t, loop)
	}
}

// The carried state must be that of the task.
func TestResumeWithOtherState(t *testing.T) {
	first := newRun(t, small("lstm"), train.NewAdam(0.01), 2)
	_, err := first.loop.Run(t.Context())
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, first.loop.Checkpoint(&file, ""))
	f, err := safetensors.Read(bytes.NewReader(file.Bytes()), 0)
	require.NoError(t, err)
	for want, edit := range map[string]func(f *safetensors.File){
		"4 tensors, got 3": drop("state/3"),
		"4 tensors, got 5": add(safetensors.FromFloat64s("state/4", []int{1}, []float64{1})),
		"wants 10 values":  add(safetensors.FromFloat64s("state/2", []int{9}, make([]float64, 9))),
	} {
		other := &safetensors.File{Metadata: f.Metadata, Tensors: slices.Clone(f.Tensors)}
		edit(other)
		var out bytes.Buffer
		require.NoError(t, safetensors.Write(&out, other))
		second := newRun(t, small("lstm"), train.NewAdam(0.01), 2)
		before, at := bits(second.model.Params), position(t, second.task)
		err := second.loop.Resume(&out, "")
		assert.ErrorIs(t, err, train.ErrFormat)
		assert.ErrorContains(t, err, want)
		assert.Equal(t, before, bits(second.model.Params))
		assert.Equal(t, at, position(t, second.task))
	}
}

// Cut anywhere, or with any byte changed, a checkpoint is refused.
func TestResumeDamaged(t *testing.T) {
	data := edited(t, func(*safetensors.File) {})
	loop := adamLoop(t)
	refused := func(damaged []byte, at int) {
		err := loop.Resume(bytes.NewReader(damaged), "settings")
		require.ErrorIs(t, err, train.ErrFormat, "at %d of %d", at, len(data))
	}
	for n := range data {
		refused(data[:n], n)
	}
	refused(append(slices.Clone(data), 0), len(data))
	for _, flip := range []byte{1, 0x20, 0x80, 0xff} {
		for i := range data {
			damaged := slices.Clone(data)
			damaged[i] ^= flip
			refused(damaged, i)
		}
	}
	unchanged(t, loop)
}

// A header that claims 2^60 bytes costs nothing.
func TestResumeHugeHeader(t *testing.T) {
	data := []byte{0, 0, 0, 0, 0, 0, 0, 0x10, '{', '}'}
	loop := adamLoop(t)
	bytesUsed := allocated(func() {
		assert.ErrorIs(t, loop.Resume(bytes.NewReader(data), ""), train.ErrFormat)
		data[7] = 0
		data[3] = 5 // 80 MiB are possible, but are not there
		assert.ErrorIs(t, loop.Resume(bytes.NewReader(data), ""), train.ErrFormat)
	})
	assert.Less(t, bytesUsed, uint64(8<<20))
	unchanged(t, loop)
}

// Numbers that are not finite are numbers: the loop itself stops at them.
func TestResumeWithNaN(t *testing.T) {
	w := slices.Clone(start)
	w[2] = math.NaN()
	data := edited(t, add(safetensors.FromFloat64s("param/w", []int{6}, w)))
	loop := adamLoop(t)
	require.NoError(t, loop.Resume(bytes.NewReader(data), "settings"))
	loop.Steps = 4
	_, err := loop.Run(t.Context())
	assert.ErrorIs(t, err, train.ErrDiverged)
}

// FuzzResume: any bytes give an error and leave everything as it was, or a loop
// that can take a step.
func FuzzResume(f *testing.F) {
	f.Add(edited(f, func(*safetensors.File) {}))
	f.Add(edited(f, head(`{"steps":1,"optimiser":"adam","seed":1,"note":"settings","best":-0.5}`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		loop := adamLoop(t)
		if err := loop.Resume(bytes.NewReader(data), "settings"); err != nil {
			require.ErrorIs(t, err, train.ErrFormat)
			unchanged(t, loop)
			return
		}
		report, err := (&train.Loop{Task: loop.Task, Optimiser: loop.Optimiser, Steps: 1}).Run(t.Context())
		if err != nil {
			require.ErrorIs(t, err, train.ErrDiverged)
		} else {
			require.Equal(t, 1, report.Steps)
		}
	})
}
