package oracle

import (
	"errors"
	"time"

	autoscaling "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// History is one HPA over several syncs of the whole controller.
type History struct {
	Min            int32        `json:"min"`
	Max            int32        `json:"max"`
	Metrics        []MetricSpec `json:"metrics"`
	Behavior       *Behavior    `json:"behavior,omitempty"`
	Tolerance      float64      `json:"tolerance"`
	Stabilization  int64        `json:"stabilization"`
	Initialization int64        `json:"initialization"`
	Delay          int64        `json:"delay"`
	Syncs          []Sync       `json:"syncs"`
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
	Milli     *int64   `json:"milli,omitempty"`     // tolerance as a quantity in milli units
	Tolerance *float64 `json:"tolerance,omitempty"` // what upstream makes of it
}

// Policy of one direction.
type Policy struct {
	Type   string `json:"type"`
	Value  int32  `json:"value"`
	Period int32  `json:"period"` // seconds
}

// Sync is what the controller sees, and what it made of it.
type Sync struct {
	After         int64     `json:"after"`            // since the sync before
	Spec          *int32    `json:"spec,omitempty"`   // set by someone else in between
	Min           *int32    `json:"min,omitempty"`    // edited in between
	Toggle        bool      `json:"toggle,omitempty"` // behavior was removed, or put back
	Status        int32     `json:"status"`
	Pods          []Pod     `json:"pods"`
	Readings      []Reading `json:"readings"`
	Selector      string    `json:"selector"`
	SelectorError string    `json:"selectorError,omitempty"`
	GetError      string    `json:"getError,omitempty"`
	UpdateError   string    `json:"updateError,omitempty"`
	Answer        Answer    `json:"answer"`
}

// Answer is the state after a sync. Times are milliseconds since the first sync.
type Answer struct {
	Replicas        int32       `json:"replicas"` // of the scale
	Current         int32       `json:"current"`
	Desired         int32       `json:"desired"`
	LastScale       *int64      `json:"lastScale,omitempty"`
	Metrics         []Shown     `json:"metrics,omitempty"`
	Conditions      []Condition `json:"conditions"` // those that differ from the sync before
	Events          []Event     `json:"events,omitempty"`
	Recommendations [][2]int64  `json:"recommendations"`
	Up              [][3]int64  `json:"up,omitempty"` // change, time, outdated
	Down            [][3]int64  `json:"down,omitempty"`
}

// Shown is one entry of status.currentMetrics.
type Shown struct {
	Utilization *int32 `json:"utilization,omitempty"`
	Average     *int64 `json:"average,omitempty"`
	Value       *int64 `json:"value,omitempty"`
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
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default"},
		Spec: autoscaling.HorizontalPodAutoscalerSpec{
			ScaleTargetRef: autoscaling.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Name: "web"},
			MinReplicas:    &h.Min, MaxReplicas: h.Max,
		},
	}
	for _, metric := range h.Metrics {
		hpa.Spec.Metrics = append(hpa.Spec.Metrics, metric.object())
	}
	if h.Behavior != nil {
		hpa.Spec.Behavior = &autoscaling.HorizontalPodAutoscalerBehavior{
			ScaleUp: h.Behavior.Up.object(), ScaleDown: h.Behavior.Down.object(),
		}
	}
	return hpa
}

func (r Rules) object() *autoscaling.HPAScalingRules {
	choice := autoscaling.ScalingPolicySelect(r.Select)
	rules := &autoscaling.HPAScalingRules{StabilizationWindowSeconds: r.Window, SelectPolicy: &choice}
	for _, policy := range r.Policies {
		rules.Policies = append(rules.Policies, autoscaling.HPAScalingPolicy{
			Type: autoscaling.HPAScalingPolicyType(policy.Type), Value: policy.Value, PeriodSeconds: policy.Period,
		})
	}
	if r.Milli != nil {
		rules.Tolerance = resource.NewMilliQuantity(*r.Milli, resource.DecimalSI)
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
	name, metric := v1.ResourceName(m.Resource), autoscaling.MetricIdentifier{Name: "m"}
	spec := autoscaling.MetricSpec{Type: autoscaling.MetricSourceType(m.Source)}
	switch m.Source {
	case "Resource":
		spec.Resource = &autoscaling.ResourceMetricSource{Name: name, Target: target}
	case "ContainerResource":
		spec.ContainerResource = &autoscaling.ContainerResourceMetricSource{Name: name, Container: m.Container, Target: target}
	case "Pods":
		spec.Pods = &autoscaling.PodsMetricSource{Metric: metric, Target: target}
	case "Object":
		object := autoscaling.CrossVersionObjectReference{APIVersion: "networking.k8s.io/v1", Kind: "Ingress", Name: "main"}
		spec.Object = &autoscaling.ObjectMetricSource{DescribedObject: object, Metric: metric, Target: target}
	case "External":
		spec.External = &autoscaling.ExternalMetricSource{Metric: metric, Target: target}
	}
	return spec
}

// run lets the controller sync and writes the answers into the history.
func (h *History) run(c *controller, name string) {
	hpa := h.object(name)
	c.begin(h, hpa)
	defer c.end(hpa)
	start := time.Now()
	replicas := *h.Syncs[0].Spec
	before := map[string]Condition{}
	for i := range h.Syncs {
		sync := &h.Syncs[i]
		time.Sleep(ms(sync.After))
		if i == 0 {
			start = time.Now()
		}
		if sync.Spec != nil {
			replicas = *sync.Spec
		}
		if sync.Min != nil {
			hpa.Spec.MinReplicas = sync.Min
		}
		if sync.Toggle {
			if hpa.Spec.Behavior == nil {
				hpa.Spec.Behavior = h.object(name).Spec.Behavior
			} else {
				hpa.Spec.Behavior = nil
			}
		}
		if _, err := labels.Parse(sync.Selector); err != nil {
			sync.SelectorError = err.Error()
		}
		hpa, replicas = c.sync(h, sync, hpa, replicas)
		since := func(at time.Time) int64 { return at.Sub(start).Milliseconds() }
		sync.Answer = answer(hpa, since)
		sync.Answer.Replicas = replicas
		sync.Answer.Events = c.recorder.events
		c.remembered(name, since, &sync.Answer)
		conditions := sync.Answer.Conditions
		sync.Answer.Conditions = []Condition{}
		for _, condition := range conditions {
			if before[condition.Type] != condition {
				sync.Answer.Conditions = append(sync.Answer.Conditions, condition)
			}
			before[condition.Type] = condition
		}
	}
}

func answer(hpa *autoscaling.HorizontalPodAutoscaler, since func(time.Time) int64) Answer {
	status := hpa.Status
	answer := Answer{Current: status.CurrentReplicas, Desired: status.DesiredReplicas}
	if status.LastScaleTime != nil {
		at := since(status.LastScaleTime.Time)
		answer.LastScale = &at
	}
	for _, condition := range status.Conditions {
		answer.Conditions = append(answer.Conditions, Condition{
			Type: string(condition.Type), Status: string(condition.Status), Reason: condition.Reason,
			Message: condition.Message, Since: since(condition.LastTransitionTime.Time),
		})
	}
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
	shown.Utilization = current.AverageUtilization
	if current.AverageValue != nil {
		shown.Average = new(current.AverageValue.MilliValue())
	}
	if current.Value != nil {
		shown.Value = new(current.Value.MilliValue())
	}
	return shown
}

func failure(text string) error {
	if text == "" {
		return nil
	}
	return errors.New(text)
}
