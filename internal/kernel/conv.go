package kernel

// The patches of a whole batch are KH·KW times as large as the pictures. They are made in blocks that stay in the
// second-level cache, each multiplied before the next is made.

const (
	patchFloats = 48 << 10 // elements of a block of patches
	patchRows   = 384      // the most rows of one
)

// patchBlock is how many patches of K columns a block has, and the distance of its rows: not a multiple of a kilobyte,
// for the lines of one column would share a few places of the first-level cache.
func patchBlock(K int) (rows, stride int) {
	stride = K
	if K%256 == 0 {
		stride += 16
	}
	return min(max(patchFloats/stride, 1), patchRows), stride
}

// PatchScratch is how many elements of scratch memory the three functions below need for patches of K columns.
func PatchScratch(K int) int {
	rows, stride := patchBlock(K)
	return rows * stride
}

// patchesIn is a matrix for a block of patches in scratch memory.
func patchesIn[F Float](scratch []F, rows, cols, stride int) Mat[F] {
	return Mat[F]{Data: scratch[:(rows-1)*stride+cols], Rows: rows, Cols: cols, Stride: stride}
}

// Conv sets out = P·W, or bias + P·W, P being the patches of x (Windows) at the places from first on: out [places, F],
// x [pictures·H·W, C], w [KH·KW·C, F], bias [1, F] or without rows. Each element has the bits of MatMul with P.
func Conv[F Float](out, x, w, bias Mat[F], g Windows, first int, scratch []F) {
	rows, stride := patchBlock(w.Rows)
	for at := 0; at < out.Rows; at += rows {
		n := min(rows, out.Rows-at)
		p := patchesIn(scratch, n, w.Rows, stride)
		pack(p, x, &g, first+at, 0)
		o := out.Slice(at, at+n, 0, out.Cols)
		if bias.Rows == 0 {
			MatMul(o, p, w, false, false, false)
		} else {
			AddMatMul(o, bias, p, w, false, false)
		}
	}
}

// ConvWeights sets out to rows first on of P'·dy, the gradient of Conv in w: out [rows, F], x [pictures·H·W, C],
// dy [pictures·OH·OW, F]. Each element has the bits of MatMul with P.
func ConvWeights[F Float](out, x, dy Mat[F], g Windows, first int, scratch []F) {
	rows, stride := patchBlock(g.KH * g.KW * x.Cols)
	for at := 0; at < dy.Rows; at += rows {
		n := min(rows, dy.Rows-at)
		p := patchesIn(scratch, n, out.Rows, stride)
		pack(p, x, &g, at, first)
		MatMul(out, p, dy.Slice(at, at+n, 0, dy.Cols), true, false, at > 0)
	}
}

// ConvInput sets dx to the gradient of Conv in x for whole pictures from row first on: the sum of dy·W' at all places
// that see a pixel. dx [pictures·H·W, C], dy [all places, F], w [KH·KW·C, F].
func ConvInput[F Float](dx, dy, w Mat[F], g Windows, first int, scratch []F) {
	rows, stride := patchBlock(w.Rows)
	Fill(dx, 0)
	from := first / g.pixels() * g.places()
	to := dx.Rows / g.pixels() * g.places()
	for at := 0; at < to; at += rows {
		n := min(rows, to-at)
		p := patchesIn(scratch, n, w.Rows, stride)
		MatMul(p, dy.Slice(from+at, from+at+n, 0, dy.Cols), w, false, true, false)
		unpack(dx, p, &g, at)
	}
}
