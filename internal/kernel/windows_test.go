package kernel

import (
	"math"
	"testing"
)

func TestWindows(t *testing.T) {
	onEachPath(t, windows[float32])
	t.Run("float64", windows[float64])
}

// walk is a random way of windows over pictures.
type walk struct {
	Windows
	B, C, F int
}

func newWalk(r *source) walk {
	w := walk{B: 1 + r.IntN(3), C: 1 + r.IntN(20), F: 1 + r.IntN(20)}
	w.H, w.W, w.KH, w.KW = 1+r.IntN(9), 1+r.IntN(9), 1+r.IntN(4), 1+r.IntN(4)
	w.SH, w.SW = 1+r.IntN(3), 1+r.IntN(3)
	w.PH, w.PW = r.IntN(w.KH), r.IntN(w.KW)
	w.OH, w.OW = (w.H+2*w.PH-w.KH)/w.SH+1, (w.W+2*w.PW-w.KW)/w.SW+1
	if w.H+2*w.PH < w.KH || w.W+2*w.PW < w.KW {
		return newWalk(r)
	}
	return w
}

// pixel is the row of the pixel at ky, kx of window number r, -1 in the padding.
func (w walk) pixel(r, ky, kx int) int {
	b, oy, ox := r/(w.OH*w.OW), r/w.OW%w.OH, r%w.OW
	y, x := oy*w.SH-w.PH+ky, ox*w.SW-w.PW+kx
	if y < 0 || y >= w.H || x < 0 || x >= w.W {
		return -1
	}
	return (b*w.H+y)*w.W + x
}

// patches are those of x by their definition.
func patches[F Float](w walk, x Mat[F]) Mat[F] {
	return from[F](w.B*w.OH*w.OW, w.KH*w.KW*w.C, func(i, j int) float64 {
		if at := w.pixel(i, j/w.C/w.KW, j/w.C%w.KW); at >= 0 {
			return float64(x.Row(at)[j%w.C])
		}
		return 0
	})
}

// Convolution and its gradients have the bits of products with the patches, whatever the share of the result.
func windows[F Float](t *testing.T) {
	r := newSource(31)
	for range 300 {
		w := newWalk(r)
		K, pixels, places := w.KH*w.KW*w.C, w.B*w.H*w.W, w.B*w.OH*w.OW
		x, W, bias, dy := view[F](r, pixels, w.C), view[F](r, K, w.F), view[F](r, 1, w.F), view[F](r, places, w.F)
		scratch := make([]F, PatchScratch(K))
		for i := range scratch {
			scratch[i] = F(math.NaN())
		}
		p := patches(w, x)

		want, out := NewMat[F](places, w.F), view[F](r, places, w.F)
		AddMatMul(want, bias, p, W, false, false)
		cut := r.IntN(places + 1)
		Conv(out.Slice(0, cut, 0, w.F), x, W, bias, w.Windows, 0, scratch)
		Conv(out.Slice(cut, places, 0, w.F), x, W, bias, w.Windows, cut, scratch)
		same(t, want, out, "Conv %+v", w)
		MatMul(want, p, W, false, false, false)
		Conv(out, x, W, Mat[F]{}, w.Windows, 0, scratch)
		same(t, want, out, "Conv without bias %+v", w)

		dW, got := NewMat[F](K, w.F), view[F](r, K, w.F)
		MatMul(dW, p, dy, true, false, false)
		cut = r.IntN(K + 1)
		ConvWeights(got.Slice(0, cut, 0, w.F), x, dy, w.Windows, 0, scratch)
		ConvWeights(got.Slice(cut, K, 0, w.F), x, dy, w.Windows, cut, scratch)
		same(t, dW, got, "ConvWeights %+v", w)

		dp, dx := NewMat[F](places, K), view[F](r, pixels, w.C)
		MatMul(dp, dy, W, false, true, false)
		cut = r.IntN(w.B+1) * w.H * w.W
		ConvInput(dx.Slice(0, cut, 0, w.C), dy, W, w.Windows, 0, scratch)
		ConvInput(dx.Slice(cut, pixels, 0, w.C), dy, W, w.Windows, cut, scratch)
		near(t, sumOfPatches(w, dp), dx, 64*tolerance[F](), "ConvInput %+v", w)
		unharmed(t, x, W, bias, dy, out, got, dx)
	}
}

// sumOfPatches adds each column of the patches to its pixel.
func sumOfPatches[F Float](w walk, p Mat[F]) Mat[F] {
	sum := NewMat[float64](w.B*w.H*w.W, w.C)
	for i := range p.Rows {
		for j, v := range p.Row(i) {
			if at := w.pixel(i, j/w.C/w.KW, j/w.C%w.KW); at >= 0 {
				sum.Row(at)[j%w.C] += float64(v)
			}
		}
	}
	return from[F](sum.Rows, sum.Cols, func(i, j int) float64 { return sum.Row(i)[j] })
}

// Blocks of patches end anywhere: a convolution of many places, and of patches of many columns.
func TestConvInBlocks(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		r := newSource(32)
		for _, w := range []walk{
			{Windows{H: 40, W: 41, KH: 3, KW: 3, SH: 1, SW: 1, PH: 1, PW: 1, OH: 40, OW: 41}, 2, 1, 3},
			{Windows{H: 5, W: 4, KH: 4, KW: 4, SH: 1, SW: 1, PH: 1, PW: 0, OH: 4, OW: 1}, 13, 256, 5},
		} {
			K, places := w.KH*w.KW*w.C, w.B*w.OH*w.OW
			x, W, dy := view[float32](r, w.B*w.H*w.W, w.C), view[float32](r, K, w.F), view[float32](r, places, w.F)
			scratch := make([]float32, PatchScratch(K))
			p := patches(w, x)
			want, out := NewMat[float32](places, w.F), NewMat[float32](places, w.F)
			MatMul(want, p, W, false, false, false)
			Conv(out, x, W, Mat[float32]{}, w.Windows, 0, scratch)
			same(t, want, out, "Conv")
			dW, got := NewMat[float32](K, w.F), NewMat[float32](K, w.F)
			MatMul(dW, p, dy, true, false, false)
			ConvWeights(got.Slice(0, K-3, 0, w.F), x, dy, w.Windows, 0, scratch)
			ConvWeights(got.Slice(K-3, K, 0, w.F), x, dy, w.Windows, K-3, scratch)
			same(t, dW, got, "ConvWeights")
		}
	})
}

func TestPooling(t *testing.T) {
	onEachPath(t, pooling[float32])
	t.Run("float64", pooling[float64])
}

// Poolings and their gradients are their definitions, whatever the share of the result.
func pooling[F Float](t *testing.T) {
	r := newSource(33)
	for range 300 {
		w := newWalk(r)
		w.PH, w.PW = min(w.PH, w.KH/2), min(w.PW, w.KW/2)
		w.OH, w.OW = (w.H+2*w.PH-w.KH)/w.SH+1, (w.W+2*w.PW-w.KW)/w.SW+1
		if w.H+2*w.PH < w.KH || w.W+2*w.PW < w.KW {
			continue
		}
		w.C = 1 + r.IntN(2*channels)
		pixels, places := w.B*w.H*w.W, w.B*w.OH*w.OW
		x, a, dy := view[F](r, pixels, w.C), view[F](r, pixels, w.C), view[F](r, places, w.C)
		for i := range x.Rows { // with many equals
			for j, v := range x.Row(i) {
				x.Row(i)[j] = F(math.Round(float64(v)))
			}
		}
		wants := poolsByDefinition(w, x, a, dy)
		cut, part := r.IntN(places+1), r.IntN(w.B+1)*w.H*w.W
		for name, f := range map[string]func(out Mat[F], first int){
			"MaxPool":      func(out Mat[F], first int) { MaxPool(out, x, w.Windows, first) },
			"MaxPick":      func(out Mat[F], first int) { MaxPick(out, a, x, w.Windows, first) },
			"MeanPool":     func(out Mat[F], first int) { MeanPool(out, x, w.Windows, first) },
			"MaxPoolGrad":  func(out Mat[F], first int) { MaxPoolGrad(out, dy, x, w.Windows, first) },
			"MeanPoolGrad": func(out Mat[F], first int) { MeanPoolGrad(out, dy, w.Windows, first) },
		} {
			want := wants[name]
			out, at := view[F](r, want.Rows, w.C), cut
			if want.Rows == pixels && name[len(name)-4:] == "Grad" {
				at = part
			}
			f(out.Slice(0, at, 0, w.C), 0)
			f(out.Slice(at, want.Rows, 0, w.C), at)
			near(t, want, out, 8*tolerance[F](), "%s %+v", name, w)
			unharmed(t, out, x, a, dy)
		}
	}
}

// poolsByDefinition are the five results, computed in float64.
func poolsByDefinition[F Float](w walk, x, a, dy Mat[F]) map[string]Mat[F] {
	type m = Mat[float64]
	all := map[string]m{}
	for _, name := range []string{"MaxPool", "MaxPick", "MeanPool"} {
		all[name] = NewMat[float64](dy.Rows, w.C)
	}
	for _, name := range []string{"MaxPoolGrad", "MeanPoolGrad"} {
		all[name] = NewMat[float64](x.Rows, w.C)
	}
	n := float64(w.KH * w.KW)
	for i := range dy.Rows {
		for c := range w.C {
			best := -1
			for k := range w.KH * w.KW {
				at := w.pixel(i, k/w.KW, k%w.KW)
				if at < 0 {
					continue
				}
				if best < 0 || x.Row(at)[c] > x.Row(best)[c] {
					best = at
				}
				all["MeanPool"].Row(i)[c] += float64(x.Row(at)[c]) / n
				all["MeanPoolGrad"].Row(at)[c] += float64(dy.Row(i)[c]) / n
			}
			all["MaxPool"].Row(i)[c] = float64(x.Row(best)[c])
			all["MaxPick"].Row(i)[c] = float64(a.Row(best)[c])
			all["MaxPoolGrad"].Row(best)[c] += float64(dy.Row(i)[c])
		}
	}
	out := map[string]Mat[F]{}
	for name, m := range all {
		out[name] = from[F](m.Rows, m.Cols, func(i, j int) float64 { return m.Row(i)[j] })
	}
	return out
}
