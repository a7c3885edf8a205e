package kernel

// MaxPool sets row i of out to the largest of each channel in window first + i (Windows) of x; padding does not count. A
// NaN is larger than any number, as in PyTorch. out is [places, C], x [pictures·H·W, C].
func MaxPool[F Float](out, x Mat[F], g Windows, first int) {
	p := g.at(first)
	for i := range out.Rows {
		y0, y1, x0, x1 := g.inside(p)
		o := out.Row(i)
		copy(o, x.Row(p.base+y0*g.W+x0))
		for y := y0; y < y1; y++ {
			for k := x0; k < x1; k++ {
				keepLarger(o, x.Row(p.base+y*g.W+k))
			}
		}
		p = g.next(p)
	}
}

// keepLarger sets o_j to the larger of o_j and x_j.
func keepLarger[F Float](o, x []F) {
	x = x[:len(o)]
	for j, v := range x {
		if v > o[j] || v != v {
			o[j] = v
		}
	}
}

// channels is how many channels are searched at a time.
const channels = 64

// largestPixels sets at_j to the row of x in which channel c + j of the window at p is largest, the first of equals.
func largestPixels[F Float](at []int, x Mat[F], g *Windows, p place, c int) {
	var best [channels]F
	y0, y1, x0, x1 := g.inside(p)
	start := p.base + y0*g.W + x0
	copy(best[:len(at)], x.Row(start)[c:])
	for j := range at {
		at[j] = start
	}
	for y := y0; y < y1; y++ {
		for k := x0; k < x1; k++ {
			r := p.base + y*g.W + k
			for j, v := range x.Row(r)[c : c+len(at)] {
				if v > best[j] || v != v {
					best[j], at[j] = v, r
				}
			}
		}
	}
}

// MaxPick sets row i of out to the elements of a where x is largest in window first + i, the first of equals: MaxPick
// of x and x is MaxPool. out is [places, C], a and x are [pictures·H·W, C].
func MaxPick[F Float](out, a, x Mat[F], g Windows, first int) {
	var buf [channels]int
	p := g.at(first)
	for i := range out.Rows {
		o := out.Row(i)
		for c := 0; c < len(o); c += channels {
			at := buf[:min(channels, len(o)-c)]
			largestPixels(at, x, &g, p, c)
			for j, r := range at {
				o[c+j] = a.Data[r*a.Stride+c+j]
			}
		}
		p = g.next(p)
	}
}

// MaxPoolGrad sets dx to the gradient of MaxPool for whole pictures from row first on: each dy goes to where its window
// is largest, the first of equals. dx is [pictures·H·W, C], dy [all places, C], x like dx but of all pictures.
func MaxPoolGrad[F Float](dx, dy, x Mat[F], g Windows, first int) {
	var buf [channels]int
	Fill(dx, 0)
	from := first / g.pixels() * g.places()
	p := g.at(from)
	for i := range dx.Rows / g.pixels() * g.places() {
		d := dy.Row(from + i)
		for c := 0; c < len(d); c += channels {
			at := buf[:min(channels, len(d)-c)]
			largestPixels(at, x, &g, p, c)
			for j, r := range at {
				dx.Data[(r-first)*dx.Stride+c+j] += d[c+j]
			}
		}
		p = g.next(p)
	}
}

// MeanPool sets row i of out to the sum of window first + i of x divided by KH·KW: padding counts as zeros. out is
// [places, C], x [pictures·H·W, C].
func MeanPool[F Float](out, x Mat[F], g Windows, first int) {
	p, n := g.at(first), F(g.KH*g.KW)
	for i := range out.Rows {
		o := out.Row(i)
		clear(o)
		y0, y1, x0, x1 := g.inside(p)
		for y := y0; y < y1; y++ {
			for k := x0; k < x1; k++ {
				vectorVector(add, o, o, x.Row(p.base+y*g.W+k))
			}
		}
		vectorScalar(div, o, o, n)
		p = g.next(p)
	}
}

// MeanPoolGrad sets dx to the gradient of MeanPool for whole pictures from row first on: dx [pictures·H·W, C], dy [all
// places, C].
func MeanPoolGrad[F Float](dx, dy Mat[F], g Windows, first int) {
	Fill(dx, 0)
	from := first / g.pixels() * g.places()
	p, n := g.at(0), F(g.KH*g.KW)
	for i := range dx.Rows / g.pixels() * g.places() {
		d := dy.Row(from + i)
		y0, y1, x0, x1 := g.inside(p)
		for y := y0; y < y1; y++ {
			for k := x0; k < x1; k++ {
				o := dx.Row(p.base + y*g.W + k)
				vectorVector(add, o, o, d)
			}
		}
		p = g.next(p)
	}
	divideBy(dx, n)
}

// divideBy divides all elements by n.
func divideBy[F Float](x Mat[F], n F) {
	for i := range x.Rows {
		vectorScalar(div, x.Row(i), x.Row(i), n)
	}
}
