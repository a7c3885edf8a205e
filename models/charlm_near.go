package models

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Vectors are the embeddings of all tokens, [V][Embed], with the text of each token; an error
// where the input is one-hot. They are copies.
func (m *CharLM) Vectors() (tokens []string, vectors [][]float64, err error) {
	E := m.Params.Get("embed/E")
	if E == nil {
		return nil, nil, fmt.Errorf("models: the model's input is one-hot: it has no embedding")
	}
	x, D := E.Values(), E.Cols()
	for id := range m.Vocab.Len() {
		tokens = append(tokens, m.token(id))
		vectors = append(vectors, x[id*D:(id+1)*D])
	}
	return tokens, vectors, nil
}

// Neighbours are the n tokens whose embeddings point most nearly the way of that of token, the
// nearest first, by cosine; token itself is not among them. With few tokens there are fewer. It is
// an error if token is not one token of the vocabulary.
func (m *CharLM) Neighbours(token string, n int) ([]Neighbour, error) {
	ids, err := m.Vocab.Encode(token)
	if err != nil {
		return nil, err
	}
	if len(ids) != 1 || n < 0 {
		return nil, fmt.Errorf("models: %d neighbours of %q, which is %d tokens; one token wanted", n, token, len(ids))
	}
	tokens, vectors, err := m.Vectors()
	if err != nil {
		return nil, err
	}
	var all []Neighbour
	for id, v := range vectors {
		if id == ids[0] {
			continue
		}
		if x := cosine(vectors[ids[0]], v); !math.IsNaN(x) {
			all = append(all, Neighbour{Word: tokens[id], Similarity: x})
		}
	}
	slices.SortStableFunc(all, func(a, b Neighbour) int { return cmp.Compare(b.Similarity, a.Similarity) })
	return all[:min(n, len(all))], nil
}
