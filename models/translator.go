package models

import (
	"fmt"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// TranslatorConfig describes a translator; it is part of the model's file.
// Recurrent is the encoder; its Cell and Embed are the decoder's too.
type TranslatorConfig struct {
	Recurrent
	DecoderHidden  int    `json:"decoder_hidden,omitempty"`  // width of the decoder's state; 0: Hidden
	DecoderLayers  int    `json:"decoder_layers,omitempty"`  // 0: Layers
	Attention      string `json:"attention"`                 // none, bahdanau, dot or general
	AttentionWidth int    `json:"attention_width,omitempty"` // bahdanau: of what is compared; 0: the decoder's width
	Feed           bool   `json:"feed,omitempty"`            // input feeding: see Decoder
	Width          int    `json:"width,omitempty"`           // of the decoder's output; 0: as it comes
	Tied           bool   `json:"tied,omitempty"`            // the output weights are the target's embedding
	Longest        int    `json:"longest"`                   // tokens of a source that are read; what follows is not
	LongestTarget  int    `json:"longest_target"`            // tokens of a target that are learnt and written
}

// Attentions lists the names that TranslatorConfig.Attention knows.
func Attentions() []string { return []string{"none", "bahdanau", "dot", "general"} }

// Validate names the field that is out of range.
func (c TranslatorConfig) Validate() error {
	if err := c.Recurrent.Validate(); err != nil {
		return err
	}
	if err := c.decoder().Validate(); err != nil {
		return fmt.Errorf("models: decoder-%s", strings.TrimPrefix(err.Error(), "models: "))
	}
	switch {
	case c.Embed == 0:
		return fmt.Errorf("models: embed must be in [1, %d], got 0: a translator needs an embedding", maxWidth)
	case !slices.Contains(Attentions(), c.Attention):
		return fmt.Errorf("models: attention %q is unknown; there are %s", c.Attention, strings.Join(Attentions(), ", "))
	case c.AttentionWidth < 0 || c.AttentionWidth > maxWidth:
		return fmt.Errorf("models: attention-width must be in [0, %d], got %d", maxWidth, c.AttentionWidth)
	case c.Attention == "dot" && c.decoder().Hidden != c.Out():
		return fmt.Errorf("models: attention dot needs a decoder as wide as the encoder's output, got %d and %d; "+
			"general or bahdanau compare different widths", c.decoder().Hidden, c.Out())
	case c.Width < 0 || c.Width > maxWidth:
		return fmt.Errorf("models: width must be in [0, %d], got %d", maxWidth, c.Width)
	case c.Longest < 1 || c.Longest >= maxLongest:
		return fmt.Errorf("models: longest must be in [1, %d], got %d", maxLongest-1, c.Longest)
	case c.LongestTarget < 1 || c.LongestTarget >= maxLongest:
		return fmt.Errorf("models: longest-target must be in [1, %d], got %d", maxLongest-1, c.LongestTarget)
	}
	if d := c.network(1, 1).Decoder; c.Tied && d.OutputWidth(d.RNN.Out()) != c.Embed {
		return fmt.Errorf("models: tied weights need an output as wide as the embedding, got %d and %d; width chooses it",
			d.OutputWidth(d.RNN.Out()), c.Embed)
	}
	return nil
}

// decoder is the decoder's part of the configuration.
func (c TranslatorConfig) decoder() Recurrent {
	r := c.Recurrent
	r.Bidirectional = false
	if c.DecoderHidden != 0 {
		r.Hidden = c.DecoderHidden
	}
	if c.DecoderLayers != 0 {
		r.Layers = c.DecoderLayers
	}
	return r
}

// bridge says whether the decoder's first state has to be made of the encoder's
// last.
func (c TranslatorConfig) bridge() bool {
	d := c.decoder()
	return c.Bidirectional || d.Hidden != c.Hidden || d.Layers != c.Layers
}

// Network is the network for so many tokens of source and target. On each side
// the token after the last is the end of a text; the decoder begins with it too.
func (c TranslatorConfig) Network(source, target int) (EncoderDecoder, error) {
	if err := c.Validate(); err != nil {
		return EncoderDecoder{}, err
	}
	if source < 1 || target < 1 {
		return EncoderDecoder{}, fmt.Errorf("models: a translator needs at least 1 token of source and target, got %d and %d",
			source, target)
	}
	return c.network(source, target), nil
}

func (c TranslatorConfig) network(source, target int) EncoderDecoder {
	r := c.decoder()
	d := Decoder{
		Vocab: target + 1, Embed: c.Embed, Attention: c.attention(), Memory: c.Out(), First: c.Attention == "bahdanau",
		Feed: c.Feed, Width: c.Width, Tied: c.Tied, Dropout: c.Dropout,
	}
	in := d.InputWidth(r.Hidden)
	r.Embed = 0
	d.RNN = r.Stack(in)
	return EncoderDecoder{
		Source: source + 1, Embed: c.Embed, RNN: c.Stack(0), Bridge: c.bridge(), Decoder: d, Dropout: c.Dropout,
	}
}

// attention is the one that the configuration names.
func (c TranslatorConfig) attention() cells.Attention {
	return attentionOf(c.Attention, c.decoder().Hidden, c.Out(), c.AttentionWidth)
}

// attentionOf is the attention of that name, nil for none; width 0 is that of the
// query.
func attentionOf(name string, query, memory, width int) cells.Attention {
	switch name {
	case "bahdanau":
		if width == 0 {
			width = query
		}
		return cells.Bahdanau{Query: query, Memory: memory, Width: width}
	case "dot":
		return cells.Luong{Query: query, Memory: memory}
	case "general":
		return cells.Luong{Query: query, Memory: memory, General: true}
	}
	return nil
}

// Translator writes texts of one kind for texts of another: an EncoderDecoder,
// its parameters, and a tokenizer for each side. It belongs to one goroutine.
type Translator struct {
	Config TranslatorConfig
	Source datasets.Tokenizer
	Target datasets.Tokenizer
	Params *graph.Params

	network            EncoderDecoder
	read, write, score *graph.Cache
}

// NewTranslator returns an untrained translator; its initial parameters come from
// seed.
func NewTranslator(c TranslatorConfig, source, target datasets.Tokenizer, seed uint64) (*Translator, error) {
	return newTranslator(c, source, target, graph.NewParams(seed))
}

func newTranslator(c TranslatorConfig, source, target datasets.Tokenizer, params *graph.Params) (*Translator, error) {
	if source == nil || target == nil {
		return nil, fmt.Errorf("models: a translator needs two tokenizers")
	}
	network, err := c.Network(source.Len(), target.Len())
	if err != nil {
		return nil, err
	}
	m := &Translator{Config: c, Source: source, Target: target, Params: params, network: network}
	m.read = graph.NewCache(params, 32, network.Read)
	m.write = graph.NewCache(params, 32, network.Write)
	m.score = graph.NewCache(params, targetLengths*sourceLengths, network.Score)
	if err := declare(params, graph.Key{B: 1, T: 1, N: 1}, network.Score); err != nil {
		return nil, err
	}
	return m, nil
}

// Network is the network by itself.
func (m *Translator) Network() EncoderDecoder { return m.network }

// Parallel is a text and its translation as a translator reads them.
type Parallel struct {
	Source []int // the end of the text is the last
	Target []int // so here, unless it was too long
}

// Parallel encodes a text and its translation: at most Longest tokens of the
// source, and LongestTarget of the target, which has no end then.
func (m *Translator) Parallel(source, target string) (Parallel, error) {
	from, err := m.source(source)
	if err != nil {
		return Parallel{}, fmt.Errorf("source: %w", err)
	}
	to, err := m.Target.Encode(target)
	if err != nil {
		return Parallel{}, fmt.Errorf("target: %w", err)
	}
	if len(to) > m.Config.LongestTarget {
		return Parallel{from, to[:m.Config.LongestTarget:m.Config.LongestTarget]}, nil
	}
	return Parallel{from, append(slices.Clip(to), m.Target.Len())}, nil
}

// source encodes a text to be read, so that an empty one has something to read
// too.
func (m *Translator) source(text string) ([]int, error) {
	ids, err := m.Source.Encode(text)
	if err != nil {
		return nil, err
	}
	ids = ids[:min(len(ids), m.Config.Longest)]
	return append(slices.Clip(ids), m.Source.Len()), nil
}
