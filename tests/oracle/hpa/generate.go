package oracle

import (
	"math/rand/v2"
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"
)

// generator makes random cases that stand on edges more often than chance would have it.
type generator struct{ *rand.Rand }

func newGenerator(seed uint64) generator { return generator{rand.New(rand.NewPCG(seed, 0))} }

func pick[T any](g generator, values ...T) T { return values[g.IntN(len(values))] }

func (g generator) chance(percent int) bool { return g.IntN(100) < percent }

// metric of any source.
func (g generator) metric() MetricSpec {
	source := pick(g, "Resource", "Resource", "Resource", "ContainerResource", "Pods", "Object", "External")
	metric := MetricSpec{Source: source}
	switch source {
	case "Resource", "ContainerResource":
		metric.Resource = pick(g, "cpu", "cpu", "memory")
		if source == "ContainerResource" {
			metric.Container = pick(g, "c0", "c0", "c0", "c1")
		}
		metric.Target = pick(g, "Utilization", "Utilization", "AverageValue")
	case "Pods":
		metric.Target = "AverageValue"
	default:
		metric.Target = pick(g, "Value", "AverageValue")
	}
	metric.Goal = g.goal(metric.Target)
	return metric
}

// reading of a metric.
func (g generator) reading(metric MetricSpec) (reading Reading) {
	switch metric.Source {
	case "Object":
		reading.Value = g.usage(metric.Goal * pick[int64](g, 1, 3, 10))
	case "External":
		for range pick(g, 0, 1, 1, 1, 2, 3) {
			reading.Series = append(reading.Series, g.usage(metric.Goal*pick[int64](g, 1, 3, 10)))
		}
	default:
		for range g.IntN(20) - 17 {
			reading.Extra = append(reading.Extra, g.Int64N(2000))
		}
	}
	if g.chance(1) {
		reading.Failed = "boom"
	}
	return reading
}

func (g generator) goal(target string) int64 {
	if target == "Utilization" {
		return pick(g, 1, 5, 10, 30, 50, 60, 80, 90, 100, 110, 250, 1+g.Int64N(100), 1+g.Int64N(400))
	}
	return pick(g, 1, 7, 100, 500, 1000, 15000, 1+g.Int64N(2000), 1+g.Int64N(100_000_000))
}

// usage near `goal`, on it, on the edges of the tolerance, or far away.
func (g generator) usage(goal int64) int64 {
	switch g.IntN(14) {
	case 0:
		return goal
	case 1:
		return goal * 11 / 10
	case 2:
		return goal * 9 / 10
	case 3:
		return goal*11/10 + pick[int64](g, -1, 1)
	case 4:
		return goal*9/10 + pick[int64](g, -1, 1)
	case 5:
		return 0
	case 6:
		return -g.Int64N(1000)
	case 7:
		return g.Int64() >> pick(g, 0, 1, 6, 10, 23)
	case 8, 9:
		return goal * (1 + g.Int64N(40)) / (1 + g.Int64N(20))
	default:
		return g.Int64N(3*max(goal, 1) + 1)
	}
}

// pod with a sample for each metric; times stand around the periods of the cpu rule.
func (g generator) pod(metrics []MetricSpec, initialization, delay int64, request int64) Pod {
	pod := Pod{Ready: "True"}
	start, since := steadyStart, steadySince
	if g.chance(25) {
		start = -pick(g, initialization, initialization-1, initialization+1, 0, 1000*g.Int64N(600))
		since = start + pick(g, 0, delay, delay-1, delay+1, 1000*g.Int64N(60))
		pod.Ready = pick(g, "True", "True", "False", "False", "Unknown", "")
	}
	pod.Start, pod.Since = &start, &since
	if g.chance(2) {
		pod.Start = nil
	}
	if g.chance(2) || pod.Ready == "" {
		pod.Since = nil
	}
	if g.chance(10) {
		pod.Phase = pick(g, "Pending", "Pending", "Failed", "Succeeded", "Unknown")
	}
	pod.Deleting = g.chance(4)
	pod.Requests = g.requests(request)
	for _, metric := range metrics {
		pod.Samples = append(pod.Samples, g.sample(metric, request, len(pod.Requests), since))
	}
	pod.shorten(metrics)
	return pod
}

// shorten leaves out what says nothing, so that a file holds more cases.
func (p *Pod) shorten(metrics []MetricSpec) {
	if p.Ready == "True" && p.Start != nil && *p.Start == steadyStart && p.Since != nil && *p.Since == steadySince {
		p.Steady, p.Start, p.Since, p.Ready = true, nil, nil, ""
	}
	uses := func(resource string) bool {
		return slices.ContainsFunc(metrics, func(m MetricSpec) bool { return m.Resource == resource })
	}
	if !uses("cpu") && !uses("memory") {
		p.Requests = nil
	}
	for i := range p.Requests {
		if !uses("cpu") {
			p.Requests[i].CPU = nil
		}
		if !uses("memory") {
			p.Requests[i].Memory = nil
		}
	}
}

func (g generator) requests(request int64) []Requests {
	containers := make([]Requests, pick(g, 1, 1, 1, 2, 3))
	for i := range containers {
		cpu, memory := request, request*1000
		if g.chance(10) {
			cpu, memory = g.Int64N(4000), g.Int64N(4_000_000_000)
		}
		containers[i] = Requests{CPU: &cpu, Memory: &memory, Init: i > 0 && g.chance(30)}
		if g.chance(1) {
			containers[i].CPU = nil
		}
		if g.chance(1) {
			containers[i].Memory = nil
		}
	}
	// Upstream reads ordinary containers before init containers.
	ordered := make([]Requests, 0, len(containers))
	for _, init := range []bool{false, true} {
		for _, container := range containers {
			if container.Init == init {
				ordered = append(ordered, container)
			}
		}
	}
	return ordered
}

func (g generator) sample(metric MetricSpec, request int64, containers int, since int64) *PodSample {
	if metric.Source == "Object" || metric.Source == "External" || g.chance(12) {
		return nil
	}
	goal := metric.Goal
	if metric.Target == "Utilization" {
		if metric.Source == "Resource" {
			request *= int64(containers)
		}
		if metric.Resource == "memory" {
			request *= 1000
		}
		goal = request * metric.Goal / 100
	}
	window := pick[int64](g, 15_000, 30_000, 60_000)
	at := -pick(g, 0, 1000*g.Int64N(60))
	if since > -600_000 && g.chance(50) {
		at = since + window + pick[int64](g, -1, 0, 1)
	}
	return &PodSample{Value: g.usage(goal), At: at, Window: window}
}

// CalculatorCase makes one case for the replica calculator.
func (g generator) calculatorCase() CalculatorCase {
	spec := g.metric()
	metric := Metric{MetricSpec: spec, Reading: g.reading(spec)}
	c := CalculatorCase{
		Metric:         metric,
		Down:           pick(g, 0.1, 0.1, 0.1, 0.0, 0.05, 0.5, 9*0.001),
		Up:             pick(g, 0.1, 0.1, 0.1, 0.0, 0.05, 0.5, 9*0.001),
		Initialization: pick[int64](g, 300_000, 300_000, 120_000, 0),
		Delay:          pick[int64](g, 30_000, 30_000, 10_000, 0),
		Pods:           []Pod{},
	}
	request := pick[int64](g, 100, 250, 500, 1000, 0, 1+g.Int64N(4000))
	for range pick(g, 0, 1, 1, 2, 2, 2, 3, 3, 3, 4, 5, g.IntN(16)) {
		c.Pods = append(c.Pods, g.pod([]MetricSpec{spec}, c.Initialization, c.Delay, request))
	}
	c.Spec = int32(len(c.Pods))
	if g.chance(25) {
		c.Spec = pick(g, 0, 1, c.Spec+1, max(c.Spec-1, 0), int32(g.IntN(30)))
	}
	c.Status = pick(g, c.Spec, c.Spec, c.Spec, c.Spec+1, 0)
	return c
}

// history makes one HPA and what it sees in several syncs.
func (g generator) history() History {
	h := History{
		Min:            pick[int32](g, 1, 1, 1, 2, 3, 0, 0),
		Tolerance:      pick(g, 0.1, 0.1, 0.1, 0, 0.5),
		Stabilization:  pick[int64](g, 300_000, 300_000, 60_000, 30_000, 45_500),
		Initialization: pick[int64](g, 300_000, 300_000, 120_000),
		Delay:          30_000,
	}
	h.Max = h.Min + int32(pick(g, 0, 2, 5, 10, 20, 100))
	h.Max = max(h.Max, 1)
	if h.Min == 0 {
		h.Stabilization = pick[int64](g, 0, 15_000, 300_000)
	}
	for range pick(g, 1, 1, 1, 2, 3) {
		metric := g.metric()
		for h.Min == 0 && metric.Source != "Object" && metric.Source != "External" && g.chance(60) {
			metric = g.metric()
		}
		metric.Mismatch = metric.Source == "Object" && g.chance(5)
		h.Metrics = append(h.Metrics, metric)
	}
	if g.chance(60) {
		h.Behavior = &Behavior{Up: g.rules(), Down: g.rules()}
		if h.Behavior.Up.Window == nil {
			h.Behavior.Up.Window = new(int32(0))
		}
	}
	h.Syncs = make([]Sync, pick(g, 1, 3, 5, 8))
	for i := range h.Syncs {
		h.Syncs[i] = g.sync(&h)
	}
	if h.Syncs[0].Spec == nil {
		h.Syncs[0].Spec = new(pick(g, h.Min, h.Max, h.Min+g.Int32N(h.Max-h.Min+1)))
	}
	return h
}

func (g generator) rules() Rules {
	rules := Rules{Select: pick(g, "Max", "Max", "Max", "Min", "Min", "Disabled")}
	if g.chance(70) {
		rules.Window = new(pick[int32](g, 0, 0, 15, 30, 60, 300))
	}
	for range pick(g, 1, 1, 2, 3) {
		policy := Policy{Type: "Pods", Value: pick(g, 1, 2, 4, 1+g.Int32N(20)), Period: pick[int32](g, 15, 15, 30, 60, 120)}
		if g.chance(50) {
			policy.Type, policy.Value = "Percent", pick(g, 1, 10, 50, 80, 100, 200, 1+g.Int32N(300))
		}
		rules.Policies = append(rules.Policies, policy)
	}
	if g.chance(20) {
		quantity := resource.NewMilliQuantity(pick[int64](g, 0, 9, 50, 100, 200, 1000), resource.DecimalSI)
		rules.Milli, rules.Tolerance = new(quantity.MilliValue()), new(quantity.AsApproximateFloat64())
	}
	return rules
}

func (g generator) sync(h *History) Sync {
	sync := Sync{
		After:    pick(g, 15_000, 15_000, 15_000, 15_000, 30_000, 1000*g.Int64N(120), g.Int64N(60_000)),
		Pods:     []Pod{},
		Selector: "app=web",
	}
	if g.chance(8) {
		sync.Spec = new(pick(g, 0, 1, h.Min, h.Max, h.Max+g.Int32N(3), g.Int32N(20)))
	}
	if g.chance(6) {
		sync.Min = new(g.Int32N(h.Max + 1))
	}
	sync.Toggle = h.Behavior != nil && g.chance(4)
	request := pick[int64](g, 100, 500, 1000)
	for range pick(g, 0, 1, 1, 2, 2, 3, 3, 4, 5) {
		sync.Pods = append(sync.Pods, g.pod(h.Metrics, h.Initialization, h.Delay, request))
	}
	idle := h.Min == 0 && g.chance(50)
	for _, metric := range h.Metrics {
		reading := g.reading(metric)
		if idle && metric.Source == "External" {
			reading.Series = []int64{0}
		}
		if idle {
			reading.Value = 0
		}
		sync.Readings = append(sync.Readings, reading)
	}
	sync.Status = int32(len(sync.Pods)) + pick[int32](g, 0, 0, 0, 1)
	switch g.IntN(120) {
	case 0:
		sync.Selector = ""
	case 1:
		sync.Selector = "app=web=api"
	case 2:
		sync.GetError = "no scale"
	case 3, 4, 5:
		sync.UpdateError = "quota"
	}
	return sync
}
