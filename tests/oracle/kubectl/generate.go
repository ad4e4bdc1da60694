package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

type generator struct{ *rand.Rand }

func pick[T any](g generator, from ...T) T { return from[g.IntN(len(from))] }

// maybe is a pointer to value three times out of four.
func maybe[T any](g generator, value T) *T {
	if g.IntN(4) == 0 {
		return nil
	}
	return &value
}

func (g generator) objects(count int) []v2.HorizontalPodAutoscaler {
	objects := make([]v2.HorizontalPodAutoscaler, 0, count)
	for number := range count {
		objects = append(objects, g.object(number))
	}
	return objects
}

func (g generator) object(number int) v2.HorizontalPodAutoscaler {
	hpa := v2.HorizontalPodAutoscaler{}
	hpa.Name = fmt.Sprintf("%s-%d", pick(g, "web", "a", "checkout.v2", "keda-hpa-very-long-name"), number)
	hpa.Namespace = pick(g, "default", "shop", "kube-system")
	ages := []time.Duration{30 * time.Second, 150 * time.Minute, 100 * time.Hour, 2000 * time.Hour}
	hpa.CreationTimestamp = metav1.NewTime(time.Now().Add(-pick(g, ages...)))
	hpa.Labels = pick(g, nil, map[string]string{"app": "web"}, map[string]string{"a": "b", "x/y": "z"})
	hpa.Annotations = pick(g, nil, map[string]string{"note": "Min replicas:  7"},
		map[string]string{"long": "Name:  other\nNamespace:  other\nMetrics: none", "z": "1"})
	hpa.Spec.ScaleTargetRef = v2.CrossVersionObjectReference{
		APIVersion: "apps/v1", Kind: pick(g, "Deployment", "StatefulSet", "Rollout"), Name: "web",
	}
	hpa.Spec.MinReplicas = maybe(g, int32(g.IntN(5)))
	hpa.Spec.MaxReplicas = int32(5 + g.IntN(100))
	for range g.IntN(5) {
		hpa.Spec.Metrics = append(hpa.Spec.Metrics, g.metric())
	}
	hpa.Spec.Behavior = g.behavior()
	hpa.Status = g.status(hpa.Spec.Metrics)
	return hpa
}

// quantity has every suffix that people and metrics APIs use.
func (g generator) quantity() resource.Quantity {
	return resource.MustParse(pick(g,
		"0", "1", "50m", "1211m", "500m", "250Mi", "1.5Gi", "100k", "2500k", "1e3", "0.5", "7", "123456789",
		"128974848", "3333333m", "12E", fmt.Sprint(g.IntN(5000)), fmt.Sprintf("%dm", g.IntN(90000)),
	))
}

func (g generator) pointer() *resource.Quantity {
	quantity := g.quantity()
	return &quantity
}

func (g generator) metricName() string {
	return pick(g, "http_requests", "queue_length", "s0-prometheus", "job:rate:sum", "p99 latency")
}

func (g generator) metric() v2.MetricSpec {
	utilization := v2.MetricTarget{
		Type: v2.UtilizationMetricType, AverageUtilization: maybe(g, int32(1+g.IntN(100))),
	}
	average := v2.MetricTarget{Type: v2.AverageValueMetricType, AverageValue: g.pointer()}
	value := v2.MetricTarget{Type: v2.ValueMetricType, Value: g.pointer()}
	resource := pick(g, corev1.ResourceCPU, corev1.ResourceMemory)
	metric := v2.MetricIdentifier{Name: g.metricName()}
	switch g.IntN(5) {
	case 0:
		return v2.MetricSpec{Type: v2.ContainerResourceMetricSourceType,
			ContainerResource: &v2.ContainerResourceMetricSource{
				Name: resource, Container: pick(g, "app", "side-car"),
				Target: pick(g, utilization, average),
			}}
	case 1:
		return v2.MetricSpec{Type: v2.PodsMetricSourceType,
			Pods: &v2.PodsMetricSource{Metric: metric, Target: average}}
	case 2:
		return v2.MetricSpec{Type: v2.ObjectMetricSourceType, Object: &v2.ObjectMetricSource{
			DescribedObject: v2.CrossVersionObjectReference{Kind: "Ingress", Name: "main-route"},
			Metric:          metric, Target: pick(g, value, average),
		}}
	case 3:
		return v2.MetricSpec{Type: v2.ExternalMetricSourceType,
			External: &v2.ExternalMetricSource{Metric: metric, Target: pick(g, value, average)}}
	default:
		return v2.MetricSpec{Type: v2.ResourceMetricSourceType,
			Resource: &v2.ResourceMetricSource{Name: resource, Target: pick(g, utilization, average)}}
	}
}

// current is what the controller writes for a metric: `computeStatusFor…` in horizontal.go.
func (g generator) current(spec v2.MetricSpec) v2.MetricStatus {
	if g.IntN(5) == 0 {
		return v2.MetricStatus{}
	}
	status := v2.MetricStatus{Type: spec.Type}
	value := func(target v2.MetricTarget) v2.MetricValueStatus {
		switch target.Type {
		case v2.UtilizationMetricType:
			percent := int32(g.IntN(400))
			return v2.MetricValueStatus{AverageUtilization: &percent, AverageValue: g.pointer()}
		case v2.ValueMetricType:
			return v2.MetricValueStatus{Value: g.pointer()}
		default:
			return v2.MetricValueStatus{AverageValue: g.pointer()}
		}
	}
	switch spec.Type {
	case v2.ContainerResourceMetricSourceType:
		status.ContainerResource = &v2.ContainerResourceMetricStatus{
			Name: spec.ContainerResource.Name, Container: spec.ContainerResource.Container,
			Current: value(spec.ContainerResource.Target),
		}
	case v2.PodsMetricSourceType:
		status.Pods = &v2.PodsMetricStatus{Metric: spec.Pods.Metric, Current: value(spec.Pods.Target)}
	case v2.ObjectMetricSourceType:
		status.Object = &v2.ObjectMetricStatus{
			Metric: spec.Object.Metric, DescribedObject: spec.Object.DescribedObject,
			Current: value(spec.Object.Target),
		}
	case v2.ExternalMetricSourceType:
		status.External = &v2.ExternalMetricStatus{
			Metric: spec.External.Metric, Current: value(spec.External.Target),
		}
	default:
		status.Resource = &v2.ResourceMetricStatus{
			Name: spec.Resource.Name, Current: value(spec.Resource.Target),
		}
	}
	return status
}

func (g generator) status(metrics []v2.MetricSpec) v2.HorizontalPodAutoscalerStatus {
	status := v2.HorizontalPodAutoscalerStatus{
		CurrentReplicas: int32(g.IntN(12)), DesiredReplicas: int32(g.IntN(12)),
	}
	// A new HPA, or one outside its bounds, has no metrics.
	if g.IntN(5) > 0 {
		for _, spec := range metrics {
			status.CurrentMetrics = append(status.CurrentMetrics, g.current(spec))
		}
	}
	if g.IntN(5) > 0 {
		moment := metav1.NewTime(time.Unix(1_790_000_000+g.Int64N(1_000_000), 0).UTC())
		status.LastScaleTime = &moment
	}
	say := func(kind v2.HorizontalPodAutoscalerConditionType, is bool, reason, message string) {
		state := corev1.ConditionFalse
		if is {
			state = corev1.ConditionTrue
		}
		status.Conditions = append(status.Conditions, v2.HorizontalPodAutoscalerCondition{
			Type: kind, Status: state, Reason: reason, Message: message,
		})
	}
	if g.IntN(5) == 0 {
		return status
	}
	switch g.IntN(5) {
	case 0:
		say(v2.AbleToScale, true, "SucceededRescale",
			fmt.Sprintf("the HPA controller was able to update the target scale to %d", status.DesiredReplicas))
	case 1:
		say(v2.AbleToScale, true, "ScaleDownStabilized",
			"recent recommendations were higher than current one, applying the highest recent recommendation")
	case 2:
		say(v2.AbleToScale, false, "FailedGetScale",
			"the HPA controller was unable to get the target's current scale: rollouts.argoproj.io \"web\" not found")
		return status
	default:
		say(v2.AbleToScale, true, "ReadyForNewScale", "recommended size matches current size")
	}
	if g.IntN(3) == 0 {
		say(v2.ScalingActive, false, "FailedGetResourceMetric",
			"the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu")
	} else {
		say(v2.ScalingActive, true, "ValidMetricFound",
			"the HPA was able to successfully calculate a replica count from external metric q(&LabelSelector{MatchLabels:map[string]string{a: b,},})")
	}
	if g.IntN(2) == 0 {
		say(v2.ScalingLimited, true, "TooManyReplicas",
			"the desired replica count is more than the maximum replica count")
	}
	if g.IntN(3) == 0 {
		// Of its own type since Kubernetes 1.36.
		is := g.IntN(2) == 0
		say("ScaledToZero", is, pick(g, "ScaledToZero", "NotScaledToZero"), "the HPA controller scaled the workload to zero")
	}
	return status
}

func (g generator) behavior() *v2.HorizontalPodAutoscalerBehavior {
	if g.IntN(3) == 0 {
		return nil
	}
	rules := func() *v2.HPAScalingRules {
		rules := &v2.HPAScalingRules{
			StabilizationWindowSeconds: maybe(g, int32(g.IntN(600))),
			SelectPolicy: maybe(g, pick(g,
				v2.MaxChangePolicySelect, v2.MinChangePolicySelect, v2.DisabledPolicySelect)),
		}
		// The API server fills in policies where there are none.
		for range 1 + g.IntN(2) {
			rules.Policies = append(rules.Policies, v2.HPAScalingPolicy{
				Type:  pick(g, v2.PodsScalingPolicy, v2.PercentScalingPolicy),
				Value: int32(1 + g.IntN(100)), PeriodSeconds: int32(1 + g.IntN(1800)),
			})
		}
		return rules
	}
	behavior := &v2.HorizontalPodAutoscalerBehavior{ScaleUp: rules(), ScaleDown: rules()}
	if g.IntN(3) == 0 {
		behavior.ScaleUp = nil
	}
	if g.IntN(3) == 0 {
		behavior.ScaleDown = nil
	}
	return behavior
}

// events are what `kubectl describe` prints below; nil for --show-events=false.
func (g generator) events(hpa v2.HorizontalPodAutoscaler) *corev1.EventList {
	if g.IntN(3) == 0 {
		return nil
	}
	list := &corev1.EventList{}
	for range g.IntN(3) {
		list.Items = append(list.Items, corev1.Event{
			Type: pick(g, "Normal", "Warning"), Reason: pick(g, "SuccessfulRescale", "FailedGetResourceMetric"),
			Message: pick(g, "New size: 4; reason: cpu resource utilization (percentage of request) above target",
				"failed to get cpu utilization:\nName:  nothing"),
			Source: corev1.EventSource{Component: "horizontal-pod-autoscaler"}, Count: int32(1 + g.IntN(3)),
			FirstTimestamp: metav1.NewTime(time.Now().Add(-90 * time.Minute)),
			LastTimestamp:  metav1.NewTime(time.Now().Add(-5*time.Minute - 30*time.Second)),
		})
	}
	return list
}
