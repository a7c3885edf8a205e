package models

import (
	"fmt"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/graph"
)

// CaptionerConfig describes a captioner; it is part of the model's file.
type CaptionerConfig struct {
	Recurrent // of the decoder, Embed being the width of its tokens; not bidirectional

	Height   int   `json:"height,omitempty"`   // of the pictures, pixels
	Width    int   `json:"width,omitempty"`    // of the pictures, pixels
	Channels int   `json:"channels,omitempty"` // 1: gray, 3: colours
	Fit      bool  `json:"fit,omitempty"`      // other pictures keep their proportions, white around; false: they are stretched
	Blocks   []int `json:"blocks,omitempty"`   // channels of each block of the image encoder
	Convs    int   `json:"convs,omitempty"`    // convolutions of a block; 0: 1
	Norm     bool  `json:"norm,omitempty"`     // layer normalisation in the image encoder
	Features int   `json:"features,omitempty"` // width of given vectors, in place of pictures; 0: pictures

	Attention      string `json:"attention"`                 // none, bahdanau, dot or general; see Attentions
	AttentionWidth int    `json:"attention_width,omitempty"` // bahdanau: of what is compared; 0: Hidden
	Blind          bool   `json:"blind,omitempty"`           // a language model of the captions: what seeing is worth
	Longest        int    `json:"longest"`                   // tokens of a caption, its end not counted
}

// The bounds of pictures and their encoder: files are untrusted.
const (
	maxSide   = 1 << 12 // pixels
	maxMaps   = 1 << 12 // channels
	maxBlocks = 12
	maxPlaces = 1 << 10
	maxCells  = 1 << 26 // numbers of one picture's largest maps
)

// Validate names the field that is out of range.
func (c CaptionerConfig) Validate() error {
	if err := c.Recurrent.Validate(); err != nil {
		return err
	}
	switch {
	case c.Embed == 0:
		return fmt.Errorf("models: a captioner needs an embedding, got embed 0")
	case c.Bidirectional:
		return fmt.Errorf("models: a captioner writes forwards, it cannot be bidirectional")
	case !slices.Contains(Attentions(), c.Attention):
		return fmt.Errorf("models: attention %q is unknown; there are %s", c.Attention, strings.Join(Attentions(), ", "))
	case c.AttentionWidth < 0 || c.AttentionWidth > maxWidth:
		return fmt.Errorf("models: attention-width must be in [0, %d], got %d", maxWidth, c.AttentionWidth)
	case c.Longest < 1 || c.Longest > maxLongest-1:
		return fmt.Errorf("models: longest must be in [1, %d], got %d", maxLongest-1, c.Longest)
	case c.Features < 0 || c.Features > maxWidth:
		return fmt.Errorf("models: features must be in [0, %d], got %d", maxWidth, c.Features)
	case c.Features > 0 && (c.Height != 0 || c.Width != 0 || c.Channels != 0 || len(c.Blocks) > 0):
		return fmt.Errorf("models: either pictures or features of %d", c.Features)
	case c.Features > 0 && c.Attention != "none":
		return fmt.Errorf("models: attention %s needs pictures, features are one vector", c.Attention)
	case c.Features > 0:
		return nil
	}
	return c.validatePictures()
}

// validatePictures checks what belongs to the image encoder.
func (c CaptionerConfig) validatePictures() error {
	switch {
	case c.Height < 1 || c.Height > maxSide || c.Width < 1 || c.Width > maxSide:
		return fmt.Errorf("models: height and width must be in [1, %d], got %d and %d", maxSide, c.Height, c.Width)
	case c.Channels != 1 && c.Channels != 3:
		return fmt.Errorf("models: channels must be 1 or 3, got %d", c.Channels)
	case len(c.Blocks) < 1 || len(c.Blocks) > maxBlocks:
		return fmt.Errorf("models: there must be 1 to %d blocks, got %d", maxBlocks, len(c.Blocks))
	case c.Convs < 0 || c.Convs > 8:
		return fmt.Errorf("models: convs must be in [0, 8], got %d", c.Convs)
	}
	h, w := c.Height, c.Width
	for i, F := range c.Blocks {
		if F < 1 || F > maxMaps {
			return fmt.Errorf("models: channels of block %d must be in [1, %d], got %d", i, maxMaps, F)
		}
		if h*w*F > maxCells {
			return fmt.Errorf("models: block %d has %d x %d x %d numbers for each picture, at most %d wanted", i, h, w, F, maxCells)
		}
		h, w = max(h/2, 1), max(w/2, 1)
	}
	if F := c.Blocks[len(c.Blocks)-1]; c.Attention == "dot" && F != c.Hidden {
		return fmt.Errorf("models: attention dot needs a last block as wide as the state, got %d and %d; "+
			"general or bahdanau compare different widths", F, c.Hidden)
	}
	if h*w > maxPlaces {
		return fmt.Errorf("models: %d x %d places are left of the pictures, at most %d wanted: more blocks are needed", h, w, maxPlaces)
	}
	return nil
}

// Network is the network for so many tokens. Token number tokens stands before
// the first and after the last of a caption.
func (c CaptionerConfig) Network(tokens int) (OneToMany, error) {
	if err := c.Validate(); err != nil {
		return OneToMany{}, err
	}
	if tokens < 1 {
		return OneToMany{}, fmt.Errorf("models: a captioner needs at least 1 token, got %d", tokens)
	}
	m := OneToMany{
		Height: c.Height, Width: c.Width, Features: c.Features, Blind: c.Blind, Summary: c.Hidden, Dropout: c.Dropout,
		Encoder: cells.ImageEncoder{In: c.Channels, Blocks: c.Blocks, Convs: c.Convs, Norm: c.Norm},
	}
	F := m.Encoder.Out()
	m.Decoder = Decoder{
		Vocab: tokens + 1, Embed: c.Embed, Attention: attentionOf(c.Attention, c.Hidden, F, c.AttentionWidth), Memory: F,
		First: c.Attention == "bahdanau", Dropout: c.Dropout,
	}
	if m.Decoder.Attention != nil {
		m.Decoder.Width = c.Hidden
	}
	r := c.Recurrent
	r.Embed = 0
	m.Decoder.RNN = r.Stack(m.Decoder.InputWidth(c.Hidden))
	return m, nil
}

// Captioner says what pictures show: a tokenizer, a OneToMany network and its
// parameters. It belongs to one goroutine.
type Captioner struct {
	Config CaptionerConfig
	Tokens datasets.Tokenizer
	Params *graph.Params

	network          OneToMany
	see, write, says *graph.Cache
}

// NewCaptioner returns an untrained captioner; its initial parameters come from
// seed.
func NewCaptioner(c CaptionerConfig, tokens datasets.Tokenizer, seed uint64) (*Captioner, error) {
	m, err := newCaptioner(c, tokens, graph.NewParams(seed))
	if err != nil {
		return nil, err
	}
	return m, declare(m.Params, graph.Key{B: 1, T: 1}, m.network.Score)
}

// newCaptioner builds no program: of a small file with large pictures that would take what the file
// does not hold.
func newCaptioner(c CaptionerConfig, tokens datasets.Tokenizer, params *graph.Params) (*Captioner, error) {
	if tokens == nil {
		return nil, fmt.Errorf("models: a tokenizer is needed")
	}
	network, err := c.Network(tokens.Len())
	if err != nil {
		return nil, err
	}
	m := &Captioner{Config: c, Tokens: tokens, Params: params, network: network}
	m.see = graph.NewCache(params, 0, network.See)
	m.write = graph.NewCache(params, 0, network.Write)
	m.says = graph.NewCache(params, 0, network.Score)
	return m, nil
}

// Network is the network by itself.
func (m *Captioner) Network() OneToMany { return m.network }

// end is the token before the first and after the last of a caption.
func (m *Captioner) end() int { return m.Tokens.Len() }
