//go:build slow

package kernel

import (
	"math"
	"testing"
)

// Each of the 2^32 float32 goes through exp, sigmoid and tanh on each path, with the bits of plain Go: some minutes.
func TestFunctionsAreEqualForEveryNumber(t *testing.T) {
	rows := map[string]func(o, x []float32){
		"exp": func(o, x []float32) { expShift(o, x, 0) }, "sigmoid": sigmoidRow, "tanh": tanhRow,
	}
	x, got := make([]float32, 1<<12), make([]float32, 1<<12)
	onEachPath(t, func(t *testing.T) {
		for _, f := range functions32 {
			for b := uint64(0); b < 1<<32; b += uint64(len(x)) {
				for j := range x {
					x[j] = math.Float32frombits(uint32(b) + uint32(j))
				}
				rows[f.name](got, x)
				for j, v := range x {
					want := f.fast(v)
					if math.Float32bits(want) != math.Float32bits(got[j]) && (want == want || got[j] == got[j]) {
						t.Fatalf("%s(%v): got %v, want %v", f.name, v, got[j], want)
					}
				}
			}
		}
	})
}
