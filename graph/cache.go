package graph

import "container/list"

// Cache builds programs of one formula for the sizes that are asked for and
// keeps the most recently used. They share one arena, so that many lengths do
// not each keep memory of their own; the cache and its programs belong to one
// goroutine together.
type Cache struct {
	params *Params
	f      func(g *Builder)
	opts   []Option
	limit  int
	byKey  map[Key]*list.Element
	recent *list.List // of *Program, most recent first
	a32    arena[float32]
	a64    arena[float64]
}

// NewCache returns an empty cache that keeps at most limit programs; 0 stands
// for 32.
func NewCache(params *Params, limit int, f func(g *Builder), opts ...Option) *Cache {
	if limit < 1 {
		limit = 32
	}
	return &Cache{params: params, f: f, opts: opts, limit: limit, byKey: map[Key]*list.Element{}, recent: list.New()}
}

// Get returns the program for key, building it at the first use. A program
// that has been dropped for newer ones is built again, with its first state.
func (c *Cache) Get(key Key) (*Program, error) {
	if e := c.byKey[key]; e != nil && !e.Value.(*Program).closed {
		c.recent.MoveToFront(e)
		return e.Value.(*Program), nil
	} else if e != nil {
		c.drop(e)
	}
	p, err := build(c.params, key, c.f, c.opts, &c.a32, &c.a64)
	if err != nil {
		return nil, err
	}
	c.byKey[key] = c.recent.PushFront(p)
	for c.recent.Len() > c.limit {
		c.drop(c.recent.Back())
	}
	return p, nil
}

// Len is the number of programs kept.
func (c *Cache) Len() int { return c.recent.Len() }

// Close closes all programs.
func (c *Cache) Close() error {
	for c.recent.Len() > 0 {
		c.drop(c.recent.Back())
	}
	c.a32, c.a64 = arena[float32]{}, arena[float64]{}
	return nil
}

func (c *Cache) drop(e *list.Element) {
	p := c.recent.Remove(e).(*Program)
	delete(c.byKey, p.key)
	_ = p.Close()
}
