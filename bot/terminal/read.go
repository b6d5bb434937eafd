// read: the lines of the input, one at a time.

package terminal

import (
	"bufio"
	"errors"
	"io"
)

// maxInput bounds a line and a text, in bytes. It is more than
// digest.MaxSubmission characters can take, so that a text cut here is refused
// for its length all the same.
const maxInput = 1 << 20

// read passes on lines until the input ends or done is closed; then it closes
// lines. A Read that blocks can't be called off: when Run ends before its input
// does, this goroutine stays in Read until the input ends, or the process.
func (a *Adapter) read(lines chan<- string, done <-chan struct{}) {
	defer close(lines)
	if a.config.In == nil {
		return
	}
	in := bufio.NewReader(a.config.In)
	for {
		line, err := readLine(in)
		if err == nil || line != "" {
			select {
			case lines <- line:
			case <-done:
				return
			}
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				a.config.Log.Warn("reading from the terminal ended", "error", err)
			}
			return
		}
	}
}

// readLine is the next line without its end, cut at maxInput.
func readLine(in *bufio.Reader) (string, error) {
	var line []byte
	for {
		chunk, more, err := in.ReadLine()
		line = append(line, chunk[:min(len(chunk), maxInput-len(line))]...)
		if err != nil || !more {
			return string(line), err
		}
	}
}
