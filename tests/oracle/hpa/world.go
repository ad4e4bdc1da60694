package oracle

import (
	"context"
	"errors"
	"time"

	autoscaling "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	corelisters "k8s.io/client-go/listers/core/v1"
	metricsclient "k8s.io/kubernetes/pkg/controller/podautoscaler/metrics"
)

// metricsAPI answers for one sync. Metrics are asked for in the order of the spec.
type metricsAPI struct {
	now     time.Time
	pods    []Pod
	metrics []Metric
	asked   int
}

func (api *metricsAPI) next() (int, Metric, error) {
	// Of a metric without a usable target, or with a selector that is none, nothing is asked.
	for api.metrics[api.asked].unasked() {
		api.asked++
	}
	index := api.asked
	api.asked++
	metric := api.metrics[index]
	if metric.Failed != "" {
		return index, metric, errors.New(metric.Failed)
	}
	return index, metric, nil
}

func (api *metricsAPI) samples(name string) (metricsclient.PodMetricsInfo, time.Time, error) {
	index, metric, err := api.next()
	if err != nil {
		return nil, time.Time{}, err
	}
	info := metricsclient.PodMetricsInfo{}
	for i, pod := range api.pods {
		if sample := pod.Samples[index]; sample != nil {
			info[podName(i)] = metricsclient.PodMetric{
				Timestamp: api.now.Add(ms(sample.At)), Window: ms(sample.Window), Value: sample.Value,
			}
		}
	}
	for i, value := range metric.Extra {
		info["gone-"+podName(i)] = metricsclient.PodMetric{Timestamp: api.now, Value: value}
	}
	if len(info) == 0 {
		return nil, time.Time{}, errors.New("no metrics returned from " + name + " metrics API")
	}
	return info, api.now, nil
}

func (api *metricsAPI) GetResourceMetric(_ context.Context, _ v1.ResourceName, _ string, _ labels.Selector, _ string) (metricsclient.PodMetricsInfo, time.Time, error) {
	return api.samples("resource")
}

func (api *metricsAPI) GetRawMetric(string, string, labels.Selector, labels.Selector) (metricsclient.PodMetricsInfo, time.Time, error) {
	return api.samples("custom")
}

func (api *metricsAPI) GetObjectMetric(string, string, *autoscaling.CrossVersionObjectReference, labels.Selector) (int64, time.Time, error) {
	_, metric, err := api.next()
	return metric.Value, api.now, err
}

func (api *metricsAPI) GetExternalMetric(string, string, labels.Selector) ([]int64, time.Time, error) {
	_, metric, err := api.next()
	if err == nil && len(metric.Series) == 0 {
		err = errors.New("no metrics returned from external metrics API")
	}
	return metric.Series, api.now, err
}

// podList lists pods in order, so that the pod named in an error is always the same.
type podList []*v1.Pod

func (l podList) List(selector labels.Selector) ([]*v1.Pod, error) {
	pods := make([]*v1.Pod, 0, len(l))
	for _, pod := range l {
		if selector.Matches(labels.Set(pod.Labels)) {
			pods = append(pods, pod)
		}
	}
	return pods, nil
}

func (l podList) Pods(string) corelisters.PodNamespaceLister { return podNamespaceList{l} }

type podNamespaceList struct{ podList }

func (podNamespaceList) Get(name string) (*v1.Pod, error) { panic("nobody gets " + name) }

// unasked tells whether the controller finds the metric's spec unusable before it asks the API.
func (m MetricSpec) unasked() bool {
	if m.Source == "Queue" {
		return true
	}
	_, err := metav1.LabelSelectorAsSelector(m.Selector.object())
	return m.Mismatch || err != nil
}
