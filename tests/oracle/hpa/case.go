// Package oracle answers cases with Kubernetes' own HPA controller.
//
// A case is one JSON line on standard input, its answer one JSON line on standard output; times are
// milliseconds relative to the sync. The same source is built against several versions of Kubernetes:
// go.mod is the newest, versions/ holds a module file for each of the others, to be used with -modfile.
// `cargo xtask oracle hpa` builds and drives it.
package oracle

import (
	"fmt"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Metric is one metric with what its API answers.
type Metric struct {
	MetricSpec
	Reading
}

// MetricSpec is one entry of spec.metrics.
type MetricSpec struct {
	Source    string    `json:"source"`             // Resource, ContainerResource, Pods, Object, External
	Resource  string    `json:"resource,omitempty"` // cpu, memory or another name
	Container string    `json:"container,omitempty"`
	Target    string    `json:"target"` // Utilization, AverageValue, Value
	Goal      int64     `json:"goal"`
	Mismatch  bool      `json:"mismatch,omitempty"` // target.type is Utilization all the same
	Selector  *Selector `json:"selector,omitempty"`
}

// Selector of the series of a metric.
type Selector struct {
	Labels      map[string]string `json:"labels,omitempty"`
	Expressions []Expression      `json:"expressions,omitempty"`
}

// Expression is one matchExpressions entry.
type Expression struct {
	Key      string   `json:"key"`
	Operator string   `json:"operator"`
	Values   []string `json:"values,omitempty"`
}

// Reading is what a metrics API answers, apart from the samples of pods.
type Reading struct {
	Extra  []int64 `json:"extra,omitempty"`  // samples of pods that are not listed
	Value  int64   `json:"value,omitempty"`  // Object
	Series []int64 `json:"series,omitempty"` // External
	Failed string  `json:"failed,omitempty"`
}

// Pod is a pod and its samples, one for each metric (or none).
type Pod struct {
	Phase    string       `json:"phase,omitempty"`  // Running if empty
	Steady   bool         `json:"steady,omitempty"` // Ready since an hour ago, but for 10 s
	Deleting bool         `json:"deleting,omitempty"`
	Start    *int64       `json:"start,omitempty"`
	Ready    string       `json:"ready,omitempty"`    // no condition if empty
	Since    *int64       `json:"since,omitempty"`    // its last transition
	Requests []Container  `json:"requests,omitempty"` // one for each container
	Whole    *Requests    `json:"whole,omitempty"`    // spec.resources of the pod
	Overhead *Requests    `json:"overhead,omitempty"`
	Samples  []*PodSample `json:"samples"`
}

// Container of a pod: an ordinary one, a "sidecar" (an init container that restarts) or an "init".
type Container struct {
	Requests
	Kind string `json:"kind,omitempty"`
}

// Requests in milli units; absent if nil.
type Requests struct {
	CPU    *int64 `json:"cpu,omitempty"`
	Memory *int64 `json:"memory,omitempty"`
	Other  *int64 `json:"other,omitempty"`
}

// otherResource is the one resource of cases that is neither cpu nor memory.
const otherResource = "example.com/licence"

// PodSample is what a metrics API says of a pod.
type PodSample struct {
	Value  int64 `json:"value"`
	At     int64 `json:"at,omitempty"`
	Window int64 `json:"window,omitempty"`
}

const steadyStart, steadySince = int64(-3_600_000), int64(-3_590_000)

func podName(index int) string       { return fmt.Sprintf("pod-%03d", index) }
func containerName(index int) string { return fmt.Sprintf("c%d", index) }

func ms(value int64) time.Duration { return time.Duration(value) * time.Millisecond }

func metaTime(now time.Time, value int64) metav1.Time {
	return metav1.NewTime(now.Add(ms(value)))
}

func (r *Requests) list() v1.ResourceList {
	if r == nil {
		return nil
	}
	list := v1.ResourceList{}
	for name, milli := range map[v1.ResourceName]*int64{v1.ResourceCPU: r.CPU, v1.ResourceMemory: r.Memory, otherResource: r.Other} {
		if milli != nil {
			list[name] = *resource.NewMilliQuantity(*milli, resource.DecimalSI)
		}
	}
	return list
}

// objects builds the API objects. The number in a name has three digits, so that names sort as they are listed.
func objects(pods []Pod, now time.Time) []*v1.Pod {
	objects := make([]*v1.Pod, len(pods))
	for i, pod := range pods {
		objects[i] = pod.object(i, now)
	}
	return objects
}

func (p Pod) object(index int, now time.Time) *v1.Pod {
	pod := &v1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Name: podName(index), Namespace: "default", Labels: map[string]string{"app": "web"},
		},
		Spec:   v1.PodSpec{Overhead: p.Overhead.list()},
		Status: v1.PodStatus{Phase: v1.PodPhase(p.Phase)},
	}
	if p.Phase == "" {
		pod.Status.Phase = v1.PodRunning
	}
	if p.Deleting {
		at := metaTime(now, -1000)
		pod.DeletionTimestamp = &at
	}
	if p.Steady {
		p.Start, p.Since, p.Ready = new(steadyStart), new(steadySince), "True"
	}
	if p.Start != nil {
		at := metaTime(now, *p.Start)
		pod.Status.StartTime = &at
	}
	if p.Ready != "" {
		condition := v1.PodCondition{Type: v1.PodReady, Status: v1.ConditionStatus(p.Ready)}
		if p.Since != nil {
			condition.LastTransitionTime = metaTime(now, *p.Since)
		}
		pod.Status.Conditions = []v1.PodCondition{condition}
	}
	if p.Whole != nil {
		setPodRequests(pod, p.Whole.list())
	}
	always := v1.ContainerRestartPolicyAlways
	for i, c := range p.Requests {
		container := v1.Container{Name: containerName(i), Resources: v1.ResourceRequirements{Requests: c.list()}}
		switch c.Kind {
		case "sidecar":
			container.RestartPolicy = &always
			pod.Spec.InitContainers = append(pod.Spec.InitContainers, container)
		case "init":
			pod.Spec.InitContainers = append(pod.Spec.InitContainers, container)
		default:
			pod.Spec.Containers = append(pod.Spec.Containers, container)
		}
	}
	return pod
}

func (s *Selector) object() *metav1.LabelSelector {
	if s == nil {
		return nil
	}
	selector := &metav1.LabelSelector{MatchLabels: s.Labels}
	for _, e := range s.Expressions {
		selector.MatchExpressions = append(selector.MatchExpressions, metav1.LabelSelectorRequirement{
			Key: e.Key, Operator: metav1.LabelSelectorOperator(e.Operator), Values: e.Values,
		})
	}
	return selector
}
