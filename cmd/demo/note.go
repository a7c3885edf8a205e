package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/unroll-go/unroll/train"
)

// otherSettings says which settings of a checkpoint are not those of the command
// line; other errors stay as they are.
func otherSettings(path string, err error) error {
	var note *train.NoteError
	if !errors.As(err, &note) {
		return err
	}
	was, now := flagsOf(note.Was), flagsOf(note.Now)
	var differ []string
	names := slices.AppendSeq(slices.Collect(maps.Keys(was)), maps.Keys(now))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		switch {
		case was[name] == now[name]:
		case name == "data":
			differ = append(differ, "the data are others")
		case name == "text":
			differ = append(differ, "the text is another")
		default:
			differ = append(differ, fmt.Sprintf("--%s was %s, now %s", name, set(was[name]), set(now[name])))
		}
	}
	if len(differ) == 0 {
		return err
	}
	return fmt.Errorf("%s: this is the checkpoint of another training: %s", path, strings.Join(differ, "; "))
}

// flagsOf are the settings in a checkpoint's note by the names of their flags.
func flagsOf(note string) map[string]string {
	var all map[string]any
	d := json.NewDecoder(strings.NewReader(note))
	d.UseNumber() // a seed may be longer than a float64
	if d.Decode(&all) != nil {
		return nil
	}
	if model, ok := all["model"].(map[string]any); ok {
		maps.Copy(all, model)
		delete(all, "model")
	}
	flags := map[string]string{}
	for key, value := range all {
		flags[strings.ReplaceAll(key, "_", "-")] = fmt.Sprintf("%.80v", value)
	}
	return flags
}

func set(value string) string {
	if value == "" {
		return "not set"
	}
	return value
}
