package safetensors

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// header is what the JSON says, checked: entries follow each other without holes and
// their sizes are those of their types and shapes.
type header struct {
	metadata map[string]string
	sumAt    int // where in the JSON the checksum's digits begin, 0 if there are none
	entries  []entry
}

// entry is a tensor without its data, which is at begin to end of the data section.
type entry struct {
	Tensor
	at         int64 // where in the file the entry ends, for messages
	begin, end int
	size       int // end - begin
}

// wrong is an ErrFormat at an offset of the file.
func wrong(at int64, what string, want, got any) error {
	return fmt.Errorf("%w: offset %d: %s: wanted %v, got %v", ErrFormat, at, what, want, got)
}

// parser walks the header's tokens: encoding/json's own decoding into structs would
// let duplicate keys, keys in another case and null pass.
type parser struct{ dec *json.Decoder }

func parseHeader(raw []byte) (*header, error) {
	if len(raw) == 0 || raw[0] != '{' {
		return nil, wrong(lengthSize, "header", "{", quoted(string(raw[:min(1, len(raw))])))
	}
	if !utf8.Valid(raw) {
		return nil, wrong(lengthSize, "header", "UTF-8", "other bytes")
	}
	var whole json.RawMessage
	if err := json.Unmarshal(raw, &whole); err != nil {
		at := int64(lengthSize)
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			at += syntax.Offset
		}
		return nil, wrong(at, "header", "JSON", err)
	}

	p := parser{json.NewDecoder(bytes.NewReader(raw))}
	p.dec.UseNumber()
	h := &header{}
	err := p.object("header", func(key string) error {
		if key == metadataKey {
			return p.metadata(h)
		}
		e, err := p.entry(key)
		h.entries = append(h.entries, e)
		return err
	})
	if err != nil {
		return nil, err
	}
	return h, h.checkLayout()
}

// checkLayout sorts the entries by place and refuses overlaps and holes.
func (h *header) checkLayout() error {
	slices.SortFunc(h.entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end), cmp.Compare(a.Name, b.Name))
	})
	next := 0
	for _, e := range h.entries {
		if e.begin != next {
			return wrong(e.at, fmt.Sprintf("begin of %v", &e.Tensor), next, e.begin)
		}
		next = e.end
	}
	return nil
}

// metadata reads string to string; null is none, as for the reference.
func (p *parser) metadata(h *header) error {
	token, err := p.token(metadataKey)
	if err != nil || token == nil {
		return err
	}
	if token != json.Delim('{') {
		return wrong(p.at(), metadataKey, "{", show(token))
	}
	h.metadata = map[string]string{}
	return p.members(metadataKey, func(key string) error {
		value, err := p.text(metadataKey + " " + quoted(key))
		if err != nil {
			return err
		}
		h.metadata[key] = value
		if key == sumKey {
			h.sumAt = int(p.dec.InputOffset()) - 1 - len(value)
		}
		return nil
	})
}

// entry reads {"dtype", "shape", "data_offsets"}. Other keys are skipped, as the
// reference does.
func (p *parser) entry(name string) (entry, error) {
	e := entry{Tensor: Tensor{Name: name}}
	what := "tensor " + quoted(name)
	var offsets []int
	err := p.object(what, func(key string) (err error) {
		switch key {
		case "dtype":
			e.DType, err = p.text(what + ": dtype")
		case "shape":
			e.Shape, err = p.numbers(what + ": shape")
		case "data_offsets":
			offsets, err = p.numbers(what + ": data_offsets")
		default:
			var skipped json.RawMessage
			err = p.dec.Decode(&skipped)
		}
		return err
	})
	if err != nil {
		return e, err
	}

	e.at = p.at()
	err = e.fit(what, offsets)
	return e, err
}

// fit checks that nothing is missing and that type, shape and offsets agree.
func (e *entry) fit(what string, offsets []int) (err error) {
	switch {
	case rank(e.DType) < 0:
		return wrong(e.at, what+": dtype", "a known one", quoted(e.DType))
	case e.Shape == nil:
		return wrong(e.at, what+": shape", "a list", "none")
	case len(offsets) != 2:
		return wrong(e.at, what+": data_offsets", "[begin, end]", fmt.Sprintf("%d numbers", len(offsets)))
	}
	e.begin, e.end = offsets[0], offsets[1]
	if e.size, err = e.Tensor.size(); err != nil {
		return fmt.Errorf("%w (offset %d)", err, e.at)
	}
	if e.end-e.begin != e.size {
		return wrong(e.at, fmt.Sprintf("bytes of %v", &e.Tensor), e.size, e.end-e.begin)
	}
	return nil
}
