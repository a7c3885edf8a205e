//go:build !amd64 || purego

package kernel

// vectorMatMulNarrow is never called without a path.
func vectorMatMulNarrow(path, Mat[float32], Mat[float32], *Narrow, int, bool) { panic(noPath) }
