package models

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/unroll-go/unroll/cells"
	"github.com/unroll-go/unroll/datasets"
)

const (
	translatorKind = "translator/1"
	targetVocabKey = "unroll.target_vocab" // the target's tokenizer; the source's is under vocabKey
)

// layout is the file's: modules encoder.embed, encoder.rnn, bridge.0 and so on,
// decoder.embed, decoder.rnn, decoder.attention, decoder.mix and decoder.out. Tied
// weights are written twice, as PyTorch's state_dict has them.
func (c TranslatorConfig) layout(source, target int) layout {
	r, n := c.decoder(), c.network(source, target)
	d := n.Decoder
	l := join(
		embedding("encoder/embed", "encoder.embed", source+1, c.Embed),
		recurrent("encoder/rnn", "encoder.rnn", c.Recurrent, c.Embed),
		embedding("decoder/embed", "decoder.embed", target+1, c.Embed),
		recurrent("decoder/rnn", "decoder.rnn", r, d.InputWidth(r.Hidden)),
	)
	if n.Bridge {
		states := r.Layers
		if r.Cell == "lstm" {
			states *= 2
		}
		for i := range states {
			l = join(l, dense(fmt.Sprintf("bridge/%d", i), fmt.Sprintf("bridge.%d", i), c.Out(), r.Hidden))
		}
	}
	l = join(l, attentionLayout(d.Attention))
	if c.Width > 0 {
		l = join(l, denseNoBias("decoder/mix", "decoder.mix", r.Hidden+d.context(), c.Width))
	}
	out := d.OutputWidth(r.Hidden)
	if !c.Tied {
		return join(l, dense("decoder/out", "decoder.out", out, target+1))
	}
	bias := entry{path: "decoder/out/b", name: "decoder.out.bias", shape: []int{target + 1}}
	return join(l, repeated("decoder/embed/E", "decoder.out.weight", target+1, out), layout{bias})
}

// attentionLayout is the attention of a decoder: query, memory and score of
// Bahdanau, general of Luong.
func attentionLayout(a cells.Attention) layout {
	const at, name = "decoder/attention", "decoder.attention"
	weight := func(path, part string, in, out int) entry {
		return entry{path: at + "/" + path, name: name + "." + part + ".weight", shape: []int{out, in}, form: turned}
	}
	switch a := a.(type) {
	case cells.Bahdanau:
		bias := entry{path: at + "/b", name: name + ".memory.bias", shape: []int{a.Width}}
		score := entry{path: at + "/v", name: name + ".score.weight", shape: []int{1, a.Width}, form: row}
		return layout{weight("Wq", "query", a.Query, a.Width), weight("Wm", "memory", a.Memory, a.Width), bias, score}
	case cells.Luong:
		if a.General {
			return layout{weight("W", "general", a.Memory, a.Query)}
		}
	}
	return nil
}

// Save writes the translator as one safetensors file: parameters under PyTorch's
// names; configuration and both tokenizers in the metadata; a checksum over all.
func (m *Translator) Save(w io.Writer) error {
	source, err := datasets.MarshalTokenizer(m.Source)
	if err != nil {
		return err
	}
	target, err := datasets.MarshalTokenizer(m.Target)
	if err != nil {
		return err
	}
	c := container{kind: translatorKind, parts: map[string]any{
		configKey: m.Config, vocabKey: json.RawMessage(source), targetVocabKey: json.RawMessage(target),
	}}
	return c.write(w, m.Config.layout(m.Source.Len(), m.Target.Len()), m.Params)
}

// SaveFile is Save to a file that is replaced as a whole.
func (m *Translator) SaveFile(path string) error { return saveFile(path, m.Save) }

// LoadTranslator reads a translator. Files are untrusted: nothing is made larger
// than what was read, and errors for what is no translator wrap ErrFormat.
func LoadTranslator(r io.Reader) (*Translator, error) {
	var c TranslatorConfig
	var texts [2]json.RawMessage
	f, err := readContainer(r, container{kind: translatorKind, parts: map[string]any{
		configKey: &c, vocabKey: &texts[0], targetVocabKey: &texts[1],
	}})
	if err != nil {
		return nil, err
	}
	var tokens [2]datasets.Tokenizer
	for i, key := range []string{vocabKey, targetVocabKey} {
		if tokens[i], err = datasets.UnmarshalTokenizer(texts[i]); err != nil {
			return nil, fmt.Errorf("models: %w: %s: %w", ErrFormat, key, err)
		}
	}
	if _, err := c.Network(tokens[0].Len(), tokens[1].Len()); err != nil {
		return nil, fmt.Errorf("models: %w: %s: %w", ErrFormat, configKey, err)
	}
	params, err := c.layout(tokens[0].Len(), tokens[1].Len()).params(f)
	if err != nil {
		return nil, err
	}
	return newTranslator(c, tokens[0], tokens[1], params)
}

// LoadTranslatorFile is LoadTranslator from a file.
func LoadTranslatorFile(path string) (*Translator, error) { return loadFile(path, LoadTranslator) }
