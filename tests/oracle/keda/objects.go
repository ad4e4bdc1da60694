package oracle

import (
	"fmt"
	"math/rand/v2"

	kedav1alpha1 "github.com/kedacore/keda/v2/apis/keda/v1alpha1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// generator makes random ScaledObjects that lie near the edges of the rules.
type generator struct{ *rand.Rand }

func newGenerator(seed, stream uint64) generator {
	return generator{rand.New(rand.NewPCG(seed, stream))}
}

func pick[T any](g generator, choices ...T) T { return choices[g.IntN(len(choices))] }

// often is true nine times of ten.
func (g generator) often() bool { return g.IntN(10) > 0 }

func (g generator) maybe(choices ...int32) *int32 {
	if g.IntN(3) == 0 {
		return nil
	}
	value := pick(g, choices...)
	return &value
}

// addresses stand for those of this machine's servers, which differ from run to run.
var addresses = map[string]string{"PROMETHEUS": "", "REDIS": "", "KAFKA": ""}

func (g generator) object() *kedav1alpha1.ScaledObject {
	object := &kedav1alpha1.ScaledObject{
		TypeMeta: metav1.TypeMeta{APIVersion: "keda.sh/v1alpha1", Kind: "ScaledObject"},
		ObjectMeta: metav1.ObjectMeta{
			Name:      pick(g, "worker", "orders.v2", "a"),
			Namespace: namespace,
		},
		Spec: kedav1alpha1.ScaledObjectSpec{
			ScaleTargetRef:  &kedav1alpha1.ScaleTarget{Name: target},
			PollingInterval: g.maybe(1, 15, 60),
			CooldownPeriod:  g.maybe(0, 60, 300),
			MinReplicaCount: g.maybe(0, 1, 2, 5),
			MaxReplicaCount: g.maybe(1, 4, 5, 30),
		},
	}
	if g.IntN(4) == 0 {
		object.Spec.IdleReplicaCount = g.maybe(0, 1, 2)
	}
	annotations := map[string]string{}
	for _, name := range []string{kedav1alpha1.PausedScaleInAnnotation, kedav1alpha1.PausedScaleOutAnnotation} {
		if g.IntN(6) == 0 {
			annotations[name] = pick(g, "true", "false", "1", "maybe", "")
		}
	}
	if len(annotations) > 0 {
		object.Annotations = annotations
	}
	for range 1 + g.IntN(3) {
		object.Spec.Triggers = append(object.Spec.Triggers, g.trigger())
	}
	if g.IntN(3) == 0 {
		object.Spec.Fallback = g.fallback()
	}
	if g.IntN(3) == 0 {
		object.Spec.Advanced = g.advanced(object)
	}
	return object
}

func (g generator) fallback() *kedav1alpha1.Fallback {
	return &kedav1alpha1.Fallback{
		FailureThreshold: pick[int32](g, 0, 1, 3),
		Replicas:         pick[int32](g, 0, 1, 6),
		Behavior:         pick(g, "static", "currentReplicas", "currentReplicasIfHigher", "currentReplicasIfLower"),
	}
}

func (g generator) advanced(object *kedav1alpha1.ScaledObject) *kedav1alpha1.AdvancedConfig {
	advanced := &kedav1alpha1.AdvancedConfig{}
	if g.IntN(2) == 0 {
		config := &kedav1alpha1.HorizontalPodAutoscalerConfig{}
		if g.IntN(2) == 0 {
			config.Name = "own-name"
		}
		if g.IntN(2) == 0 {
			config.Behavior = g.behavior()
		}
		advanced.HorizontalPodAutoscalerConfig = config
	}
	if g.IntN(3) == 0 {
		for index := range object.Spec.Triggers {
			object.Spec.Triggers[index].Name = fmt.Sprintf("t%d", index)
		}
		formula := "1"
		for _, trigger := range object.Spec.Triggers {
			if trigger.Type != "cpu" && trigger.Type != "memory" {
				formula = trigger.Name + " * 2"
			}
		}
		advanced.ScalingModifiers = kedav1alpha1.ScalingModifiers{
			Formula:          formula,
			Target:           pick(g, "5", "2.5", "0.001", "1e3"),
			ActivationTarget: pick(g, "", "1"),
			MetricType:       pick(g, "", autoscalingv2.AverageValueMetricType, autoscalingv2.ValueMetricType),
		}
	}
	return advanced
}

func (g generator) behavior() *autoscalingv2.HorizontalPodAutoscalerBehavior {
	rules := func() *autoscalingv2.HPAScalingRules {
		if g.IntN(3) == 0 {
			return nil
		}
		rules := &autoscalingv2.HPAScalingRules{StabilizationWindowSeconds: g.maybe(0, 60, 3600)}
		if g.IntN(2) == 0 {
			selected := pick(g, autoscalingv2.MaxChangePolicySelect, autoscalingv2.MinChangePolicySelect, autoscalingv2.DisabledPolicySelect)
			rules.SelectPolicy = &selected
		}
		for range g.IntN(3) {
			rules.Policies = append(rules.Policies, autoscalingv2.HPAScalingPolicy{
				Type:          pick(g, autoscalingv2.PodsScalingPolicy, autoscalingv2.PercentScalingPolicy),
				Value:         pick[int32](g, 1, 10, 100),
				PeriodSeconds: pick[int32](g, 1, 15, 1800),
			})
		}
		return rules
	}
	return &autoscalingv2.HorizontalPodAutoscalerBehavior{ScaleUp: rules(), ScaleDown: rules()}
}

// number is one that JSON knows, most of the time.
func (g generator) number(whole bool) string {
	if g.IntN(30) == 0 {
		return pick(g, "abc", "+5", "05", ".5", "5.", "1e", "0x10", "1_000", "NaN", "-", "2.5", "1e3", "0", "-1")
	}
	if whole {
		return pick(g, "1", "5", "10", "100", " 7 ", "9007199254740")
	}
	return pick(g, "1", "5", "2.5", "0.0005", "0.0015", "0.0004", "1e3", "1.25E-1", " 7 ", "1.9999", "123456789.123456")
}

func (g generator) trigger() kedav1alpha1.ScaleTriggers {
	trigger := kedav1alpha1.ScaleTriggers{
		Type: pick(g, "prometheus", "prometheus", "cron", "cpu", "memory", "kafka", "apache-kafka", "rabbitmq", "redis", "aws-sqs-queue"),
	}
	metadata := map[string]string{}
	required := func(name string, values ...string) {
		if g.IntN(60) > 0 {
			metadata[name] = pick(g, values...)
		}
	}
	optional := func(name, value string) {
		if g.IntN(2) == 0 {
			metadata[name] = value
		}
	}
	switch trigger.Type {
	case "prometheus":
		required("serverAddress", "PROMETHEUS")
		required("query", "up")
		required("threshold", g.number(false))
		optional("activationThreshold", g.number(false))
	case "cron":
		schedule := func() string {
			if g.often() {
				return pick(g, "0 8 * * *", "*/30 20 ? * 1,3", "0 8 * * mon-fri", "30 9-17/2 1 jan *", "5 4 */2 * *")
			}
			return pick(g, "0 8 * *", "61 * * * *", "@daily")
		}
		required("timezone", "UTC", "Asia/Seoul", "America/New_York")
		required("start", schedule())
		required("end", schedule())
		required("desiredReplicas", g.number(true))
	case "cpu", "memory":
		trigger.MetricType = pick(g, autoscalingv2.UtilizationMetricType, autoscalingv2.UtilizationMetricType, autoscalingv2.AverageValueMetricType)
		// KEDA panics on an average value that is no quantity.
		value := pick(g, "60", "1", "500", "2147483647")
		if trigger.MetricType == autoscalingv2.UtilizationMetricType && g.IntN(20) == 0 {
			value = pick(g, "60%", "2147483648", "1.5")
		} else if trigger.MetricType == autoscalingv2.AverageValueMetricType && g.IntN(2) == 0 {
			value = pick(g, "500m", "1.5", "200Mi")
		}
		required("value", value)
		optional("containerName", "app")
	case "kafka", "apache-kafka":
		required("bootstrapServers", "KAFKA")
		required("consumerGroup", "group:1")
		optional("topic", pick(g, "orders", "a.b/c", "one,two", "one, two"))
		optional("lagThreshold", g.number(true))
		optional("activationLagThreshold", g.number(true))
		if g.IntN(8) == 0 {
			metadata["limitToPartitionsWithLag"] = pick(g, "true", "1", "F", "yes")
		}
		if g.IntN(8) == 0 {
			metadata["allowIdleConsumers"] = pick(g, "true", "0")
		}
	case "rabbitmq":
		required("queueName", "jobs", "my queue/1", "a.b(c)%d", "큐")
		required("host", "http://guest:guest@rabbit/vhost", "https://rabbit")
		switch g.IntN(8) {
		case 0, 1, 2, 3:
			metadata["mode"] = pick(g, "QueueLength", "MessageRate", "DeliverGetRate", "ExpectedQueueConsumptionTime")
			metadata["value"] = g.number(false)
		case 4:
			metadata["queueLength"] = g.number(false)
		case 5:
			metadata["mode"] = pick(g, "QueueLength", "Unknown", "Length")
			optional("value", g.number(false))
			optional("queueLength", g.number(false))
		}
		optional("activationValue", g.number(false))
	case "redis":
		required("address", "REDIS")
		required("listName", "jobs", "a:b.c")
		optional("listLength", g.number(true))
		optional("activationListLength", g.number(true))
	case "aws-sqs-queue":
		urls := []string{"https://sqs.eu-west-1.amazonaws.com/123/orders", "orders", "/1/q", "https://sqs/1/q?x=1"}
		if !g.often() {
			urls = []string{"https://sqs/orders", "https://sqs/1/", "https://sqs"}
		}
		required("queueURL", urls...)
		required("awsRegion", "eu-west-1")
		required("identityOwner", "operator")
		optional("queueLength", g.number(true))
		optional("activationQueueLength", g.number(true))
	}
	if trigger.MetricType == "" && g.IntN(2) == 0 {
		trigger.MetricType = pick(g, autoscalingv2.AverageValueMetricType, autoscalingv2.ValueMetricType)
		if g.IntN(20) == 0 {
			trigger.MetricType = autoscalingv2.UtilizationMetricType
		}
	}
	if g.IntN(6) == 0 {
		trigger.UseCachedMetrics = true
	}
	trigger.Metadata = metadata
	return trigger
}
