package cells

import (
	"fmt"

	"github.com/unroll-go/unroll/graph"
)

// Conv2D is a convolution layer without activation (LeCun et al. 1989); see
// graph.Conv2D for the formula.
//
//	y = x * W + b
//
// Parameters: W [KH, KW, In, Out] Glorot, with KH·KW·In inputs and Out outputs,
// b [Out] zero unless NoBias. What PyTorch calls weight is [Out, In, KH, KW].
type Conv2D struct {
	In, Out int          // channels
	Window  graph.Window // its size is that of the kernels
	NoBias  bool
}

// Bind declares the parameters on g and returns the map from pictures
// [B, H, W, In] to [B, OH, OW, Out].
func (c Conv2D) Bind(g *graph.Builder) func(x *graph.Node) *graph.Node {
	W := g.Param("W", graph.Glorot, c.Window.Size[0], c.Window.Size[1], c.In, c.Out)
	var b *graph.Node
	if !c.NoBias {
		b = g.Param("b", graph.Zeros, c.Out)
	}
	return func(x *graph.Node) *graph.Node { return g.Conv2D(x, W, b, c.Window) }
}

// ImageEncoder makes feature maps of pictures, block by block: convolutions that
// keep the size, then pooling that halves it.
//
//	x = ReLU(norm(x * W + b))        Convs times, 3 x 3 kernels
//	x = the largest of 2 x 2 pixels
//
// norm is the layer normalisation of the channels of each pixel (Ba et al.
// 2016), with Norm. A side of one pixel is not halved any more.
//
// Parameters: block0/conv0/W and b, block0/norm0/gain and bias, and so on.
type ImageEncoder struct {
	In     int   // channels of the pictures
	Blocks []int // channels of each block
	Convs  int   // convolutions of a block; 0: 1
	Norm   bool
}

// convs is the number of convolutions of a block.
func (e ImageEncoder) convs() int { return max(e.Convs, 1) }

// Size is the size of the feature maps of pictures of h rows and w columns.
func (e ImageEncoder) Size(h, w int) (rows, cols int) {
	for range e.Blocks {
		h, w = max(h/2, 1), max(w/2, 1)
	}
	return h, w
}

// Out is the number of channels of the feature maps.
func (e ImageEncoder) Out() int {
	if n := len(e.Blocks); n > 0 {
		return e.Blocks[n-1]
	}
	return e.In
}

// Bind declares the parameters on g and returns the map from pictures
// [B, H, W, In] to feature maps [B, H', W', Out].
func (e ImageEncoder) Bind(g *graph.Builder) func(x *graph.Node) *graph.Node {
	var blocks []func(x *graph.Node) *graph.Node
	in := e.In
	for i, out := range e.Blocks {
		blocks = append(blocks, e.block(g.Scope(fmt.Sprintf("block%d", i)), in, out))
		in = out
	}
	return func(x *graph.Node) *graph.Node {
		for _, block := range blocks {
			x = block(x)
		}
		return x
	}
}

// block is one block.
func (e ImageEncoder) block(g *graph.Builder, in, out int) func(x *graph.Node) *graph.Node {
	var layers []func(x *graph.Node) *graph.Node
	for i := range e.convs() {
		conv := Conv2D{In: in, Out: out, Window: graph.Window{Size: [2]int{3, 3}, Pad: [2]int{1, 1}}}
		layers = append(layers, conv.Bind(g.Scope(fmt.Sprintf("conv%d", i))))
		if e.Norm {
			layers = append(layers, LayerNorm{Width: out}.Bind(g.Scope(fmt.Sprintf("norm%d", i))))
		}
		layers = append(layers, g.ReLU)
		in = out
	}
	return func(x *graph.Node) *graph.Node {
		for _, layer := range layers {
			x = layer(x)
		}
		return halved(g, x)
	}
}

// halved is the pooling of a block.
func halved(g *graph.Builder, x *graph.Node) *graph.Node {
	s := g.Shape(x)
	if len(s) != 4 || s[1] == 1 && s[2] == 1 {
		return x
	}
	return g.MaxPool(x, graph.Window{Size: [2]int{min(2, s[1]), min(2, s[2])}})
}
