package datasets_test

import (
	"fmt"

	"github.com/unroll-go/unroll/datasets"
)

// A task with a known baseline, laid out as a network reads it.
func ExampleAdding() {
	task := datasets.Adding{Steps: 4}
	examples, err := task.Examples(3, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	batches, _ := datasets.NewBatches(examples, datasets.Numeric.Len, datasets.BatchOptions{Size: 3})
	b := batches.At(0)
	rows := make([][]float64, len(b.Rows))
	for i, e := range b.Rows {
		rows[i] = e.X
		fmt.Printf("%.2f -> %.2f\n", e.X, e.Y)
	}
	fmt.Println(len(datasets.PadVectors(rows, b.T, b.Size, 2, 0)), "numbers for [T, B, 2]")
	fmt.Printf("baseline %.4f\n", task.Baseline())
	// Output:
	// [0.24 1.00 0.50 0.00 0.05 1.00 0.49 0.00] -> [0.29]
	// [0.34 0.00 0.91 1.00 0.83 1.00 0.82 0.00] -> [1.74]
	// [0.68 1.00 0.46 0.00 0.51 1.00 0.43 0.00] -> [1.19]
	// 24 numbers for [T, B, 2]
	// baseline 0.1667
}

func ExampleCopyMemory() {
	task := datasets.CopyMemory{Wait: 5}
	examples, err := task.Examples(1, 1)
	fmt.Println(examples[0].IDs, err)
	fmt.Println(examples[0].Labels)
	fmt.Printf("baseline %.4f\n", datasets.CopyMemory{Wait: 20}.Baseline())
	// Output:
	// [3 6 2 0 4 4 6 4 1 4 8 8 8 8 9 8 8 8 8 8 8 8 8 8 8] <nil>
	// [8 8 8 8 8 8 8 8 8 8 8 8 8 8 8 3 6 2 0 4 4 6 4 1 4]
	// baseline 0.5199
}

func ExampleTemporalOrder() {
	examples, err := datasets.TemporalOrder{Steps: 10}.Examples(1, 1)
	fmt.Println(examples[0].IDs, examples[0].Label, err)
	// Output:
	// [3 5 2 4 0 0 5 0 1 0] 5 <nil>
}

func ExampleAnBn() {
	task := datasets.AnBn{Min: 1, Max: 4}
	examples, err := task.Examples(1, 1)
	fmt.Println(examples[0].IDs, examples[0].Labels, err)
	fmt.Printf("baseline %.3f, floor %.3f\n", task.Baseline(), task.Floor())
	// Output:
	// [0 1 1 1 1 2 2 2 2] [1 1 1 1 2 2 2 2 0] <nil>
	// baseline 0.561, floor 0.231
}

func ExampleBrackets() {
	task := datasets.Brackets{Depth: 3, Min: 12, Max: 16}
	examples, err := task.Examples(1, 1)
	fmt.Println(task.Text(examples[0].IDs), examples[0].Labels, err)
	fmt.Printf("baseline %.3f\n", task.Baseline())
	// Output:
	// (x(x)x)x()(x(x [1 1 2 2 1 1 0 0 1 0 1 1 2 2] <nil>
	// baseline 0.441
}

func ExampleKoreanDates() {
	sentences, err := datasets.KoreanDates{}.Sentences(2, 5)
	for _, s := range sentences {
		fmt.Println(s.Text)
		fmt.Println(s.Labels)
	}
	fmt.Println(err)
	// Output:
	// 우리는 1999년 6월 27일부터 2년 동안 일했다.
	// [0 0 0 0 1 1 1 1 1 0 2 2 0 3 3 3 0 0 0 0 0 0 0 0 0 0 0 0 0]
	// 지난 천구백구십구년 구월 이십구일(수)에 502명이 모였다.
	// [0 0 0 1 1 1 1 1 1 1 0 2 2 0 3 3 3 3 0 4 0 0 0 0 0 0 0 0 0 0 0 0 0]
	// <nil>
}

func ExampleNewSequentialMNIST() {
	images := &datasets.IDX{Shape: []int{1, 2, 2}, Data: []byte{0, 255, 51, 0}}
	labels := &datasets.IDX{Shape: []int{1}, Data: []byte{7}}
	digits, err := datasets.NewSequentialMNIST(images, labels, datasets.MNISTOptions{Pixels: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := digits.Example(0)
	fmt.Println(e.X, "is", e.Label, "in", digits.Steps(), "steps", err)
	// Output: [0 1 0.2 0] is 7 in 4 steps <nil>
}
