package benchmarks

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/benchmarks/peers"
)

// stepper is a training step of somebody's.
type stepper interface {
	Step(x, y []int) (float64, error)
}

// windows are 64 windows of a workload, inputs and targets.
func windows(w Workload) (xs, ys [][]int) {
	const n = 64
	lanes := make([][]int, w.Batch)
	for b := range lanes {
		lanes[b] = w.Stream(n*w.Seq+1, uint64(b))
	}
	for k := range n {
		x, y := make([]int, w.Tokens()), make([]int, w.Tokens())
		for t := range w.Seq {
			for b := range w.Batch {
				x[t*w.Batch+b], y[t*w.Batch+b] = lanes[b][k*w.Seq+t], lanes[b][k*w.Seq+t+1]
			}
		}
		xs, ys = append(xs, x), append(ys, y)
	}
	return xs, ys
}

// BenchmarkT1 is a training step of T1: ours, and stock Gorgonia's with its own
// BLAS.
func BenchmarkT1(b *testing.B) {
	b.Run("unroll", func(b *testing.B) {
		s, err := T1.NewTrainer()
		require.NoError(b, err)
		measure(b, T1, s)
	})
	b.Run("gorgonia", func(b *testing.B) {
		s, err := peers.NewGorgonia(T1.Vocab, T1.Hidden, T1.Batch, T1.Seq)
		require.NoError(b, err)
		measure(b, T1, s)
	})
}

func measure(b *testing.B, w Workload, s stepper) {
	xs, ys := windows(w)
	_, err := s.Step(xs[0], ys[0])
	require.NoError(b, err)
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		if _, err := s.Step(xs[i%len(xs)], ys[i%len(ys)]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(w.Tokens())*float64(b.N)/b.Elapsed().Seconds(), "tokens/s")
}

// Both engines must learn the stream, or their speeds mean nothing.
func TestPeersLearn(t *testing.T) {
	w := Workload{Vocab: 11, Embed: 8, Hidden: 16, Batch: 4, Seq: 8}
	ours, err := w.NewTrainer()
	require.NoError(t, err)
	stock, err := peers.NewGorgonia(w.Vocab, w.Hidden, w.Batch, w.Seq)
	require.NoError(t, err)
	xs, ys := windows(w)
	for name, s := range map[string]stepper{"unroll": ours, "gorgonia": stock} {
		var first, last float64
		for i := range 400 {
			loss, err := s.Step(xs[i%64], ys[i%64])
			require.NoError(t, err)
			if i < 20 {
				first += loss / 20
			}
			if i >= 380 {
				last += loss / 20
			}
		}
		assert.Less(t, last, first-0.5, "%s: the loss must fall", name)
	}
}

const childVar = "UNROLL_MEASURE_MEMORY"

// A process that trains T1 stays below 80 MB.
func TestPeakMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Log("the peak is read from /proc, which only Linux has; nothing was measured")
		return
	}
	if os.Getenv(childVar) != "" {
		s, err := T1.NewTrainer()
		require.NoError(t, err)
		xs, ys := windows(T1)
		for i := range 30 {
			_, err := s.Step(xs[i%64], ys[i%64])
			require.NoError(t, err)
		}
		status, err := os.ReadFile("/proc/self/status")
		require.NoError(t, err)
		fmt.Println(string(status))
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^TestPeakMemory$")
	cmd.Env = append(os.Environ(), childVar+"=1")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	_, after, found := strings.Cut(string(out), "VmHWM:")
	require.True(t, found, string(out))
	var kb int
	_, err = fmt.Sscan(after, &kb)
	require.NoError(t, err)
	t.Logf("peak %.1f MB", float64(kb)/1024)
	assert.Less(t, float64(kb)/1024, 80.0)
}
