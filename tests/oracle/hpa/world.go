package oracle

import (
	"context"
	"errors"
	"sort"
	"time"

	autoscaling "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
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
	// Of a metric without a usable target nothing is asked.
	for api.metrics[api.asked].Mismatch {
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

// sortedLister lists pods by name, so that the pod named in an error is always the same.
type sortedLister struct{ corelisters.PodLister }

func (l sortedLister) Pods(namespace string) corelisters.PodNamespaceLister {
	return sortedNamespaceLister{l.PodLister.Pods(namespace)}
}

type sortedNamespaceLister struct{ corelisters.PodNamespaceLister }

func (l sortedNamespaceLister) List(selector labels.Selector) ([]*v1.Pod, error) {
	pods, err := l.PodNamespaceLister.List(selector)
	sort.Slice(pods, func(i, j int) bool { return pods[i].Name < pods[j].Name })
	return pods, err
}

func lister(pods []Pod, now time.Time) corelisters.PodLister {
	indexer := cache.NewIndexer(cache.MetaNamespaceKeyFunc, cache.Indexers{
		cache.NamespaceIndex: cache.MetaNamespaceIndexFunc,
	})
	for i, pod := range pods {
		if err := indexer.Add(pod.object(i, now)); err != nil {
			panic(err)
		}
	}
	return sortedLister{corelisters.NewPodLister(indexer)}
}
