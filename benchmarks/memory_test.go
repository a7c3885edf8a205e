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

// childVar tells a copy of this test to be what is measured.
const childVar = "UNROLL_MEASURE_MEMORY"

// A process that trains T1 stays below 80 MB.
func TestPeakMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		assert.Nil(t, benchmarks.PeakRSS(), "only Linux tells the peak")
		return
	}
	if os.Getenv(childVar) != "" {
		c, err := benchmarks.Preset("T1")
		require.NoError(t, err)
		work, err := c.Work(0)
		require.NoError(t, err)
		for range 30 {
			_, err := work()
			require.NoError(t, err)
		}
		fmt.Printf("peak: %f MB\n", *benchmarks.PeakRSS())
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^TestPeakMemory$")
	cmd.Env = append(os.Environ(), childVar+"=1")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	_, after, _ := strings.Cut(string(out), "peak: ")
	var mb float64
	_, err = fmt.Sscanf(after, "%f MB", &mb)
	require.NoError(t, err, string(out))
	t.Logf("peak %.1f MB", mb)
	assert.Less(t, mb, 80.0)
}
