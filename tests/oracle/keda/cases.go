package oracle

import (
	"context"
	"fmt"
	"time"

	"github.com/go-logr/logr"
	kedav1alpha1 "github.com/kedacore/keda/v2/apis/keda/v1alpha1"
	keda "github.com/kedacore/keda/v2/controllers/keda"
	"github.com/kedacore/keda/v2/pkg/scaling/executor"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// HpaCase is a ScaledObject and the HPA that KEDA makes of it.
type HpaCase struct {
	Object *kedav1alpha1.ScaledObject `json:"object"`
	// What the webhook says to it: bounds, fallback and triggers, in this order.
	Refused []string `json:"refused,omitempty"`
	// Why there is no HPA.
	Error string                                     `json:"error,omitempty"`
	Name  string                                     `json:"name,omitempty"`
	Spec  *autoscalingv2.HorizontalPodAutoscalerSpec `json:"spec,omitempty"`
}

func (g generator) hpaCase() HpaCase {
	object := g.object()
	c := HpaCase{Object: object.DeepCopy()}
	for _, err := range []error{
		kedav1alpha1.CheckReplicaCountBoundsAreValid(object),
		kedav1alpha1.CheckFallbackValid(object),
		kedav1alpha1.ValidateTriggers(object.Spec.Triggers),
	} {
		if err != nil {
			c.Refused = append(c.Refused, err.Error())
		}
	}
	for _, trigger := range object.Spec.Triggers {
		for name, value := range trigger.Metadata {
			if address, is := addresses[value]; is {
				trigger.Metadata[name] = address
			}
		}
	}
	object.Status.ScaleTargetGVKR = deploymentKind()
	w := newWorld(1, 0, object)
	reconciler := &keda.ScaledObjectReconciler{Client: w.client, Scheme: w.scheme, ScaleClient: w.scales, ScaleHandler: w.handler()}
	hpa, err := newHPA(reconciler, context.Background(), logr.Discard(), object, deploymentKind())
	if err != nil {
		c.Error = err.Error()
		return c
	}
	c.Name, c.Spec = hpa.Name, &hpa.Spec
	return c
}

// PollCase is one call of RequestScale. Times are milliseconds since the clock's start.
type PollCase struct {
	Min             *int32 `json:"min,omitempty"`
	Idle            *int32 `json:"idle,omitempty"`
	Cooldown        *int32 `json:"cooldown,omitempty"`
	InitialCooldown *int32 `json:"initialCooldown,omitempty"`
	Fallback        *int32 `json:"fallback,omitempty"`
	PausedIn        bool   `json:"pausedIn,omitempty"`
	PausedOut       bool   `json:"pausedOut,omitempty"`
	Forced          bool   `json:"forced,omitempty"`
	Current         int32  `json:"current"`
	LastActive      *int64 `json:"lastActive,omitempty"`
	Now             int64  `json:"now"`
	Active          bool   `json:"active,omitempty"`
	Failed          bool   `json:"failed,omitempty"`
	Replicas        *int32 `json:"replicas,omitempty"`
	Touched         bool   `json:"touched,omitempty"`
	Reason          string `json:"reason,omitempty"`
}

// pollCase asks the executor at the instant `now` of a clock that stands still but for it.
func (g generator) pollCase() PollCase {
	c := PollCase{
		Min:             g.maybe(0, 1, 3),
		Cooldown:        g.maybe(0, 60, 300),
		InitialCooldown: g.maybe(0, 60, 300),
		PausedIn:        g.IntN(10) == 0,
		PausedOut:       g.IntN(10) == 0,
		Forced:          g.IntN(15) == 0,
		Current:         pick[int32](g, 0, 0, 1, 2, 3, 10),
		Now:             pick[int64](g, 0, 1, 60_000, 60_001, 299_999, 300_000, 300_001, 300_999, 301_000, 500_000),
		Active:          g.IntN(3) == 0,
		Failed:          g.IntN(4) == 0,
	}
	if c.Min != nil && *c.Min > 0 && g.IntN(3) == 0 {
		idle := int32(g.IntN(int(*c.Min)))
		c.Idle = &idle
	}
	if g.IntN(3) == 0 {
		fallback := pick[int32](g, 0, 4)
		c.Fallback = &fallback
	}
	if g.IntN(3) > 0 {
		at := pick[int64](g, 0, 0, 1_000, 200_000, 240_000)
		if at <= c.Now {
			c.LastActive = &at
		}
	}
	start := time.Now()
	instant := func(ms int64) *metav1.Time {
		return &metav1.Time{Time: start.Add(time.Duration(ms) * time.Millisecond)}
	}
	annotations := map[string]string{}
	for name, set := range map[string]bool{
		kedav1alpha1.PausedScaleInAnnotation:   c.PausedIn,
		kedav1alpha1.PausedScaleOutAnnotation:  c.PausedOut,
		kedav1alpha1.ForceActivationAnnotation: c.Forced,
	} {
		if set {
			annotations[name] = "true"
		}
	}
	object := &kedav1alpha1.ScaledObject{
		ObjectMeta: metav1.ObjectMeta{Name: target, Namespace: namespace, CreationTimestamp: *instant(0), Annotations: annotations},
		Spec: kedav1alpha1.ScaledObjectSpec{
			ScaleTargetRef:        &kedav1alpha1.ScaleTarget{Name: target},
			MinReplicaCount:       c.Min,
			IdleReplicaCount:      c.Idle,
			CooldownPeriod:        c.Cooldown,
			InitialCooldownPeriod: c.InitialCooldown,
		},
		Status: kedav1alpha1.ScaledObjectStatus{ScaleTargetGVKR: deploymentKind()},
	}
	if c.Fallback != nil {
		object.Spec.Fallback = &kedav1alpha1.Fallback{FailureThreshold: 100, Replicas: *c.Fallback, Behavior: "static"}
	}
	if c.LastActive != nil {
		object.Status.LastActiveTime = instant(*c.LastActive)
	}
	w := newWorld(c.Current, 0)
	time.Sleep(time.Duration(c.Now) * time.Millisecond)
	scaler := executor.NewScaleExecutor(w.client, w.scales, w.scheme, apiTimeout, recorder{})
	result := scaler.RequestScale(context.Background(), object, c.Active, c.Failed, executor.ScaleExecutorOptions{})
	c.Replicas, c.Touched = w.written, result.LastActiveTime != nil
	for _, condition := range result.Conditions {
		if condition.Type == kedav1alpha1.ConditionActive {
			c.Reason = condition.Reason
		}
	}
	return c
}

// History is a ScaledObject with Prometheus triggers over some polls and reads.
type History struct {
	Object *kedav1alpha1.ScaledObject `json:"object"`
	// Replicas at the start, and ready pods all the time.
	Replicas int32 `json:"replicas"`
	Ready    int   `json:"ready"`
	// Whether the HPA reads its metrics.
	HpaActive bool   `json:"hpaActive,omitempty"`
	Steps     []Step `json:"steps"`
}

// Step is a poll, or a read of one trigger's metric.
type Step struct {
	// Seconds since the step before: none, or more than any cooldown.
	After int64 `json:"after,omitempty"`
	// What each trigger's query gives: a number, "" for no series, "failed".
	Answers []string `json:"answers"`
	// The trigger that is read; a poll if absent.
	Read *int `json:"read,omitempty"`
	// What the reader is told, in milli units, or the error.
	Value *int64 `json:"value,omitempty"`
	Error string `json:"error,omitempty"`
	// What a poll wrote to the scale, and whether it took note of activity.
	Written *int32 `json:"written,omitempty"`
	Touched bool   `json:"touched,omitempty"`
}

func (g generator) history(p *prometheus, number int) History {
	h := History{
		Replicas:  pick[int32](g, 0, 1, 2, 5),
		Ready:     g.IntN(4),
		HpaActive: g.IntN(2) == 0,
	}
	object := &kedav1alpha1.ScaledObject{
		TypeMeta: metav1.TypeMeta{APIVersion: "keda.sh/v1alpha1", Kind: "ScaledObject"},
		ObjectMeta: metav1.ObjectMeta{
			Name: target, Namespace: namespace, Generation: 1,
			CreationTimestamp: metav1.Time{Time: time.Now().Add(-time.Hour)},
		},
		Spec: kedav1alpha1.ScaledObjectSpec{
			ScaleTargetRef:  &kedav1alpha1.ScaleTarget{Name: target},
			MinReplicaCount: g.maybe(0, 0, 1, 2),
			MaxReplicaCount: pointerTo[int32](10),
		},
	}
	if object.Spec.MinReplicaCount != nil && *object.Spec.MinReplicaCount > 0 && g.IntN(4) == 0 {
		object.Spec.IdleReplicaCount = pointerTo[int32](0)
	}
	if g.IntN(3) > 0 {
		object.Spec.Fallback = g.fallback()
	}
	query := func(index int) string { return fmt.Sprintf("case%d_trigger%d", number, index) }
	for index := range 1 + g.IntN(2) {
		metadata := map[string]string{"serverAddress": "PROMETHEUS", "query": query(index), "threshold": pick(g, "10", "2.5", "7")}
		if g.IntN(2) == 0 {
			metadata["activationThreshold"] = pick(g, "5", "0.5")
		}
		if g.IntN(3) == 0 {
			metadata["ignoreNullValues"] = "false"
		}
		object.Spec.Triggers = append(object.Spec.Triggers, kedav1alpha1.ScaleTriggers{
			Type: "prometheus", Metadata: metadata,
			MetricType:       pick(g, "", "", autoscalingv2.ValueMetricType),
			UseCachedMetrics: g.IntN(4) == 0,
		})
	}
	if g.IntN(3) == 0 {
		g.modify(object)
	}
	h.Object = object.DeepCopy()
	for index, trigger := range object.Spec.Triggers {
		trigger.Metadata["serverAddress"] = addresses["PROMETHEUS"]
		object.Status.ExternalMetricNames = append(object.Status.ExternalMetricNames, fmt.Sprintf("s%d-prometheus", index))
	}
	object.Status.ScaleTargetGVKR = deploymentKind()
	object.Status.HpaName = "hpa"
	status := corev1.ConditionFalse
	if h.HpaActive {
		status = corev1.ConditionTrue
	}
	hpa := &autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: metav1.ObjectMeta{Name: "hpa", Namespace: namespace}}
	hpa.Status.Conditions = []autoscalingv2.HorizontalPodAutoscalerCondition{{Type: autoscalingv2.ScalingActive, Status: status}}
	w := newWorld(h.Replicas, h.Ready, object.DeepCopy(), hpa)
	must(w.client.Status().Update(context.Background(), withStatus(w, object)))
	handler := w.handler()
	mutex := &noLock{}
	loop := w.object()
	for range 4 + g.IntN(14) {
		step := Step{}
		if g.IntN(5) == 0 {
			step.After = 1000
			w.shift(time.Duration(step.After) * time.Second)
		}
		for index := range object.Spec.Triggers {
			answer := pick(g, "0", "5", "5.0001", "20", "0.5", "", "failed", "failed", "failed")
			step.Answers = append(step.Answers, answer)
			p.set(query(index), answer)
		}
		if g.IntN(2) == 0 {
			index := g.IntN(len(object.Spec.Triggers))
			metric := fmt.Sprintf("s%d-prometheus", index)
			if object.IsUsingModifiers() {
				index, metric = len(object.Spec.Triggers), kedav1alpha1.CompositeMetricName
			}
			step.Read = &index
			list, err := handler.GetScaledObjectMetrics(context.Background(), target, namespace, metric)
			if err != nil {
				step.Error = err.Error()
			} else if len(list.Items) == 0 {
				step.Error = "nothing"
			} else {
				value := list.Items[0].Value.MilliValue()
				step.Value = &value
			}
		} else {
			w.written = nil
			w.mark()
			checkScalers(pointer(handler), context.Background(), loop, mutex)
			step.Written = w.written
			step.Touched = w.isTouched()
		}
		h.Steps = append(h.Steps, step)
	}
	return h
}

// modify makes one metric of all triggers.
func (g generator) modify(object *kedav1alpha1.ScaledObject) {
	one, other := "a", "a"
	for index := range object.Spec.Triggers {
		object.Spec.Triggers[index].Name = string(rune('a' + index))
		other = object.Spec.Triggers[index].Name
	}
	if object.Spec.Fallback != nil && g.IntN(2) == 0 {
		object.Spec.Fallback.Behavior = kedav1alpha1.FallbackBehaviorScalingModifiers
	}
	formula := pick(g, "%s + %s", "max(%s, %s) * 2", "%s > 5 ? %s : 1", "%s / %s", "%s ?? %s", "%s ?? %s ?? nil", "%s > 1 ? %s : nil ?? nil", "int(%s) %% int(%s)")
	object.Spec.Advanced = &kedav1alpha1.AdvancedConfig{ScalingModifiers: kedav1alpha1.ScalingModifiers{
		Formula:          fmt.Sprintf(formula, one, other),
		Target:           pick(g, "5", "2.5", "1"),
		ActivationTarget: pick(g, "", "2", "0.5"),
		MetricType:       pick(g, "", autoscalingv2.AverageValueMetricType, autoscalingv2.ValueMetricType),
	}}
}

func (w *world) object() *kedav1alpha1.ScaledObject {
	var found kedav1alpha1.ScaledObject
	must(w.client.Get(context.Background(), client.ObjectKey{Namespace: namespace, Name: target}, &found))
	return &found
}

// shift lets time pass: what is remembered lies so much further back.
func (w *world) shift(length time.Duration) {
	object := w.object()
	if at := object.Status.LastActiveTime; at != nil {
		object.Status.LastActiveTime = &metav1.Time{Time: at.Add(-length)}
		must(w.client.Status().Update(context.Background(), object))
	}
}

// mark moves the last activity by ten seconds, so that a new one can be told; no cooldown here is that near.
func (w *world) mark() { w.shift(10 * time.Second) }

func (w *world) isTouched() bool {
	at := w.object().Status.LastActiveTime
	return at != nil && time.Since(at.Time) < 5*time.Second
}

func withStatus(w *world, object *kedav1alpha1.ScaledObject) *kedav1alpha1.ScaledObject {
	stored := w.object()
	stored.Status = object.Status
	return stored
}

type noLock struct{}

func (*noLock) Lock()   {}
func (*noLock) Unlock() {}

func pointerTo[T any](value T) *T { return &value }
