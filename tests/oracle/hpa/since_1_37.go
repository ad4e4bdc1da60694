//go:build !k129 && !k132 && !k133 && !k134 && !k135 && !k136

package oracle

import autoscaling "k8s.io/api/autoscaling/v2"

func observed(condition autoscaling.HorizontalPodAutoscalerCondition) int64 {
	if condition.ObservedGeneration == nil {
		return 0
	}
	return *condition.ObservedGeneration
}
