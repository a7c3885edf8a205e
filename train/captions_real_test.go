package train_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
	"github.com/unroll-go/unroll/train"
)

// captionScores are exact match, mean word F1 and BLEU of captions said of held-out pictures; BLEU is smoothed, since the
// captions are short.
func captionScores(t *testing.T, held []datasets.Captioned, say func(datasets.Captioned) string) (exact, f1, bleu float64) {
	t.Helper()
	words := func(text string) []string {
		w, err := datasets.SplitWords(text, datasets.WordsOptions{Lower: true})
		require.NoError(t, err)
		return w
	}
	b := train.BLEU{Smooth: train.AddOne}
	var got, want []string
	for _, p := range held {
		said := say(p)
		got, want = append(got, said), append(want, p.Captions[0])
		var references [][]string
		for _, c := range p.Captions {
			references = append(references, words(c))
		}
		f1 += train.WordF1(words(said), references...) / float64(len(held))
		require.NoError(t, b.Add(words(said), references...))
	}
	exact, err := train.ExactMatch(got, want)
	require.NoError(t, err)
	return exact, f1, b.Score().BLEU
}

// baselines are the scores of the commonest caption and of that of the nearest picture.
func baselines(t *testing.T, fit, held []datasets.Captioned) (commonest, near [3]float64) {
	t.Helper()
	said := datasets.CommonestCaption(fit)
	commonest[0], commonest[1], commonest[2] = captionScores(t, held, func(datasets.Captioned) string { return said })
	nearest, err := datasets.NewNearestImage(fit)
	require.NoError(t, err)
	near[0], near[1], near[2] = captionScores(t, held, func(p datasets.Captioned) string {
		at, err := nearest.Find(p.Image)
		require.NoError(t, err)
		return fit[at].Captions[0]
	})
	t.Logf("%d to learn from, %d held out; exact match, word F1, BLEU: commonest %.3f, nearest %.3f", len(fit), len(held), commonest, near)
	return commonest, near
}

// What takes no learning, on coloured shapes: the nearest picture is more than the commonest caption, and far from all.
func TestShapesBaselines(t *testing.T) {
	all, err := datasets.Shapes{}.Examples(1200, 1)
	require.NoError(t, err)
	commonest, near := baselines(t, all[:1000], all[1000:])
	assert.InDelta(t, datasets.Shapes{}.Baseline(), commonest[0], 0.02)
	assert.Greater(t, near[1], commonest[1])
	assert.Less(t, near[0], 0.5)
}

// The same on emoji of bases that were never seen, and on emoji drawn at random, whose variants were.
func TestEmojiBaselines(t *testing.T) {
	dir := os.Getenv("UNROLL_DATA")
	if dir == "" {
		t.Skip("UNROLL_DATA does not name the folder of real data files, so this test has nothing to read")
	}
	file := func(name string) string { return filepath.Join(dir, "caption", "emoji32", name) }
	all, err := datasets.LoadCaptioned(file("images-rgba-idx4.gz"), file("captions.tsv"),
		datasets.ImageOptions{}, datasets.CaptionsOptions{Text: "caption_en", Key: "codepoints"})
	require.NoError(t, err)
	base := func(p datasets.Captioned) string { return datasets.EmojiBase(p.Key) }
	fit, held, err := datasets.HoldOutBy(all, base, 0.1, 1)
	require.NoError(t, err)
	_, strange := baselines(t, fit, held)
	fit, held, err = datasets.HoldOut(all, 0.1, 1)
	require.NoError(t, err)
	_, known := baselines(t, fit, held)
	assert.Greater(t, known[1], strange[1], "a split at random leaks")
}
