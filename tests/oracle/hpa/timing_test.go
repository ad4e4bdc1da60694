//go:build !k129

package oracle

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/go-logr/logr"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	apimeta "k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	autoscalingclient "k8s.io/client-go/kubernetes/typed/autoscaling/v2"
	scaleclient "k8s.io/client-go/scale"
	clienttesting "k8s.io/client-go/testing"
	"k8s.io/client-go/tools/record"
	"k8s.io/client-go/util/retry"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/controller/podautoscaler"
	metricsclient "k8s.io/kubernetes/pkg/controller/podautoscaler/metrics"
)

// This file records when the controller looks. Unlike the other answers these come from the whole
// controller as it runs: its informer, its queue and its workers, on a virtual clock; only the API servers
// behind it are made up. The committed file is written by
//
//	go test -run TestTiming . -timing ../../cases/hpa/timing/1.37.2.jsonl -random 60
//	go test -modfile versions/1.36.mod -tags k136 -run TestTiming . -timing-version 1.36.3 \
//	    -timing ../../cases/hpa/timing/1.36.3.jsonl -random 20
var (
	timingFile   = flag.String("timing", "", "file to write; nothing is written without it")
	timingRandom = flag.Int("random", 60, "number of random cases")
	timingSeed   = flag.Uint64("timing-seed", 1, "seed of the random cases")
	timingOf     = flag.String("timing-version", "1.37.2", "the version that this is built with")
)

// Timing is a run of the controller. Times are milliseconds since the controller was started.
type Timing struct {
	Name     string     `json:"name"`
	Behavior bool       `json:"behavior,omitempty"` // `behavior: {}`
	Created  []int64    `json:"created"`            // one for each HPA; 0 is there from the beginning
	Replicas int32      `json:"replicas"`           // of each target at the beginning
	Max      int32      `json:"max"`
	Wanted   [][2]int64 `json:"wanted"`            // from this time on the metric of every HPA wants so many
	Failing  [][2]int64 `json:"failing,omitempty"` // from, to: the scale can't be read
	Get      int64      `json:"get"`               // how long each call takes
	Metrics  int64      `json:"metrics"`
	Put      int64      `json:"put"`
	Status   int64      `json:"status"`
	Watch    int64      `json:"watch"` // until the controller hears of a change
	Workers  int        `json:"workers"`
	Edits    []Edit     `json:"edits,omitempty"`
	Deleted  [][2]int64 `json:"deleted,omitempty"`  // when, and which HPA
	Again    [][2]int64 `json:"again,omitempty"`    // created under the same name, after it was deleted
	Scaled   [][3]int64 `json:"scaled,omitempty"`   // when someone sets the replicas, of which target, to what
	Restarts []int64    `json:"restarts,omitempty"` // the controller is another one from then on
	Length   int64      `json:"length"`
	Looks    []Look     `json:"looks"`
}

// Header is the first line of the file.
type Header struct {
	Kubernetes string `json:"kubernetes"`
	Seed       uint64 `json:"seed"`
	Cases      int    `json:"cases"`
}

// Edit sets maxReplicas.
type Edit struct {
	At  int64 `json:"at"`
	HPA int   `json:"hpa"`
	Max int32 `json:"max"`
}

// Look is one sync, by the calls it made.
type Look struct {
	HPA     int    `json:"hpa"`
	At      int64  `json:"at"`                // it began to read the scale
	From    int32  `json:"from"`              // what it read; -1 if it could not
	To      *int32 `json:"to,omitempty"`      // what it wrote
	Wrote   *int64 `json:"wrote,omitempty"`   // when that was written
	Status  *int64 `json:"status,omitempty"`  // when the status was written; not if it was edited meanwhile
	Able    string `json:"able,omitempty"`    // the reason of AbleToScale in it
	Limited string `json:"limited,omitempty"` // and of ScalingLimited
}

// cluster is everything but the controller.
type cluster struct {
	t        *Timing
	began    time.Time
	client   *fake.Clientset
	replicas []int32
	scales   []int // the version of each scale
	open     []int // the look that each HPA is in
	version  int
}

func (c *cluster) now() int64 { return time.Since(c.began).Milliseconds() }

func hpaName(index int) string { return fmt.Sprintf("hpa-%d", index) }

func hpaIndex(name string) int {
	index, err := strconv.Atoi(name[len("hpa-"):])
	if err != nil {
		panic(err)
	}
	return index
}

// take lets a call take its time, or ends with the controller that made it.
func take(ctx context.Context, length int64) error {
	select {
	case <-time.After(time.Duration(length) * time.Millisecond):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *cluster) scale(index int, replicas int32) {
	c.replicas[index] = replicas
	c.scales[index]++
}

// process is one controller with its clients; they fail once it has ended.
type process struct {
	*cluster
	ctx     context.Context
	retries []bool // whether the next scale that is read belongs to the look that is under way
}

func (p process) Scales(string) scaleclient.ScaleInterface { return processScales{p: p} }

type processScales struct {
	scaleclient.ScaleInterface
	p process
}

func (s processScales) Get(_ context.Context, _ schema.GroupResource, name string, _ metav1.GetOptions) (*autoscalingv1.Scale, error) {
	c, index := s.p.cluster, hpaIndex(name)
	if s.p.ctx.Err() != nil {
		return nil, s.p.ctx.Err()
	}
	if s.p.retries[index] {
		return s.read(index)
	}
	c.open[index] = len(c.t.Looks)
	look := len(c.t.Looks)
	c.t.Looks = append(c.t.Looks, Look{HPA: index, At: c.now(), From: -1})
	read, err := s.read(index)
	if err == nil {
		c.t.Looks[look].From = read.Spec.Replicas
	}
	return read, err
}

// read takes its time and gives the scale as it is then.
func (s processScales) read(index int) (*autoscalingv1.Scale, error) {
	c, name := s.p.cluster, hpaName(index)
	if err := take(s.p.ctx, c.t.Get); err != nil {
		return nil, err
	}
	for _, failing := range c.t.Failing {
		if failing[0] <= c.now() && c.now() < failing[1] {
			return nil, errors.New("gone")
		}
	}
	return &autoscalingv1.Scale{
		ObjectMeta: metav1.ObjectMeta{
			Name: name, Namespace: "default", ResourceVersion: strconv.Itoa(c.scales[index]),
		},
		Spec:   autoscalingv1.ScaleSpec{Replicas: c.replicas[index]},
		Status: autoscalingv1.ScaleStatus{Replicas: c.replicas[index], Selector: "app=" + name},
	}, nil
}

func (s processScales) Update(_ context.Context, _ schema.GroupResource, scale *autoscalingv1.Scale, _ metav1.UpdateOptions) (*autoscalingv1.Scale, error) {
	c, index := s.p.cluster, hpaIndex(scale.Name)
	if err := take(s.p.ctx, c.t.Put); err != nil {
		return nil, err
	}
	if scale.ResourceVersion != strconv.Itoa(c.scales[index]) {
		s.p.retries[index] = true
		return nil, apierrors.NewConflict(schema.GroupResource{Group: "apps", Resource: "deployments"}, scale.Name, errors.New("scaled"))
	}
	s.p.retries[index] = false
	c.scale(index, scale.Spec.Replicas)
	look := &c.t.Looks[c.open[index]]
	look.To, look.Wrote = new(scale.Spec.Replicas), new(c.now())
	return scale, nil
}

func (p process) HorizontalPodAutoscalers(string) autoscalingclient.HorizontalPodAutoscalerInterface {
	return processHPAs{p: p}
}

type processHPAs struct {
	autoscalingclient.HorizontalPodAutoscalerInterface
	p process
}

func (h processHPAs) UpdateStatus(_ context.Context, hpa *autoscaling.HorizontalPodAutoscaler, _ metav1.UpdateOptions) (*autoscaling.HorizontalPodAutoscaler, error) {
	c, index := h.p.cluster, hpaIndex(hpa.Name)
	if err := take(h.p.ctx, c.t.Status); err != nil {
		return nil, err
	}
	stored, err := c.stored(index)
	if err != nil {
		return nil, err
	}
	if stored.ResourceVersion != hpa.ResourceVersion {
		return nil, apierrors.NewConflict(autoscaling.Resource("horizontalpodautoscalers"), hpa.Name, errors.New("edited"))
	}
	look := &c.t.Looks[c.open[index]]
	look.Status = new(c.now())
	for _, condition := range hpa.Status.Conditions {
		switch condition.Type {
		case autoscaling.AbleToScale:
			look.Able = condition.Reason
		case autoscaling.ScalingLimited:
			look.Limited = condition.Reason
		}
	}
	return c.write(index, func(stored *autoscaling.HorizontalPodAutoscaler) { stored.Status = hpa.Status }), nil
}

var hpaResource = autoscaling.SchemeGroupVersion.WithResource("horizontalpodautoscalers")

func (c *cluster) stored(index int) (*autoscaling.HorizontalPodAutoscaler, error) {
	object, err := c.client.Tracker().Get(hpaResource, "default", hpaName(index))
	if err != nil {
		return nil, err
	}
	return object.(*autoscaling.HorizontalPodAutoscaler).DeepCopy(), nil
}

// write changes the stored HPA and tells every watcher.
func (c *cluster) write(index int, change func(*autoscaling.HorizontalPodAutoscaler)) *autoscaling.HorizontalPodAutoscaler {
	stored, err := c.stored(index)
	if err != nil {
		panic(err)
	}
	change(stored)
	c.version++
	stored.ResourceVersion = strconv.Itoa(c.version)
	if err := c.client.Tracker().Update(hpaResource, stored, "default"); err != nil {
		panic(err)
	}
	return stored.DeepCopy()
}

func (p process) GetResourceMetric(context.Context, v1.ResourceName, string, labels.Selector, string) (metricsclient.PodMetricsInfo, time.Time, error) {
	panic("not asked for")
}

func (p process) GetRawMetric(string, string, labels.Selector, labels.Selector) (metricsclient.PodMetricsInfo, time.Time, error) {
	panic("not asked for")
}

func (p process) GetObjectMetric(string, string, *autoscaling.CrossVersionObjectReference, labels.Selector) (int64, time.Time, error) {
	panic("not asked for")
}

func (p process) GetExternalMetric(string, string, labels.Selector) ([]int64, time.Time, error) {
	if err := take(p.ctx, p.t.Metrics); err != nil {
		return nil, time.Time{}, err
	}
	wanted := int64(0)
	for _, it := range p.t.Wanted {
		if it[0] <= p.now() {
			wanted = it[1]
		}
	}
	return []int64{wanted * 1000}, time.Now(), nil
}

type oneMapping struct{ apimeta.RESTMapper }

func (oneMapping) RESTMappings(schema.GroupKind, ...string) ([]*apimeta.RESTMapping, error) {
	resource := schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}
	return []*apimeta.RESTMapping{{Resource: resource}}, nil
}

type noEvents struct{ record.EventRecorder }

func (noEvents) Event(runtime.Object, string, string, string)          {}
func (noEvents) Eventf(runtime.Object, string, string, string, ...any) {}

// start runs a controller until the context ends.
func (c *cluster) start(ctx context.Context) {
	ctx = klog.NewContext(ctx, logr.Discard())
	p := process{cluster: c, ctx: ctx, retries: make([]bool, len(c.t.Created))}
	// As in kube-controller-manager; with 0 the controller's own resync would be dropped.
	factory := informers.NewSharedInformerFactory(c.client, 12*time.Hour)
	hpas := factory.Autoscaling().V2().HorizontalPodAutoscalers()
	controller := podautoscaler.NewHorizontalController(ctx, c.client.CoreV1(), p, p, oneMapping{}, p,
		hpas, factory.Core().V1().Pods(), 15*time.Second, 5*time.Minute, 0.1, 5*time.Minute, 30*time.Second)
	recorder := reflect.ValueOf(controller).Elem().FieldByName("eventRecorder")
	recorder = reflect.NewAt(recorder.Type(), unsafe.Pointer(recorder.UnsafeAddr())).Elem()
	recorder.Set(reflect.ValueOf(noEvents{}))
	factory.Start(ctx.Done())
	synctest.Wait()
	go controller.Run(ctx, c.t.Workers)
}

// list has a version, as upstream's has.
func (c *cluster) list(action clienttesting.Action) (bool, runtime.Object, error) {
	kind := autoscaling.SchemeGroupVersion.WithKind("HorizontalPodAutoscaler")
	object, err := c.client.Tracker().List(hpaResource, kind, action.GetNamespace())
	if err == nil {
		object.(*autoscaling.HorizontalPodAutoscalerList).ResourceVersion = strconv.Itoa(max(1, c.version))
	}
	return true, object, err
}

// watch hands events on a little later. Without that, hearing of one's own write and looking again at once
// would be a race.
func (c *cluster) watch(action clienttesting.Action) (bool, watch.Interface, error) {
	changes, err := c.client.Tracker().Watch(hpaResource, action.GetNamespace())
	if err != nil {
		return true, nil, err
	}
	type arrival struct {
		event watch.Event
		at    time.Time
	}
	onTheWay, delayed := make(chan arrival, 100), make(chan watch.Event, 100)
	go func() {
		defer close(onTheWay)
		for event := range changes.ResultChan() {
			onTheWay <- arrival{event, time.Now().Add(time.Duration(c.t.Watch) * time.Millisecond)}
		}
	}()
	go func() {
		defer close(delayed)
		for next := range onTheWay {
			time.Sleep(time.Until(next.at))
			delayed <- next.event
		}
	}()
	return true, delayedWatch{changes, delayed}, nil
}

type delayedWatch struct {
	watch.Interface
	events chan watch.Event
}

func (w delayedWatch) ResultChan() <-chan watch.Event { return w.events }

func (c *cluster) create(index int) {
	external := &autoscaling.ExternalMetricSource{
		Metric: autoscaling.MetricIdentifier{Name: "wanted"},
		Target: autoscaling.MetricTarget{
			Type: autoscaling.AverageValueMetricType, AverageValue: resource.NewQuantity(1, resource.DecimalSI),
		},
	}
	c.version++
	hpa := &autoscaling.HorizontalPodAutoscaler{
		ObjectMeta: metav1.ObjectMeta{
			Name: hpaName(index), Namespace: "default", UID: types.UID(strconv.Itoa(c.version)), Generation: 1,
			ResourceVersion: strconv.Itoa(c.version),
		},
		Spec: autoscaling.HorizontalPodAutoscalerSpec{
			ScaleTargetRef: autoscaling.CrossVersionObjectReference{
				APIVersion: "apps/v1", Kind: "Deployment", Name: hpaName(index),
			},
			MinReplicas: new(int32(1)), MaxReplicas: c.t.Max,
			Metrics: []autoscaling.MetricSpec{{Type: autoscaling.ExternalMetricSourceType, External: external}},
		},
	}
	if c.t.Behavior {
		hpa.Spec.Behavior = defaultBehavior()
	}
	if err := c.client.Tracker().Add(hpa); err != nil {
		panic(err)
	}
}

func defaultBehavior() *autoscaling.HorizontalPodAutoscalerBehavior {
	policy := func(kind autoscaling.HPAScalingPolicyType, value int32) autoscaling.HPAScalingPolicy {
		return autoscaling.HPAScalingPolicy{Type: kind, Value: value, PeriodSeconds: 15}
	}
	return &autoscaling.HorizontalPodAutoscalerBehavior{
		ScaleUp: &autoscaling.HPAScalingRules{
			StabilizationWindowSeconds: new(int32(0)),
			SelectPolicy:               new(autoscaling.MaxChangePolicySelect),
			Policies: []autoscaling.HPAScalingPolicy{
				policy(autoscaling.PodsScalingPolicy, 4), policy(autoscaling.PercentScalingPolicy, 100),
			},
		},
		ScaleDown: &autoscaling.HPAScalingRules{
			SelectPolicy: new(autoscaling.MaxChangePolicySelect),
			Policies:     []autoscaling.HPAScalingPolicy{policy(autoscaling.PercentScalingPolicy, 100)},
		},
	}
}

// run lets the controller work for the length of the case, in a bubble.
func (timing *Timing) run() {
	hpas := len(timing.Created)
	c := &cluster{
		t: timing, began: time.Now(), client: fake.NewClientset(),
		replicas: slices.Repeat([]int32{timing.Replicas}, hpas), scales: make([]int, hpas), open: make([]int, hpas),
	}
	c.client.PrependReactor("list", "horizontalpodautoscalers", c.list)
	c.client.PrependWatchReactor("horizontalpodautoscalers", c.watch)
	type happening struct {
		at int64
		do func()
	}
	var agenda []happening
	for index, at := range timing.Created {
		if at == 0 {
			c.create(index)
		} else {
			agenda = append(agenda, happening{at, func() { c.create(index) }})
		}
	}
	for _, edit := range timing.Edits {
		agenda = append(agenda, happening{edit.At, func() {
			c.write(edit.HPA, func(hpa *autoscaling.HorizontalPodAutoscaler) {
				hpa.Spec.MaxReplicas = edit.Max
				hpa.Generation++
			})
		}})
	}
	for _, it := range timing.Deleted {
		agenda = append(agenda, happening{it[0], func() {
			if err := c.client.Tracker().Delete(hpaResource, "default", hpaName(int(it[1]))); err != nil {
				panic(err)
			}
		}})
	}
	for _, it := range timing.Again {
		agenda = append(agenda, happening{it[0], func() { c.create(int(it[1])) }})
	}
	for _, it := range timing.Scaled {
		agenda = append(agenda, happening{it[0], func() { c.scale(int(it[1]), int32(it[2])) }})
	}
	ctx, cancel := context.WithCancel(context.Background())
	for _, at := range timing.Restarts {
		agenda = append(agenda, happening{at, func() {
			cancel()
			synctest.Wait()
			ctx, cancel = context.WithCancel(context.Background())
			c.start(ctx)
		}})
	}
	slices.SortStableFunc(agenda, func(one, other happening) int { return int(one.at - other.at) })
	c.start(ctx)
	for _, it := range agenda {
		time.Sleep(time.Duration(it.at-c.now()) * time.Millisecond)
		it.do()
	}
	time.Sleep(time.Duration(timing.Length-c.now()) * time.Millisecond)
	cancel()
	// What is only just beginning has not happened.
	time.Sleep(time.Hour)
}

func timingCases() []Timing {
	slow := func(t Timing) Timing {
		t.Get, t.Metrics, t.Put, t.Status, t.Watch, t.Replicas, t.Workers = 20, 400, 30, 50, 3, 1, 5
		if t.Max == 0 {
			t.Max = 1000
		}
		if t.Wanted == nil {
			t.Wanted = [][2]int64{{0, 100_000}}
		}
		return t
	}
	return []Timing{
		slow(Timing{Name: "a step each look", Behavior: true, Created: []int64{0}, Length: 130_007}),
		slow(Timing{Name: "locked: every second look", Behavior: true, Created: []int64{14_800}, Length: 190_007}),
		slow(Timing{Name: "locked by a resync before the write", Behavior: true, Created: []int64{14_560}, Length: 120_007}),
		slow(Timing{Name: "locked by a resync after the write", Behavior: true, Created: []int64{14_540}, Length: 120_007}),
		slow(Timing{Name: "without behavior a lock does not matter", Created: []int64{14_800}, Length: 130_007}),
		slow(Timing{Name: "drifts into the lock", Created: []int64{9_000}, Length: 400_007}),
		slow(Timing{Name: "nothing to write", Created: []int64{0}, Wanted: [][2]int64{{0, 1}}, Length: 100_007}),
		slow(Timing{Name: "down after the window", Created: []int64{0}, Wanted: [][2]int64{{0, 6}, {40_000, 1}}, Length: 420_007}),
		slow(Timing{Name: "down after the window, with behavior", Behavior: true, Created: []int64{0}, Wanted: [][2]int64{{0, 6}, {40_000, 1}}, Length: 420_007}),
		slow(Timing{Name: "an edit between looks", Created: []int64{0}, Max: 3, Edits: []Edit{{20_000, 0, 5}, {40_000, 0, 9}}, Length: 100_007}),
		slow(Timing{Name: "an edit during a look", Created: []int64{0}, Max: 3, Edits: []Edit{{15_700, 0, 9}}, Length: 100_007}),
		slow(Timing{Name: "a restart forgets", Behavior: true, Created: []int64{0}, Wanted: [][2]int64{{0, 6}, {40_000, 1}}, Restarts: []int64{100_100}, Length: 420_007}),
		slow(Timing{Name: "a restart during a look", Created: []int64{0}, Restarts: []int64{15_700}, Length: 80_007}),
		slow(Timing{Name: "the scale can't be read for a while", Created: []int64{0}, Failing: [][2]int64{{10_000, 50_000}}, Length: 100_007}),
	}
}

// changeCases are about HPAs that go and come back, and about people who scale.
func changeCases() []Timing {
	slow := func(t Timing) Timing {
		t.Get, t.Metrics, t.Put, t.Status, t.Watch, t.Replicas, t.Workers = 20, 400, 30, 50, 3, 1, 5
		t.Created, t.Max, t.Behavior = []int64{0}, 1000, true
		if t.Wanted == nil {
			t.Wanted = [][2]int64{{0, 6}, {40_000, 1}}
		}
		return t
	}
	steady := [][2]int64{{0, 100_000}}
	return []Timing{
		slow(Timing{Name: "deleted for good", Deleted: [][2]int64{{52_000, 0}}, Length: 400_007}),
		slow(Timing{Name: "back within the period: remembers", Deleted: [][2]int64{{52_000, 0}}, Again: [][2]int64{{55_000, 0}}, Length: 420_007}),
		slow(Timing{Name: "back after the period: forgot", Deleted: [][2]int64{{52_000, 0}}, Again: [][2]int64{{70_000, 0}}, Length: 420_007}),
		slow(Timing{Name: "deleted and back during a look", Deleted: [][2]int64{{46_600, 0}}, Again: [][2]int64{{46_700, 0}}, Length: 420_007}),
		slow(Timing{Name: "deleted before the selector is known", Deleted: [][2]int64{{46_510, 0}}, Again: [][2]int64{{49_000, 0}}, Length: 200_007}),
		slow(Timing{Name: "deleted while the count is written", Wanted: steady, Deleted: [][2]int64{{31_430, 0}}, Again: [][2]int64{{50_000, 0}}, Length: 200_007}),
		slow(Timing{Name: "deleted and back between two reads of it", Wanted: steady, Deleted: [][2]int64{{31_000, 0}}, Again: [][2]int64{{31_001, 0}}, Length: 100_007}),
		slow(Timing{Name: "scaled by hand", Wanted: [][2]int64{{0, 6}}, Scaled: [][3]int64{{40_000, 0, 2}, {70_000, 0, 20}}, Length: 450_007}),
		slow(Timing{Name: "switched off by hand and on again", Wanted: [][2]int64{{0, 6}}, Scaled: [][3]int64{{40_000, 0, 0}, {100_000, 0, 3}}, Length: 200_007}),
		slow(Timing{Name: "scaled above the maximum", Wanted: [][2]int64{{0, 6}}, Scaled: [][3]int64{{40_000, 0, 2000}}, Length: 120_007}),
		slow(Timing{Name: "scaled while the metrics are read", Wanted: steady, Scaled: [][3]int64{{15_700, 0, 2}}, Length: 100_007}),
		slow(Timing{Name: "scaled again between two attempts", Wanted: steady, Scaled: [][3]int64{{15_700, 0, 2}, {15_990, 0, 3}}, Length: 100_007}),
		slow(Timing{Name: "scaled again and again", Wanted: [][2]int64{{0, 6}}, Scaled: [][3]int64{{20_000, 0, 1}, {80_000, 0, 1}, {140_000, 0, 1}}, Length: 200_007}),
	}
}

// randomChange is a random case with HPAs that go and come back, and people who scale.
func randomChange(r *rand.Rand, number int) Timing {
	t := randomTiming(r, number)
	t.Name, t.Edits, t.Failing = fmt.Sprintf("random change %d", number), nil, nil
	at := t.Created[0]
	for range r.IntN(4) {
		at += 1 + r.Int64N(100_000)
		back := at + 1 + []int64{r.Int64N(300), r.Int64N(16_000), r.Int64N(60_000)}[r.IntN(3)]
		if back >= t.Length {
			break
		}
		t.Deleted, t.Again = append(t.Deleted, [2]int64{at, 0}), append(t.Again, [2]int64{back, 0})
		at = back
	}
	for range r.IntN(6) {
		replicas := []int64{0, r.Int64N(12), r.Int64N(500)}[r.IntN(3)]
		t.Scaled = append(t.Scaled, [3]int64{1 + r.Int64N(t.Length-1), 0, replicas})
	}
	slices.SortStableFunc(t.Scaled, func(one, other [3]int64) int { return int(one[0] - other[0]) })
	return t
}

func crowd() Timing {
	return Timing{
		Name: "more HPAs than workers", Created: []int64{100, 310, 450, 620, 790, 930, 1110}, Replicas: 2, Max: 50,
		Wanted: [][2]int64{{0, 10}}, Get: 20, Metrics: 2400, Put: 30, Status: 50, Watch: 3, Workers: 2, Length: 74_007,
	}
}

func slowAdapter() Timing {
	return Timing{
		Name: "a look longer than the period", Created: []int64{5_000}, Replicas: 2, Max: 500,
		Wanted: [][2]int64{{0, 400}}, Get: 20, Metrics: 33_000, Put: 30, Status: 50, Watch: 3, Workers: 5, Length: 300_007,
	}
}

func randomTiming(r *rand.Rand, number int) Timing {
	between := func(low, high int64) int64 { return low + r.Int64N(high-low+1) }
	t := Timing{
		Name: fmt.Sprintf("random %d", number), Behavior: r.IntN(2) == 0, Replicas: int32(between(1, 9)),
		Max: int32(between(10, 400)), Get: between(0, 60), Metrics: between(0, 900), Put: between(1, 80),
		Status: between(1, 80), Watch: between(1, 20), Workers: 5, Length: between(100, 700)*1000 + 7,
	}
	if r.IntN(4) == 0 {
		t.Metrics = between(1000, 16_000)
	}
	t.Created = []int64{[]int64{0, between(1, 30_000)}[r.IntN(2)]}
	steady := r.IntN(2) == 0
	for at := int64(0); at < t.Length && !(steady && at > 0); at += between(20_000, 200_000) {
		t.Wanted = append(t.Wanted, [2]int64{at, between(0, 300)})
	}
	for range r.IntN(3) {
		t.Edits = append(t.Edits, Edit{between(t.Created[0]+1, t.Length), 0, int32(between(5, 400))})
	}
	if r.IntN(4) == 0 {
		t.Restarts = []int64{between(t.Created[0]+1, t.Length-1)}
	}
	if r.IntN(5) == 0 {
		from := between(1, t.Length)
		t.Failing = [][2]int64{{from, from + between(1, 60_000)}}
	}
	return t
}

// randomSlow is a random case whose metrics take longer than the period: looks follow one another, and up
// to 1.36 one does not know the status that the look before it wrote.
func randomSlow(r *rand.Rand, number int) Timing {
	between := func(low, high int64) int64 { return low + r.Int64N(high-low+1) }
	t := randomTiming(r, number)
	t.Name, t.Metrics = fmt.Sprintf("random slow %d", number), between(15_000, 40_000)
	t.Length = max(t.Length, between(300, 1000)*1000+7)
	counts := []int64{between(0, 12), between(0, 12)}
	t.Wanted = [][2]int64{{0, counts[0]}}
	if r.IntN(2) == 0 {
		// There and back, so that a status may be that of two looks ago.
		for at, next := between(20_000, 100_000), 1; at < t.Length; at, next = at+between(20_000, 100_000), 1-next {
			t.Wanted = append(t.Wanted, [2]int64{at, counts[next]})
		}
	}
	return t
}

func TestTiming(t *testing.T) {
	if *timingFile == "" {
		t.Skip("no -timing")
	}
	klog.SetLogger(logr.Discard())
	// Its back-off sleeps by a time that bubbles would share.
	utilruntime.ErrorHandlers = nil
	// The one random number of a sync.
	retry.DefaultRetry.Jitter = 0
	r := rand.New(rand.NewPCG(*timingSeed, 0))
	cases := append(timingCases(), crowd(), slowAdapter())
	for number := range *timingRandom {
		cases = append(cases, randomTiming(r, number))
	}
	cases = append(cases, changeCases()...)
	r = rand.New(rand.NewPCG(*timingSeed, 1))
	for number := range *timingRandom {
		cases = append(cases, randomChange(r, number))
	}
	r = rand.New(rand.NewPCG(*timingSeed, 2))
	for number := range *timingRandom {
		cases = append(cases, randomSlow(r, number))
	}
	file, err := os.Create(*timingFile)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	buffer := bufio.NewWriter(file)
	defer buffer.Flush()
	lines := json.NewEncoder(buffer)
	lines.SetEscapeHTML(false)
	if err := lines.Encode(Header{Kubernetes: *timingOf, Seed: *timingSeed, Cases: len(cases)}); err != nil {
		t.Fatal(err)
	}
	for i := range cases {
		synctest.Test(t, func(*testing.T) { cases[i].run() })
		if err := lines.Encode(cases[i]); err != nil {
			t.Fatal(err)
		}
	}
}
