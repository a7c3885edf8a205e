package datasets

import "encoding/json"

func MarshalTokenizer(t Tokenizer) ([]byte, error) { return json.Marshal(t) }
func UnmarshalTokenizer(p []byte) (Tokenizer, error) {
	v := new(Vocab)
	return v, json.Unmarshal(p, v)
}
