package datasets

// Labelled is tokens with one class for all of them (many to one).
type Labelled struct {
	IDs   []int
	Label int
}

// Len is the number of tokens.
func (l Labelled) Len() int { return len(l.IDs) }

// Tagged is tokens with a class for each (many to many, aligned).
type Tagged struct {
	IDs    []int
	Labels []int // [len(IDs)]
}

// Len is the number of tokens.
func (t Tagged) Len() int { return len(t.IDs) }

// Numeric is a sequence of vectors with what is asked of it: numbers Y or a class Label.
type Numeric struct {
	X     []float64 // [Steps·D], step after step
	Steps int
	Y     []float64 // the numbers asked for; nil when it is a class
	Label int       // the class asked for; 0 when it is numbers
	At    int       // where in the data it comes from: the moment of the last input, the number of the picture
}

// Len is the number of steps.
func (n Numeric) Len() int { return n.Steps }
