//go:build !k129

package oracle

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"github.com/go-logr/logr"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	apimeta "k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	autoscalingclient "k8s.io/client-go/kubernetes/typed/autoscaling/v2"
	corelisters "k8s.io/client-go/listers/core/v1"
	scaleclient "k8s.io/client-go/scale"
	"k8s.io/client-go/tools/record"
	"k8s.io/client-go/util/retry"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/controller/podautoscaler"
)

//go:linkname reconcileAutoscaler k8s.io/kubernetes/pkg/controller/podautoscaler.(*HorizontalController).reconcileAutoscaler
func reconcileAutoscaler(a *podautoscaler.HorizontalController, ctx context.Context, hpa *autoscaling.HorizontalPodAutoscaler, key string) error

//go:linkname validateAndParseSelector k8s.io/kubernetes/pkg/controller/podautoscaler.(*HorizontalController).validateAndParseSelector
func validateAndParseSelector(a *podautoscaler.HorizontalController, hpa *autoscaling.HorizontalPodAutoscaler, selector string) (labels.Selector, error)

//go:linkname enqueueHPA k8s.io/kubernetes/pkg/controller/podautoscaler.(*HorizontalController).enqueueHPA
func enqueueHPA(a *podautoscaler.HorizontalController, obj any)

//go:linkname deleteHPA k8s.io/kubernetes/pkg/controller/podautoscaler.(*HorizontalController).deleteHPA
func deleteHPA(a *podautoscaler.HorizontalController, obj any)

// memory are the maps that a restart of the controller forgets.
var memory = []string{"recommendations", "scaleUpEvents", "scaleDownEvents"}

const hpaKey = "default/web"

// controller is upstream's, with everything around it replaced by the sync at hand.
type controller struct {
	upstream  *podautoscaler.HorizontalController
	recorder  *recorder
	ctx       context.Context
	cancel    context.CancelFunc
	replicas  int32
	conflicts int
	now       *Sync
	written   *autoscaling.HorizontalPodAutoscaler
	version   int
	idle      bool // what is written is thrown away
}

func newController() *controller {
	// The wait between two attempts is otherwise 10 ms and a random part.
	retry.DefaultRetry.Jitter = 0
	utilruntime.ErrorHandlers = nil
	ctx, cancel := context.WithCancel(klog.NewContext(context.Background(), logr.Discard()))
	klog.SetLogger(logr.Discard())
	client := fake.NewClientset()
	factory := informers.NewSharedInformerFactory(client, 12*time.Hour)
	c := &controller{ctx: ctx, cancel: cancel, recorder: &recorder{}}
	c.upstream = podautoscaler.NewHorizontalController(ctx, client.CoreV1(), scales{c: c}, hpas{c: c}, mapper{},
		&metricsAPI{}, factory.Autoscaling().V2().HorizontalPodAutoscalers(), factory.Core().V1().Pods(),
		15*time.Second, 5*time.Minute, 0.1, 5*time.Minute, 30*time.Second)
	set[record.EventRecorder](c, "eventRecorder", c.recorder)
	return c
}

// field gives access to an unexported field of the controller.
func field(c *controller, name string) reflect.Value {
	return open(reflect.ValueOf(c.upstream).Elem().FieldByName(name))
}

func open(value reflect.Value) reflect.Value {
	return reflect.NewAt(value.Type(), unsafe.Pointer(value.UnsafeAddr())).Elem()
}

func set[T any](c *controller, name string, value T) { field(c, name).Set(reflect.ValueOf(value)) }

func (c *controller) begin(h *History, hpa *autoscaling.HorizontalPodAutoscaler) {
	// Up to 1.32 only the calculator has it.
	if reflect.ValueOf(c.upstream).Elem().FieldByName("tolerance").IsValid() {
		set(c, "tolerance", h.Tolerance)
	}
	set(c, "downscaleStabilisationWindow", ms(h.Stabilization))
	c.forget()
	enqueueHPA(c.upstream, hpa)
}

func (c *controller) end(hpa *autoscaling.HorizontalPodAutoscaler) { deleteHPA(c.upstream, hpa) }

// forget does to memory what a restart does.
func (c *controller) forget() {
	for _, name := range memory {
		field(c, name).Clear()
	}
}

// close ends all goroutines of the controller.
func (c *controller) close() {
	field(c, "queue").Interface().(workqueue.TypedRateLimitingInterface[string]).ShutDown()
	c.cancel()
	time.Sleep(time.Hour)
}

// sync returns the HPA with its new status, and the replicas of the scale.
func (c *controller) sync(h *History, sync *Sync, hpa *autoscaling.HorizontalPodAutoscaler, replicas int32) (*autoscaling.HorizontalPodAutoscaler, int32) {
	now := time.Now()
	metrics := make([]Metric, len(h.Metrics))
	for i := range metrics {
		metrics[i] = Metric{h.Metrics[i], sync.Readings[i]}
	}
	pods := podList(objects(sync.Pods, now))
	api := &metricsAPI{now: now, pods: sync.Pods, metrics: metrics}
	set[corelisters.PodLister](c, "podLister", pods)
	set(c, "replicaCalc", newCalculator(api, pods, h.Tolerance, h.Tolerance, ms(h.Initialization), ms(h.Delay)).ReplicaCalculator)
	c.replicas, c.now, c.written, c.conflicts = replicas, sync, hpa, sync.Conflicts
	rival := &autoscaling.HorizontalPodAutoscaler{ObjectMeta: metav1.ObjectMeta{Name: "rival", Namespace: "default"}}
	if sync.Rival {
		enqueueHPA(c.upstream, rival)
		_, _ = validateAndParseSelector(c.upstream, rival, sync.Selector)
	}
	c.recorder.events = nil
	// Errors are told in events and conditions as well.
	_ = reconcileAutoscaler(c.upstream, c.ctx, hpa, hpaKey)
	if sync.Rival {
		deleteHPA(c.upstream, rival)
	}
	return c.written, c.replicas
}

// remembered reads the controller's memory.
func (c *controller) remembered(since func(time.Time) int64, answer *Answer) {
	key := reflect.ValueOf(hpaKey)
	each := func(list string, look func(entry reflect.Value)) {
		entries := field(c, list).MapIndex(key)
		for i := 0; entries.IsValid() && i < entries.Len(); i++ {
			look(entries.Index(i))
		}
	}
	at := func(entry reflect.Value) int64 {
		return since(open(entry.FieldByName("timestamp")).Interface().(time.Time))
	}
	answer.Recommendations = [][2]int64{}
	each("recommendations", func(entry reflect.Value) {
		answer.Recommendations = append(answer.Recommendations, [2]int64{entry.FieldByName("recommendation").Int(), at(entry)})
	})
	event := func(entry reflect.Value) [3]int64 {
		outdated := int64(0)
		if entry.FieldByName("outdated").Bool() {
			outdated = 1
		}
		return [3]int64{entry.FieldByName("replicaChange").Int(), at(entry), outdated}
	}
	each("scaleUpEvents", func(entry reflect.Value) { answer.Up = append(answer.Up, event(entry)) })
	each("scaleDownEvents", func(entry reflect.Value) { answer.Down = append(answer.Down, event(entry)) })
}

// recorder keeps events; the real one aggregates and drops.
type recorder struct {
	record.EventRecorder
	events []Event
}

func (r *recorder) Event(_ runtime.Object, kind, reason, message string) {
	r.events = append(r.events, Event{Type: kind, Reason: reason, Message: ordered(reason, message)})
}

func (r *recorder) Eventf(object runtime.Object, kind, reason, format string, args ...any) {
	r.Event(object, kind, reason, fmt.Sprintf(format, args...))
}

// ordered sorts the HPAs that are listed in an AmbiguousSelector text: their order is the order of a
// map, which is another one each time.
func ordered(reason, message string) string {
	start, end := strings.LastIndex(message, "["), strings.LastIndex(message, "]")
	if !strings.Contains(message, "controlled by") || start < 0 || end < start {
		return message
	}
	names := strings.Fields(message[start+1 : end])
	slices.Sort(names)
	return message[:start+1] + strings.Join(names, " ") + message[end:]
}

type scales struct {
	scaleclient.ScaleInterface
	c *controller
}

func (s scales) Scales(string) scaleclient.ScaleInterface { return s }

func (s scales) Get(context.Context, schema.GroupResource, string, metav1.GetOptions) (*autoscalingv1.Scale, error) {
	return &autoscalingv1.Scale{
		ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "default"},
		Spec:       autoscalingv1.ScaleSpec{Replicas: s.c.replicas},
		Status:     autoscalingv1.ScaleStatus{Replicas: s.c.now.Status, Selector: s.c.now.Selector},
	}, failure(s.c.now.GetError)
}

func (s scales) Update(_ context.Context, resource schema.GroupResource, scale *autoscalingv1.Scale, _ metav1.UpdateOptions) (*autoscalingv1.Scale, error) {
	if s.c.conflicts > 0 {
		s.c.conflicts--
		return nil, apierrors.NewConflict(resource, "web", errors.New("the object has been modified"))
	}
	if err := failure(s.c.now.UpdateError); err != nil {
		return nil, err
	}
	s.c.replicas = scale.Spec.Replicas
	return scale, nil
}

type hpas struct {
	autoscalingclient.HorizontalPodAutoscalerInterface
	c *controller
}

func (h hpas) HorizontalPodAutoscalers(string) autoscalingclient.HorizontalPodAutoscalerInterface {
	return h
}

func (h hpas) UpdateStatus(_ context.Context, hpa *autoscaling.HorizontalPodAutoscaler, _ metav1.UpdateOptions) (*autoscaling.HorizontalPodAutoscaler, error) {
	if err := failure(h.c.now.StatusError); err != nil {
		return nil, err
	}
	if h.c.idle {
		return hpa, nil
	}
	h.c.version++
	written := hpa.DeepCopy()
	// The controller fills a window into its own copy; the API server keeps the spec.
	written.Spec = *h.c.written.Spec.DeepCopy()
	written.ResourceVersion = strconv.Itoa(h.c.version)
	h.c.written = written
	return written, nil
}

type mapper struct{ apimeta.RESTMapper }

func (mapper) RESTMappings(schema.GroupKind, ...string) ([]*apimeta.RESTMapping, error) {
	resource := schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}
	return []*apimeta.RESTMapping{{Resource: resource}}, nil
}
