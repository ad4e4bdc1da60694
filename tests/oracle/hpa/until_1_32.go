//go:build k129 || k132

package oracle

import (
	"time"

	autoscaling "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/labels"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/kubernetes/pkg/controller/podautoscaler"
	metricsclient "k8s.io/kubernetes/pkg/controller/podautoscaler/metrics"
)

// calculator is the replica calculator; it has one tolerance for both directions.
type calculator struct {
	*podautoscaler.ReplicaCalculator
}

func newCalculator(api metricsclient.MetricsClient, pods corelisters.PodLister, down, up float64, initialization, delay time.Duration) calculator {
	if down != up {
		panic("this version has one tolerance")
	}
	return calculator{podautoscaler.NewReplicaCalculator(api, pods, up, initialization, delay)}
}

func (c calculator) resource(spec, goal int32, name v1.ResourceName, container string) (int32, int32, int64, time.Time, error) {
	return c.GetResourceReplicas(ctx, spec, goal, name, "default", labels.Everything(), container)
}

func (c calculator) rawResource(spec int32, goal int64, name v1.ResourceName, container string) (int32, int64, time.Time, error) {
	return c.GetRawResourceReplicas(ctx, spec, goal, name, "default", labels.Everything(), container)
}

func (c calculator) pods(spec int32, goal int64) (int32, int64, time.Time, error) {
	return c.GetMetricReplicas(spec, goal, "m", "default", labels.Everything(), nil)
}

func (c calculator) object(spec int32, goal int64) (int32, int64, time.Time, error) {
	return c.GetObjectMetricReplicas(spec, goal, "m", "default", ingress, labels.Everything(), nil)
}

func (c calculator) objectPerPod(status int32, goal int64) (int32, int64, time.Time, error) {
	return c.GetObjectPerPodMetricReplicas(status, goal, "m", "default", ingress, nil)
}

func (c calculator) external(spec int32, goal int64) (int32, int64, time.Time, error) {
	return c.GetExternalMetricReplicas(spec, goal, "m", "default", nil, labels.Everything())
}

func (c calculator) externalPerPod(status int32, goal int64) (int32, int64, time.Time, error) {
	return c.GetExternalPerPodMetricReplicas(status, goal, "m", "default", nil)
}

func setTolerance(*autoscaling.HPAScalingRules, *resource.Quantity) {}

// setPodRequests does nothing: 1.32 has the field, but its calculator does not read it.
func setPodRequests(*v1.Pod, v1.ResourceList) {}
