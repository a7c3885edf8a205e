package models

import (
	"fmt"
	"slices"
)

// The bounds of labels: how many, and how many bytes each.
const (
	maxLabels = 1 << 12
	maxLabel  = 1 << 12
)

// checkLabels refuses labels that are not sorted and distinct, or too many or
// too long.
func checkLabels(labels []string) error {
	if len(labels) > maxLabels {
		return fmt.Errorf("%d labels, at most %d wanted", len(labels), maxLabels)
	}
	for i, label := range labels {
		if len(label) > maxLabel {
			return fmt.Errorf("label %.80q.. has %d bytes, at most %d wanted", label, len(label), maxLabel)
		}
		if i > 0 && labels[i-1] >= label {
			return fmt.Errorf("sorted and distinct labels wanted, got %.80q after %.80q", label, labels[i-1])
		}
	}
	return nil
}

// distinct are labels in order, each once.
func distinct(labels []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(labels)))
}

// classOf is the place of a label among those of a model.
func classOf(labels []string, label string) (int, error) {
	class, ok := slices.BinarySearch(labels, label)
	if !ok {
		return 0, fmt.Errorf("models: label %.80q is not among the %d of the model: %.200q", label, len(labels), labels)
	}
	return class, nil
}
