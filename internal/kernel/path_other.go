//go:build !amd64 || purego

package kernel

// hostFeatures names none: there is no assembly for this machine, or none is wanted.
func hostFeatures() features { return features{} }

// What follows is never called without a path.

func vectorMatMul(path, Mat[float32], *Mat[float32], Mat[float32], Mat[float32], flags) {
	panic(noPath)
}

func vectorTranspose(path, Mat[float32], Mat[float32]) { panic(noPath) }

func addLanes(*[8]float32, []float32) []float32 { panic(noPath) }

func addProductLanes(*[8]float32, []float32, []float32) (x, y []float32) { panic(noPath) }

func addSquareLanes(*[8]float64, []float32) []float32 { panic(noPath) }

func addDown(path, []float32, Mat[float32]) { panic(noPath) }

func vectorMax([]float32) float32 { panic(noPath) }

const noPath = "internal error: kernel: no vector path"
