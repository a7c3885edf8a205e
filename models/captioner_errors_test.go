package models_test

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/internal/safetensors"
	"github.com/unroll-go/unroll/models"
)

// Pictures of any size and kind are made like those of the model.
func TestCaptionerTakesPicturesOfAnySize(t *testing.T) {
	m := newCaptioner(t, captionerVariants()["lstm"])
	for _, p := range []datasets.Image{checkered(1, 1, 1, 1), checkered(300, 7, 3, 2), checkered(6, 5, 3, 3)} {
		found, err := m.Caption(models.Search{}, p)
		require.NoError(t, err)
		assert.Len(t, found, 1)
	}
	_, err := m.Caption(models.Search{}, checkered(6, 5, 3, 1), datasets.Image{})
	require.ErrorContains(t, err, "models: picture 1: ")
	_, err = m.CaptionFeatures(models.Search{}, []float32{1})
	require.EqualError(t, err, "models: vector 0: the model wants pictures, got a vector of 1 features")
	features := newCaptioner(t, captionerVariants()["gru of features"])
	_, err = features.CaptionFeatures(models.Search{}, []float32{1, 2})
	require.EqualError(t, err, "models: vector 0: a vector of 5 features wanted, got 2")
	_, err = features.Caption(models.Search{}, checkered(6, 5, 3, 1))
	require.EqualError(t, err, "models: picture 0: the model wants vectors of 5 features, got a picture")
	none, err := m.Caption(models.Search{})
	require.NoError(t, err)
	assert.Empty(t, none)
}

// Configurations that cannot work name their field.
func TestCaptionerConfigErrors(t *testing.T) {
	for want, change := range map[string]func(c *models.CaptionerConfig){
		`models: attention "xu" is unknown; there are none, bahdanau, dot, general`:                      func(c *models.CaptionerConfig) { c.Attention = "xu" },
		"models: a captioner needs an embedding, got embed 0":                                            func(c *models.CaptionerConfig) { c.Embed = 0 },
		"models: a captioner writes forwards, it cannot be bidirectional":                                func(c *models.CaptionerConfig) { c.Bidirectional = true },
		"models: height and width must be in [1, 4096], got 20000 and 5":                                 func(c *models.CaptionerConfig) { c.Height = 20000 },
		"models: channels must be 1 or 3, got 4":                                                         func(c *models.CaptionerConfig) { c.Channels = 4 },
		"models: there must be 1 to 12 blocks, got 0":                                                    func(c *models.CaptionerConfig) { c.Blocks = nil },
		"models: channels of block 1 must be in [1, 4096], got 0":                                        func(c *models.CaptionerConfig) { c.Blocks[1] = 0 },
		"models: block 0 has 4096 x 4096 x 64 numbers for each picture, at most 67108864 wanted":         func(c *models.CaptionerConfig) { c.Height, c.Width, c.Blocks = 4096, 4096, []int{64} },
		"models: 512 x 512 places are left of the pictures, at most 1024 wanted: more blocks are needed": func(c *models.CaptionerConfig) { c.Height, c.Width, c.Blocks = 1024, 1024, []int{2} },
		"models: longest must be in [1, 16383], got 0":                                                   func(c *models.CaptionerConfig) { c.Longest = 0 },
		"models: either pictures or features of 7":                                                       func(c *models.CaptionerConfig) { c.Features = 7 },
		"models: hidden must be in [1, 65536], got 0":                                                    func(c *models.CaptionerConfig) { c.Hidden = 0 },
		"models: attention dot needs a last block as wide as the state, got 4 and 5; general or bahdanau compare different widths": func(c *models.CaptionerConfig) {
			c.Attention, c.Hidden = "dot", 5
		},
	} {
		c := captionerVariants()["lstm"]
		change(&c)
		require.EqualError(t, c.Validate(), want)
	}
	features := captionerVariants()["gru of features"]
	features.Attention = "dot"
	require.EqualError(t, features.Validate(), "models: attention dot needs pictures, features are one vector")
	m := newCaptioner(t, captionerVariants()["lstm"])
	_, err := m.Task(nil, models.CaptionerTraining{Smoothing: 1})
	require.EqualError(t, err, "models: smoothing must be in [0, 1), got 1")
	_, err = m.Task(nil, models.CaptionerTraining{Augment: models.Augment{Shift: -1}})
	require.EqualError(t, err, "models: shift must be in [0, 4096] pixels, got -1")
	_, err = m.Task([]models.Pictured{{Image: checkered(1, 1, 3, 1)}}, models.CaptionerTraining{})
	require.NoError(t, err)
	_, err = m.Score([]models.Pictured{{Image: checkered(1, 1, 3, 1)}})
	require.EqualError(t, err, "models: a picture of 6 x 5 x 3 wanted, got 1 x 1 x 3")
}

// Files are untrusted: what is no captioner is an error that says what was
// wanted, never a panic.
func TestLoadCaptionerRefuses(t *testing.T) {
	m := newCaptioner(t, captionerVariants()["gru, bahdanau"])
	good := savedCaptioner(t, m)
	load := func(data []byte) error {
		_, err := models.LoadCaptioner(bytes.NewReader(data))
		return err
	}
	for n := 0; n < len(good); n += 1 + len(good)/40 {
		require.ErrorIs(t, load(good[:n]), models.ErrFormat, "cut at %d", n)
		bad := bytes.Clone(good)
		bad[n] ^= 0x10
		require.Error(t, load(bad), "changed at %d", n)
	}
	for want, values := range map[string][2]string{
		`unroll.kind is "classifier/1", "captioner/1" wanted`:      {"unroll.kind", "classifier/1"},
		"unroll.config: unexpected end":                            {"unroll.config", ""},
		`cell "" is unknown`:                                       {"unroll.config", "null"},
		"height and width must be in [1, 4096], got 1000000 and 5": {"unroll.config", strings.Replace(read(t, good).Metadata["unroll.config"], `"height":6`, `"height":1000000`, 1)},
		"encoder.block0.conv0.weight: shape [9 3 3 3] wanted, got [2 3 3 3]": {
			"unroll.config", strings.Replace(read(t, good).Metadata["unroll.config"], "[2,4]", "[9,4]", 1),
		},
		"unroll.vocab: ": {"unroll.vocab", "[]"},
	} {
		f := read(t, good)
		f.Metadata[values[0]] = values[1]
		err := load(write(t, f))
		require.ErrorIs(t, err, models.ErrFormat, want)
		assert.ErrorContains(t, err, want)
	}
}

// Whatever a file holds, loading it is an error or a captioner that can be asked.
func FuzzLoadCaptioner(f *testing.F) {
	for _, attention := range []string{"none", "bahdanau"} {
		var data, plain bytes.Buffer // the second without a checksum, so that changes get further
		require.NoError(f, dotCaptioner(f, attention).Save(&data))
		f.Add(data.Bytes())
		require.NoError(f, safetensors.WritePlain(&plain, read(f, data.Bytes())))
		f.Add(plain.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := models.LoadCaptioner(bytes.NewReader(data))
		if err != nil {
			require.ErrorIs(t, err, models.ErrFormat)
			require.Nil(t, m)
			return
		}
		if m.Config.Features == 0 && m.Config.Height*m.Config.Width < 1<<12 {
			_, err = m.Caption(models.Search{}, datasets.Image{Height: 1, Width: 1, Channels: 1, Pix: []byte{7}})
			require.NoError(t, err)
		}
	})
}

// What Example does not make is refused where it is used: vectors of another width, pictures of
// another form with as many pixels, captions that no program reads.
func TestCaptionerRefusesExamplesOfItsOwn(t *testing.T) {
	pictures, features := newCaptioner(t, captionerVariants()["gru, bahdanau"]), newCaptioner(t, captionerVariants()["gru of features"])
	long := make([]int, 1<<14)
	for want, c := range map[string]struct {
		m *models.Captioner
		x models.Pictured
	}{
		"models: a picture of 6 x 5 x 3 wanted, got 5 x 6 x 3":                            {pictures, models.Pictured{Image: checkered(5, 6, 3, 1)}},
		"models: a vector of 5 features wanted, got 6":                                    {features, models.Pictured{Features: make([]float32, 6)}},
		"models: a vector of 5 features wanted, got 0":                                    {features, models.Pictured{}},
		"models: example 0: a caption of 16385 tokens with its end, at most 16384 wanted": {features, models.Pictured{Features: make([]float32, 5), IDs: long}},
	} {
		_, err := c.m.Score([]models.Pictured{c.x})
		assert.EqualError(t, err, want)
		task, err := c.m.Task([]models.Pictured{c.x}, models.CaptionerTraining{})
		if err == nil {
			_, err = task.Next(0)
		}
		assert.EqualError(t, err, want)
		if len(c.x.IDs) == 0 {
			_, err = c.m.Describe(models.Search{}, []models.Pictured{c.x})
			assert.EqualError(t, err, want)
		}
	}
	_, err := pictures.Attention(models.Pictured{Image: checkered(6, 5, 3, 1), IDs: long})
	assert.ErrorContains(t, err, "a caption of 16385 tokens with its end")
}

// A small file of a captioner of large pictures is read without their memory.
func TestLoadCaptionerAllocatesWhatItReads(t *testing.T) {
	m := newCaptioner(t, models.CaptionerConfig{
		Recurrent: models.Recurrent{Cell: "rnn", Embed: 1, Hidden: 1, Layers: 1}, Attention: "none", Longest: 6,
		Height: 1024, Width: 1024, Channels: 1, Blocks: []int{1, 1, 1, 1, 1},
	})
	file := savedCaptioner(t, m)
	require.Less(t, len(file), 1<<15)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := models.LoadCaptioner(bytes.NewReader(file))
	runtime.ReadMemStats(&after)
	require.NoError(t, err)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(4<<20))
}
