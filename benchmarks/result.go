package benchmarks

import (
	"math"
	"os"
	"strconv"
	"strings"
)

// Result is what a run reports: one line of JSON, whose first fields all peers
// have.
type Result struct {
	Peer       string   `json:"peer"`
	Task       string   `json:"task"`
	Config     string   `json:"config"`
	Threads    int      `json:"threads"`
	TokensPerS float64  `json:"tokens_per_s"`
	MsPerStep  float64  `json:"ms_per_step"`
	PeakRSS    *float64 `json:"peak_rss_mb"` // null where the system does not tell
	Loss0      *float64 `json:"loss0"`       // of the first step; null for inference
	LossN      *float64 `json:"lossN"`       // of the last step
	Steps      int      `json:"steps"`
	GFlops     float64  `json:"gflops,omitempty"` // of a product
	Warning    string   `json:"warning,omitempty"`
}

// NotLearnt is the warning for a run whose loss does not fall.
const NotLearnt = "the loss did not fall: not a valid run"

// check marks a run that did not learn.
func (r *Result) check() {
	if r.Loss0 != nil && r.LossN != nil && !(*r.LossN < *r.Loss0) {
		r.Warning = NotLearnt
	}
}

// PeakRSS is the most memory that the process has had, in MB, nil where /proc
// does not tell.
func PeakRSS() *float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return nil
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	field, _, _ := strings.Cut(strings.TrimSpace(after), " ")
	kb, err := strconv.ParseFloat(field, 64)
	if err != nil {
		return nil
	}
	mb := math.Round(10*kb/1024) / 10
	return &mb
}
