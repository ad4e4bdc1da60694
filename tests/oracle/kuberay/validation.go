package oracle

import (
	"fmt"
	"math/rand/v2"
	"strings"

	rayv1 "github.com/ray-project/kuberay/ray-operator/apis/ray/v1"
	"github.com/ray-project/kuberay/ray-operator/controllers/ray/utils"
)

// Refused is an object and why the operator leaves it alone; empty if it does not.
type Refused struct {
	Object object `json:"object"`
	Name   string `json:"name_error"`
	Spec   string `json:"spec_error"`
	// Upgrade is what is said of a RayCluster's upgrade strategy.
	Upgrade string `json:"upgrade_error"`
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// spoil breaks a cluster's spec in up to two ways.
func spoil(r *rand.Rand, spec object) {
	groups := spec["workerGroupSpecs"].([]object)
	head := spec["headGroupSpec"].(object)
	some := head
	if len(groups) > 0 {
		some = groups[r.IntN(len(groups))]
	}
	env := func(name, value string) {
		container := head["template"].(object)["spec"].(object)["containers"].([]object)[0]
		container["env"] = []object{{"name": name, "value": value}}
	}
	options := func(name string, value any) {
		if spec["autoscalerOptions"] == nil {
			spec["autoscalerOptions"] = object{}
		}
		spec["autoscalerOptions"].(object)[name] = value
	}
	switch r.IntN(20) {
	case 0:
		pick(r, some, head)["template"].(object)["spec"].(object)["containers"] = []object{}
	case 1:
		some["minReplicas"] = pick(r, -1, 9)
	case 2:
		some["maxReplicas"] = pick(r, -3, 0)
	case 3:
		some["suspend"] = true
	case 4:
		some["idleTimeoutSeconds"] = pick(r, -1, 0, 60)
	case 5:
		some["priority"] = pick(r, 0, 1, -5)
	case 6, 7:
		env("RAY_enable_autoscaler_v2", pick(r, "1", "true", "false", "0"))
	case 8:
		options("idleTimeoutSeconds", -1)
	case 9:
		some["rayStartParams"].(object)["labels"] = "a=b"
	case 10:
		some["resources"] = object{"CPU": "1"}
		some["rayStartParams"].(object)["num-cpus"] = "1"
	case 11:
		pick(r, some, head)["labels"] = object{pick(r, "a b", "ok", "-x", ""): pick(r, "v", "not ok", "-")}
	case 12:
		spec["rayVersion"] = pick(r, "nightly", "2.5", "2.56", "v2.60.0", "")
	case 13:
		spec["gcsFaultToleranceOptions"] = object{"redisAddress": "redis:6379"}
		env(pick(r, "REDIS_PASSWORD", "RAY_REDIS_ADDRESS", "OTHER", "REDIS_USERNAME"), "x")
	case 14:
		env(pick(r, "RAY_REDIS_ADDRESS", "REDIS_USERNAME"), "x")
	case 15:
		head["rayStartParams"].(object)[pick(r, "redis-password", "redis-username")] = "x"
	case 16:
		options("version", "v2")
		some["template"].(object)["spec"].(object)["restartPolicy"] = pick(r, "Always", "OnFailure")
	case 17:
		spec["authOptions"] = object{"mode": pick(r, "token", "disabled")}
	case 18:
		some["priority"] = 7
		options("version", "v2")
	case 19:
		head["resources"] = object{"CPU": "1"}
		head["rayStartParams"].(object)[pick(r, "memory", "num-gpus", "resources", "block")] = "1"
	}
}

func name(r *rand.Rand) string {
	return pick(r, "cluster", "cluster", "cluster", "cluster", "cluster", "Cluster", "1a", "a.b", "a-",
		strings.Repeat("a", 47), strings.Repeat("a", 48), strings.Repeat("a", 53), strings.Repeat("a", 54))
}

func randomRefused(r *rand.Rand) (it Refused, err error) {
	defer func() {
		// The operator's own code panics on some objects that the CRD lets through.
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("%v", panicked)
		}
	}()
	spec := randomCluster(r)
	for range r.IntN(3) {
		spoil(r, spec)
	}
	it.Object = object{"apiVersion": "ray.io/v1", "metadata": object{"name": name(r)}}
	annotations := object{}
	it.Object["metadata"].(object)["annotations"] = annotations
	maybe(r, annotations, 3, "ray.io/ft-enabled", pick(r, "true", "false"))
	maybe(r, annotations, 2, "ray.io/external-storage-namespace", "x")
	switch r.IntN(5) {
	case 0, 1:
		refuseCluster(r, &it, spec)
	case 2, 3:
		refuseJob(r, &it, spec)
	case 4:
		refuseService(r, &it, spec)
	}
	return it, nil
}

func refuseCluster(r *rand.Rand, it *Refused, spec object) {
	maybe(r, spec, 5, "upgradeStrategy", object{"type": pick(r, "Recreate", "None")})
	it.Object["kind"], it.Object["spec"] = "RayCluster", spec
	cluster := decode[rayv1.RayCluster](it.Object)
	withDefaults(&cluster.Spec)
	it.Name = text(utils.ValidateRayClusterMetadata(cluster.ObjectMeta))
	it.Spec = text(utils.ValidateRayClusterSpec(&cluster.Spec, cluster.Annotations))
	it.Upgrade = text(utils.ValidateRayClusterUpgradeOptions(cluster))
}

func policy(r *rand.Rand) string {
	return pick(r, "DeleteCluster", "DeleteWorkers", "DeleteSelf", "DeleteNone")
}

func deletionStrategy(r *rand.Rand) object {
	strategy := object{}
	if chance(r, 45) {
		maybe(r, strategy, 90, "onSuccess", object{"policy": policy(r)})
		maybe(r, strategy, 90, "onFailure", object{"policy": policy(r)})
		if chance(r, 10) {
			strategy["onFailure"] = object{}
		}
	}
	if chance(r, 60) {
		rules := []object{}
		for range r.IntN(4) {
			condition := object{}
			maybe(r, condition, 70, "jobStatus", pick(r, "SUCCEEDED", "FAILED"))
			if condition["jobStatus"] == nil || chance(r, 5) {
				maybe(r, condition, 90, "jobDeploymentStatus", "Failed")
			}
			maybe(r, condition, 80, "ttlSeconds", pick(r, 0, 10, 60, 300, -1))
			rules = append(rules, object{"policy": policy(r), "condition": condition})
		}
		strategy["deletionRules"] = rules
	}
	return strategy
}

func refuseJob(r *rand.Rand, it *Refused, cluster object) {
	spec := object{"entrypoint": "python job.py"}
	maybe(r, spec, 92, "rayClusterSpec", cluster)
	if spec["rayClusterSpec"] == nil || chance(r, 3) {
		maybe(r, spec, 90, "clusterSelector", object{pick(r, "ray.io/cluster", "ray.io/cluster", "other"): "mine"})
	}
	maybe(r, spec, 10, "suspend", true)
	maybe(r, spec, 40, "shutdownAfterJobFinishes", chance(r, 80))
	maybe(r, spec, 20, "ttlSecondsAfterFinished", pick(r, 0, 10, -1))
	maybe(r, spec, 20, "backoffLimit", pick(r, -1, 0, 1, 3))
	maybe(r, spec, 10, "activeDeadlineSeconds", pick(r, 0, 60, -1))
	maybe(r, spec, 8, "preRunningDeadlineSeconds", pick(r, 0, 60))
	maybe(r, spec, 50, "submissionMode", pick(r, "K8sJobMode", "HTTPMode", "InteractiveMode", "SidecarMode"))
	maybe(r, spec, 5, "submitterPodTemplate", template(r))
	maybe(r, spec, 5, "submitterConfig", object{"backoffLimit": 1})
	if chance(r, 35) {
		spec["deletionStrategy"] = deletionStrategy(r)
	}
	it.Object["kind"], it.Object["spec"] = "RayJob", spec
	job := decode[rayv1.RayJob](it.Object)
	if job.Spec.RayClusterSpec != nil {
		withDefaults(job.Spec.RayClusterSpec)
	}
	if job.Spec.SubmissionMode == "" {
		job.Spec.SubmissionMode = rayv1.K8sJobMode
	}
	it.Name = text(utils.ValidateRayJobMetadata(job.ObjectMeta))
	it.Spec = text(utils.ValidateRayJobSpec(job))
}

func refuseService(r *rand.Rand, it *Refused, cluster object) {
	spec := object{"rayClusterConfig": cluster}
	maybe(r, spec, 10, "rayClusterDeletionDelaySeconds", pick(r, -1, 0, 60))
	if chance(r, 60) {
		strategy := object{"type": pick(r, "NewCluster", "None", "NewClusterWithIncrementalUpgrade", "NewClusterWithIncrementalUpgrade")}
		options := object{}
		maybe(r, options, 70, "maxSurgePercent", pick(r, 0, 20, 100, 101, -1))
		maybe(r, options, 85, "stepSizePercent", pick(r, 0, 5, 20, 50, 101))
		maybe(r, options, 85, "intervalSeconds", pick(r, 0, 10, -1, 30))
		maybe(r, options, 85, "gatewayClassName", "istio")
		maybe(r, strategy, 90, "clusterUpgradeOptions", options)
		spec["upgradeStrategy"] = strategy
	}
	if chance(r, 4) {
		cluster["headGroupSpec"].(object)["headService"] = object{"metadata": object{"name": "mine"}}
	}
	maybe(r, it.Object["metadata"].(object)["annotations"].(object), 8, "ray.io/initializing-timeout", pick(r, "5m", "0s", "60", "-1", "soon"))
	it.Object["kind"], it.Object["spec"] = "RayService", spec
	service := decode[rayv1.RayService](it.Object)
	withDefaults(&service.Spec.RayClusterSpec)
	if strategy := service.Spec.UpgradeStrategy; strategy != nil && strategy.ClusterUpgradeOptions != nil && strategy.ClusterUpgradeOptions.MaxSurgePercent == nil {
		all := int32(100)
		strategy.ClusterUpgradeOptions.MaxSurgePercent = &all
	}
	it.Name = text(utils.ValidateRayServiceMetadata(service.ObjectMeta))
	it.Spec = text(utils.ValidateRayServiceSpec(service))
}
