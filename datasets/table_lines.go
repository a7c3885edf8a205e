package datasets

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
)

// lineReader cuts text into lines that end in "\n", "\r\n" or "\r", within the limits of a table.
type lineReader struct {
	in     *bufio.Scanner
	src    *limitReader
	most   int // bytes of a line
	number int // of the line read last, from 1
}

func newLineReader(r io.Reader, opt TableOptions) (*lineReader, error) {
	plain, _, err := decompress(r)
	if err != nil {
		return nil, err
	}
	l := &lineReader{src: &limitReader{in: plain, limit: opt.Limit}, most: rowCells * opt.Cell}
	l.in = bufio.NewScanner(l.src)
	l.in.Buffer(nil, l.most)
	l.in.Split(l.cut)
	return l, nil
}

// next returns the next line without its end, valid until the call after, or io.EOF. A byte order mark at the start of
// the text is dropped.
func (l *lineReader) next() ([]byte, error) {
	l.number++
	if l.in.Scan() {
		line := l.in.Bytes()
		if l.number == 1 {
			line = bytes.TrimPrefix(line, []byte("\uFEFF"))
		}
		return line, nil
	}
	switch err := l.in.Err(); err {
	case nil:
		return nil, io.EOF
	case bufio.ErrTooLong:
		return nil, fmt.Errorf("%w: more than %d bytes on a line", ErrTooLarge, l.most)
	default:
		return nil, err
	}
}

// cut is a bufio.SplitFunc. A line that a failing source has cut short is not taken for one.
func (l *lineReader) cut(data []byte, atEOF bool) (advance int, line []byte, err error) {
	end := bytes.IndexByte(data, '\n')
	if end < 0 {
		end = len(data)
	}
	if cr := bytes.IndexByte(data[:end], '\r'); cr >= 0 {
		end = cr
	}
	switch {
	case end == len(data) && !atEOF, end == len(data)-1 && data[end] == '\r' && !atEOF:
		return 0, nil, nil // to be continued
	case end == len(data) && l.src.failed != nil:
		return 0, nil, l.src.failed
	case end == len(data) && end > 0:
		return end, data, nil
	case end == len(data):
		return 0, nil, nil
	case bytes.HasPrefix(data[end:], []byte("\r\n")):
		return end + 2, data[:end], nil
	}
	return end + 1, data[:end], nil
}

// limitReader fails when in gives more than limit bytes, and remembers why it failed.
type limitReader struct {
	in          io.Reader
	read, limit int64
	failed      error // not io.EOF
}

func (l *limitReader) Read(p []byte) (int, error) {
	n, err := l.in.Read(p)
	if l.read += int64(n); l.read > l.limit {
		n, err = 0, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, l.limit)
	}
	if err != io.EOF {
		l.failed = err
	}
	return n, err
}
