//go:build k132 || k133 || k134 || k135 || k136

package oracle

import autoscaling "k8s.io/api/autoscaling/v2"

func observed(autoscaling.HorizontalPodAutoscalerCondition) int64 { return 0 }
