//go:build !amd64 || purego

package kernel

// hostFeatures names none: there is no assembly for this machine, or none is wanted.
func hostFeatures() features { return features{} }

// vectorMatMul is never called without a path.
func vectorMatMul(path, Mat[float32], Mat[float32], Mat[float32], flags) {
	panic("internal error: kernel: no vector path")
}
