package safetensors

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// at is the offset in the file behind the last token.
func (p *parser) at() int64 { return lengthSize + p.dec.InputOffset() }

// object reads {key: value, ...}; member reads the value of each key.
func (p *parser) object(what string, member func(key string) error) error {
	if err := p.delimiter(what, '{'); err != nil {
		return err
	}
	return p.members(what, member)
}

// members is object behind the opening brace.
func (p *parser) members(what string, member func(key string) error) error {
	seen := map[string]bool{}
	for p.dec.More() {
		key, err := p.text(what)
		if err != nil {
			return err
		}
		if seen[key] {
			return wrong(p.at(), what, "each key once", "another "+quoted(key))
		}
		seen[key] = true
		if err := member(key); err != nil {
			return err
		}
	}
	return p.delimiter(what, '}')
}

// numbers reads a list of integers of at least 0, each of which fits an int. The
// result is never nil.
func (p *parser) numbers(what string) ([]int, error) {
	if err := p.delimiter(what, '['); err != nil {
		return nil, err
	}
	list := []int{}
	for p.dec.More() {
		token, err := p.token(what)
		if err != nil {
			return nil, err
		}
		number, _ := token.(json.Number)
		n, err := strconv.ParseUint(string(number), 10, strconv.IntSize-1)
		if err != nil {
			return nil, wrong(p.at(), what, "integers of at least 0 that fit an int", show(token))
		}
		list = append(list, int(n))
	}
	return list, p.delimiter(what, ']')
}

func (p *parser) text(what string) (string, error) {
	token, err := p.token(what)
	if err != nil {
		return "", err
	}
	s, ok := token.(string)
	if !ok {
		return "", wrong(p.at(), what, "a string", show(token))
	}
	return s, nil
}

func (p *parser) delimiter(what string, want json.Delim) error {
	token, err := p.token(what)
	if err != nil {
		return err
	}
	if token != want {
		return wrong(p.at(), what, want, show(token))
	}
	return nil
}

func (p *parser) token(what string) (json.Token, error) {
	token, err := p.dec.Token()
	if err != nil {
		return nil, wrong(p.at(), what, "JSON", err)
	}
	return token, nil
}

// show prints a token for a message, shortened: it comes from the file.
func show(token json.Token) string {
	if token == nil {
		return "null"
	}
	return fmt.Sprintf("%.80v", token)
}

// quoted quotes a string for a message, shortened: it may come from a file.
func quoted(s string) string { return fmt.Sprintf("%.80q", s) }
