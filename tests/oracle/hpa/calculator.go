package oracle

import (
	"context"
	"time"

	autoscaling "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
)

// CalculatorCase asks the replica calculator about one metric.
type CalculatorCase struct {
	Metric
	Gates          map[string]bool `json:"gates,omitempty"`
	Spec           int32           `json:"spec"`
	Status         int32           `json:"status"`
	Down           float64         `json:"down"`
	Up             float64         `json:"up"`
	Initialization int64           `json:"initialization"`
	Delay          int64           `json:"delay"`
	Pods           []Pod           `json:"pods"`
}

// CalculatorAnswer is what the replica calculator returns.
type CalculatorAnswer struct {
	Error       string `json:"error,omitempty"`
	Replicas    int32  `json:"replicas"`
	Utilization int32  `json:"utilization,omitempty"`
	Usage       int64  `json:"usage"`
}

var (
	ctx     = context.Background()
	ingress = &autoscaling.CrossVersionObjectReference{APIVersion: "networking.k8s.io/v1", Kind: "Ingress", Name: "main"}
)

// answer asks upstream. The clock must stand still.
func (c *CalculatorCase) answer() CalculatorAnswer {
	setGates(c.Gates)
	now := time.Now()
	api := &metricsAPI{now: now, pods: c.Pods, metrics: []Metric{c.Metric}}
	calculator := newCalculator(api, podList(objects(c.Pods, now)), c.Down, c.Up, ms(c.Initialization), ms(c.Delay))
	answer, err := c.ask(calculator)
	if err != nil {
		return CalculatorAnswer{Error: err.Error()}
	}
	return answer
}

func (c *CalculatorCase) ask(calculator calculator) (answer CalculatorAnswer, err error) {
	name := v1.ResourceName(c.Resource)
	switch c.Source + "/" + c.Target {
	case "Resource/Utilization", "ContainerResource/Utilization":
		answer.Replicas, answer.Utilization, answer.Usage, _, err = calculator.resource(c.Spec, int32(c.Goal), name, c.Container)
	case "Resource/AverageValue", "ContainerResource/AverageValue":
		answer.Replicas, answer.Usage, _, err = calculator.rawResource(c.Spec, c.Goal, name, c.Container)
	case "Pods/AverageValue":
		answer.Replicas, answer.Usage, _, err = calculator.pods(c.Spec, c.Goal)
	case "Object/Value":
		answer.Replicas, answer.Usage, _, err = calculator.object(c.Spec, c.Goal)
	case "Object/AverageValue":
		answer.Replicas, answer.Usage, _, err = calculator.objectPerPod(c.Status, c.Goal)
	case "External/Value":
		answer.Replicas, answer.Usage, _, err = calculator.external(c.Spec, c.Goal)
	case "External/AverageValue":
		answer.Replicas, answer.Usage, _, err = calculator.externalPerPod(c.Status, c.Goal)
	default:
		panic("no such target: " + c.Source + "/" + c.Target)
	}
	return answer, err
}
