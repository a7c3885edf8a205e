package datasets_test

import (
	"fmt"
	"hash/crc32"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/datasets"
)

// pairTask is what generated tasks of pairs have in common.
type pairTask interface {
	Pairs(n int, seed uint64) ([]datasets.Pair, error)
	Baseline() float64
}

var _ = []pairTask{datasets.Copying{}, datasets.Reversing{}, datasets.Addition{}, datasets.EnglishDates{}, datasets.Shapes{}}

func ExampleCopying() {
	task := datasets.Copying{Letters: 4, Min: 3, Max: 6}
	pairs, err := task.Pairs(2, 1)
	for _, p := range pairs {
		fmt.Println(p.Source, p.Target)
	}
	fmt.Printf("baseline %.4f %v\n", task.Baseline(), err)
	// Output:
	// ccaaac ccaaac
	// daa daa
	// baseline 0.0039 <nil>
}

func ExampleReversing() {
	pairs, err := datasets.Reversing{Letters: 4, Min: 3, Max: 6}.Pairs(2, 1)
	for _, p := range pairs {
		fmt.Println(p.Source, p.Target)
	}
	fmt.Println(err)
	// Output:
	// ccaaac caaacc
	// daa aad
	// <nil>
}

func ExampleAddition() {
	task := datasets.Addition{Digits: 3}
	pairs, err := task.Pairs(3, 1)
	for _, p := range pairs {
		fmt.Println(p.Source, "=", p.Target)
	}
	fmt.Printf("baseline %.4f %v\n", task.Baseline(), err)
	// Output:
	// 18+121 = 139
	// 192+921 = 1113
	// 654+816 = 1470
	// baseline 0.0111 <nil>
}

func ExampleEnglishDates() {
	pairs, err := datasets.EnglishDates{}.Pairs(4, 1)
	for _, p := range pairs {
		fmt.Println(p.Target, p.Source)
	}
	fmt.Println(err)
	// Output:
	// 2005-11-23 23 November 2005
	// 2029-11-01 1 november 2029
	// 2016-02-29 2016/02/29
	// 2004-01-22 the 22nd of january, 2004
	// <nil>
}

func ExampleShapes() {
	for _, language := range []datasets.Language{datasets.InEnglish, datasets.InKorean} {
		task := datasets.Shapes{Language: language}
		examples, err := task.Examples(2, 1)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, e := range examples {
			fmt.Println(e.Image.Height, e.Image.Width, e.Image.Channels, e.Captions[0])
		}
	}
	fmt.Printf("baseline %.4f\n", datasets.Shapes{}.Baseline())
	// Output:
	// 32 32 3 a yellow triangle left of a red circle
	// 32 32 3 a black star
	// 32 32 3 빨간 동그라미 왼쪽에 노란 세모
	// 32 32 3 검은 별
	// baseline 0.0104
}

func ExampleNewMosaics() {
	images := &datasets.IDX{Shape: []int{10, 1, 1}, Data: []byte{10, 11, 12, 13, 14, 15, 16, 17, 18, 19}}
	labels := &datasets.IDX{Shape: []int{10}, Data: []byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}}
	digits, err := datasets.NewMosaics(images, labels, datasets.MosaicOptions{Min: 2, Max: 3, Part: 0.3})
	if err != nil {
		fmt.Println(err)
		return
	}
	examples, err := digits.Examples(3, 5)
	for _, e := range examples {
		fmt.Println(e.Image.Pix, e.Captions[0])
	}
	fmt.Printf("baseline %.4f %v\n", digits.Baseline(), err)
	// Output:
	// [17 11 16] seven one six
	// [10 13 11] zero three one
	// [17 12 11] seven two one
	// baseline 0.0102 <nil>
}

// What is copied, turned round and added up is right, of all lengths, and the same for the same seed.
func TestEcho(t *testing.T) {
	copies, err := datasets.Copying{Letters: 3, Min: 2, Max: 5}.Pairs(400, 7)
	require.NoError(t, err)
	turned, err := datasets.Reversing{Letters: 3, Min: 2, Max: 5}.Pairs(400, 7)
	require.NoError(t, err)
	lengths := map[int]int{}
	for i, p := range copies {
		assert.Equal(t, p.Source, p.Target)
		assert.Equal(t, p.Source, turned[i].Source)
		back := []byte(turned[i].Target)
		slices.Reverse(back)
		assert.Equal(t, p.Source, string(back))
		assert.Empty(t, strings.Trim(p.Source, "abc"))
		lengths[len(p.Source)]++
	}
	for n := 2; n <= 5; n++ {
		assert.Greater(t, lengths[n], 70)
	}
	fewer, err := datasets.Copying{Letters: 3, Min: 2, Max: 5}.Pairs(10, 7)
	require.NoError(t, err)
	assert.Equal(t, copies[:10], fewer)
}

func TestAddition(t *testing.T) {
	pairs, err := datasets.Addition{Digits: 3}.Pairs(2000, 3)
	require.NoError(t, err)
	lengths := map[int]int{}
	for _, p := range pairs {
		a, b, ok := strings.Cut(p.Source, "+")
		require.True(t, ok)
		x, err := strconv.Atoi(a)
		require.NoError(t, err)
		y, err := strconv.Atoi(b)
		require.NoError(t, err)
		assert.Equal(t, strconv.Itoa(x+y), p.Target)
		lengths[len(a)]++
		lengths[len(b)]++
	}
	for n := 1; n <= 3; n++ {
		assert.InDelta(t, 4000/3, lengths[n], 150)
	}
	_, err = datasets.Addition{Digits: 9}.Pairs(10, 1)
	require.NoError(t, err)
}

// The stated baseline of sums is the probability of the commonest of all sums.
func TestAdditionBaseline(t *testing.T) {
	for digits, most := 1, 10; digits <= 3; digits, most = digits+1, most*10 {
		p := make([]float64, most)
		for n := range p {
			length := len(strconv.Itoa(n))
			numbers := []float64{0, 10, 90, 900}[length]
			p[n] = 1 / (numbers * float64(digits))
		}
		sums := make([]float64, 2*most)
		for x, a := range p {
			for y, b := range p {
				sums[x+y] += a * b
			}
		}
		assert.InDelta(t, slices.Max(sums), datasets.Addition{Digits: digits}.Baseline(), 1e-12)
	}
}

// Every date is one of the days, in each of the forms that Go can read, and the words of the others are the day's.
func TestEnglishDates(t *testing.T) {
	pairs, err := datasets.EnglishDates{}.Pairs(3000, 2)
	require.NoError(t, err)
	forms := []string{
		"January 2, 2006", "2 January 2006", "1/2/06", "01/02/2006", "Monday, January 2, 2006", "Mon 2 Jan 2006", "2-Jan-06",
		"2006/01/02", "Jan 2, 2006", "Jan 2 '06",
	}
	read, others := 0, 0
	for _, p := range pairs {
		day, err := time.Parse(time.DateOnly, p.Target)
		require.NoError(t, err)
		assert.True(t, day.Year() >= 1970 && day.Year() <= 2029)
		text := strings.ToLower(p.Source)
		found := false
		for _, form := range forms {
			if got, err := time.Parse(form, text); err == nil && got.Equal(day) {
				found = true
			}
		}
		if found {
			read++
			continue
		}
		others++
		assert.Contains(t, text, strings.ToLower(day.Month().String()))
	}
	assert.InDelta(t, 3000*10/14, read, 150)
	assert.InDelta(t, 3000*4/14, others, 150)
}

// The words of days and years.
func TestEnglishDatesWords(t *testing.T) {
	pairs, err := datasets.EnglishDates{}.Pairs(20000, 4)
	require.NoError(t, err)
	want := map[string]string{
		"twenty-first of ": "-21", "thirtieth of ": "-30", "the thirty-first, ": "-31", "the twelfth, ": "-12",
		"the 1st of ": "-01", "the 11th of ": "-11", "the 22nd of ": "-22", "the 23rd of ": "-23", "the 13th of ": "-13",
		"nineteen seventy": "1970-", "nineteen ninety-nine": "1999-", "two thousand and one": "2001-",
		"two thousand nine": "2009-", "twenty ten": "2010-", "twenty nineteen": "2019-", "twenty twenty": "2020-",
		"twenty twenty-nine": "2029-",
	}
	for words, part := range want {
		seen := 0
		for _, p := range pairs {
			text := strings.ToLower(p.Source)
			if !strings.Contains(text+" ", words) && !strings.HasSuffix(text, words) {
				continue
			}
			if strings.HasSuffix(part, "-") && !strings.HasSuffix(text, words) {
				continue // twenty twenty of twenty twenty-one
			}
			seen++
			assert.Contains(t, p.Target, part, p.Source)
		}
		assert.Positive(t, seen, words)
	}
}

// Both languages say the same of the same pictures, and the commonest caption is no commoner than the baseline says.
func TestShapes(t *testing.T) {
	english, err := datasets.Shapes{Width: 64}.Examples(500, 9)
	require.NoError(t, err)
	korean, err := datasets.Shapes{Width: 64, Language: datasets.InKorean}.Examples(500, 9)
	require.NoError(t, err)
	pairs, err := datasets.Shapes{Width: 64}.Pairs(20000, 9)
	require.NoError(t, err)
	to, from := map[string]string{}, map[string]string{}
	for i, e := range english {
		k := korean[i]
		require.Equal(t, e.Image, k.Image)
		assert.Equal(t, [2]string{e.Captions[0], e.Captions[0]}, [2]string{e.Key, k.Key})
		assert.Equal(t, datasets.Pair{Source: e.Captions[0], Target: k.Captions[0]}, pairs[i])
		assert.Len(t, e.Image.Pix, 32*64*3)
		if said, ok := to[e.Key]; ok {
			assert.Equal(t, said, k.Captions[0])
		}
		to[e.Key], from[k.Captions[0]] = k.Captions[0], e.Key
	}
	assert.Len(t, from, len(to), "a translation has one source")

	count := map[string]int{}
	for _, p := range pairs {
		if p.Source == "a red circle left of a blue square" {
			assert.Equal(t, "파란 네모 왼쪽에 빨간 동그라미", p.Target)
		}
		count[p.Source]++
	}
	assert.Positive(t, count["a red circle left of a blue square"])
	assert.InDelta(t, datasets.Shapes{}.Baseline(), float64(slices.Max(slices.Collect(maps.Values(count))))/20000, 0.003)
}

// Where a caption says the first shape is, there it is: the shapes of these scenes have different colours, so that the
// middle of each colour tells its place.
func TestShapesTell(t *testing.T) {
	colours := map[string]func(r, g, b int) bool{
		"red":   func(r, g, b int) bool { return r > 180 && g < 90 && b < 90 },
		"green": func(r, g, b int) bool { return r < 90 && g > 120 && b < 110 },
	}
	for _, width := range []int{32, 64} {
		all, err := datasets.Shapes{Width: width}.Examples(4000, 6)
		require.NoError(t, err)
		tried := map[string]int{}
		for _, e := range all {
			words := strings.Fields(e.Captions[0])
			if len(words) < 7 {
				continue
			}
			first, second, way := colours[words[1]], colours[words[len(words)-2]], words[3]
			if first == nil || second == nil || words[1] == words[len(words)-2] {
				continue
			}
			x, y := middle(e.Image, first)
			u, v := middle(e.Image, second)
			right := map[string]bool{"left": u-x > 4, "right": x-u > 4, "above": v-y > 4, "below": y-v > 4}[way]
			assert.True(t, right, "%s: (%.1f %.1f) (%.1f %.1f)", e.Captions[0], x, y, u, v)
			tried[way]++
		}
		for _, way := range []string{"left", "right", "above", "below"} {
			assert.Greater(t, tried[way], 10)
		}
	}
}

// middle is the mean place of the pixels of a colour.
func middle(m datasets.Image, is func(r, g, b int) bool) (x, y float64) {
	n := 0.0
	for i := range m.Height * m.Width {
		p := m.Pix[3*i:]
		if is(int(p[0]), int(p[1]), int(p[2])) {
			x, y, n = x+float64(i%m.Width), y+float64(i/m.Width), n+1
		}
	}
	return x / n, y / n
}

// The pictures are the same on any machine.
func TestShapesSum(t *testing.T) {
	all, err := datasets.Shapes{}.Examples(100, 1)
	require.NoError(t, err)
	sum := crc32.NewIEEE()
	for _, e := range all {
		sum.Write(e.Image.Pix)
	}
	assert.Equal(t, uint32(0xae118167), sum.Sum32())
}

func TestGeneratedRefuse(t *testing.T) {
	for want, task := range map[string]pairTask{
		"datasets: copying: 27 letters, wanted 1 to 26":          datasets.Copying{Letters: 27, Min: 1, Max: 2},
		"datasets: copying: lengths 0 to 2":                      datasets.Copying{Letters: 2, Max: 2},
		"datasets: reversing: lengths 3 to 2, wanted 1 to 65536": datasets.Reversing{Letters: 2, Min: 3, Max: 2},
		"datasets: addition: 0 digits, wanted 1 to 9":            datasets.Addition{},
		"datasets: shapes: width 33, wanted 32 or 64":            datasets.Shapes{Width: 33},
	} {
		_, err := task.Pairs(1, 1)
		assert.ErrorContains(t, err, want)
	}
	assert.Zero(t, datasets.Copying{}.Baseline())
	assert.Zero(t, datasets.Reversing{}.Baseline())
	assert.Zero(t, datasets.Addition{}.Baseline())
	_, err := datasets.EnglishDates{}.Pairs(-1, 1)
	assert.ErrorContains(t, err, "datasets: English dates: -1 examples")
	_, err = datasets.Shapes{Language: 2}.Examples(1, 1)
	assert.EqualError(t, err, "datasets: shapes: language 2, wanted InEnglish or InKorean")
	_, err = datasets.Shapes{}.Examples(1<<30, 1)
	assert.ErrorContains(t, err, "datasets: shapes: 1073741824 examples")
	assert.Equal(t, "English Korean Language(7)", fmt.Sprint(datasets.InEnglish, datasets.InKorean, datasets.Language(7)))
}
