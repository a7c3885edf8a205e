package lecture_test

import (
	"fmt"
	"os"

	"github.com/unroll-go/unroll/internal/lecture"
)

// show runs a chapter into the Example's output.
func show(chapter int) {
	if err := lecture.Run(chapter, os.Stdout); err != nil {
		fmt.Println(err)
	}
}

func ExampleNextValue() {
	show(1)
	// Output:
	// t    x_t  next  feed-forward  recurrent
	// 24   0.26  0.71          0.25       0.70
	// 25   0.71  0.97          0.64       0.97
	// 26   0.97  0.97          0.81       0.97
	// 27   0.97  0.71          0.81       0.70
	// 28   0.71  0.26          0.64       0.26
	// 29   0.26 -0.26          0.25      -0.27
	// 30  -0.26 -0.71         -0.25      -0.70
	// 31  -0.71 -0.97         -0.64      -0.97
	// 32  -0.97 -0.97         -0.81      -0.97
	// 33  -0.97 -0.71         -0.81      -0.70
	// 34  -0.71 -0.26         -0.64      -0.26
	// 35  -0.26  0.26         -0.25       0.27
	// root mean squared error        0.35       0.01
}

func ExampleRecurrence() {
	show(2)
	// Output:
	// t    x_t            h_t              y_t
	// 1    1.0  ( 0.4621, -0.2913)    0.6078
	// 2   -1.0  (-0.0138,  0.2143)   -0.1209
	// 3    0.5  ( 0.1521, -0.0242)    0.1642
	// t    x_t            h_t              y_t
	// 1    1.0  ( 0.4621, -0.2913)    0.6078
	// 2   -1.0  (-0.0138,  0.2143)   -0.1209
	// 3    0.5  ( 0.1521, -0.0242)    0.1642
	// 4    0.0  ( 0.1306,  0.0159)    0.1226
	// 5    0.0  ( 0.0978,  0.0356)    0.0800
}

func ExampleWriting() {
	show(3)
	// Output:
	// reads        a    e    h    i    l    o   writes
	// ' '   [0.01 0.00 0.00 0.98 0.00 0.00 0.00]   'h'
	// 'h'   [0.00 0.25 0.25 0.00 0.27 0.00 0.23]   'i'
	// 'i'   [0.00 0.00 0.00 0.00 0.00 1.00 0.00]   'l'
	// 'l'   [0.00 0.00 0.00 0.00 0.00 1.00 0.00]   'l'
	// 'l'   [1.00 0.00 0.00 0.00 0.00 0.00 0.00]   ' '
	// ' '   [0.00 0.00 0.00 1.00 0.00 0.00 0.00]   'h'
	// 'h'   [0.00 0.25 0.27 0.00 0.30 0.00 0.17]   'o'
	// 'o'   [0.00 0.00 0.00 0.00 0.00 1.00 0.00]   'l'
	// 'l'   [0.00 0.00 0.99 0.00 0.00 0.00 0.00]   'e'
	// 'e'   [1.00 0.00 0.00 0.00 0.00 0.00 0.00]   ' '
	// ' '   [0.00 0.00 0.00 1.00 0.00 0.00 0.00]   'h'
	// 'h'   [0.00 0.22 0.25 0.00 0.19 0.00 0.33]   'a'
	// 'a'   [0.00 0.00 0.00 0.00 0.00 1.00 0.00]   'l'
	// 'l'   [0.00 0.00 0.00 0.00 0.00 1.00 0.00]   'l'
	// 'l'   [0.99 0.00 0.00 0.00 0.00 0.00 0.00]   ' '
	// ' '   [0.00 0.00 0.00 1.00 0.00 0.00 0.00]   'h'
	// 'h'   [0.00 0.29 0.25 0.00 0.23 0.00 0.23]   'e'
	// 'e'   [0.00 0.00 0.00 0.00 0.00 1.00 0.00]   'l'
	// 'l'   [0.00 0.00 0.00 0.00 0.00 1.00 0.00]   'l'
	// 'l'   [0.00 0.00 0.00 0.00 0.00 0.00 1.00]   'o'
	// hill hole hall hello
}

func ExampleReviews() {
	show(4)
	// Output:
	// negative  neutral  positive
	//     0.31     0.33      0.36  the
	//     0.28     0.36      0.36  the ending
	//     0.28     0.42      0.30  the ending was
	//     0.30     0.00      0.70  the ending was not
	//     0.10     0.00      0.90  the ending was not boring
	//     0.18     0.00      0.82  the ending was not boring at
	//     0.06     0.00      0.94  the ending was not boring at all.
	//     0.56     0.15      0.29  연기가
	//     0.01     0.00      0.99  연기가 나쁘지
	//     0.00     0.00      1.00  연기가 나쁘지 않았다.
}

func ExampleCaptions() {
	show(5)
	// Output:
	// ##..#.#####
	// .#.#..#####
	// ..#....####
	// .#.#..#####
	// #...#.#####
	// a 1.00, cross 0.99, left 1.00, of 1.00, a 1.00, square 0.99, . 1.00
	// .......###.
	// ......#...#
	// #.....#...#
	// .......#..#
	// .......###.
	// a 0.99, ring 0.96, on 0.96, the 0.99, right 1.00, . 1.00
	// ..#........
	// ..#.....#..
	// #####...#..
	// ..#.....#..
	// .##.....###
	// a 1.00, plus 1.00, left 0.99, of 1.00, a 1.00, bar 0.99, . 1.00
}

func ExampleTranslation() {
	show(6)
	// Output:
	// the child bought the new clock 아이는 새 시계를 샀다
	// my friend drew the new ship 내 친구는 새 배를 그렸다
	// my friend saw the new clock 내 친구는 새 시계를 보았다
	// I saw the pretty lamp       나는 예쁜 등을 보았다
	// right: 60 of 60 sentences that were not learnt
}

func ExamplePaths() {
	show(7)
	// Output:
	// h_0 = [ 0.5000 -0.5000]
	// h_1 = [ 0.8005 -0.4621]
	// h_2 = [ 0.3142  0.1808]
	// h_3 = [ 0.4045  0.0213]
	// y_3 = 0.3939, E3 = 0.1837
	// δ_3 = [-0.5069  0.3029]
	// δ_2 = [-0.3109  0.3720]
	// δ_1 = [-0.0626  0.2733]
	// path        h_{k-1} δ_k', by hand             the library's                    norm
	// h3        [-0.1593  0.0952 -0.0917  0.0548]  [-0.1593  0.0952 -0.0917  0.0548]  0.2141
	// h3 h2     [-0.2489  0.2978  0.1437 -0.1719]  [-0.2489  0.2978  0.1437 -0.1719]  0.4481
	// h3 h2 h1  [-0.0313  0.1367  0.0313 -0.1367]  [-0.0313  0.1367  0.0313 -0.1367]  0.1983
	// sum                                             [-0.4395  0.5296  0.0833 -0.2538]
	// dE3/dWhh                                        [-0.4395  0.5296  0.0833 -0.2538]
}

func ExampleVanishing() {
	show(8)
	// Output:
	// input   radius of Whh   1 step back        10        20        50
	//     0             0.5           0.5   0.00098   9.5e-07   8.9e-16
	//     0             1.0             1         1         1         1
	//     0             1.5           1.5        58   3.3e+03   6.4e+08
	//     1             0.5          0.49   0.00034     1e-07   2.6e-18
	//     1             1.0          0.98      0.18     0.018   1.7e-05
	//     1             1.5           1.4       2.4       2.5       1.5
}

func ExampleLSTM() {
	show(9)
	// Output:
	// t  value  write  show     i     f     o       c      h
	// 1    0.8      1     0   0.99  0.01  0.01  0.66  0.00
	// 2   -0.5      0     0   0.01  0.99  0.01  0.65  0.00
	// 3    0.9      0     0   0.01  0.99  0.01  0.65  0.00
	// 4    0.3      0     1   0.01  0.99  0.99  0.65  0.57
	// 5   -0.7      1     0   0.99  0.01  0.01 -0.60 -0.00
	// 6    0.6      0     0   0.01  0.99  0.01 -0.59 -0.00
	// 7    0.1      0     1   0.01  0.99  0.99 -0.58 -0.52
	// RNN, Whh = 0.9    dh_t/dh_{t-k}  k = 10: 0.3487  50: 0.0052  100: 0.000027
	// LSTM, f = 0.9933  dc_t/dc_{t-k}  k = 10: 0.9351  50: 0.7148  100: 0.510924
}

func ExampleGRU() {
	show(10)
	// Output:
	// cell  weights  mean loss of steps 1-100  101-200  201-300  301-400
	// RNN        88                      0.69     0.62     0.32     0.05
	// LSTM      352                      0.65     0.21     0.01     0.00
	// GRU       272                      0.62     0.15     0.01     0.00
}

func ExampleWords() {
	show(11)
	// Output:
	// 10265 words, 833 different; part of the text that the most frequent are:
	//    7  0.27
	//  100  0.70
	//  300  0.89
	//  600  0.98
	// the    id 0  [1 0 0 0 0 0 0 0]
	// other  id 7  [0 0 0 0 0 0 0 1]
	// and    id 1  [0 1 0 0 0 0 0 0]
	// the    id 0  [1 0 0 0 0 0 0 0]
	// other  id 7  [0 0 0 0 0 0 0 1]
	// words  one-hot row  weights to an LSTM of 128  embedding of 64  weights to the LSTM
	//     8     32 bytes                       4096              512                32768
	//  5000  20000 bytes                    2560000           320000                32768
	// 50000 200000 bytes                   25600000          3200000                32768
}

func ExampleEmbedding() {
	show(12)
	// Output:
	// product  [0.5 0.6 0.1 0.2 0.5 0.6]
	// rows     [0.5 0.6 0.1 0.2 0.5 0.6]
	// root mean squared error of the rent: 117
	// nearest to river 1: river 7, river 6, river 4, harbour 8
	// nearest to suburb 1: suburb 5, suburb 8, suburb 3, market 2
	// nearest to hill 1: hill 4, hill 8, hill 7, hill 2
	// nearest to station 1: station 6, station 3, hill 6, market 4
	//                  weights  right, of 400 reviews
	// one-hot + RNN        6499  253
	// embedding + RNN      4339  248
	// embedding + LSTM     9043  280
	// embedding + GRU      7507  279
}
