package kernel

// Windows says how a kernel of KH x KW pixels walks over pictures of H x W: in steps of SH rows and SW columns, with PH
// rows and PW columns of padding on each side, it stands at OH x OW places. Pictures are matrices: row (b·H + y)·W + x
// holds the channels of a pixel, row (b·OH + y)·OW + x what belongs to a place.
type Windows struct {
	H, W, KH, KW, SH, SW, PH, PW, OH, OW int
}

// pixels and places are how many rows one picture has before and after.
func (g *Windows) pixels() int { return g.H * g.W }
func (g *Windows) places() int { return g.OH * g.OW }

// place is where a window stands: on a picture whose pixels begin at row base, its corner at pixel y, x, which may lie
// in the padding.
type place struct{ base, y, x int }

// at is place number r of all pictures.
func (g *Windows) at(r int) place {
	b, r := r/g.places(), r%g.places()
	return place{b * g.pixels(), r/g.OW*g.SH - g.PH, r%g.OW*g.SW - g.PW}
}

// next is the place after p.
func (g *Windows) next(p place) place {
	if p.x += g.SW; p.x+g.PW < g.OW*g.SW {
		return p
	}
	p.x = -g.PW
	if p.y += g.SH; p.y+g.PH < g.OH*g.SH {
		return p
	}
	return place{p.base + g.pixels(), -g.PH, p.x}
}

// inside is the part of the window at p that lies on the picture: rows y0 to y1, columns x0 to x1.
func (g *Windows) inside(p place) (y0, y1, x0, x1 int) {
	return max(p.y, 0), min(p.y+g.KH, g.H), max(p.x, 0), min(p.x+g.KW, g.W)
}

// A patch is what a window sees, as a row: column (ky·KW + kx)·C + c is channel c of the pixel at ky, kx, zero in the
// padding. The pixels of one ky lie side by side in the picture too.

// stretch is where columns lo to hi of the patch at p, all of one ky, lie on the picture: columns from to to are the
// elements from flat on of the pixels from row on, counted through.
func (g *Windows) stretch(p place, lo, hi, C int) (from, to, row, flat int) {
	span := g.KW * C
	ky := lo / span
	if y := p.y + ky; y < 0 || y >= g.H {
		return lo, lo, 0, 0
	}
	flat = p.x*C + lo - ky*span
	from = min(lo+max(-flat, 0), hi)
	to = max(hi-max(flat+hi-lo-g.W*C, 0), from)
	return from, to, p.base + (p.y+ky)*g.W, flat + from - lo
}

// pack writes columns k0 on of the patches at the places from first on into the rows of out.
func pack[F Float](out, x Mat[F], g *Windows, first, k0 int) {
	p, C := g.at(first), x.Cols
	span, k1 := g.KW*C, k0+out.Cols
	whole := x.Stride == C && out.Cols == g.KH*span
	for i := 0; i < out.Rows; {
		if n := min(g.free(p), out.Rows-i); whole && n > 0 {
			packFree(out.Slice(i, i+n, 0, out.Cols), x.Data[(p.base+p.y*g.W+p.x)*C:], g, C)
			i += n
			p = g.at(first + i)
			continue
		}
		o := out.Row(i)
		for lo := k0; lo < k1; {
			hi := min(lo-lo%span+span, k1)
			from, to, row, flat := g.stretch(p, lo, hi, C)
			clear(o[lo-k0 : from-k0])
			readFlat(o[from-k0:to-k0], x, row, flat)
			clear(o[to-k0 : hi-k0])
			lo = hi
		}
		p = g.next(p)
		i++
	}
}

// free is at how many places from p on in its line the window lies wholly on the picture.
func (g *Windows) free(p place) int {
	if p.y < 0 || p.x < 0 || p.y+g.KH > g.H {
		return 0
	}
	return max((g.W-g.KW-p.x+g.SW)/g.SW, 0)
}

// packFree writes whole patches of windows on the picture, one after the other in a line, of which x begins with the
// first pixel.
func packFree[F Float](out Mat[F], x []F, g *Windows, C int) {
	n, line, step := g.KW*C, g.W*C, g.SW*C
	for ky := range g.KH {
		from, to := x[ky*line:], out.Data[ky*n:]
		for i := range out.Rows {
			d, s := to[i*out.Stride:][:n], from[i*step:][:n]
			if n > 12 {
				copy(d, s)
				continue
			}
			for j := range n { // so few are not worth a call
				d[j] = s[j]
			}
		}
	}
}

// unpack adds the patches at the places from first on, the rows of in, to the pixels they come from.
func unpack[F Float](x, in Mat[F], g *Windows, first int) {
	p, C := g.at(first), x.Cols
	span := g.KW * C
	for i := range in.Rows {
		d := in.Row(i)
		for lo := 0; lo < in.Cols; lo += span {
			from, to, row, flat := g.stretch(p, lo, lo+span, C)
			addFlat(x, row, flat, d[from:to])
		}
		p = g.next(p)
	}
}

// readFlat copies elements of the rows of x, counted through from element flat of row on.
func readFlat[F Float](o []F, x Mat[F], row, flat int) {
	if x.Stride == x.Cols && len(o) > 0 {
		copy(o, x.Data[row*x.Stride+flat:])
		return
	}
	for len(o) > 0 {
		n := copy(o, x.Row(row + flat/x.Cols)[flat%x.Cols:])
		o, flat = o[n:], flat+n
	}
}

// addFlat adds d to elements of the rows of x, counted through from element flat of row on.
func addFlat[F Float](x Mat[F], row, flat int, d []F) {
	for len(d) > 0 {
		var o []F
		if x.Stride == x.Cols {
			o = x.Data[row*x.Stride+flat:][:len(d)]
		} else {
			o = x.Row(row + flat/x.Cols)[flat%x.Cols:]
			o = o[:min(len(o), len(d))]
		}
		vectorVector(add, o, o, d[:len(o)])
		d, flat = d[len(o):], flat+len(o)
	}
}
