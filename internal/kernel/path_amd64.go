//go:build !purego

package kernel

import "golang.org/x/sys/cpu"

// hostFeatures asks the processor, and the operating system for the registers.
func hostFeatures() features {
	return features{avx2: cpu.X86.HasAVX2, fma: cpu.X86.HasFMA, bmi2: cpu.X86.HasBMI2, avx512f: cpu.X86.HasAVX512F}
}
