package oracle

import (
	"context"
	"reflect"
	"time"
	"unsafe"

	autoscaling "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/kubernetes/pkg/controller/podautoscaler"
)

// CalculatorCase asks the replica calculator about one metric.
type CalculatorCase struct {
	Metric
	Spec           int32            `json:"spec"`
	Status         int32            `json:"status"`
	Down           float64          `json:"down"`
	Up             float64          `json:"up"`
	Initialization int64            `json:"initialization"`
	Delay          int64            `json:"delay"`
	Pods           []Pod            `json:"pods"`
	Answer         CalculatorAnswer `json:"answer"`
}

// CalculatorAnswer is what the replica calculator returns.
type CalculatorAnswer struct {
	Error       string `json:"error,omitempty"`
	Replicas    int32  `json:"replicas"`
	Utilization int32  `json:"utilization,omitempty"`
	Usage       int64  `json:"usage"`
}

// tolerances sets the unexported fields.
func tolerances(down, up float64) podautoscaler.Tolerances {
	var t podautoscaler.Tolerances
	value := reflect.ValueOf(&t).Elem()
	for name, share := range map[string]float64{"scaleDown": down, "scaleUp": up} {
		field := value.FieldByName(name)
		reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem().SetFloat(share)
	}
	return t
}

// ask asks upstream. The clock must stand still.
func (c *CalculatorCase) ask() (answer CalculatorAnswer) {
	now := time.Now()
	api := &metricsAPI{now: now, pods: c.Pods, metrics: []Metric{c.Metric}}
	calculator := podautoscaler.NewReplicaCalculator(api, lister(c.Pods, now), ms(c.Initialization), ms(c.Delay))
	t := tolerances(c.Down, c.Up)
	ctx, all, name := context.Background(), labels.Everything(), v1.ResourceName(c.Resource)
	object := &autoscaling.CrossVersionObjectReference{Kind: "Ingress", Name: "main"}
	var err error
	switch c.Source + "/" + c.Target {
	case "Resource/Utilization", "ContainerResource/Utilization":
		answer.Replicas, answer.Utilization, answer.Usage, _, err = calculator.GetResourceReplicas(ctx, c.Spec, int32(c.Goal), name, t, "default", all, c.Container)
	case "Resource/AverageValue", "ContainerResource/AverageValue":
		answer.Replicas, answer.Usage, _, err = calculator.GetRawResourceReplicas(ctx, c.Spec, c.Goal, name, t, "default", all, c.Container)
	case "Pods/AverageValue":
		answer.Replicas, answer.Usage, _, err = calculator.GetMetricReplicas(c.Spec, c.Goal, "m", t, "default", all, nil)
	case "Object/Value":
		answer.Replicas, answer.Usage, _, err = calculator.GetObjectMetricReplicas(c.Spec, c.Goal, "m", t, "default", object, all, nil)
	case "Object/AverageValue":
		answer.Replicas, answer.Usage, _, err = calculator.GetObjectPerPodMetricReplicas(c.Status, c.Goal, "m", t, "default", object, nil)
	case "External/Value":
		answer.Replicas, answer.Usage, _, err = calculator.GetExternalMetricReplicas(c.Spec, c.Goal, "m", t, "default", nil, all)
	case "External/AverageValue":
		answer.Replicas, answer.Usage, _, err = calculator.GetExternalPerPodMetricReplicas(c.Status, c.Goal, "m", t, "default", nil)
	default:
		panic("no such target: " + c.Source + "/" + c.Target)
	}
	if err != nil {
		return CalculatorAnswer{Error: err.Error()}
	}
	return answer
}
