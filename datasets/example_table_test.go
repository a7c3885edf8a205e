package datasets_test

import (
	"fmt"
	"strings"

	"github.com/unroll-go/unroll/datasets"
)

// Reviews with their labels, the columns chosen by name or by number.
func ExampleReadTable() {
	const file = "id\tdocument\tlabel\n7\tgood film\t1\n8\t\t0\n"
	table, err := datasets.ReadTable(strings.NewReader(file), "reviews.tsv", datasets.TableOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	text, _ := table.Column("document")
	label, _ := table.Column("3")
	for row, err := range table.Rows() {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("line %d: %q is %s\n", row.Line, row.Cells[text], row.Cells[label])
	}
	_, err = table.Column("text")
	fmt.Println(err)
	// Output:
	// line 2: "good film" is 1
	// line 3: "" is 0
	// datasets: reviews.tsv: no column "text"; there are 3, cut at '\t': 1 "id", 2 "document", 3 "label"
}

// Numbers, missing ones among them, and what is no number.
func ExampleTable_Number() {
	const file = "hour,pm2.5\n0,NA\n1,129\n2,high\n"
	table, err := datasets.ReadTable(strings.NewReader(file), "air.csv", datasets.TableOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	column, _ := table.Column("pm2.5")
	for row, err := range table.Rows() {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(table.Number(row, column))
	}
	// Output:
	// NaN <nil>
	// 129 <nil>
	// 0 datasets: air.csv: line 4: column 2 "pm2.5": got "high", wanted a finite number, or NA for a missing one
}

// A row that does not fit ends the reading, and the error says where.
func ExampleTable_Rows() {
	const file = "name,language\n\"Le, Anh\",Vietnamese\nKim\n"
	table, err := datasets.ReadTable(strings.NewReader(file), "names.csv", datasets.TableOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for row, err := range table.Rows() {
		fmt.Printf("%q %v\n", row.Cells, err)
	}
	// Output:
	// ["Le, Anh" "Vietnamese"] <nil>
	// [] datasets: names.csv: line 3: got 1 when cut at ',', wanted 2 cells, as the first row has
}
