package oracle

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"testing"
	"testing/synctest"
)

var (
	out   = flag.String("out", "", "file to write; nothing is written without it")
	seed  = flag.Uint64("seed", 1, "seed of the random cases")
	cases = flag.Int("cases", 1000, "number of random cases")
)

// write makes a file of one header line and one line for each case.
func write(t *testing.T, next func() any) {
	if *out == "" {
		t.Skip("no -out")
	}
	file, err := os.Create(*out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	buffer := bufio.NewWriter(file)
	defer buffer.Flush()
	lines := json.NewEncoder(buffer)
	lines.SetEscapeHTML(false)
	if err := lines.Encode(Header{Kubernetes: "1.37.2", Seed: *seed, Cases: *cases}); err != nil {
		t.Fatal(err)
	}
	for range *cases {
		if err := lines.Encode(next()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCalculator writes answers of the replica calculator. In the bubble the clock stands still.
func TestCalculator(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGenerator(*seed)
		write(t, func() any {
			c := g.calculatorCase()
			c.Answer = c.ask()
			return c
		})
	})
}

// TestReconcile writes what the whole controller does over several syncs.
func TestReconcile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, c, count := newGenerator(*seed), newController(), 0
		defer c.close()
		write(t, func() any {
			h := g.history()
			count++
			h.run(c, fmt.Sprintf("hpa-%d", count))
			return h
		})
	})
}
