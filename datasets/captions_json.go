package datasets

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"
)

// jsonRows reads lines of JSON. Lines that are blank are passed over.
func (opt CaptionsOptions) jsonRows(r io.Reader, name, field, value string) (iter.Seq2[captionRow, error], error) {
	table := opt.Table
	if err := table.fill(); err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", name, err)
	}
	lines, err := newLineReader(r, table)
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", name, err)
	}
	fields := [4]string{cmp.Or(opt.Image, "identifier"), cmp.Or(opt.Text, "sentence"), opt.Key, field}
	return func(yield func(captionRow, error) bool) {
		for {
			var c captionRow
			line, err := lines.next()
			if err == io.EOF {
				return
			}
			if err == nil && strings.TrimSpace(string(line)) == "" {
				continue
			}
			if err == nil {
				c, err = jsonRow(line, fields, value)
			}
			if err != nil {
				err = fmt.Errorf("datasets: %s: line %d: %w", name, lines.number, err)
			}
			c.line = lines.number
			if !yield(c, err) || err != nil {
				return
			}
		}
	}, nil
}

// jsonRow reads the fields of a line: picture, caption, key, and what chooses rows.
func jsonRow(line []byte, fields [4]string, value string) (captionRow, error) {
	if !utf8.Valid(line) { // encoding/json would replace invalid bytes by U+FFFD without a word
		return captionRow{}, badByte(line, invalidAt(line), 0)
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(line, &object); err != nil {
		return captionRow{}, err
	}
	var got [4]string
	for i, field := range fields {
		if field == "" {
			continue
		}
		raw, ok := object[field]
		if !ok {
			return captionRow{}, fmt.Errorf("no field %s; there are %s", shortened(field), some(object))
		}
		text, err := scalar(raw)
		if err != nil {
			return captionRow{}, fmt.Errorf("field %s: %w", shortened(field), err)
		}
		got[i] = strings.TrimSpace(text)
	}
	return captionRow{image: got[0], text: got[1], key: got[2], chosen: fields[3] == "" || got[3] == value}, nil
}

// scalar is the text of a JSON text, number, true or false.
func scalar(raw json.RawMessage) (string, error) {
	switch raw[0] {
	case '"':
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return "", err
		}
		written := strings.Count(strings.ToLower(string(raw)), `\ufffd`) + strings.Count(string(raw), "\uFFFD")
		if strings.Count(text, "\uFFFD") > written { // encoding/json puts it in place of half a character
			return "", fmt.Errorf("got %s, wanted both halves of a character that is escaped", shortened(string(raw)))
		}
		return text, nil
	case '{', '[', 'n':
		return "", fmt.Errorf("got %s, wanted a text, a number, true or false", shortened(string(raw)))
	}
	return string(raw), nil
}
