//go:build !k129 && !k132

package oracle

import (
	"reflect"
	"time"
	"unsafe"

	autoscaling "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/labels"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/kubernetes/pkg/controller/podautoscaler"
	metricsclient "k8s.io/kubernetes/pkg/controller/podautoscaler/metrics"
)

// calculator is the replica calculator with the tolerances of one HPA.
type calculator struct {
	*podautoscaler.ReplicaCalculator
	tolerances podautoscaler.Tolerances
}

func newCalculator(api metricsclient.MetricsClient, pods corelisters.PodLister, down, up float64, initialization, delay time.Duration) calculator {
	return calculator{podautoscaler.NewReplicaCalculator(api, pods, initialization, delay), tolerances(down, up)}
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

func (c calculator) resource(spec, goal int32, name v1.ResourceName, container string) (int32, int32, int64, time.Time, error) {
	return c.GetResourceReplicas(ctx, spec, goal, name, c.tolerances, "default", labels.Everything(), container)
}

func (c calculator) rawResource(spec int32, goal int64, name v1.ResourceName, container string) (int32, int64, time.Time, error) {
	return c.GetRawResourceReplicas(ctx, spec, goal, name, c.tolerances, "default", labels.Everything(), container)
}

func (c calculator) pods(spec int32, goal int64) (int32, int64, time.Time, error) {
	return c.GetMetricReplicas(spec, goal, "m", c.tolerances, "default", labels.Everything(), nil)
}

func (c calculator) object(spec int32, goal int64) (int32, int64, time.Time, error) {
	return c.GetObjectMetricReplicas(spec, goal, "m", c.tolerances, "default", ingress, labels.Everything(), nil)
}

func (c calculator) objectPerPod(status int32, goal int64) (int32, int64, time.Time, error) {
	return c.GetObjectPerPodMetricReplicas(status, goal, "m", c.tolerances, "default", ingress, nil)
}

func (c calculator) external(spec int32, goal int64) (int32, int64, time.Time, error) {
	return c.GetExternalMetricReplicas(spec, goal, "m", c.tolerances, "default", nil, labels.Everything())
}

func (c calculator) externalPerPod(status int32, goal int64) (int32, int64, time.Time, error) {
	return c.GetExternalPerPodMetricReplicas(status, goal, "m", c.tolerances, "default", nil)
}

func setTolerance(rules *autoscaling.HPAScalingRules, tolerance *resource.Quantity) {
	rules.Tolerance = tolerance
}

func setPodRequests(pod *v1.Pod, requests v1.ResourceList) {
	pod.Spec.Resources = &v1.ResourceRequirements{Requests: requests}
}
