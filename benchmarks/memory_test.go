package benchmarks_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/benchmarks"
)

// childVar tells a copy of this test to be what is measured: the task.
const childVar = "UNROLL_MEASURE_MEMORY"

// A process that trains stays below 60 MB at T1, below 90 MB at T2.
func TestPeakMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		assert.Nil(t, benchmarks.PeakRSS(), "only Linux tells the peak")
		return
	}
	if task := os.Getenv(childVar); task != "" {
		train(t, task)
		return
	}
	for task, most := range map[string]float64{"T1": 60, "T2": 90} {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestPeakMemory$")
		cmd.Env = append(os.Environ(), childVar+"="+task)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		_, after, _ := strings.Cut(string(out), "peak: ")
		var mb float64
		_, err = fmt.Sscanf(after, "%f MB", &mb)
		require.NoError(t, err, string(out))
		t.Logf("%s: peak %.1f MB", task, mb)
		assert.Less(t, mb, most, task)
	}
}

// train takes steps and prints the peak.
func train(t *testing.T, task string) {
	c, err := benchmarks.Preset(task)
	require.NoError(t, err)
	work, err := c.Work(0)
	require.NoError(t, err)
	for range 30 {
		_, err := work()
		require.NoError(t, err)
	}
	fmt.Printf("peak: %f MB\n", *benchmarks.PeakRSS())
}
