package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/unroll-go/unroll/internal/safetensors"
)

// salesTable is n days of sales with a week, a number and a category beside.
func salesTable(n int) string {
	var b strings.Builder
	b.WriteString("날짜,판매,heat,wind\n")
	for i := range n {
		heat := 10 + 5*math.Sin(float64(i*i))
		sold := 50 + float64(i)/5 + 10*math.Cos(2*math.Pi*float64(i)/7) + heat
		fmt.Fprintf(&b, "%d일,%.2f,%.1f,%s\n", i, sold, heat, []string{"N", "S", "calm & mild"}[i*i/2%3])
	}
	return b.String()
}

// smallForecast are the flags of a training that takes little time.
func smallForecast(more ...string) []string {
	return append(strings.Fields("forecast train --data t.csv --value 판매 --season 7 --hidden 8 --window 10 --lr 0.01"), more...)
}

// TestForecast trains, measures and predicts, with other columns beside the value.
func TestForecast(t *testing.T) {
	files(t, map[string]string{"t.csv": salesTable(300)})
	trained := works(t, smallForecast("--with", "heat", "--cat", "wind", "--horizon", "3", "--test", "60", "--out", "m",
		"--time", "날짜", "--picture", "train.svg")...)
	assert.Empty(t, trained.out)
	assert.Contains(t, trained.err, "t.csv: 300 moments of 판매, heat, wind=N, wind=S, wind=calm & mild; "+
		"210 to train on, 30 held back for validation, 60 for the test at the end")
	assert.Contains(t, trained.err, "\ntest: 58 forecasts of 판매, 1 to 3 ahead: RMSE ")

	scored := works(t, strings.Fields("forecast eval --model m --data t.csv --test 60 --json --time 날짜 --picture p.svg")...)
	var r forecastReport
	require.NoError(t, json.Unmarshal([]byte(scored.out), &r), scored.out)
	assert.Equal(t, 58, r.Forecasts)
	assert.Equal(t, 3, r.Horizon)
	assert.Less(t, r.RMSE, r.Naive)
	assert.Less(t, r.RMSE, *r.SeasonalChange)
	assert.Positive(t, *r.Seasonal)
	assert.Less(t, r.MAE, r.RMSE)
	assert.InDelta(t, 0.8, r.Interval, 1e-12)
	assert.InDelta(t, 0.8, *r.Coverage, 0.2)
	assert.Len(t, r.Pinball, 2)
	assert.Len(t, r.ByHorizon, 3)
	assert.Equal(t, string(read(t, "train.svg")), string(read(t, "p.svg")))
	picture := wellFormed(t, read(t, "p.svg"))
	assert.Contains(t, picture, "판매")
	assert.Contains(t, picture, "240일")
	assert.Contains(t, picture, "interval for 80 %")
	printed := works(t, strings.Fields("forecast eval --model m --data t.csv --test 0.2")...)
	assert.Contains(t, printed.out, fmt.Sprintf("RMSE %.4g, MAE %.4g", r.RMSE, r.MAE))

	said := works(t, strings.Fields("forecast predict --model m --data t.csv")...)
	assert.Regexp(t, `^1(\t\d+\.?\d*){3}\n2(\t\d+\.?\d*){3}\n3(\t\d+\.?\d*){3}\n$`, said.out)
	objects := works(t, strings.Fields("forecast predict --model m --data t.csv --json")...)
	var first map[string]float64
	require.NoError(t, json.NewDecoder(strings.NewReader(objects.out)).Decode(&first))
	assert.Contains(t, said.out, fmt.Sprintf("1\t%.6g\t%.6g\t%.6g\n", first["value"], first["q0.1"], first["q0.9"]))
	needs := demo(t, strings.Fields("forecast predict --model m")...)
	assert.Equal(t, result{"", "demo: m reads 5 variables, 판매, heat, wind=N, wind=S, wind=calm & mild: --data is needed\n", 1}, needs)
}

// wellFormed reads a picture as XML and gives its text.
func wellFormed(t *testing.T, svg []byte) string {
	t.Helper()
	var text strings.Builder
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return text.String()
		}
		require.NoError(t, err)
		if data, ok := token.(xml.CharData); ok {
			text.Write(data)
		}
	}
}

// Standard input is a number a line; files that follow the data are held back.
func TestForecastInputs(t *testing.T) {
	lines := strings.SplitAfter(salesTable(120), "\n")
	files(t, map[string]string{
		"t.csv": strings.Join(lines[:81], ""), "valid.csv": lines[0] + strings.Join(lines[81:101], ""), "test.csv": lines[0] + strings.Join(lines[101:], ""),
		"all.csv": strings.Join(lines, ""),
	})
	got := works(t, smallForecast("--val", "valid.csv", "--test", "test.csv", "--steps", "5", "--out", "m")...)
	assert.Contains(t, got.err, "t.csv: 120 moments of 판매; 80 to train on, 20 held back for validation, 20 for the test at the end")
	files := works(t, strings.Fields("forecast eval --model m --data t.csv --test valid.csv")...)
	assert.Contains(t, files.out, "20 forecasts of 판매")

	var out bytes.Buffer
	var numbers strings.Builder
	for _, line := range lines[1:121] {
		fmt.Fprintln(&numbers, strings.Split(line, ",")[1])
	}
	require.NoError(t, run(t.Context(), strings.Fields("forecast predict --model m"), streams{in: strings.NewReader(numbers.String()), out: &out}))
	table := works(t, strings.Fields("forecast predict --model m --data all.csv")...)
	assert.Equal(t, table.out, out.String())
	err := run(t.Context(), strings.Fields("forecast predict --model m"), streams{in: strings.NewReader("5\nx\n"), out: &out})
	assert.EqualError(t, err, `datasets: standard input: line 2: column 1: got "x", wanted a finite number, or NA for a missing one`)
}

// A training that was interrupted and resumed leaves the same bytes as one that
// was not.
func TestForecastResumeIsExact(t *testing.T) {
	files(t, map[string]string{"t.csv": salesTable(150)})
	flags := func(out string, more ...string) []string {
		return smallForecast(append(more, "--out", out, "--steps", "40", "--dropout", "0.2", "--layers", "2", "--every-step")...)
	}
	works(t, flags("whole.safetensors")...)
	ctx, cancel := context.WithCancel(t.Context())
	w := &cancelling{when: "step 6/40", cancel: cancel}
	require.NoError(t, run(ctx, flags("part.safetensors"), streams{err: w}))
	works(t, flags("part.safetensors", "--resume")...)
	assert.Equal(t, read(t, "whole.safetensors"), read(t, "part.safetensors"))
	assert.Equal(t, read(t, "whole.checkpoint.safetensors"), read(t, "part.checkpoint.safetensors"))

	other := demo(t, flags("part.safetensors", "--resume", "--base", "season", "--val", "0.2")...)
	assert.Equal(t, 1, other.code)
	assert.Contains(t, other.err, "this is the checkpoint of another training: --base was last, now season; --val was 0.1, now 0.2")
}

// Without data a training learns from generated sales, better than what needs no
// learning.
func TestForecastSample(t *testing.T) {
	files(t, nil)
	got := works(t, strings.Fields("forecast train")...)
	assert.Contains(t, got.err, "generated sales: 1095 moments of sales; 985 to train on, 110 held back")
	scored := works(t, strings.Fields("forecast eval --model forecast.safetensors --test 0.1 --json")...)
	var r forecastReport
	require.NoError(t, json.Unmarshal([]byte(scored.out), &r))
	assert.Less(t, r.RMSE, r.Naive)
	assert.Less(t, r.RMSE, *r.SeasonalChange)
}

// Values that never change, and ones that are mostly missing, are series too.
func TestForecastExtremes(t *testing.T) {
	files(t, map[string]string{
		"same.csv": "x\n" + strings.Repeat("5\n", 40), "gaps.csv": "x\nNA\n\n" + strings.Repeat("1\n2\nNA\nnan\n\"\"\n", 20),
	})
	for _, data := range []string{"same.csv", "gaps.csv"} {
		works(t, "forecast", "train", "--data", data, "--value", "x", "--steps", "3", "--hidden", "3", "--window", "4", "--out", "m", "--picture", "p.svg")
		wellFormed(t, read(t, "p.svg"))
		scored := works(t, "forecast", "eval", "--model", "m", "--data", data, "--json")
		assert.Contains(t, scored.out, `"naive_rmse"`)
	}
}

// Bad input gives one sentence that names the file, the place, what was wanted
// and what was found; nothing is written.
func TestForecastBadInput(t *testing.T) {
	train := func(flags string) []string {
		return strings.Fields("forecast train --steps 1 --hidden 4 --window 4 --value x " + flags)
	}
	var many strings.Builder
	many.WriteString("x,c\n")
	for i := range 300 {
		fmt.Fprintf(&many, "%d,c%d\n", i, i)
	}
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"missing file":   {train("--data missing.csv"), "open missing.csv: no such file or directory"},
		"missing column": {train("--data good.csv --with y,z"), `good.csv: no column "z"; there are 2, cut at ',': 1 "x", 2 "y"`},
		"no category":    {train("--data good.csv --cat z"), `good.csv: no column "z"; there are 2, cut at ',': 1 "x", 2 "y" (--cat chooses it)`},
		"delimiter":      {train("--data good.csv --separator ;"), `good.csv: no column "x"; there are 1, cut at ';'`},
		"no number":      {train("--data text.csv"), `text.csv: line 3: column 1 "x": got "one", wanted a finite number, or NA for a missing one`},
		"infinite":       {train("--data inf.csv"), `inf.csv: line 2: column 1 "x": got "Inf", wanted a finite number`},
		"all missing":    {train("--data none.csv"), `none.csv: column "x": at least 1 number wanted, got 3 missing ones`},
		"log of 0":       {train("--data zero.csv --log"), `zero.csv: line 3: column 1 "x": got "0", wanted a number above 0, as --log needs`},
		"only a header":  {train("--data header.csv"), "header.csv: empty text: at least 1 row wanted"},
		"empty file":     {train("--data nothing.csv"), "nothing.csv: empty text"},
		"short row":      {train("--data short.csv"), "short.csv: line 3: got 1 when cut at ',', wanted 2 cells"},
		"UTF-8":          {train("--data bad.csv"), "bad.csv: line 2: byte 0: invalid UTF-8 (0xff)"},
		"too short":      {train("--data short2.csv --val 0"), "short2.csv: moments 1 to 2 of 2 have none to forecast 1 from: 2 are needed before, 0 values are missing"},
		"nothing left":   {train("--data good.csv --val 10 --test 20"), "good.csv: --val and --test leave 0 of 20 moments to train on, at least 1 wanted"},
		"short stretch":  {train("--data good.csv --val 2 --horizon 5"), "good.csv: --val: moments 19 to 20 of 20 have none to forecast 5 from"},
		"categories":     {train("--data many.csv --cat c"), `many.csv: line 202: column 2 "c": got "c200", wanted at most 200 different categories of at most 4096 bytes`},
		"category":       {train("--data long.csv --cat c"), `long.csv: line 2: column 2 "c": got "zzz`},
		"twice":          {train("--data good.csv --val text.csv"), `--val: text.csv: line 3: column 1 "x": got "one"`},
		"huge model":     {train("--data good.csv --hidden 20000"), "good.csv: training would need about 24 GiB, at most 16 wanted; choose a smaller --hidden"},
		"picture":        {train("--data good.csv --picture no/p.svg"), "--picture no/p.svg: there is no directory no"},
		"other kind":     {[]string{"forecast", "eval", "--model", "good.csv"}, "good.csv: not a model file of this kind: "},
	} {
		t.Run(name, func(t *testing.T) {
			files(t, map[string]string{
				"good.csv": "x,y\n" + strings.Repeat("1,2\n2,3\n", 10), "text.csv": "x\n1\none\n", "inf.csv": "x\nInf\n", "none.csv": "x,y\nNA,1\n,2\nnan,3\n",
				"zero.csv": "x\n1\n0\n", "header.csv": "x\n", "nothing.csv": "", "short.csv": "x,y\n1,2\n3\n", "bad.csv": "x\n\xff\n", "short2.csv": "x\n1\n2\n",
				"many.csv": many.String(), "long.csv": "x,c\n1," + strings.Repeat("z", 5000) + "\n",
			})
			fails(t, c.want, c.args...)
		})
	}
}

// What is wrong with the command line itself gives exit code 2.
func TestForecastUsage(t *testing.T) {
	files(t, nil)
	for flags, want := range map[string]string{
		"--window 0":                    "--window must be in [1, 16384], got 0",
		"--window 1000000":              "--window must be in [1, 16384], got 1000000",
		"--horizon 0":                   "--horizon must be in [1, 1365] with 2 quantiles, got 0",
		"--base mean":                   `--base "mean" is unknown; there are none, last, season`,
		"--data t --base season":        "--season is needed by the base of that name",
		"--season -1":                   "--season must be in [0, 1048576], got -1",
		"--interval 1":                  "--interval must be in [0, 1), got 1",
		"--interval NaN":                "--interval must be in [0, 1), got NaN",
		"--every-step --bidirectional":  "--every-step and bidirectional exclude each other",
		"--val 1.5":                     "--val must be in [0, 1), a number of moments, or a file, got 1.5",
		"--test nan":                    "--test must be in [0, 1), a number of moments, or a file, got NaN",
		"--val more.csv":                "--val and --test name files beside --data only",
		"--with a":                      "--with and --cat choose columns of --data, which is missing",
		"--data t --val v.csv --test 9": "--test must be a file, or 0, where --val is a file, got 9",
		"--stride -1":                   "--stride must be at least 0, got -1",
		"--separator ::":                `--separator must be one character, or auto, got "::"`,
		"--batch 0":                     "--batch must be in [1, 1048576], got 0",
		"--hidden 0":                    "--hidden must be in [1, 65536], got 0",
		"--steps 1 --epochs 1":          "--steps and --epochs exclude each other, got both",
		"--cell elman":                  `--cell "elman" is unknown; there are rnn, lstm, gru`,
	} {
		check(t, "forecast train "+flags, want)
	}
	check(t, "forecast eval", "--model is needed")
	check(t, "forecast eval --model m --test -1", "--test must be in [0, 1), a number of moments, or a file, got -1")
	check(t, "forecast predict", "--model is needed")
	check(t, "forecast predict x", `"demo forecast predict" takes flags only, got "x"`)
	assert.Empty(t, listing(t))
}

// An interval that holds nothing is told as such; without an interval there is none to tell of.
func TestForecastCoverage(t *testing.T) {
	flat, steep := "x\n", "x\n"
	for i := range 40 {
		flat += fmt.Sprintf("%d\n", i%2)
		steep += fmt.Sprintf("%d\n", 1000*i)
	}
	files(t, map[string]string{"flat.csv": flat, "steep.csv": steep})
	for _, c := range []struct {
		interval string
		has      bool
	}{{"0.8", true}, {"0", false}} {
		works(t, strings.Fields("forecast train --data flat.csv --value x --steps 1 --hidden 2 --window 4 --out m --interval "+c.interval)...)
		scored := works(t, strings.Fields("forecast eval --model m --data steep.csv --test 10 --json")...)
		assert.Equal(t, c.has, strings.Contains(scored.out, `"interval":0.8,"coverage":0,`), scored.out)
		assert.Equal(t, c.has, strings.Contains(scored.out, `"coverage"`), scored.out)
	}
}

// A model whose parameters are not numbers neither forecasts nor is scored.
func TestForecasterOfNaN(t *testing.T) {
	files(t, map[string]string{"t.csv": "x\n1\n2\n4\n8\n"})
	works(t, strings.Fields("forecast train --data t.csv --value x --val 0 --steps 1 --hidden 2 --interval 0 --out m")...)
	f, err := safetensors.Read(bytes.NewReader(read(t, "m")), 0)
	require.NoError(t, err)
	*f.Find("out.bias") = safetensors.FromFloat32s("out.bias", []int{1}, []float32{float32(math.NaN())})
	var b bytes.Buffer
	require.NoError(t, safetensors.Write(&b, f))
	require.NoError(t, os.WriteFile("m", b.Bytes(), 0o644))
	for c, moment := range map[string]int{"eval": 2, "predict": 4} {
		got := demo(t, "forecast", c, "--model", "m", "--data", "t.csv")
		assert.Equal(t, result{"", fmt.Sprintf("demo: t.csv: moment %d: the model's answer is not a finite number\n", moment), 1}, got)
	}
}

// On the real series a short training is better than the last value and than the
// last season's change.
func TestForecastRealSeries(t *testing.T) {
	dir := os.Getenv("UNROLL_DATA")
	if dir == "" {
		t.Skip("UNROLL_DATA is not set: the directory with series/co2_mauna_loa_monthly.csv is wanted")
	}
	t.Chdir(t.TempDir())
	data := filepath.Join(dir, "series", "co2_mauna_loa_monthly.csv")
	works(t, "forecast", "train", "--data", data, "--value", "Average", "--season", "12", "--level=false", "--window", "36", "--val", "60",
		"--test", "120", "--epochs", "60", "--out", "m")
	scored := works(t, "forecast", "eval", "--model", "m", "--data", data, "--test", "120", "--json")
	var r forecastReport
	require.NoError(t, json.Unmarshal([]byte(scored.out), &r))
	assert.Equal(t, 120, r.Forecasts)
	assert.InDelta(t, 1.332, r.Naive, 5e-4)
	assert.InDelta(t, 0.503, *r.SeasonalChange, 5e-4)
	assert.Less(t, r.RMSE, 0.503)
}
