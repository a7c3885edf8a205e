package datasets_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/unroll-go/unroll/datasets"
)

// readTable returns the columns and all rows: the cells with "|" between them, and the lines they begin on.
func readTable(r io.Reader, opt datasets.TableOptions) (columns string, rows []string, lines []int, err error) {
	table, err := datasets.ReadTable(r, "f.txt", opt)
	if err != nil {
		return "", nil, nil, err
	}
	for row, err := range table.Rows() {
		if err != nil {
			return "", nil, nil, err
		}
		rows, lines = append(rows, strings.Join(row.Cells, "|")), append(lines, row.Line)
	}
	return strings.Join(table.Columns(), "|"), rows, lines, nil
}

func TestReadTable(t *testing.T) {
	none, noHeader := datasets.TableOptions{}, datasets.TableOptions{NoHeader: true}
	always := datasets.TableOptions{Quotes: datasets.QuotesAlways}
	never := datasets.TableOptions{Quotes: datasets.QuotesNever}
	tests := []struct {
		name, in, columns string
		opt               datasets.TableOptions
		rows              []string
	}{
		{"tabs", "id\ttext\n1\ta b\n2\tc,d\n", "id|text", none, []string{"1|a b", "2|c,d"}},
		{"commas", "id,text\n1,a b\n", "id|text", none, []string{"1|a b"}},
		{"semicolons when asked for", "id;text\n1;a,b\n", "id|text", datasets.TableOptions{Comma: ';'}, []string{"1|a,b"}},
		{"delimiter of two bytes", "id·text\n1·\"a·b\"\n", "id|text", datasets.TableOptions{Comma: '·'}, []string{"1|a·b"}},
		{"one column", "text\na b\n\nc\n", "text", none, []string{"a b", "", "c"}},
		{"no end of the last line", "a,b\n1,2", "a|b", none, []string{"1|2"}},
		{"byte order mark", "\uFEFF\"a\",b\n1,2\n", "a|b", none, []string{"1|2"}},
		{"line ends of all kinds", "a,b\r\n1,2\n3,4\r5,6\r\n", "a|b", none, []string{"1|2", "3|4", "5|6"}},
		{"empty lines", "\n\na,b\n\n1,2\r\n\r\n3,4\n\n\n", "a|b", none, []string{"1|2", "3|4"}},
		{"empty cells and spaces stay", "a,b,c\n,, \n", "a|b|c", none, []string{"|| "}},
		{"header alone", "a,b\n", "a|b", none, nil},
		{"no header", "1\tx\n2\ty\n", "1|2", noHeader, []string{"1|x", "2|y"}},
		{"rows wider than the header", "a,b\n1,2,3\n4,5,6\n", "a|b|3", none, []string{"1|2|3", "4|5|6"}},
		{"NUL and U+FFFD", "a,b\n\x00,\uFFFD\n", "a|b", none, []string{"\x00|\uFFFD"}},

		{"quotes", "a,b\n\"x,y\",\"say \"\"hi\"\"\"\n\"\",z\n", "a|b", none, []string{`x,y|say "hi"`, "|z"}},
		{"quoted line ends", "a,b\n\"x\r\n\ny\",1\nz,2\n", "a|b", none, []string{"x\n\ny|1", "z|2"}},
		{"quotes inside are text", "a,b\n5\" disk,x\"y\"\n", "a|b", none, []string{`5" disk|x"y"`}},
		{"quotes as text when asked", "a,b\n\"x,y\"\n", "a|b", never, []string{`"x|y"`}},

		{"tabs: stray quotes", "a\tb\n\"x\t1\n\"y\" z\t2\n\"w\"\t\"\n", "a|b", none, []string{`"x|1`, `"y" z|2`, `"w"|"`}},
		{"tabs: quoted tab", "a\tb\n\"x\ty\"\t1\n\"z\"\t2\n", "a|b", none, []string{"x\ty|1", `"z"|2`}},
		{"tabs: quoted line end", "a\tb\n\"x\ny\"\t1\nz\t2\n", "a|b", none, []string{"x\ny|1", "z|2"}},
		{"tabs: quotes when asked", "a\tb\n\"\"\"x\"\"\"\t1\n", "a|b", always, []string{`"x"|1`}},
		{"tabs: quoted header", "\"a\"\t\"b\"\n\"x\"\t1\n", "a|b", none, []string{"x|1"}},
		{"tabs: no header", "\"x\"\t1\n\"y\tz\"\t2\n", "1|2", noHeader, []string{`"x"|1`, "y\tz|2"}},
	}
	for _, tt := range tests {
		for how, r := range map[string]io.Reader{
			"plain":        strings.NewReader(tt.in),
			"gzip":         strings.NewReader(zipped(t, tt.in)),
			"byte by byte": iotest.OneByteReader(strings.NewReader(tt.in)),
		} {
			t.Run(tt.name+"/"+how, func(t *testing.T) {
				columns, rows, _, err := readTable(r, tt.opt)
				require.NoError(t, err)
				assert.Equal(t, tt.columns, columns)
				assert.Equal(t, tt.rows, rows)
			})
		}
	}
}

func TestRowsSayTheirLines(t *testing.T) {
	_, _, lines, err := readTable(strings.NewReader("\na,b\r\n\r\n1,\"x\r\ny\"\r2,3\n\n4,5"), datasets.TableOptions{})
	require.NoError(t, err)
	assert.Equal(t, []int{4, 6, 8}, lines)
}

// The delimiter follows from the name when the first line, of one column, does not show it.
func TestTableDelimiterByName(t *testing.T) {
	for name, want := range map[string]int{"a.tsv": 1, "b.TSV.gz": 1, "c.tab": 1, "d.csv": 2, "e": 2} {
		table, err := datasets.ReadTable(strings.NewReader("one, two\n"), name, datasets.TableOptions{})
		require.NoError(t, err)
		assert.Len(t, table.Columns(), want, name)
	}
}

func TestReadTableErrors(t *testing.T) {
	opt := datasets.TableOptions{}
	tests := []struct {
		name, in, want string
		opt            datasets.TableOptions
	}{
		{"empty", "", "datasets: f.txt: empty text", opt},
		{"only line ends", "\r\n\n", "datasets: f.txt: empty text", opt},
		{"row too short", "a,b,c\n1,2,3\n\n4,5\n", `datasets: f.txt: line 4: got 2 when cut at ',', wanted 3 cells, as the first row has`, opt},
		{"row too long", "a\tb\n1\t2\n1\t2\t3\n", `line 3: got 3 when cut at '\t', wanted 2 cells, as the first row has`, opt},
		{"first row too short", "a,b,c\n4,5\n", "line 2: got 2 when cut at ',', wanted at least 3 cells, as the header has", opt},
		{"quote not closed", "a,b\n1,\"x\ny\n", `line 2: column 2 "b": got no closing quote, wanted a quote at the end of the cell`, opt},
		{"quote closed early", "a,b\n1,\"x\"y\n", `line 2: column 2 "b": got "y" after the closing quote, wanted ',' or the end of the line`, opt},
		{"quote closed early, lines below", "a,b\n1,\"x\n\"y\n", `line 3: column 2 "b": got "y" after the closing quote`, opt},
		{"quote in the header", "a,\"b\n", "line 1: column 2: got no closing quote", opt},
		{"invalid UTF-8", "a,b\n1,\xff\n", "datasets: f.txt: line 2: byte 2: invalid UTF-8 (0xff)", opt},
		{"UTF-16", "\xff\xfea\x00,\x00", "line 1: byte 0: invalid UTF-8 (0xff): the text begins like UTF-16", opt},
		{"invalid UTF-8 in quotes", "a,b\n\"x\n\xff\",2\n", "line 3: byte 0: invalid UTF-8 (0xff)", opt},
		{"gzip cut off", zipped(t, "a,b\n1,2\n")[:22], "unexpected EOF", opt},
		{"quote as delimiter", "a", `datasets: f.txt: delimiter '"'`, datasets.TableOptions{Comma: '"'}},
		{"line end as delimiter", "a", `delimiter '\n'`, datasets.TableOptions{Comma: '\n'}},
		{"negative limit", "a", "limits of -1 bytes", datasets.TableOptions{Limit: -1}},
		{"unknown quotes", "a", "quotes 7", datasets.TableOptions{Quotes: 7}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, _, err := readTable(strings.NewReader(tt.in), tt.opt)
			assert.ErrorContains(t, err, tt.want)
			_, _, _, again := readTable(iotest.OneByteReader(strings.NewReader(tt.in)), tt.opt)
			assert.EqualError(t, again, err.Error(), "read byte by byte")
		})
	}
	_, err := datasets.ReadTable(strings.NewReader(""), "f.txt", opt)
	assert.ErrorIs(t, err, datasets.ErrEmpty)
}

// A failing source ends the rows with its error, not with half a row.
func TestTableOfBrokenSource(t *testing.T) {
	broken := errors.New("broken")
	r := io.MultiReader(strings.NewReader("a,b\n1,2\n3"), iotest.ErrReader(broken))
	table, err := datasets.ReadTable(r, "f.txt", datasets.TableOptions{})
	require.NoError(t, err)
	for range 2 { // and so it does when asked again
		var got error
		for row, err := range table.Rows() {
			if err == nil {
				assert.Equal(t, []string{"1", "2"}, row.Cells)
			}
			got = err
		}
		assert.ErrorIs(t, got, broken)
		assert.ErrorContains(t, got, "datasets: f.txt: line 3: ")
	}
}

// Whoever breaks off may go on later.
func TestTableRowsGoOn(t *testing.T) {
	table, err := datasets.ReadTable(strings.NewReader("a\n1\n2\n3\n"), "f.txt", datasets.TableOptions{})
	require.NoError(t, err)
	var got []string
	for range 4 {
		for row, err := range table.Rows() {
			require.NoError(t, err)
			got = append(got, row.Cells[0])
			break
		}
	}
	assert.Equal(t, []string{"1", "2", "3"}, got)
}

func TestTableColumn(t *testing.T) {
	table, err := datasets.ReadTable(strings.NewReader("id\t2\tx\tx\ttext \n1\t2\t3\t4\t5\t6"), "f.tsv", datasets.TableOptions{})
	require.NoError(t, err)
	for name, want := range map[string]int{"id": 0, "1": 0, "2": 1, "3": 2, "4": 3, "text ": 4, "5": 4, "6": 5} {
		got, err := table.Column(name)
		require.NoError(t, err)
		assert.Equal(t, want, got, name)
	}
	for name, want := range map[string]string{
		"x":    `datasets: f.tsv: columns 3 and 4 are both "x": give the number`,
		"text": `datasets: f.tsv: no column "text"; there are 6, cut at '\t': 1 "id", 2 "2", 3 "x", 4 "x", 5 "text ", 6 "6"`,
		"0":    "no column", "7": "no column", "-1": "no column", "": "no column",
	} {
		_, err := table.Column(name)
		assert.ErrorContains(t, err, want)
	}
}

func TestTableColumnOfWrongDelimiter(t *testing.T) {
	table, err := datasets.ReadTable(strings.NewReader("id;text\n1;a"), "f.csv", datasets.TableOptions{})
	require.NoError(t, err)
	_, err = table.Column("text")
	assert.EqualError(t, err,
		`datasets: f.csv: no column "text"; there are 1, cut at ',': 1 "id;text" (is that the delimiter?)`)
}

func TestTableNumber(t *testing.T) {
	const in = "x\n1.5\n -2e3 \n\nNA\nnan\nNull\nabc\ninf\n1e999\n"
	table, err := datasets.ReadTable(strings.NewReader(in), "f.csv", datasets.TableOptions{})
	require.NoError(t, err)
	want := []float64{1.5, -2000, math.NaN(), math.NaN(), math.NaN(), math.NaN()}
	i := 0
	for row, err := range table.Rows() {
		require.NoError(t, err)
		x, err := table.Number(row, 0)
		if i < len(want) {
			require.NoError(t, err)
			assert.True(t, x == want[i] || math.IsNaN(x) && math.IsNaN(want[i]), "%v, wanted %v", x, want[i])
		} else {
			var cell *datasets.CellError
			require.ErrorAs(t, err, &cell)
			assert.Equal(t, i+2, cell.Line)
			assert.ErrorContains(t, err, `column 1 "x": got `+"\""+row.Cells[0]+"\", wanted a finite number")
		}
		i++
	}
	assert.Equal(t, 9, i)
}

func TestOpenTable(t *testing.T) {
	dir := write(t, map[string]string{"a.tsv.gz": zipped(t, "x\ty\n1\t2\n"), "bad.csv": "\xff"})
	table, err := datasets.OpenTable(filepath.Join(dir, "a.tsv.gz"), datasets.TableOptions{})
	require.NoError(t, err)
	assert.Equal(t, []string{"x", "y"}, table.Columns())
	assert.NoError(t, table.Close())

	_, err = datasets.OpenTable(filepath.Join(dir, "none.csv"), datasets.TableOptions{})
	assert.ErrorIs(t, err, fs.ErrNotExist)
	_, err = datasets.OpenTable(filepath.Join(dir, "bad.csv"), datasets.TableOptions{})
	assert.ErrorContains(t, err, "bad.csv: line 1: byte 0")
}

func TestTableLimits(t *testing.T) {
	small := datasets.TableOptions{Limit: 1 << 16, Cell: 100}
	long := strings.Repeat("y", 101)
	tests := []struct{ name, in, want string }{
		{"text", "a,b\n" + strings.Repeat("1,2\n", 1<<14), "line 16385: too large: more than 65536 bytes"},
		{"cell", "a,b\n1," + long + "\n", `line 2: column 2 "b": too large: got a longer cell, wanted at most 100 bytes`},
		{"quoted cell", "a,b\n1,\"" + long + "\"\n", `line 2: column 2 "b": too large`},
		{"quote that swallows the file", "a,b\n\"1,2\n" + strings.Repeat("1,2\n", 1000), `line 2: column 1 "a": too large`},
		{"line", "a,b\n" + strings.Repeat("1,2", 1000) + "\n", "line 2: too large: more than 1600 bytes on a line"},
		{"row of quoted cells", "a\n" + strings.Repeat("\"\n"+long[1:]+"\",", 30), "column 1"},
	}
	for _, tt := range tests {
		for how, in := range map[string]string{"plain": tt.in, "gzip": zipped(t, tt.in)} {
			t.Run(tt.name+"/"+how, func(t *testing.T) {
				_, _, _, err := readTable(strings.NewReader(in), small)
				assert.ErrorContains(t, err, tt.want)
				assert.ErrorIs(t, err, datasets.ErrTooLarge)
			})
		}
	}
	many := "a" + strings.Repeat(",", 1<<16)
	for _, in := range []string{many, "\"a\"" + many[1:], "a\n" + many} {
		_, _, _, err := readTable(strings.NewReader(in), datasets.TableOptions{})
		assert.ErrorIs(t, err, datasets.ErrTooLarge)
	}
}

// A bomb costs its limit, not its contents: 16 MiB behind 16 KiB, as one line, as many, and as one quoted cell.
func TestTableBombs(t *testing.T) {
	for name, text := range map[string]string{
		"one line":    "a,b\n" + strings.Repeat("x", 16<<20),
		"many lines":  "a\n" + strings.Repeat("\n", 16<<20),
		"many cells":  "a,b\n" + strings.Repeat(",", 16<<20),
		"quoted cell": "a,b\n\"" + strings.Repeat("x\n", 8<<20),
	} {
		bomb := zipped(t, text)
		got := allocated(func() {
			_, _, _, err := readTable(strings.NewReader(bomb), datasets.TableOptions{Limit: 1 << 16})
			assert.ErrorIs(t, err, datasets.ErrTooLarge, name)
		})
		assert.Less(t, got, uint64(16<<20), name)
	}
}

// What is written with quotes is read as it was, in any mixture of line ends between rows.
func TestTableRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		comma := rapid.SampledFrom([]string{",", "\t", ";", "·"}).Draw(t, "comma")
		width := rapid.IntRange(2, 4).Draw(t, "width")
		cell := rapid.StringOfN(rapid.SampledFrom([]rune("ab \",;\t\n·가\uFEFF")), 0, 6, -1)
		want := rapid.SliceOfN(rapid.SliceOfN(cell, width, width), 1, 5).Draw(t, "rows")
		var text strings.Builder
		for _, row := range want {
			for i, cell := range row {
				if i > 0 {
					text.WriteString(comma)
				}
				text.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
			}
			text.WriteString(rapid.SampledFrom([]string{"\n", "\r\n", "\r", "\n\n"}).Draw(t, "end"))
		}
		r, _ := utf8.DecodeRuneInString(comma)
		table, err := datasets.ReadTable(strings.NewReader(text.String()), "f",
			datasets.TableOptions{Comma: r, NoHeader: true, Quotes: datasets.QuotesAlways})
		require.NoError(t, err)
		var got [][]string
		for row, err := range table.Rows() {
			require.NoError(t, err)
			got = append(got, row.Cells)
		}
		assert.Equal(t, want, got)
	})
}

// Whatever comes, every row is as wide as the table, and reading byte by byte makes no difference. Without quotes rows
// are what the plain definition says.
func FuzzReadTable(f *testing.F) {
	f.Add([]byte("a\tb\r\n\"x\ty\"\t1\r"), byte(0), false)
	f.Fuzz(func(t *testing.T, data []byte, quotes byte, noHeader bool) {
		opt := datasets.TableOptions{
			Quotes: datasets.Quotes(quotes % 3), NoHeader: noHeader, Limit: 1 << 16, Cell: 1 << 10, Comma: ',',
		}
		if quotes >= 128 {
			opt.Comma = '\t'
		}
		columns, rows, lines, err := readTable(bytes.NewReader(data), opt)
		_, again, linesAgain, errAgain := readTable(iotest.OneByteReader(bytes.NewReader(data)), opt)
		require.Equal(t, rows, again)
		require.Equal(t, lines, linesAgain)
		require.Equal(t, err == nil, errAgain == nil)
		if err != nil {
			require.ErrorContains(t, err, "datasets: f.txt: ")
			return
		}
		require.True(t, utf8.ValidString(columns+strings.Join(rows, "")))
		if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) || opt.Quotes != datasets.QuotesNever {
			return
		}
		text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(string(data), "\uFEFF"))
		width := len(strings.Split(columns, "|"))
		for i, line := range lines {
			want := strings.Split(text, "\n")[line-1]
			require.Equal(t, strings.ReplaceAll(want, string(opt.Comma), "|"), rows[i])
			require.True(t, strings.Contains(want+columns, "|") || strings.Count(rows[i], "|") == width-1)
		}
	})
}
