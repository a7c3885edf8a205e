package models

import (
	"fmt"
	"io"

	"github.com/unroll-go/unroll/datasets"
)

const (
	translatorKind = "translator/1"
	targetVocabKey = "unroll.target_vocab" // the target's tokenizer; the source's is under vocabKey
)

// layout is the file's: modules encoder.embed, encoder.rnn, bridge.0 and so on, and
// those of the decoder.
func (c TranslatorConfig) layout(source, target int) layout {
	r, n := c.decoder(), c.network(source, target)
	l := join(
		embedding("encoder/embed", source+1, c.Embed),
		recurrent("encoder/rnn", c.Recurrent, c.Embed),
	)
	if n.Bridge {
		for i := range r.states() {
			l = join(l, dense(fmt.Sprintf("bridge/%d", i), c.Out(), r.Hidden))
		}
	}
	return join(l, n.Decoder.layout(r))
}

// Save writes the translator as one safetensors file: parameters under PyTorch's
// names; configuration and both tokenizers in the metadata; a checksum over all.
func (m *Translator) Save(w io.Writer) error {
	c := container{kind: translatorKind, parts: map[string]any{configKey: m.Config, vocabKey: m.Source, targetVocabKey: m.Target}}
	return c.write(w, m.Config.layout(m.Source.Len(), m.Target.Len()), m.Params)
}

// SaveFile is Save to a file that is replaced as a whole.
func (m *Translator) SaveFile(path string) error { return saveFile(path, m.Save) }

// LoadTranslator reads a translator. Files are untrusted: nothing is made larger
// than what was read, and errors for what is no translator wrap ErrFormat.
func LoadTranslator(r io.Reader) (*Translator, error) {
	var c TranslatorConfig
	var source, target datasets.Tokenizer
	f, err := readContainer(r, container{kind: translatorKind, parts: map[string]any{
		configKey: &c, vocabKey: &source, targetVocabKey: &target,
	}})
	if err != nil {
		return nil, err
	}
	if _, err := c.Network(source.Len(), target.Len()); err != nil {
		return nil, fmt.Errorf("models: %w: %s: %w", ErrFormat, configKey, err)
	}
	params, err := c.layout(source.Len(), target.Len()).params(f)
	if err != nil {
		return nil, err
	}
	return newTranslator(c, source, target, params)
}

// LoadTranslatorFile is LoadTranslator from a file.
func LoadTranslatorFile(path string) (*Translator, error) { return loadFile(path, LoadTranslator) }
