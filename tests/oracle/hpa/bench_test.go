//go:build !k129

package oracle

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	autoscaling "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
	metricsclient "k8s.io/kubernetes/pkg/controller/podautoscaler/metrics"
)

// BenchCase is decided over and over. What is around the decision is there before the clock starts.
type BenchCase struct {
	Calculator   *CalculatorCase `json:"calculator"`
	History      *History        `json:"history"` // its last sync is timed
	Milliseconds int             `json:"milliseconds"`
}

// BenchAnswer is how long one decision takes, and what it says.
type BenchAnswer struct {
	Nanoseconds float64 `json:"nanoseconds"`
	Replicas    int32   `json:"replicas"`
}

// batch is how many decisions are made between two looks at the clock.
const batch = 16

// readyAPI hands over samples that were put together before. The calculator changes the map that it gets.
type readyAPI struct {
	metricsAPI
	infos []metricsclient.PodMetricsInfo
}

func (api *readyAPI) GetResourceMetric(context.Context, v1.ResourceName, string, labels.Selector, string) (metricsclient.PodMetricsInfo, time.Time, error) {
	return api.pop()
}

func (api *readyAPI) GetRawMetric(string, string, labels.Selector, labels.Selector) (metricsclient.PodMetricsInfo, time.Time, error) {
	return api.pop()
}

func (api *readyAPI) GetObjectMetric(string, string, *autoscaling.CrossVersionObjectReference, labels.Selector) (int64, time.Time, error) {
	return api.metrics[0].Value, api.now, nil
}

func (api *readyAPI) GetExternalMetric(string, string, labels.Selector) ([]int64, time.Time, error) {
	return api.metrics[0].Series, api.now, nil
}

func (api *readyAPI) pop() (metricsclient.PodMetricsInfo, time.Time, error) {
	last := len(api.infos) - 1
	info := api.infos[last]
	api.infos = api.infos[:last]
	return info, api.now, nil
}

// refill prepares the next batch.
func (api *readyAPI) refill() {
	for range batch {
		api.asked = 0
		info, _, _ := api.samples("any")
		api.infos = append(api.infos, info)
	}
}

// timed makes decisions for so long and gives the length of one in the median batch: other work of the machine,
// and of the garbage collector, falls into some of them.
func timed(milliseconds int, api *readyAPI, prepare, decide func()) float64 {
	var batches []time.Duration
	for end := time.Now().Add(ms(int64(milliseconds))); time.Now().Before(end); {
		api.refill()
		prepare()
		start := time.Now()
		for range batch {
			decide()
		}
		batches = append(batches, time.Since(start))
	}
	slices.Sort(batches)
	return float64(batches[len(batches)/2].Nanoseconds()) / batch
}

// lister is upstream's own, over the store that an informer fills.
func lister(pods []*v1.Pod) corelisters.PodLister {
	store := cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc})
	for _, pod := range pods {
		if err := store.Add(pod); err != nil {
			panic(err)
		}
	}
	return corelisters.NewPodLister(store)
}

func (c *CalculatorCase) bench(milliseconds int) (answer BenchAnswer) {
	now := time.Now()
	api := &readyAPI{metricsAPI: metricsAPI{now: now, pods: c.Pods, metrics: []Metric{c.Metric}}}
	calculator := newCalculator(api, lister(objects(c.Pods, now)), c.Down, c.Up, ms(c.Initialization), ms(c.Delay))
	answer.Nanoseconds = timed(milliseconds, api, func() {}, func() {
		said, err := c.ask(calculator)
		if err != nil {
			panic(err)
		}
		answer.Replicas = said.Replicas
	})
	return answer
}

// bench runs the syncs but for the last, and then the last one many times. What is written is thrown away, so
// that each time is like the first.
func (h *History) bench(c *controller, milliseconds int) (answer BenchAnswer) {
	last := h.Syncs[len(h.Syncs)-1]
	hpa, replicas := h.object("web"), *h.Syncs[0].Spec
	c.begin(h, hpa)
	defer c.end(hpa)
	for i := range h.Syncs[:len(h.Syncs)-1] {
		hpa, replicas = c.sync(h, &h.Syncs[i], hpa, replicas)
	}
	now := time.Now()
	api := &readyAPI{metricsAPI: metricsAPI{now: now, pods: last.Pods, metrics: []Metric{{h.Metrics[0], last.Readings[0]}}}}
	pods := lister(objects(last.Pods, now))
	set[corelisters.PodLister](c, "podLister", pods)
	set(c, "replicaCalc", newCalculator(api, pods, h.Tolerance, h.Tolerance, ms(h.Initialization), ms(h.Delay)).ReplicaCalculator)
	c.now, c.written, c.idle = &last, hpa, true
	defer func() { c.idle = false }()
	saved := c.remember()
	answer.Nanoseconds = timed(milliseconds, api, func() { c.restore(saved) }, func() {
		c.recorder.events = c.recorder.events[:0]
		c.replicas = replicas
		if err := reconcileAutoscaler(c.upstream, c.ctx, hpa, hpaKey); err != nil {
			panic(err)
		}
	})
	answer.Replicas = c.replicas
	return answer
}

// remember copies what the controller keeps in memory.
func (c *controller) remember() map[string]reflect.Value {
	saved := map[string]reflect.Value{}
	for _, name := range memory {
		entries := field(c, name).MapIndex(reflect.ValueOf(hpaKey))
		if entries.IsValid() {
			saved[name] = reflect.AppendSlice(reflect.MakeSlice(entries.Type(), 0, entries.Len()), entries)
		}
	}
	return saved
}

// restore puts a copy back, so that what one batch appends is gone in the next.
func (c *controller) restore(saved map[string]reflect.Value) {
	c.forget()
	for name, entries := range saved {
		again := reflect.AppendSlice(reflect.MakeSlice(entries.Type(), 0, entries.Len()), entries)
		field(c, name).SetMapIndex(reflect.ValueOf(hpaKey), again)
	}
}

// TestBench times decisions, on the machine's own clock.
func TestBench(t *testing.T) {
	c := newController()
	answerLines(t, func(line []byte) (any, error) {
		var b BenchCase
		if err := json.Unmarshal(line, &b); err != nil {
			return nil, err
		}
		if b.Calculator != nil {
			return b.Calculator.bench(b.Milliseconds), nil
		}
		return b.History.bench(c, b.Milliseconds), nil
	})
}
