package main

import (
	"io"

	"github.com/unroll-go/unroll/internal/atomicfile"
	"github.com/unroll-go/unroll/models"
	"github.com/unroll-go/unroll/models/plot"
)

// drawLooks writes where a decoder has looked as a heat map: a row for each token
// that it wrote, a column for each that it read.
func drawLooks(path string, t models.Translation) error {
	rows, columns := labelsOfTokens(t.TargetText), labelsOfTokens(t.SourceText)
	if len(rows) < len(t.Looks) {
		rows = append(rows, endLabel)
	}
	picture := plot.HeatMap{
		Title: t.Text, RowTitle: "written", ColTitle: "read", Rows: rows, Cols: columns, Values: t.Looks,
		Scale: plot.Scale{Label: "attention", Max: 1},
	}
	return atomicfile.Write(path, func(w io.Writer) error { return picture.SVG(w) })
}

// endLabel stands for the end of a text.
const endLabel = "⏎"

// labelsOfTokens are the texts of tokens as they can be seen.
func labelsOfTokens(tokens []string) []string {
	labels := make([]string, len(tokens))
	for i, text := range tokens {
		switch text {
		case "":
			text = endLabel
		case " ":
			text = "␣"
		}
		labels[i] = text
	}
	return labels
}
