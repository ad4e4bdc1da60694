package oracle

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"testing"
	"testing/synctest"
)

// answerLines answers each line of input. What is written is flushed as soon as nothing more is there to read.
func answerLines(t *testing.T, answer func(line []byte) (any, error)) {
	in, out := bufio.NewReaderSize(os.Stdin, 1<<20), bufio.NewWriterSize(os.Stdout, 1<<20)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	for {
		if in.Buffered() == 0 {
			if err := out.Flush(); err != nil {
				t.Fatal(err)
			}
		}
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		result, err := answer(line)
		if err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if err := lines.Encode(result); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
}

// TestCalculator answers for the replica calculator. In the bubble the clock stands still.
func TestCalculator(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answerLines(t, func(line []byte) (any, error) {
			var c CalculatorCase
			if err := json.Unmarshal(line, &c); err != nil {
				return nil, err
			}
			return c.answer(), nil
		})
	})
}
