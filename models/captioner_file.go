package models

import (
	"encoding/json"
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
			at := fmt.Sprintf("block%d", i)
			l = join(l, kernels("encoder/"+at+fmt.Sprintf("/conv%d", j), "encoder."+at+fmt.Sprintf(".conv%d", j), in, out, 3, 3))
			if c.Norm {
				l = join(l, norm("encoder/"+at+fmt.Sprintf("/norm%d", j), "encoder."+at+fmt.Sprintf(".norm%d", j), out))
			}
			in = out
		}
	}
	h, w := m.Encoder.Size(c.Height, c.Width)
	switch {
	case c.Features > 0:
	case m.Decoder.Attention != nil:
		l = join(l, embedding("place", "place", h*w, in))
	default:
		l = join(l, kernels("summary/conv", "summary.conv", in, m.Summary, h, w), norm("summary/norm", "summary.norm", m.Summary))
	}
	for i := range c.states() {
		l = join(l, dense(fmt.Sprintf("init/%d", i), fmt.Sprintf("init.%d", i), m.summary(), c.Hidden))
	}
	return join(l, m.writer(c))
}

// writer is the layout of the decoder.
func (m OneToMany) writer(c CaptionerConfig) layout {
	d := m.Decoder
	l := embedding("decoder/embed", "decoder.embed", d.Vocab, d.Embed)
	l = join(l, recurrent("decoder/rnn", "decoder.rnn", c.Recurrent, d.InputWidth(c.Hidden)))
	l = join(l, attentionLayout(d.Attention))
	if d.Width > 0 {
		l = join(l, denseNoBias("decoder/mix", "decoder.mix", c.Hidden+d.context(), d.Width))
	}
	return join(l, dense("decoder/out", "decoder.out", d.OutputWidth(c.Hidden), d.Vocab))
}

// states is the number of tensors of the decoder's state.
func (c CaptionerConfig) states() int {
	if c.Cell == "lstm" {
		return 2 * c.Layers
	}
	return c.Layers
}

// Save writes the captioner as one safetensors file: parameters under PyTorch's
// names; configuration and tokenizer in the metadata; a checksum over all.
func (m *Captioner) Save(w io.Writer) error {
	tokens, err := datasets.MarshalTokenizer(m.Tokens)
	if err != nil {
		return err
	}
	c := container{kind: captionerKind, parts: map[string]any{configKey: m.Config, vocabKey: json.RawMessage(tokens)}}
	return c.write(w, m.network.layout(m.Config), m.Params)
}

// SaveFile is Save to a file that is replaced as a whole.
func (m *Captioner) SaveFile(path string) error { return saveFile(path, m.Save) }

// LoadCaptioner reads a captioner. Files are untrusted: nothing is made larger
// than what was read, and errors for what is no captioner wrap ErrFormat.
func LoadCaptioner(r io.Reader) (*Captioner, error) {
	var c CaptionerConfig
	var vocab json.RawMessage
	f, err := readContainer(r, container{kind: captionerKind, parts: map[string]any{configKey: &c, vocabKey: &vocab}})
	if err != nil {
		return nil, err
	}
	tokens, err := datasets.UnmarshalTokenizer(vocab)
	if err != nil {
		return nil, fmt.Errorf("models: %w: %s: %w", ErrFormat, vocabKey, err)
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
