package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/unroll-go/unroll/internal/atomicfile"
	"github.com/unroll-go/unroll/models"
)

func wordsExportCommand() *cobra.Command {
	var model, out string
	c := &cobra.Command{
		Use:     "export",
		Short:   "Write vectors in the text format of word2vec",
		Long:    `Export writes the vectors of the words, for gensim and others.`,
		Example: `  demo words export --model words.safetensors --out words.txt`,
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := need("model", model); err != nil {
				return err
			}
			if err := need("out", out); err != nil {
				return err
			}
			if err := writable("--out", out, model); err != nil {
				return err
			}
			m, err := models.LoadWordVectorsFile(model)
			if err != nil {
				return err
			}
			return atomicfile.Write(out, m.WriteText)
		},
	}
	f := c.Flags()
	f.StringVar(&model, "model", "", "model file, as words train writes it (needed)")
	f.StringVar(&out, "out", "", "where the text goes (needed)")
	return c
}

func wordsImportCommand(s streams) *cobra.Command {
	var data, out string
	c := &cobra.Command{
		Use:     "import",
		Short:   "Read vectors in the text format of word2vec",
		Long:    `Import makes a model file of vectors that word2vec, gensim or export wrote.`,
		Example: `  demo words import --data vectors.txt --out words.safetensors`,
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			if err := need("data", data); err != nil {
				return err
			}
			if err := writable("--out", out, data); err != nil {
				return err
			}
			return importVectors(s, data, out)
		},
	}
	f := c.Flags()
	f.StringVar(&data, "data", "", "text file of vectors (needed)")
	f.StringVar(&out, "out", "words.safetensors", "where the model goes")
	return c
}

// importVectors reads a text and writes a model.
func importVectors(s streams, data, out string) error {
	in, err := os.Open(data)
	if err != nil {
		return err
	}
	defer in.Close()
	m, err := models.ReadWordVectors(in)
	if err != nil {
		return fmt.Errorf("%s: %w", data, err)
	}
	if err := m.SaveFile(out); err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%s: %d words, vectors of %d\n", out, m.Words.Len()-1, m.Config.Width)
	return nil
}
