// Package oracle asks metrics-server's own storage and Prometheus' own engine.
//
// Run by `cargo xtask oracle metrics`, which also says how to ask for more.
package oracle

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/util/teststorage"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/metrics-server/pkg/storage"
)

var (
	out   = flag.String("out", "", "folder to write to")
	seed  = flag.Uint64("seed", 1, "seed of the random cases")
	cases = flag.Int("cases", 300, "how many cases of each kind")
)

// Header is the first line of a file of cases.
type Header struct {
	MetricsServer string `json:"metricsServer"`
	Prometheus    string `json:"prometheus"`
	Seed          uint64 `json:"seed"`
	Cases         int    `json:"cases"`
}

func TestWrite(t *testing.T) {
	g := rand.New(rand.NewPCG(*seed, 1))
	write(t, "storage.jsonl", *cases, func() any { return storageCase(g) })
	g = rand.New(rand.NewPCG(*seed, 2))
	write(t, "query.jsonl", *cases, func() any { return queryCase(g) })
}

func pick[T any](g *rand.Rand, choices ...T) T { return choices[g.IntN(len(choices))] }

// StorageCase is what some reads of one pod lead to. Times are milliseconds.
type StorageCase struct {
	Resolution int64 `json:"resolution"`
	// One read after another; a list of containers each, or null if the pod was not read.
	Reads [][]*Point `json:"reads"`
	// What is answered after each; nothing if the pod is left out.
	Answers []*Answer `json:"answers"`
}

// Point is a measurement of a container.
type Point struct {
	Start  int64  `json:"start"`
	At     int64  `json:"at"`
	CPU    uint64 `json:"cpu"`
	Memory uint64 `json:"memory"`
}

// Answer sums up what is answered, as the HPA's metrics client does.
type Answer struct {
	CPU    int64 `json:"cpu"`
	Memory int64 `json:"memory"`
	At     int64 `json:"at"`
	Window int64 `json:"window"`
}

func storageCase(g *rand.Rand) StorageCase {
	c := StorageCase{Resolution: pick[int64](g, 10_000, 15_000, 60_000)}
	s := storage.NewStorage(time.Duration(c.Resolution) * time.Millisecond)
	epoch := time.Unix(1_700_000_000, 0)
	ref := types.NamespacedName{Namespace: "default", Name: "pod"}
	count := 1 + g.IntN(2)
	points := make([]Point, count)
	for index := range points {
		points[index] = Point{Start: pick[int64](g, 0, 1, -100_000), CPU: 1, Memory: 1 << 20}
		points[index].At = points[index].Start + 1
	}
	for range 2 + g.IntN(5) {
		batch := &storage.MetricsBatch{Pods: map[types.NamespacedName]storage.PodMetricsPoint{}}
		var read []*Point
		if g.IntN(10) > 0 {
			containers := map[string]storage.MetricsPoint{}
			for index := range points {
				p := &points[index]
				switch g.IntN(12) {
				case 0: // measured no more since
				case 1: // a restart
					p.Start = p.At + pick[int64](g, 0, 1, 5_000)
					p.At, p.CPU = p.Start+pick[int64](g, 1, 9_999, 10_000, 14_999, 15_000), uint64(g.IntN(5_000_000_000))+1
				case 2: // the clock goes back
					p.At -= pick[int64](g, 1, 5_000, 20_000)
				case 3: // the counter goes back
					p.At += 15_000
					p.CPU = p.CPU/2 + 1 // one without CPU is dropped before it gets here
				default:
					p.At += pick[int64](g, 1, 9_999, 10_000, 14_999, 15_000, 15_001, 20_000)
					p.CPU += uint64(g.IntN(20_000_000_000))
				}
				p.Memory = uint64(g.IntN(1<<30)) + 1
				copied := *p
				read = append(read, &copied)
				containers[string(rune('a'+index))] = storage.MetricsPoint{
					StartTime:         epoch.Add(time.Duration(p.Start) * time.Millisecond),
					Timestamp:         epoch.Add(time.Duration(p.At) * time.Millisecond),
					CumulativeCPUUsed: p.CPU,
					MemoryUsage:       p.Memory,
				}
			}
			batch.Pods[ref] = storage.PodMetricsPoint{Containers: containers}
		}
		s.Store(batch)
		c.Reads = append(c.Reads, read)
		found, err := s.GetPodMetrics(&metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Namespace: ref.Namespace, Name: ref.Name}})
		must(err)
		var answer *Answer
		// The client leaves a pod without containers out.
		if len(found) > 0 && len(found[0].Containers) > 0 {
			answer = &Answer{At: found[0].Timestamp.Sub(epoch).Milliseconds(), Window: found[0].Window.Milliseconds()}
			for _, container := range found[0].Containers {
				answer.CPU += container.Usage.Cpu().MilliValue()
				answer.Memory += container.Usage.Memory().Value()
			}
		}
		c.Answers = append(c.Answers, answer)
	}
	return c
}

// QueryCase is a series and what a query for it gives. Times are milliseconds.
type QueryCase struct {
	// The range of rate(); 0 for the newest sample.
	Range   int64    `json:"range"`
	Samples []Sample `json:"samples"`
	At      int64    `json:"at"`
	Value   *float64 `json:"value,omitempty"`
}

// Sample is a scrape; without a value it found nothing.
type Sample struct {
	At    int64    `json:"at"`
	Value *float64 `json:"value,omitempty"`
}

func queryCase(g *rand.Rand) QueryCase {
	c := QueryCase{Range: pick[int64](g, 0, 60_000, 120_000, 120_000, 300_000)}
	interval := pick[int64](g, 5_000, 15_000, 30_000, 60_000)
	// New would keep every storage of the run until its end, each with room for 100,000 exemplars.
	series, err := teststorage.NewWithError(func(it *tsdb.Options) { it.EnableExemplarStorage = false })
	must(err)
	defer series.Close()
	appender := series.Appender(context.Background())
	name := labels.FromStrings(labels.MetricName, "x")
	at, count := int64(1_000_000)+g.Int64N(interval), float64(pick(g, 0, 3, 1000, 1_000_000))
	for range 1 + g.IntN(14) {
		found := g.IntN(8) > 0
		sample := Sample{At: at}
		var number float64
		if found {
			switch g.IntN(12) {
			case 0:
				count = float64(g.IntN(50))
			case 1:
			default:
				count += float64(g.IntN(500)) + pick(g, 0, 0, 0.25)
			}
			number = count
			sample.Value = &number
		}
		var err error
		if found {
			_, err = appender.Append(0, name, at, number)
		} else {
			_, err = appender.Append(0, name, at, math.Float64frombits(value.StaleNaN))
		}
		must(err)
		c.Samples = append(c.Samples, sample)
		at += interval
		if g.IntN(10) == 0 {
			at += interval * g.Int64N(4)
		}
	}
	must(appender.Commit())
	last := c.Samples[len(c.Samples)-1].At
	c.At = last + pick(g, 0, 1, interval/2, interval, 2*interval, 299_999, 300_000)
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 10_000, Timeout: time.Minute})
	defer engine.Close()
	text := "x"
	if c.Range > 0 {
		text = "rate(x[" + time.Duration(c.Range*1e6).String() + "])"
	}
	query, err := engine.NewInstantQuery(context.Background(), series, nil, text, time.UnixMilli(c.At))
	must(err)
	result := query.Exec(context.Background())
	must(result.Err)
	vector, err := result.Vector()
	must(err)
	if len(vector) > 0 {
		c.Value = &vector[0].F
	}
	return c
}

func write(t *testing.T, name string, count int, next func() any) {
	file, err := os.Create(filepath.Join(*out, name))
	must(err)
	buffer := bufio.NewWriter(file)
	lines := json.NewEncoder(buffer)
	must(lines.Encode(Header{
		MetricsServer: version(t, "sigs.k8s.io/metrics-server"),
		Prometheus:    version(t, "github.com/prometheus/prometheus"),
		Seed:          *seed,
		Cases:         count,
	}))
	for range count {
		must(lines.Encode(next()))
	}
	must(buffer.Flush())
	must(file.Close())
}

// version is the release that go.mod asks for; a test does not know what it was built with.
func version(t *testing.T, module string) string {
	text, err := os.ReadFile("go.mod")
	must(err)
	for line := range strings.Lines(string(text)) {
		if _, after, found := strings.Cut(line, module+" v"); found {
			return strings.TrimSpace(after)
		}
	}
	t.Fatal("go.mod does not name ", module)
	return ""
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
