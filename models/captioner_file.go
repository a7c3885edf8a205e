package models

import (
	"fmt"
	"io"

	"github.com/unroll-go/unroll/datasets"
)

const captionerKind = "captioner/1"

// layout is the file's: modules encoder.block0.conv0 (Conv2d) and encoder.block0.norm0
// (LayerNorm of the channels), with attention place (Embedding), without it
// summary.conv (Conv2d as large as the maps) and summary.norm, init.0 and so on
// (Linear), decoder.
func (m OneToMany) layout(c CaptionerConfig) layout {
	var l layout
	in := c.Channels
	for i, out := range c.Blocks {
		for j := range max(c.Convs, 1) {
			l = join(l, kernels(fmt.Sprintf("encoder/block%d/conv%d", i, j), in, out, 3, 3))
			if c.Norm {
				l = join(l, norm(fmt.Sprintf("encoder/block%d/norm%d", i, j), out))
			}
			in = out
		}
	}
	h, w := m.Encoder.Size(c.Height, c.Width)
	switch {
	case c.Features > 0:
	case m.Decoder.Attention != nil:
		l = join(l, embedding("place", h*w, in))
	default:
		l = join(l, kernels("summary/conv", in, m.Summary, h, w), norm("summary/norm", m.Summary))
	}
	for i := range c.states() {
		l = join(l, dense(fmt.Sprintf("init/%d", i), m.summary(), c.Hidden))
	}
	return join(l, m.Decoder.layout(c.Recurrent))
}

// Save writes the captioner as one safetensors file: parameters under PyTorch's
// names; configuration and tokenizer in the metadata; a checksum over all.
func (m *Captioner) Save(w io.Writer) error {
	c := container{kind: captionerKind, parts: map[string]any{configKey: m.Config, vocabKey: m.Tokens}}
	return c.write(w, m.network.layout(m.Config), m.Params)
}

// SaveFile is Save to a file that is replaced as a whole.
func (m *Captioner) SaveFile(path string) error { return saveFile(path, m.Save) }

// LoadCaptioner reads a captioner. Files are untrusted: nothing is made larger
// than what was read, and errors for what is no captioner wrap ErrFormat.
func LoadCaptioner(r io.Reader) (*Captioner, error) {
	var c CaptionerConfig
	var tokens datasets.Tokenizer
	f, err := readContainer(r, container{kind: captionerKind, parts: map[string]any{configKey: &c, vocabKey: &tokens}})
	if err != nil {
		return nil, err
	}
	network, err := c.Network(tokens.Len())
	if err != nil {
		return nil, fmt.Errorf("models: %w: %s: %w", ErrFormat, configKey, err)
	}
	params, err := network.layout(c).params(f)
	if err != nil {
		return nil, err
	}
	return newCaptioner(c, tokens, params)
}

// LoadCaptionerFile is LoadCaptioner from a file.
func LoadCaptionerFile(path string) (*Captioner, error) { return loadFile(path, LoadCaptioner) }
