// Package oracle runs Kubernetes' own HPA controller on cases and writes down its answers.
//
// A case and its answer are one JSON line; times are milliseconds relative to the sync. The committed
// files are written by
//
//	go test -run TestCalculator . -out ../../cases/hpa/calculator.jsonl -seed 1 -cases 2000
//	go test -run TestReconcile . -out ../../cases/hpa/reconcile.jsonl -seed 1 -cases 220
//
// For more of them choose another seed and number, and point HPA_CALCULATOR_CASES or
// HPA_RECONCILE_CASES at the file when running the tests of tidetable-tests.
package oracle

import (
	"fmt"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Header is the first line of a file of cases.
type Header struct {
	Kubernetes string `json:"kubernetes"`
	Seed       uint64 `json:"seed"`
	Cases      int    `json:"cases"`
}

// Metric is one metric with what its API answers.
type Metric struct {
	MetricSpec
	Reading
}

// MetricSpec is one entry of spec.metrics.
type MetricSpec struct {
	Source    string `json:"source"`             // Resource, ContainerResource, Pods, Object, External
	Resource  string `json:"resource,omitempty"` // cpu or memory
	Container string `json:"container,omitempty"`
	Target    string `json:"target"` // Utilization, AverageValue, Value
	Goal      int64  `json:"goal"`
	Mismatch  bool   `json:"mismatch,omitempty"` // target.type is Utilization all the same
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
	Requests []Requests   `json:"requests,omitempty"` // one for each container
	Samples  []*PodSample `json:"samples"`
}

// Requests of one container in milli units; absent if nil.
type Requests struct {
	CPU    *int64 `json:"cpu,omitempty"`
	Memory *int64 `json:"memory,omitempty"`
	Init   bool   `json:"init,omitempty"` // an init container that restarts
}

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

func resources(requests Requests) v1.ResourceRequirements {
	list := v1.ResourceList{}
	if requests.CPU != nil {
		list[v1.ResourceCPU] = *resource.NewMilliQuantity(*requests.CPU, resource.DecimalSI)
	}
	if requests.Memory != nil {
		list[v1.ResourceMemory] = *resource.NewMilliQuantity(*requests.Memory, resource.DecimalSI)
	}
	return v1.ResourceRequirements{Requests: list}
}

// object builds the API object.
func (p Pod) object(index int, now time.Time) *v1.Pod {
	pod := &v1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Name: podName(index), Namespace: "default", Labels: map[string]string{"app": "web"},
		},
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
	always := v1.ContainerRestartPolicyAlways
	for i, requests := range p.Requests {
		container := v1.Container{Name: containerName(i), Resources: resources(requests)}
		if requests.Init {
			container.RestartPolicy = &always
			pod.Spec.InitContainers = append(pod.Spec.InitContainers, container)
		} else {
			pod.Spec.Containers = append(pod.Spec.Containers, container)
		}
	}
	return pod
}
