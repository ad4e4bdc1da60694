package oracle

import (
	"bufio"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/IBM/sarama"
)

var (
	out   = flag.String("out", "", "folder to write to")
	seed  = flag.Uint64("seed", 1, "seed of the random cases")
	cases = flag.Int("cases", 200, "how many cases of each kind")
)

// Header is the first line of a file of cases.
type Header struct {
	Keda  string `json:"keda"`
	Seed  uint64 `json:"seed"`
	Cases int    `json:"cases"`
}

func TestWrite(t *testing.T) {
	p := newPrometheus()
	defer p.server.Close()
	broker := sarama.NewMockBroker(t, 1)
	defer broker.Close()
	broker.SetHandlerByMap(map[string]sarama.MockResponse{
		"ApiVersionsRequest": sarama.NewMockApiVersionsResponse(t),
		"MetadataRequest":    sarama.NewMockMetadataResponse(t).SetBroker(broker.Addr(), 1).SetController(1),
	})
	addresses["PROMETHEUS"], addresses["REDIS"], addresses["KAFKA"] = p.server.URL, newRedis(), broker.Addr()

	g := newGenerator(*seed, 1)
	write(t, "hpa.jsonl", *cases, func(int) any { return g.hpaCase() })
	g = newGenerator(*seed, 2)
	write(t, "history.jsonl", *cases, func(number int) any { return g.history(p, number) })
	g = newGenerator(*seed, 4)
	write(t, "formula.jsonl", 5**cases, func(int) any { return g.formulaCase() })
	g = newGenerator(*seed, 5)
	names := zones()
	write(t, "cron.jsonl", 2**cases, func(int) (c any) {
		synctest.Test(t, func(*testing.T) { c = g.cronCase(names) })
		return c
	})
	g = newGenerator(*seed, 6)
	write(t, "kafka.jsonl", *cases/2, func(int) any { return g.kafkaCase(t, broker) })
	g = newGenerator(*seed, 3)
	write(t, "poll.jsonl", 2**cases, func(int) (c any) {
		synctest.Test(t, func(*testing.T) { c = g.pollCase() })
		return c
	})
}

func write(t *testing.T, name string, count int, next func(number int) any) {
	file, err := os.Create(filepath.Join(*out, name))
	if err != nil {
		t.Fatal(err)
	}
	buffer := bufio.NewWriter(file)
	lines := json.NewEncoder(buffer)
	lines.SetEscapeHTML(false)
	must(lines.Encode(Header{Keda: version(t), Seed: *seed, Cases: count}))
	for number := range count {
		must(lines.Encode(next(number)))
	}
	must(buffer.Flush())
	must(file.Close())
}

// version is the release that go.mod asks for, as 2.21.0; a test does not know what it was built with.
func version(t *testing.T) string {
	text, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if _, after, found := strings.Cut(line, "github.com/kedacore/keda/v2 v"); found {
			return strings.TrimSpace(after)
		}
	}
	t.Fatal("go.mod does not name KEDA")
	return ""
}
