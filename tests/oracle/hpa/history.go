//go:build !k129

package oracle

import (
	"errors"
	"slices"
	"time"

	autoscaling "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// History is one HPA over several syncs of the whole controller.
type History struct {
	Gates          map[string]bool `json:"gates,omitempty"`
	Min            int32           `json:"min"`
	Max            int32           `json:"max"`
	Metrics        []MetricSpec    `json:"metrics"`
	Behavior       *Behavior       `json:"behavior,omitempty"`
	Tolerance      float64         `json:"tolerance"`
	Stabilization  int64           `json:"stabilization"`
	Initialization int64           `json:"initialization"`
	Delay          int64           `json:"delay"`
	Syncs          []Sync          `json:"syncs"`
}

// Behavior is spec.behavior.
type Behavior struct {
	Up   Rules `json:"up"`
	Down Rules `json:"down"`
}

// Rules of one direction.
type Rules struct {
	Window    *int32   `json:"window,omitempty"` // seconds
	Select    string   `json:"select"`
	Policies  []Policy `json:"policies"`
	Tolerance *int64   `json:"tolerance,omitempty"` // a quantity in milli units
}

// Policy of one direction.
type Policy struct {
	Type   string `json:"type"`
	Value  int32  `json:"value"`
	Period int32  `json:"period"` // seconds
}

// Sync is what the controller sees.
type Sync struct {
	After       int64     `json:"after"`              // since the sync before
	Spec        *int32    `json:"spec,omitempty"`     // replicas, set by someone else in between
	Min         *int32    `json:"min,omitempty"`      // edited in between
	Max         *int32    `json:"max,omitempty"`      // edited in between
	Behavior    *Behavior `json:"behavior,omitempty"` // edited in between
	Toggle      bool      `json:"toggle,omitempty"`   // behavior was removed, or put back
	Restart     bool      `json:"restart,omitempty"`  // of the controller
	Recreate    bool      `json:"recreate,omitempty"` // the HPA was deleted and created anew
	Rival       bool      `json:"rival,omitempty"`    // another HPA has the same selector
	Status      int32     `json:"status"`
	Pods        []Pod     `json:"pods"`
	Readings    []Reading `json:"readings"`
	Selector    string    `json:"selector"`
	GetError    string    `json:"getError,omitempty"`
	Conflicts   int       `json:"conflicts,omitempty"` // attempts to write the scale that meet a conflict
	UpdateError string    `json:"updateError,omitempty"`
	StatusError string    `json:"statusError,omitempty"`
}

// Answer is the state after a sync. Times are milliseconds since the first sync.
type Answer struct {
	Replicas        int32       `json:"replicas"` // of the scale
	Current         int32       `json:"current"`
	Desired         int32       `json:"desired"`
	LastScale       *int64      `json:"lastScale,omitempty"`
	Observed        *int64      `json:"observed,omitempty"` // observedGeneration
	Metrics         []Shown     `json:"metrics,omitempty"`
	Conditions      []Condition `json:"conditions,omitempty"` // those that differ from the sync before
	Removed         []string    `json:"removed,omitempty"`    // conditions that went
	Events          []Event     `json:"events,omitempty"`
	SelectorError   string      `json:"selectorError,omitempty"` // why the selector can't be parsed
	Recommendations [][2]int64  `json:"recommendations"`
	Up              [][3]int64  `json:"up,omitempty"` // change, time, outdated
	Down            [][3]int64  `json:"down,omitempty"`
}

// Shown is one entry of status.currentMetrics, its quantities as text.
type Shown struct {
	Type        string `json:"type,omitempty"`
	Utilization *int32 `json:"utilization,omitempty"`
	Average     string `json:"average,omitempty"`
	Value       string `json:"value,omitempty"`
}

// Condition of the HPA.
type Condition struct {
	Type    string `json:"type"`
	Status  string `json:"status"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
	Since   int64  `json:"since"`
}

// Event of the controller.
type Event struct {
	Type    string `json:"type"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// object builds the API object.
func (h *History) object(name string) *autoscaling.HorizontalPodAutoscaler {
	hpa := &autoscaling.HorizontalPodAutoscaler{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default", Generation: 1},
		Spec: autoscaling.HorizontalPodAutoscalerSpec{
			ScaleTargetRef: autoscaling.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Name: "web"},
			MinReplicas:    &h.Min, MaxReplicas: h.Max,
		},
	}
	for _, metric := range h.Metrics {
		hpa.Spec.Metrics = append(hpa.Spec.Metrics, metric.object())
	}
	hpa.Spec.Behavior = h.Behavior.object()
	return hpa
}

func (b *Behavior) object() *autoscaling.HorizontalPodAutoscalerBehavior {
	if b == nil {
		return nil
	}
	return &autoscaling.HorizontalPodAutoscalerBehavior{ScaleUp: b.Up.object(), ScaleDown: b.Down.object()}
}

func (r Rules) object() *autoscaling.HPAScalingRules {
	choice := autoscaling.ScalingPolicySelect(r.Select)
	rules := &autoscaling.HPAScalingRules{StabilizationWindowSeconds: r.Window, SelectPolicy: &choice}
	for _, policy := range r.Policies {
		rules.Policies = append(rules.Policies, autoscaling.HPAScalingPolicy{
			Type: autoscaling.HPAScalingPolicyType(policy.Type), Value: policy.Value, PeriodSeconds: policy.Period,
		})
	}
	if r.Tolerance != nil {
		setTolerance(rules, resource.NewMilliQuantity(*r.Tolerance, resource.DecimalSI))
	}
	return rules
}

func (m MetricSpec) object() autoscaling.MetricSpec {
	goal := resource.NewMilliQuantity(m.Goal, resource.DecimalSI)
	target := autoscaling.MetricTarget{Type: autoscaling.MetricTargetType(m.Target)}
	switch m.Target {
	case "Utilization":
		percent := int32(m.Goal)
		target.AverageUtilization = &percent
	case "AverageValue":
		target.AverageValue = goal
	case "Value":
		target.Value = goal
	}
	if m.Mismatch {
		target.Type = autoscaling.UtilizationMetricType
	}
	name, metric := v1.ResourceName(m.Resource), autoscaling.MetricIdentifier{Name: "m", Selector: m.Selector.object()}
	spec := autoscaling.MetricSpec{Type: autoscaling.MetricSourceType(m.Source)}
	switch m.Source {
	case "Resource":
		spec.Resource = &autoscaling.ResourceMetricSource{Name: name, Target: target}
	case "ContainerResource":
		spec.ContainerResource = &autoscaling.ContainerResourceMetricSource{Name: name, Container: m.Container, Target: target}
	case "Pods":
		spec.Pods = &autoscaling.PodsMetricSource{Metric: metric, Target: target}
	case "Object":
		spec.Object = &autoscaling.ObjectMetricSource{DescribedObject: *ingress, Metric: metric, Target: target}
	case "External":
		spec.External = &autoscaling.ExternalMetricSource{Metric: metric, Target: target}
	}
	return spec
}

// run lets the controller sync. The condition of each type is told when it changes.
func (h *History) run(c *controller) []Answer {
	setGates(h.Gates)
	hpa := h.object("web")
	c.begin(h, hpa)
	defer c.end(hpa)
	start, replicas, behavior := time.Now(), *h.Syncs[0].Spec, h.Behavior
	before := map[string]Condition{}
	answers := make([]Answer, 0, len(h.Syncs))
	for i := range h.Syncs {
		sync := &h.Syncs[i]
		time.Sleep(ms(sync.After))
		if i == 0 {
			start = time.Now()
		}
		if sync.Spec != nil {
			replicas = *sync.Spec
		}
		if sync.Restart {
			c.forget()
		}
		if sync.Recreate {
			hpa.Status, hpa.Generation = autoscaling.HorizontalPodAutoscalerStatus{}, 1
		}
		behavior = sync.edit(hpa, behavior)
		hpa, replicas = c.sync(h, sync, hpa, replicas)
		since := func(at time.Time) int64 { return at.Sub(start).Milliseconds() }
		answer := answer(hpa, since, before)
		answer.Replicas = replicas
		answer.Events = c.recorder.events
		if _, err := labels.Parse(sync.Selector); err != nil {
			answer.SelectorError = err.Error()
		}
		c.remembered(since, &answer)
		answers = append(answers, answer)
	}
	return answers
}

// edit does what someone did to the spec before the sync, and returns the behavior that is there or would be put back.
func (s *Sync) edit(hpa *autoscaling.HorizontalPodAutoscaler, behavior *Behavior) *Behavior {
	if s.Min != nil {
		hpa.Spec.MinReplicas = s.Min
	}
	if s.Max != nil {
		hpa.Spec.MaxReplicas = *s.Max
	}
	if s.Behavior != nil {
		behavior = s.Behavior
		hpa.Spec.Behavior = behavior.object()
	}
	if s.Toggle && hpa.Spec.Behavior == nil {
		hpa.Spec.Behavior = behavior.object()
	} else if s.Toggle {
		hpa.Spec.Behavior = nil
	}
	if s.Min != nil || s.Max != nil || s.Behavior != nil || s.Toggle {
		hpa.Generation++
	}
	return behavior
}

func answer(hpa *autoscaling.HorizontalPodAutoscaler, since func(time.Time) int64, before map[string]Condition) Answer {
	status := hpa.Status
	answer := Answer{Current: status.CurrentReplicas, Desired: status.DesiredReplicas, Observed: status.ObservedGeneration}
	if status.LastScaleTime != nil {
		answer.LastScale = new(since(status.LastScaleTime.Time))
	}
	present := map[string]bool{}
	for _, it := range status.Conditions {
		condition := Condition{
			Type: string(it.Type), Status: string(it.Status), Reason: it.Reason, Message: ordered(it.Reason, it.Message),
			Since: since(it.LastTransitionTime.Time),
		}
		present[condition.Type] = true
		if before[condition.Type] != condition {
			answer.Conditions = append(answer.Conditions, condition)
		}
		before[condition.Type] = condition
	}
	for name := range before {
		if !present[name] {
			answer.Removed = append(answer.Removed, name)
			delete(before, name)
		}
	}
	slices.Sort(answer.Removed)
	for _, metric := range status.CurrentMetrics {
		answer.Metrics = append(answer.Metrics, shown(metric))
	}
	return answer
}

func shown(metric autoscaling.MetricStatus) (shown Shown) {
	var current autoscaling.MetricValueStatus
	switch {
	case metric.Resource != nil:
		current = metric.Resource.Current
	case metric.ContainerResource != nil:
		current = metric.ContainerResource.Current
	case metric.Pods != nil:
		current = metric.Pods.Current
	case metric.Object != nil:
		current = metric.Object.Current
	case metric.External != nil:
		current = metric.External.Current
	}
	shown.Type, shown.Utilization = string(metric.Type), current.AverageUtilization
	if current.AverageValue != nil {
		shown.Average = current.AverageValue.String()
	}
	if current.Value != nil {
		shown.Value = current.Value.String()
	}
	return shown
}

func failure(text string) error {
	if text == "" {
		return nil
	}
	return errors.New(text)
}
