package kernel

// path is a set of instructions that the float32 kernels are written in. The plain one is Go.
type path int

const (
	plain path = iota
	avx2
	avx512
)

// active is the path of this machine. Tests set it to try the others that the machine has.
var active = choose(hostFeatures())

// Path returns the instructions that the float32 kernels use here: "avx512", "avx2" or "plain".
func Path() string { return active.String() }

func (p path) String() string { return [...]string{"plain", "avx2", "avx512"}[p] }

// features are the instructions of a processor that its operating system lets programs use, registers included.
type features struct{ avx2, fma, bmi2, avx512f bool }

// choose returns the fastest path whose instructions are all there.
func choose(f features) path {
	switch {
	case f.avx2 && f.fma && f.bmi2 && f.avx512f:
		return avx512
	case f.avx2 && f.fma:
		return avx2
	}
	return plain
}
