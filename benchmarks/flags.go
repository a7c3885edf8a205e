package benchmarks

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"

	"github.com/unroll-go/unroll/models"
)

// Parse reads the flags of a command. If help is asked for, it prints there what the
// command is about and the flags, and the error is flag.ErrHelp.
func Parse(fs *flag.FlagSet, args []string, about string, help io.Writer) error {
	fs.SetOutput(io.Discard)
	err := fs.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(help, about)
		fs.SetOutput(help)
		fs.PrintDefaults()
	}
	return err
}

// Options is what the flags of a run say.
type Options struct {
	Config  Config
	Product Product // instead of a task; the zero value: a task
	Engine  string  // unroll or gorgonia
	Threads int     // GOMAXPROCS
	Rate    float64
	Timing  Timing
	Tag     string // put behind the sizes of the result
}

// Flags registers the flags of a run on fs. The function that it returns gives,
// after fs.Parse, the options: those of the task's preset but for what was given.
func Flags(fs *flag.FlagSet) func() (Options, error) {
	var o Options
	var given Config
	var precision, product string
	fs.StringVar(&given.Task, "task", "", "the `task`, T1 to T7 (training) or I1 to I3 (inference); it presets all sizes")
	fs.StringVar(&product, "product", "", "instead of a task, a bare matrix product [m, k] by [k, n]; its `sizes` are m,n,k")
	fs.StringVar(&given.Cell, "cell", "", "lstm, gru or rnn; or peephole, an LSTM whose gates see the memory, written as a user would")
	fs.IntVar(&given.Vocab, "vocab", 0, "tokens of the vocabulary")
	fs.IntVar(&given.Emb, "emb", 0, "width of the embedding; 0: one-hot input")
	fs.IntVar(&given.Hidden, "hidden", 0, "width of the state")
	fs.IntVar(&given.Layers, "layers", 0, "recurrent layers")
	fs.IntVar(&given.Batch, "batch", 0, "rows of a batch")
	fs.IntVar(&given.Seq, "seq", 0, "steps of a window; in inference 1 is generation")
	fs.IntVar(&given.Classes, "classes", 0, "classes of a whole sequence; 0: a language model")
	fs.StringVar(&given.Opt, "opt", "", "adam or sgd")
	fs.BoolVar(&given.Dense, "dense", false, "let adam move all rows of the embedding, as dense gradients do")
	fs.StringVar(&precision, "precision", "f32", "of the weights in inference: f32, bf16 or int8")
	fs.StringVar(&o.Engine, "engine", "unroll", "unroll; gorgonia, which is stock Gorgonia (T1 to T3); or hand, a step written by hand (T1)")
	fs.IntVar(&o.Threads, "threads", 1, "processors to use, GOMAXPROCS")
	fs.Float64Var(&o.Rate, "lr", 0, "learning rate; 0: 0.002 with adam, 1 with sgd")
	fs.Float64Var(&o.Timing.Seconds, "seconds", 8, "time to measure; at least three steps are taken")
	fs.IntVar(&o.Timing.Warm, "warm", 5, "steps before the clock starts")
	fs.StringVar(&o.Tag, "tag", "", "words to put behind the sizes of the result")
	return func() (Options, error) {
		if product != "" {
			return o.only(fs, product)
		}
		c, err := Preset(given.Task)
		if err != nil {
			return o, err
		}
		if c.Precision, err = models.ParsePrecision(precision); err != nil {
			return o, err
		}
		c.Dense = given.Dense
		fs.Visit(func(f *flag.Flag) { c.take(given, f.Name) })
		o.Config = c
		return o, o.validate()
	}
}

// only are the options of a product, with which the flags of a task do not go.
func (o Options) only(fs *flag.FlagSet, product string) (Options, error) {
	p, err := ParseProduct(product)
	fs.Visit(func(f *flag.Flag) {
		switch f.Name {
		case "product", "threads", "seconds", "warm", "tag", "rounds":
		default:
			err = fmt.Errorf("%s does not go with product", f.Name)
		}
	})
	if err != nil {
		return o, err
	}
	o.Product = p
	return o, o.validate()
}

// take copies the size of that name.
func (c *Config) take(from Config, name string) {
	if to, ok := c.numbers()[name]; ok {
		*to = *from.numbers()[name]
	}
	if to, ok := c.words()[name]; ok {
		*to = *from.words()[name]
	}
}

// With is the task with another size; its name is that of the flag.
func (c Config) With(name string, n int) Config {
	if to, ok := c.numbers()[name]; ok {
		*to = n
	}
	return c
}

func (c *Config) numbers() map[string]*int {
	return map[string]*int{
		"vocab": &c.Vocab, "emb": &c.Emb, "hidden": &c.Hidden, "layers": &c.Layers,
		"batch": &c.Batch, "seq": &c.Seq, "classes": &c.Classes,
	}
}

func (c *Config) words() map[string]*string {
	return map[string]*string{"cell": &c.Cell, "opt": &c.Opt}
}

// validate says in a sentence what is out of range. Comparisons are such that
// NaN fails.
func (o Options) validate() error {
	switch {
	case o.Threads < 1:
		return fmt.Errorf("threads must be at least 1, got %d", o.Threads)
	case !(o.Timing.Seconds >= 0) || math.IsInf(o.Timing.Seconds, 1):
		return fmt.Errorf("seconds must be a finite number of at least 0, got %v", o.Timing.Seconds)
	case o.Timing.Warm < 0:
		return fmt.Errorf("warm must be at least 0, got %d", o.Timing.Warm)
	case !(o.Rate >= 0) || math.IsInf(o.Rate, 1):
		return fmt.Errorf("lr must be a finite number of at least 0, got %v", o.Rate)
	case o.Engine != "unroll" && o.Engine != "gorgonia" && o.Engine != "hand":
		return fmt.Errorf("engine %q is unknown; there are unroll, gorgonia and hand", o.Engine)
	case o.Product != (Product{}):
		return nil
	}
	return o.Config.Validate()
}

// Work is what is to be measured, done by unroll.
func (o Options) Work() (Work, error) {
	if o.Product != (Product{}) {
		return o.Product.Work()
	}
	return o.Config.Work(o.Rate)
}

// Measure measures it.
func (o Options) Measure(work Work) (Result, error) {
	if o.Product != (Product{}) {
		return o.Product.Measure(work, o.Timing)
	}
	return o.Config.Measure(work, o.Timing)
}
